"""The answer comes back to the people who spoke: on receipts, and on the list of what waits."""

from datetime import timedelta

import pytest
from sqlmodel import select

from feedback.models import Action, Theme
from feedback.themes import refreshing as themes
from heard.accounts.models import AuditEntry
from heard.kit import clock
from heard.kit.db import reading, writing
from polls.kinds.kind import Draft
from tests.feedback.said import ALL, COLD, HOURS, say, theme_of

NOTE = "The boiler was replaced on 3 May."
SENT = {"title": "New boiler", "public_note": NOTE, "status": "done"}


@pytest.fixture(autouse=True)
def by_words(monkeypatch) -> None:
    monkeypatch.setattr(themes, "the_encoder", lambda: None)


@pytest.fixture
def poll(world):
    return world.open_poll([Draft("long_text", "What should change?")], title="The library", voter_rule="open")


@pytest.fixture
def cold(poll) -> Theme:
    """The fine theme about cold rooms, among sixty comments."""
    comments = say(poll.id, ALL)
    themes.refresh(poll.id)
    with reading() as session:
        return theme_of(session, comments[2])


def answer(client, theme_id: int, **other: str):
    return client.sign_in("ravi").post(f"/m/garden/themes/{theme_id}/actions", data=SENT | other)


@pytest.mark.both
def test_those_who_spoke_find_the_answer_on_their_receipts(world, client, session, poll):
    spoke, other = world.vote(poll, {"q1": COLD[0]}), world.vote(poll, {"q1": HOURS[0]})
    comments = say(poll.id, ALL)
    themes.refresh(poll.id)
    answer(client, theme_of(session, comments[2]).id)
    assert NOTE in client.get(f"/r/{spoke}").text
    assert NOTE not in client.get(f"/r/{other}").text


def test_an_answer_to_a_coarse_theme_reaches_its_fine_ones(world, client, session, poll):
    spoke = world.vote(poll, {"q1": COLD[0]})
    comments = say(poll.id, ALL)
    themes.refresh(poll.id)
    answer(client, theme_of(session, comments[2]).parent_id)
    assert NOTE in client.get(f"/r/{spoke}").text


def test_somebody_who_joins_the_theme_later_finds_it_too(world, client, poll, cold):
    answer(client, cold.id)
    late = world.vote(poll, {"q1": "It is still cold, please repair the heating"})
    assert NOTE not in client.get(f"/r/{late}").text
    themes.refresh(poll.id)
    assert NOTE in client.get(f"/r/{late}").text


def test_a_withdrawn_answer_leaves_every_page_and_the_theme_waits_again(world, client, session, poll, cold):
    spoke = world.vote(poll, {"q1": COLD[0]})
    themes.refresh(poll.id)
    answer(client, cold.id)
    action = session.exec(select(Action)).one()
    browser = client.sign_in("ravi")
    assert browser.post(f"/m/garden/actions/{action.id}/withdrawal").status_code == 303
    assert NOTE not in client.get(f"/r/{spoke}").text
    assert NOTE not in client.get("/c/garden").text
    assert NOTE not in client.get("/c/garden/feed.atom").text
    assert f"/m/garden/themes/{cold.parent_id}#answer" in browser.get("/m/garden/answers").text


@pytest.mark.parametrize(("person", "status"), [("maya", 303), ("ravi", 303), ("vic", 403), ("olu", 404)])
def test_analysts_and_above_withdraw_an_answer_once(client, session, cold, person, status):
    answer(client, cold.id)
    action = session.exec(select(Action)).one()
    browser = client.sign_in(person)
    assert browser.post(f"/m/garden/actions/{action.id}/withdrawal").status_code == status
    if status == 303:
        assert browser.post(f"/m/garden/actions/{action.id}/withdrawal").status_code == 409


@pytest.mark.parametrize(("person", "status"), [("maya", 200), ("ravi", 200), ("vic", 200), ("olu", 404)])
def test_members_see_what_waits(client, cold, person, status):
    assert client.sign_in(person).get("/m/garden/answers").status_code == status


def test_each_act_is_in_the_audit_log_without_words_of_people(client, session, cold):
    answer(client, cold.id)
    with reading() as before:
        action = before.exec(select(Action)).one()
    client.sign_in("maya").post(f"/m/garden/actions/{action.id}/withdrawal")
    entries = session.exec(select(AuditEntry).where(AuditEntry.action.startswith("action."))).all()  # type: ignore[attr-defined]
    assert [e.action for e in entries] == ["action.published", "action.withdrawn"]
    assert all(e.community_id and NOTE not in str(e.details) for e in entries)


def test_the_longest_waiting_theme_stands_first(world, client, poll, cold):
    with clock.stopped_at(clock.now() - timedelta(days=9)):
        older = world.open_poll([Draft("long_text", "And the café?")], title="The café")
        say(older.id, ["The coffee is cold", "Cold coffee again", "Please warm the coffee"])
        themes.refresh(older.id)
    page = client.sign_in("maya").get("/m/garden/answers").text
    assert page.index("The café") < page.index("The library")
    assert "waits for 9 days" in page


def test_what_is_answered_waits_no_more(client, poll, cold):
    browser = client.sign_in("maya")
    before = browser.get("/m/garden/answers").text
    answer(client, cold.parent_id or 0)
    after = browser.get("/m/garden/answers").text
    assert after.count("waits for ") == before.count("waits for ") - 1
    assert NOTE in after


def test_without_themes_the_page_says_what_will_be_here(world, client):
    page = client.sign_in("maya").get("/m/garden/answers").text
    assert "No theme waits for an answer" in page
    assert "See the themes" in page


def test_two_answers_on_one_theme_tell_its_story(client, session, cold):
    answer(client, cold.id, status="planned", title="Boiler ordered")
    answer(client, cold.id)
    page = client.sign_in("vic").get(f"/m/garden/themes/{cold.id}").text
    assert page.index("New boiler") < page.index("Boiler ordered")


@pytest.mark.both
def test_deleting_a_poll_takes_its_answers_along(client, session, poll, cold):
    from polls.models import Poll

    answer(client, cold.id)
    with writing() as deleting:
        deleting.delete(deleting.get_one(Poll, poll.id))
    assert session.exec(select(Action)).all() == []
