"""Asking again: a new edition takes over the link, old votes keep old words, and nobody meets a 404 in between."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

import feedback.jobs  # noqa: F401  (both register their jobs)
import polls.jobs  # noqa: F401
from heard.kit import work
from heard.kit.clock import stopped_at
from heard.kit.db import reading, writing
from polls.frozen import freeze, frozen_poll
from polls.kinds.kind import Draft
from polls.logic import Condition, ShowIf
from polls.models import Poll
from polls.publish import editions, publishing
from polls.write import storing
from tests.browser_client import Client

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
FULL = [
    Draft("single", "Which day?", ("Mon", "Tue"), "Choose one.", True, {"other": True}, section="Days", shuffled=True),
    Draft("rating", "How was it?", settings={"low": 1, "high": 7, "low_label": "bad"}),
    Draft("long_text", "Why Monday?", show_if=ShowIf((Condition(0, "is", ("Mon",)), Condition(1, "at_least", (), 3)), "any")),
    Draft("matrix", "Parts?", ("Bad", "Good"), rows=("Price", "Taste")),
    Draft("yes_no", "Again?"),
]  # fmt: skip
TEXTS = ("Best day", "Days", "Which day?", "Choose one.", "Mon", "Tue", "How was it?", "bad", "Why Monday?", "Parts?",
         "Bad", "Good", "Price", "Taste", "Again?", "Hello")  # fmt: skip


def again(world, poll, *, same_series=True):
    """The new draft's id and slug."""
    with writing() as session:
        made = editions.again(session, session.get_one(Poll, poll.id), by=world.people["maya"], same_series=same_series)
        return made.id, made.slug


def opened(world, poll_id):
    with writing() as session:
        publishing.publish(session, session.get_one(Poll, poll_id), by=world.people["maya"])


def row_of(poll_id):
    with reading() as session:
        return session.get_one(Poll, poll_id)


@pytest.mark.both
@pytest.mark.parametrize("same_series", [True, False])
def test_everything_of_a_poll_is_in_its_copy(world, session, same_series):
    rules = {"voter_rule": "sign_in", "results_rule": "never", "anonymous": True, "listed": False, "may_change": False,
             "paged": True, "closes_in_days": 5, "intro": "Hello"}  # fmt: skip
    poll = world.open_poll(FULL, translations={"fr": {text: f"{text} (fr)" for text in TEXTS}}, **rules)
    made, _slug = again(world, poll, same_series=same_series)
    old, new = (storing.draft_of(freeze(session, session.get_one(Poll, i))) for i in (poll.id, made))
    assert vars(new) == vars(old) | {"closes_at": None}
    row = row_of(made)
    assert (row.status, row.frozen, row.opened_at) == ("draft", False, None)
    assert (row.series_id == poll.frozen.series_id, row.edition) == ((True, 2) if same_series else (False, 1))


@pytest.mark.both
def test_the_link_leads_to_the_old_edition_until_the_new_one_opens(world, session):
    poll = world.open_poll(options=("Mon", "Tue"))
    world.vote(poll, {"q1": "Mon"})
    made, slug = again(world, poll)
    assert slug != "best-day"
    assert frozen_poll(session, "best-day").id == poll.id
    session.rollback()
    opened(world, made)
    old, new = row_of(poll.id), row_of(made)
    assert (old.slug, old.status, new.slug, new.status) == ("best-day-1", "closed", "best-day", "open")
    assert frozen_poll(session, "best-day").id == made
    assert frozen_poll(session, "best-day-1").id == poll.id


@pytest.mark.both
def test_every_edition_keeps_an_address_of_its_own(world, session):
    poll = world.open_poll()
    for _ in range(3):
        newest, _slug = again(world, poll)
        opened(world, newest)
    rows = session.exec(select(Poll.slug, Poll.status).order_by(Poll.edition)).all()
    assert rows == [("best-day-1", "closed"), ("best-day-2", "closed"), ("best-day-3", "closed"), ("best-day", "open")]


def test_an_address_that_is_taken_by_another_poll_stays_with_it(world, session):
    other = world.open_poll(title="Best day 1")
    assert other.slug == "best-day-1"
    poll = world.open_poll()
    made, _slug = again(world, poll)
    opened(world, made)
    assert row_of(other.id).slug == "best-day-1"
    assert row_of(poll.id).slug == "best-day-1-2"


def test_an_unlisted_polls_old_edition_gets_an_address_that_nobody_can_guess(world):
    poll = world.open_poll(listed=False)
    made, _slug = again(world, poll)
    opened(world, made)
    assert row_of(made).slug == poll.slug
    assert len(row_of(poll.id).slug) >= 22
    assert row_of(poll.id).slug != poll.slug


