"""/u/{token}: one no is one no, at once, from anywhere; opening the page is none; the way back is the person's own."""

import pytest
from sqlmodel import select

from heard.accounts import contact_lists, contacts, unsubscribing
from heard.accounts.contact_files import Person
from heard.accounts.models import Consent, Contact, Suppression
from heard.kit.db import reading, writing

ONE_CLICK = {
    "content": "List-Unsubscribe=One-Click",
    "headers": {
        "sec-fetch-site": "cross-site", "origin": "https://mail.example", "content-type": "application/x-www-form-urlencoded",
    },
}  # fmt: skip


@pytest.fixture
def the_list(world):
    with writing() as session:
        home = world.the_community(session)
        made = contact_lists.new_list(session, home, "Newsletter", by=world.people["maya"])
        people = [Person("ada@readers.example", "Ada", "fr"), Person("bo@readers.example")]
        contact_lists.put(session, home, made, people, consent="On paper, 3 May.")
        return made


@pytest.fixture
def bo(the_list):
    with reading() as session:
        return session.exec(select(Contact).where(Contact.address == "bo@readers.example")).one()


@pytest.fixture
def link(bo, the_list):
    return f"/u/{unsubscribing.token_of(bo, the_list.purpose)}"


def stopped():
    with reading() as session:
        return sorted(s.list for s in session.exec(select(Suppression)))


def test_opening_the_link_changes_nothing(client, link):
    answer = client.get(link)
    assert (answer.status_code, stopped()) == (200, [])
    assert '<form method="post">' in answer.text
    assert "is on the list “Newsletter”" in answer.text
    assert answer.headers["x-robots-tag"].startswith("noindex")
    assert answer.headers["cache-control"] == "private, no-store"


@pytest.mark.both
def test_a_mail_program_unsubscribes_without_cookie_from_anywhere_and_twice(client, link, the_list, bo):
    answers = [client.post(link, **ONE_CLICK) for _ in range(2)]
    assert [(a.status_code, a.headers.get("location")) for a in answers] == [(200, None)] * 2
    assert stopped() == [the_list.purpose]
    with reading() as session:
        assert not contacts.may_write_to(session, bo, the_list.purpose)


FILE = b'--x\r\nContent-Disposition: form-data; name="a"; filename="f"\r\n\r\nb\r\n--x--\r\n'


@pytest.mark.parametrize("body", [b"", b"%ff=\x00", b"--x\r\n", FILE])
@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "text/plain", "application/x-www-form-urlencoded"])
def test_a_no_counts_however_it_is_written(client, link, the_list, body, kind):
    assert client.post(link, content=body, headers={"content-type": kind}).status_code == 200
    assert stopped() == [the_list.purpose]


@pytest.mark.both
def test_the_page_offers_to_stop_all_invitations_and_briefs_go_on(client, link, the_list, bo, world):
    with writing() as session:
        contacts.confirm(session, session.get_one(Contact, bo.id), contacts.BRIEFS, "Yes.")
        other = contact_lists.new_list(session, world.the_community(session), "Working group", by=world.people["maya"])
        people = [Person(bo.address)]
        contact_lists.put(session, world.the_community(session), other, people, consent="On paper, 4 May.")
    page = client.post(link).text
    assert "No more invitations of The Quiet Garden at all" in page
    with reading() as session:
        assert contacts.may_write_to(session, bo, other.purpose)
    assert "gets no more invitations to polls of" in client.post(link, data={"stop": "all"}).text
    assert stopped() == [contacts.INVITATIONS, the_list.purpose]
    with reading() as session:
        assert not contacts.may_write_to(session, bo, other.purpose)
        assert contacts.may_write_to(session, bo, contacts.BRIEFS)
        assert contacts.may_write_to(session, bo, "trial:1")


@pytest.mark.both
def test_a_slip_is_taken_back_as_the_persons_own_yes(client, link, the_list, bo):
    page = client.post(link, data={"stop": "all"}).text
    again = page.split('action="')[1].split('"')[0]
    assert client.post(again).status_code == 200
    assert stopped() == []
    with reading() as session:
        assert contacts.may_write_to(session, bo, the_list.purpose)
        said = [c.text_shown for c in session.exec(select(Consent).where(Consent.contact_id == bo.id))]
        assert said[-1].startswith("Yes, send me invitations to polls of The Quiet Garden")
        assert session.get_one(Contact, bo.id).confirmed_at is None, "a yes to a list is no yes to briefs"


def test_only_our_own_page_says_yes(client, link, the_list):
    client.post(link)
    assert client.post(f"{link}/return", headers=ONE_CLICK["headers"]).status_code == 403
    assert client.get(f"{link}/return").status_code == 405
    assert stopped() == [the_list.purpose]


def test_it_speaks_the_contacts_language(client, the_list):
    with reading() as session:
        ada = session.exec(select(Contact).where(Contact.address == "ada@readers.example")).one()
    assert '<html lang="fr">' in client.get(f"/u/{unsubscribing.token_of(ada, the_list.purpose)}").text


def test_the_link_of_one_contact_is_no_link_of_another(client, link, bo, the_list):
    for other in (link.replace(f".{bo.id}.", f".{bo.id - 1}."), link.replace("list:", "briefs"), link[:-1], f"{link}x"):
        assert client.get(other).status_code == 404
        assert client.post(other).status_code == 404
    for odd in ("nothing", "list:1.1", "briefs.99999999999999.x", "list:1.².x", "invitations.1.x"):
        assert client.get(f"/u/{odd}").status_code == 404


def test_it_speaks_the_language_of_the_mails_until_another_is_chosen(client, link):
    assert "Stop these mails?" in client.get(link, headers={"accept-language": "fr"}).text
    client.post("/language", data={"language": "fr", "next": link})
    assert "Ne plus recevoir ces e-mails" in client.get(link).text
    client.post(link, data={"stop": "yes"})
    client.post(f"{link}/return")
    with reading() as session:
        assert "Oui, envoyez-moi" in [c.text_shown for c in session.exec(select(Consent))][-1], "what the page said"
