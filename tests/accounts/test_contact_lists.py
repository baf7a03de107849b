"""Lists of contacts: made, filled by file and by hand, looked through, left and forgotten."""

import pytest
from sqlmodel import func, select

from heard.accounts import contact_files, contact_lists, contacts, erasing, unsubscribing
from heard.accounts.contact_files import Person
from heard.accounts.models import AuditEntry, Consent, Contact, ContactList, ListMember, Suppression
from heard.kit.db import reading, writing
from heard.kit.errors import BadInput
from tests.contracts import full_house

AGREED = "They ticked the box at the open day, 3 May."
CSV = "E-Mail;Nom;Langue\r\nADA@readers.example;Ada;en\r\nbo@readers.example;Bo Élan;Français\r\n"


@pytest.fixture
def the_list(world):
    """An empty list of the garden."""
    with writing() as session:
        return contact_lists.new_list(session, world.the_community(session), "Newsletter", by=world.people["maya"])


def at(the_list, more=""):
    return f"/m/garden/contacts/{the_list.id}{more}"


def put(world, the_list, *addresses):
    with writing() as session:
        people = [Person(a) for a in addresses]
        contact_lists.put(session, world.the_community(session), the_list, people, consent=AGREED)


def upload(browser, the_list, text, **more):
    data = text if isinstance(text, bytes) else text.encode()
    return browser.post(at(the_list, "/upload"), files={"file": ("people.csv", data, "text/csv")}, **more)


def on_it(the_list):
    with reading() as session:
        query = select(Contact.address).join(ListMember).where(ListMember.list_id == the_list.id)
        return sorted(session.exec(query))


@pytest.mark.parametrize(("person", "status"), [("maya", 200), ("ravi", 403), ("olu", 404)])
def test_who_may_publish_sees_contacts(client, the_list, person, status):
    browser = client.sign_in(person)
    for path in ("/m/garden/contacts", at(the_list), at(the_list, "/upload")):
        assert browser.get(path).status_code == status


def test_a_list_is_named_once_and_leads_on_to_its_people(client, world):
    maya = client.sign_in("maya")
    made = maya.post("/m/garden/contacts", data={"name": "  Card   holders "})
    assert "Nobody is on this list yet" in maya.follow(made).text
    for name in ("card holders", "", "x" * 121):
        assert maya.post("/m/garden/contacts", data={"name": name}).status_code == 422
    with reading() as session:
        assert session.exec(select(ContactList)).one().name == "Card holders"


@pytest.mark.both
def test_a_file_is_looked_at_first_and_stored_with_its_consent(client, world, the_list):
    maya = client.sign_in("maya")
    before = full_house.contents()
    looked = upload(maya, the_list, CSV + "ada@readers.example;twice;\r\nno address;x;\r\n")
    assert looked.status_code == 200
    assert "Put 2 people on the list" in looked.text
    assert "“no address” is not an e-mail address." in looked.text
    assert full_house.contents() == before
    rows = looked.text.split('<textarea name="rows" hidden>')[1].split("</textarea>")[0].replace("&#34;", '"')
    stored = maya.post(at(the_list, "/people/upload"), data={"rows": rows, "consent": AGREED})
    assert "2 people are new on the list." in maya.follow(stored).text
    with reading() as session:
        bo = session.exec(select(Contact).where(Contact.address == "bo@readers.example")).one()
        assert (bo.name, bo.locale, bo.confirmed_at) == ("Bo Élan", "fr", None)
        consent = session.exec(select(Consent).where(Consent.contact_id == bo.id)).one()
        assert (consent.purpose, consent.text_shown) == (the_list.purpose, AGREED)
        assert contacts.may_write_to(session, bo, the_list.purpose)
        assert not contacts.may_write_to(session, bo, contacts.BRIEFS)
        assert session.exec(select(AuditEntry).where(AuditEntry.action == "contacts.uploaded")).one().details == {
            "people": 2
        }


@pytest.mark.both
def test_the_same_file_again_changes_nothing(client, world, the_list):
    maya = client.sign_in("maya")
    for new in (2, 0):
        answer = maya.post(at(the_list, "/people/upload"), data={"rows": CSV, "consent": AGREED})
        assert answer.status_code == 303
        assert str(new) in maya.follow(answer).text
    with reading() as session:
        assert session.exec(select(func.count()).select_from(Consent)).one() == 2
    assert "<dt>On it already</dt><dd>2</dd>" in upload(maya, the_list, CSV).text