@pytest.mark.both
def test_a_second_wish_leads_to_the_draft_that_is_there(world, client, session):
    poll = world.open_poll()
    maya = client.sign_in("maya")
    places = {maya.post(f"{poll.page}/editions").headers["location"] for _ in range(3)}
    assert len(places) == 1
    assert len(session.exec(select(Poll.id)).all()) == 2
    copies = {maya.post(f"{poll.page}/copies").headers["location"] for _ in range(3)}
    assert len(copies) == 3


@pytest.mark.both
def test_two_managers_who_wish_at_the_same_moment_get_one_draft(world, session):
    poll, made, together = world.open_poll(), [], threading.Barrier(4)

    def wish():
        together.wait()
        made.append(again(world, poll))

    managers = [threading.Thread(target=wish) for _ in range(4)]
    for one in managers:
        one.start()
    for one in managers:
        one.join()
    assert len(made) == 4
    assert len(set(made)) == 1
    assert session.exec(select(Poll.edition).order_by(Poll.id)).all() == [1, 2]


@pytest.mark.both
def test_nobody_meets_a_missing_page_while_the_link_moves(world):
    """Readers ask all the time while edition after edition opens."""
    poll = world.open_poll()
    seen, done = set(), threading.Event()

    def ask():
        with Client() as browser:
            while not done.is_set():
                seen.add(browser.get("/p/best-day").status_code)

    reader = threading.Thread(target=ask)
    reader.start()
    for _ in range(5):
        newest, _slug = again(world, poll)
        opened(world, newest)
    done.set()
    reader.join()
    assert seen == {200}


def test_a_scheduled_edition_takes_the_link_at_its_time(world):
    with stopped_at(NOON):
        poll = world.open_poll()
        made, _slug = again(world, poll)
        with writing() as session:
            session.get_one(Poll, made).opens_at = NOON + timedelta(days=1)
        opened(world, made)
        assert (row_of(made).status, row_of(poll.id).status) == ("scheduled", "open")
        with writing() as session:
            assert editions.address_of(session, session.get_one(Poll, made)) == "best-day"
    with stopped_at(NOON + timedelta(days=2)):
        work.run_due()
    assert (row_of(made).slug, row_of(made).status, row_of(poll.id).status) == ("best-day", "open", "closed")


@pytest.mark.both
def test_receipts_and_results_of_an_old_edition_keep_working_with_its_words(world, client):
    poll = world.open_poll(options=("Monday", "Tuesday"), results_rule="always")
    receipt = world.vote(poll, {"q1": "Monday"})
    made, _slug = again(world, poll)
    with writing() as session:
        from polls.write import authoring

        row = session.get_one(Poll, made)
        draft = storing.draft_of(freeze(session, row))
        words = Draft("single", "Which month suits you?", ("May", "June"))
        authoring.edit_poll(session, row, type(draft)(**vars(draft) | {"questions": (words,)}), revision=1, by=None)
    opened(world, made)
    for address in (f"/r/{receipt}", f"/r/{receipt}/results", "/p/best-day-1/results"):
        page = client.get(address)
        assert page.status_code == 200, address
        assert "Monday" in page.text, address
    assert "May" in client.get("/p/best-day").text
    old, new = client.get("/p/best-day-1/results").text, client.get("/p/best-day/results").text
    assert "Edition 1 of 2" in old
    assert 'href="/p/best-day/results"' in old
    assert "Edition 2 of 2" in new
    assert 'href="/p/best-day-1/results"' in new


def test_a_draft_edition_is_told_to_nobody_outside(world, client):
    poll = world.open_poll(results_rule="always")
    world.vote(poll, {"q1": "Yes"})
    _made, slug = again(world, poll)
    public = client.get("/p/best-day/results").text
    assert "Edition" not in public
    assert slug not in public
    assert client.get(f"/p/{slug}").status_code == 404
    assert "Edition 2" in client.sign_in("maya").get(poll.page).text


def test_an_older_edition_is_not_opened_beside_the_newer_one(world, client):
    poll = world.open_poll()
    made, _slug = again(world, poll)
    opened(world, made)
    with writing() as session, pytest.raises(publishing.StaysClosed):
        publishing.reopen(session, session.get_one(Poll, poll.id), by=None)
    assert "reopening" not in client.sign_in("maya").get("/m/garden/polls/best-day-1").text


def test_the_api_makes_editions_and_copies(world, client):
    poll = world.open_poll()
    headers = {"authorization": f"Bearer {world.token('maya')}"}
    edition = client.post(f"/api/v1/polls/{poll.slug}/editions", headers=headers)
    assert (edition.status_code, edition.json()["edition"], edition.json()["status"]) == (201, 2, "draft")
    copy = client.post(f"/api/v1/polls/{poll.slug}/copies", headers=headers)
    assert (copy.status_code, copy.json()["edition"]) == (201, 1)
    assert client.post(f"/api/v1/polls/{edition.json()['slug']}/opening", headers=headers).json() == {"status": "open"}
    assert client.get("/api/v1/polls/best-day", headers=headers).json()["edition"] == 2
