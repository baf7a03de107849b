"""Readers of briefs and their rhythm: on the page of managers, on the reader's own, and over the API."""

import pytest
from sqlmodel import select

from heard.accounts import contacts, erasing, unsubscribing
from heard.accounts.models import AuditEntry, Contact
from heard.kit import work
from heard.kit.db import reading, writing
from insights.models import Delivery, Subscription
from insights.send import readers, schedules
from insights.send.schedules import Wish
from tests.insights.scene import write
from tests.insights.send.turning import MAYA, everything, reads

pytestmark = pytest.mark.both(long=True)
CLAIRE = "claire@board.example"
FORM = {
    "to": f"{MAYA}\n{CLAIRE}", "audience": "leadership", "rhythm": "monthly", "weekday": "3", "day": "31", "hour": "7",
    "zone": "Europe/Paris", "unapproved": "wait", "nothing_new": "skip",
}  # fmt: skip


def contact(address):
    with reading() as session:
        return session.exec(select(Contact).where(Contact.address == address)).one()


def wishes():
    with reading() as session:
        rows = session.execute(
            select(Contact.address, Subscription).join(Subscription, Subscription.contact_id == Contact.id)
        )
        return {(address, row.audience): schedules.wish_of(row) for address, row in rows}


@pytest.mark.parametrize(("person", "status"), [("maya", 303), ("ravi", 403), ("olu", 404)])
def test_managers_add_readers_with_a_rhythm(world, client, person, status):
    assert client.sign_in(person).post("/m/garden/readers", data=FORM).status_code == status
    wish = Wish("monthly", 3, 31, 7, "Europe/Paris", "wait", "skip")
    expected = {(address, "leadership"): wish for address in (MAYA, CLAIRE)} if status == 303 else {}
    assert wishes() == expected


def test_the_page_says_when_the_next_brief_goes_in_the_readers_zone_and_who_was_asked(world, client):
    maya = client.sign_in("maya")
    maya.post("/m/garden/readers", data=FORM)
    page = maya.get("/m/garden/readers").text
    assert "monthly, on day 31 at 07:00" in page
    assert ", 07:00, about 1 " in page
    assert "Nothing goes before their yes" in page
    assert page.count("Next: ") == 1, "not for Claire, who has not said yes"
    assert "/readers" in maya.get("/m/garden/briefs").text


def test_the_page_promises_nothing_to_an_address_from_which_mail_came_back(world, client):
    maya = client.sign_in("maya")
    maya.post("/m/garden/readers", data=FORM)
    with writing() as session:
        contacts.no_such_address(session, session.get_one(Contact, contact(MAYA).id), contacts.BRIEFS)
    page = maya.get("/m/garden/readers").text
    assert ("came back, so nothing goes" in page, "Next: " in page) == (True, False)


def test_a_new_reader_who_is_no_member_is_asked_once_in_the_name_of_who_added_them(world, client):
    import insights.jobs  # noqa: F401  (registers its jobs)
    from heard.kit.settings import settings

    maya = client.sign_in("maya")
    for audience in ("leadership", "product"):
        maya.post("/m/garden/readers", data=FORM | {"audience": audience})
    work.run_due()
    [mail] = [file.read_text() for file in (settings().data_folder / "outbox").glob("*.eml")]
    assert f"To: {CLAIRE}" in mail
    assert "Maya would like to send you briefs" in mail.replace("=\n", "")


@pytest.mark.parametrize(
    ("field", "value"),
    [("rhythm", "yearly"), ("weekday", "0"), ("weekday", "8"), ("day", "0"), ("day", "32"), ("day", "-1"), ("day", "x"),
     ("hour", "24"), ("zone", "Mars/Olympus"), ("zone", ""), ("unapproved", "never"), ("nothing_new", "x"),
     ("audience", "all"), ("to", "nobody"), ("to", "")],
)  # fmt: skip
def test_a_rhythm_that_cannot_be_is_refused_and_says_where(world, client, field, value):
    answer = client.sign_in("maya").post("/m/garden/readers", data=FORM | {field: value})
    assert answer.status_code == 422
    assert "Error:" in answer.text
    assert wishes() == {}