def test_without_where_and_when_nothing_is_stored(client, the_list):
    maya = client.sign_in("maya")
    begun = "They agreed to get invitations to polls of The Quiet Garden by e-mail. Where and when:"
    assert begun in upload(maya, the_list, CSV).text
    for consent in (begun, "", "  ", "x" * 2001):
        answer = maya.post(at(the_list, "/people/upload"), data={"rows": CSV, "consent": consent})
        assert answer.status_code == 422
        assert "ada@readers.example" in answer.text, "the rows are still there"
    assert on_it(the_list) == []


@pytest.mark.both
@pytest.mark.parametrize("stopped", ["list", "all"])
def test_who_stopped_is_never_put_back_but_by_themselves(client, world, the_list, stopped):
    put(world, the_list, "ada@readers.example")
    with writing() as session:
        ada = session.exec(select(Contact)).one()
        unsubscribing.stop(session, ada, the_list.purpose, everything=stopped == "all")
    with writing() as session:
        contact_lists.take_off(session, the_list, ada, by=world.people["maya"])
    maya = client.sign_in("maya")
    assert "Have stopped these mails</dt><dd>1" in upload(maya, the_list, CSV).text
    maya.post(at(the_list, "/people/upload"), data={"rows": CSV, "consent": AGREED})
    form = {"email": "Ada@Readers.example", "name": "", "locale": "en", "consent": AGREED}
    assert "has stopped these mails" in maya.post(at(the_list, "/people"), data=form).text
    assert on_it(the_list) == ["bo@readers.example"]
    with writing() as session:
        ada = session.get_one(Contact, ada.id)
        assert not contacts.may_write_to(session, ada, the_list.purpose)
        unsubscribing.take_back(session, ada, the_list.purpose)
        assert contacts.may_write_to(session, ada, the_list.purpose)


@pytest.mark.parametrize(
    "name", ["x\r\nBcc: all@x.example", "=?UTF-8?Q?=0ABcc:_x@y?=", "a\u2028b", "x" * 121, "\x1b[31m"]
)
def test_a_name_that_could_reach_a_header_is_refused_with_its_line(client, the_list, name):
    looked = upload(
        client.sign_in("maya"), the_list, f'email,name\nbo@readers.example,Bo\nada@readers.example,"{name}"\n'
    )
    assert "Put 1 person on the list" in looked.text
    assert "The name h" in looked.text
    assert '<th scope="row" class="num">3</th>' in looked.text or "\r\n" in name


@pytest.mark.parametrize("head", ["email", "E-mail", "Courriel", "Adresse", "Adresse e-mail", "E-Mail-Adresse", "MAIL"])
def test_columns_are_found_by_their_heads(head):
    found = contact_files.read(f"Vorname\t{head}\n1\tada@readers.example\n".encode(), "x")
    assert [p.address for p in found.people] == ["ada@readers.example"]


def test_addresses_alone_are_a_list_too():
    found = contact_files.read(b"ada@readers.example\n\nbo@readers.example\nAda@readers.example\n", "x")
    assert ([p.address for p in found.people], found.doubled) == (["ada@readers.example", "bo@readers.example"], 1)
    beside = contact_files.read(b"Ada,ada@readers.example\nBo,bo@readers.example\n", "x")
    assert beside.people == [Person("ada@readers.example", "Ada"), Person("bo@readers.example", "Bo")]


@pytest.mark.parametrize(
    "text",
    [
        "ada@readers.example, Bo Ba <bo@readers.example>, <cleo@readers.example>",
        "ada@readers.example; Bo Ba <bo@readers.example>; cleo@readers.example",
        "ada@readers.example;bo@readers.example\ncleo@readers.example",
        '"Bo Ba" <bo@readers.example>, ada@readers.example;cleo@readers.example,',
    ],
)
def test_addresses_as_a_mail_program_copies_them_are_all_taken(text):
    found = contact_files.read(text.encode(), "x")
    assert {p.address: p.name for p in found.people} == {
        "ada@readers.example": "", "bo@readers.example": "Bo Ba" if "Ba" in text else "", "cleo@readers.example": "",
    }  # fmt: skip
    assert found.refused == []


def test_what_cannot_be_read_is_said_at_its_field(client, the_list):
    maya, at = client.sign_in("maya"), f"/m/garden/contacts/{the_list.id}/upload"
    nothing = maya.post(at, data={"rows": " "}).text
    assert "choose a file, or paste addresses" in nothing
    assert 'id="rows-error"' in nothing
    assert 'id="rows-error"' in maya.post(at, data={"rows": "hello"}).text
    assert 'id="file-error"' in upload(maya, the_list, b"name\nAda\n").text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_the_usual_encodings_are_read(encoding):
    found = contact_files.read("courriel;nom\nada@readers.example;Zoé\n".encode(encoding), "x")
    assert found.people == [Person("ada@readers.example", "Zoé")]


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"\n\n", b"name,phone\nAda,1\n", b"\x00\x01\x02\xff",
        b"email,name\nada@readers.example," + b"x" * 2_000_000 + b"\n", b"PK\x03\x04" + bytes(range(256)),
    ],
)  # fmt: skip
def test_what_is_no_list_of_contacts_gets_a_sentence(client, the_list, raw):
    answer = upload(client.sign_in("maya"), the_list, raw)
    assert answer.status_code == 422
    assert "error-summary" in answer.text
    assert on_it(the_list) == []


def test_a_cell_of_50_mb_is_refused_at_the_door(client, the_list):
    answer = upload(client.sign_in("maya"), the_list, b"email\n" + b"x" * 50_000_000)
    assert answer.status_code == 413
    assert "Split the file" in answer.text


def test_what_is_written_for_the_second_step_is_read_the_same():
    people = [Person("ada@readers.example", '=Ada, "the" first', "fr"), Person("+bo@readers.example", "", "")]
    assert contact_files.read(contact_files.written(people).encode(), "x").people == people


@pytest.mark.both
def test_a_hundred_thousand_rows_are_read_and_go_in_by_small_portions(client, world, the_list):
    """Each portion is a transaction of its own: in between, another one gets its turn."""
    people = [Person(f"r{n}@readers.example", f"Reader {n}") for n in range(5_000)]
    portions = contact_lists.pieces(people)
    assert max(len(p) for p in portions) <= 250
    text = contact_files.written([Person(f"r{n}@readers.example", f"Reader {n}") for n in range(100_000)])
    assert len(contact_files.read(text.encode(), "x").people) == 100_000
    rows = contact_files.written(people)
    answer = client.sign_in("maya").post(at(the_list, "/people/upload"), data={"rows": rows, "consent": AGREED})
    assert answer.status_code == 303
    with reading() as session:
        assert contact_lists.counts_of(session, session.get_one(ContactList, the_list.id))[2:] == (5_000, 5_000)


def test_too_many_rows_at_once_are_told():
    with pytest.raises(BadInput, match="200,000"):
        contact_files.read(b"a@b.example\n" * 200_001, "x")


def test_the_list_is_searched_and_turned_page_by_page(client, world, the_list):
    put(world, the_list, *(f"r{n:03}@readers.example" for n in range(120)))
    maya = client.sign_in("maya")
    assert maya.get(at(the_list)).text.count('class="row"') == 100
    assert maya.get(at(the_list, "?page=2")).text.count('class="row"') == 20
    assert maya.get(at(the_list, "?q=R007")).text.count('class="row"') == 1
    assert maya.get(at(the_list, "?q=%25")).text.count('class="row"') == 0
    assert maya.get(at(the_list, "?page=99")).status_code == 200


@pytest.mark.both
def test_one_person_is_added_and_taken_off(client, world, the_list):
    maya = client.sign_in("maya")
    form = {"email": "Ada@Readers.example", "name": "Ada", "locale": "fr", "consent": AGREED}
    assert maya.post(at(the_list, "/people"), data=form).status_code == 303
    assert "on the list already" in maya.post(at(the_list, "/people"), data=form).text
    wrong = maya.post(at(the_list, "/people"), data={**form, "email": "x", "locale": "xx", "name": "a\nb"})
    assert all(f'href="#{name}"' in wrong.text for name in ("email", "locale", "name"))
    with reading() as session:
        ada = session.exec(select(Contact)).one()
    for _twice in range(2):
        assert maya.post(at(the_list, f"/people/{ada.id}/removal")).status_code == 303
    assert maya.post(at(the_list, "/people/99/removal")).status_code == 404
    with reading() as session:
        assert not contacts.may_write_to(session, ada, the_list.purpose)
        assert session.exec(select(Consent)).all() == []