def test_a_manager_changes_a_reader_and_takes_one_off(world, client):
    row = reads(world)
    at = f"/m/garden/readers/leadership/{row.contact_id}"
    maya = client.sign_in("maya")
    assert "checked" in maya.get(at).text
    assert maya.post(at, data={"rhythm": "daily", "hour": "18"}).status_code == 303
    assert wishes() == {(MAYA, "leadership"): Wish("daily", hour=18)}
    assert maya.post(at, data={"hour": "25"}).status_code == 422
    for _twice in range(2):
        assert maya.post(f"{at}/removal").status_code == 303
    assert wishes() == {}
    assert maya.get(at).status_code == 404


def test_who_stopped_briefs_cannot_be_added_by_others(world, client):
    with writing() as session:
        claire = contacts.contact_for(session, world.the_community(session), CLAIRE)
        unsubscribing.stop(session, claire, contacts.BRIEFS)
    client.sign_in("maya").post("/m/garden/readers", data=FORM)
    assert list(wishes()) == [(MAYA, "leadership")]


def test_who_was_forgotten_is_asked_by_nobody_and_comes_back_as_a_member(world, client):
    with writing() as session:
        home = world.the_community(session)
        for address in (CLAIRE, MAYA):
            erasing.erase(session, contacts.contact_for(session, home, address), by=None)
    brief = write(world)
    maya = client.sign_in("maya")
    maya.post("/m/garden/readers", data=FORM)
    maya.post(f"/m/garden/briefs/{brief.id}/deliveries", data={"to": CLAIRE})
    assert list(wishes()) == [(MAYA, "leadership")]
    assert CLAIRE not in {one.address for one in everything(Contact)} | {one.recipient for one in everything(Delivery)}


def test_readers_change_their_own_rhythm_hour_and_zone_and_nothing_else(world, client):
    reads(world, unapproved="wait")
    at = readers.own_page(contact(MAYA)).removeprefix("http://127.0.0.1:8000")
    assert "Tuesday" in client.get(at).text
    sent = {"audience": "leadership", "rhythm": "weekly", "weekday": "5", "hour": "17", "zone": "Asia/Tokyo"}
    answer = client.post(at, data=sent | {"unapproved": "without_quotes", "nothing_new": "skip"})
    assert (answer.status_code, "Saved." in answer.text) == (200, True)
    assert wishes() == {(MAYA, "leadership"): Wish("weekly", 5, 2, 17, "Asia/Tokyo", "wait", "say")}
    with reading() as session:
        told = session.exec(select(AuditEntry).where(AuditEntry.action == "reader.scheduled")).all()
    assert [entry.account_id for entry in told] == [world.people["maya"].id, None]


def test_a_reader_who_wishes_what_cannot_be_is_told(world, client):
    reads(world)
    at = readers.own_page(contact(MAYA)).removeprefix("http://127.0.0.1:8000")
    answer = client.post(at, data={"audience": "leadership", "zone": "Mars/Olympus"})
    assert (answer.status_code, "cannot be: zone" in answer.text) == (422, True)
    assert client.post(at, data={"audience": "product", "hour": "9"}).status_code == 404
    assert client.post(at, data={"hour": "9"}, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert wishes() == {(MAYA, "leadership"): Wish()}


def test_opening_it_changes_nothing_and_a_wrong_address_is_nobodys(world, client):
    reads(world)
    good = readers.own_page(contact(MAYA)).removeprefix("http://127.0.0.1:8000")
    before = everything(Subscription)
    assert client.get(good).status_code == 200
    assert client.get("/subscriptions/1.x/rhythm").status_code == 404
    assert everything(Subscription) == before


def test_the_api_lists_sets_and_removes_readers(world, client):
    at, headers = "/api/v1/communities/garden/readers", {"authorization": f"Bearer {world.token('maya')}"}

    def call(method, path="", **body):
        return client.request(method, f"{at}{path}", json=body or None, headers=headers)

    made = call("PUT", address=MAYA, audience="product", rhythm="weekly", weekday=1, hour=9).json()
    assert (made["zone"], made["state"], made["next_at"][11:16]) == ("UTC", "reads", "09:00")
    call("PUT", address=CLAIRE, audience="product", rhythm="daily", zone="Asia/Kathmandu")
    first = call("GET", "/product?limit=1").json()
    second = call("GET", f"/product?limit=1&cursor={first['next']}").json()
    listed = first["readers"] + second["readers"]
    assert [(r["address"], r["state"]) for r in listed] == [(CLAIRE, "asked"), (MAYA, "reads")]
    assert call("PUT", address=MAYA, audience="product", day=32).json()["error"]["fields"].keys() == {"day"}
    assert call("DELETE", f"/product/{made['id']}").status_code == 204
    assert list(wishes()) == [(CLAIRE, "product")]