@pytest.mark.both
def test_a_forgotten_contact_is_nowhere_any_more(client, world, the_list):
    put(world, the_list, "ada@readers.example", "bo@readers.example")
    with reading() as session:
        ada = session.exec(select(Contact).where(Contact.address.startswith("ada"))).one()
    maya = client.sign_in("maya")
    link = f"/u/{unsubscribing.token_of(ada, the_list.purpose)}"
    assert "ada@readers.example" in maya.get(f"/m/garden/contacts/people/{ada.id}/erasure").text
    assert maya.post(f"/m/garden/contacts/people/{ada.id}/erasure").status_code == 303
    assert "ada@" not in str(full_house.contents())
    assert client.get(link).status_code == 404
    assert client.sign_in("olu").get(f"/m/outside/contacts/people/{ada.id + 1}/erasure").status_code == 404


@pytest.mark.both
def test_a_forgotten_person_stays_out_of_every_list(client, world, the_list):
    """Also who had stopped the mails before: their no would be gone with them."""
    put(world, the_list, "ada@readers.example", "bo@readers.example")
    maya = client.sign_in("maya")
    with reading() as session:
        ada = session.exec(select(Contact).where(Contact.address.startswith("ada"))).one()
    client.post(f"/u/{unsubscribing.token_of(ada, the_list.purpose)}")
    maya.post(f"/m/garden/contacts/people/{ada.id}/erasure")
    again = {"rows": "ADA@readers.example\nbo@readers.example\ncleo@readers.example", "consent": AGREED}
    with reading() as session:
        people = [Person(address) for address in again["rows"].lower().split()]
        assert contact_lists.sort_out(session, the_list, people) == contact_lists.SortedOut(new=1, there=1, stopped=1)
    assert maya.post(at(the_list, "/people/upload"), data=again).status_code == 303
    with reading() as session:
        there = session.exec(select(Contact.address).order_by(Contact.address)).all()
    assert there == ["bo@readers.example", "cleo@readers.example"]
    one = {"email": "ada@readers.example", "name": "", "locale": "en", "consent": AGREED}
    refused = maya.post(at(the_list, "/people"), data=one)
    assert refused.status_code == 422
    assert "no list takes it" in refused.text
    with writing() as session:  # their own wish is another thing
        assert contacts.contact_for(session, world.the_community(session), "ada@readers.example").id


@pytest.mark.both
def test_one_mailbox_is_one_contact_however_it_is_typed(client, world, the_list):
    twins = "Ada@BÜCHER.example\nada@xn--bcher-kva.example\nada@bu\u0308cher.example\ne\u0301@x.example\né@x.example"
    unseen = "\na\u200bda@x.example\n\u202ebo@x.example\na\0b@x.example"
    form = {"file": ("a.csv", ("email\n" + twins + unseen).encode(), "text/csv")}
    maya = client.sign_in("maya")
    looked = maya.post(at(the_list, "/upload"), files=form, data={"consent": AGREED}).text
    assert "\0" not in looked
    assert maya.post(at(the_list, "/people/upload"), files=form, data={"consent": AGREED}).status_code == 303
    with reading() as session:
        assert sorted(session.exec(select(Contact.address))) == ["ada@bücher.example", "é@x.example"]


def test_the_old_link_of_a_forgotten_reader_is_not_the_link_of_whoever_has_the_number_now(client, world):
    from heard.kit import tokens

    with writing() as session:
        old = contacts.contact_for(session, world.the_community(session), "ada@readers.example")
        link = f"/u/briefs.{old.id}.{tokens.derived('unsubscribe', 'briefs', old.id)}"
    assert client.get(link).status_code == 200, "mails of earlier versions keep working"
    with writing() as session:
        erasing.erase(session, session.get_one(Contact, old.id), by=None)
        new = contacts.contact_for(session, world.the_community(session), "bo@readers.example")
    assert new.id == old.id, "SQLite gives the number again"
    assert client.get(link).status_code == 404
    with reading() as session:
        assert session.exec(select(Suppression)).all() == []


@pytest.mark.both
@pytest.mark.parametrize("sought", ["%00", "a%00da", "%ED%A0%80", "%25", "_", "%5C"])
def test_nothing_that_is_sought_is_a_fault(client, world, the_list, sought):
    put(world, the_list, "ada@readers.example")
    assert client.sign_in("maya").get(at(the_list, f"?q={sought}")).status_code == 200
