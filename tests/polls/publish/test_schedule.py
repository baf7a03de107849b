"""Polls that open and close by themselves: at the right moment in every zone, late if need be, never twice."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select

import feedback.jobs  # noqa: F401  (both register their jobs)
import polls.jobs  # noqa: F401
from heard.accounts.models import AuditEntry, Community
from heard.kit import work
from heard.kit.clock import stopped_at
from heard.kit.db import reading, writing
from heard.kit.errors import BadInput
from heard.kit.work import WorkDue
from polls.models import Poll
from polls.publish import publishing
from polls.write import readiness

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# Spring and autumn of both halves of the world, half hours, a quarter, and zones that never change.
ZONES = (
    "Europe/Paris", "Europe/London", "America/New_York", "America/Los_Angeles", "America/St_Johns", "America/Santiago",
    "Australia/Lord_Howe", "Pacific/Auckland", "Asia/Kathmandu", "Asia/Tokyo", "Africa/Casablanca", "UTC",
)  # fmt: skip


def act(verb, poll, world, **more):
    with writing() as session:
        row = session.get_one(Poll, poll.id)
        verb(session, row, by=world.people["maya"], **more)
        return row.status


def row_of(poll):
    with reading() as session:
        return session.get_one(Poll, poll.id)


def scheduled(world, **times):
    """A poll that was published at noon and waits."""
    with stopped_at(NOON):
        poll = world.draft_poll(**times)
        act(publishing.publish, poll, world)
    return poll


def status_at(poll, moment):
    """Its stored status after the worker came by at this moment."""
    with stopped_at(moment):
        work.run_due()
        return row_of(poll).status


@pytest.mark.both
def test_a_scheduled_poll_opens_and_closes_by_itself(world, session):
    poll = scheduled(world, opens_at=NOON + DAY, closes_at=NOON + 2 * DAY)
    assert row_of(poll).status == "scheduled"
    second = timedelta(seconds=1)
    moments = (NOON + DAY - second, NOON + DAY, NOON + 2 * DAY, NOON + 2 * DAY + second)
    assert [status_at(poll, m) for m in moments] == ["scheduled", "open", "open", "closed"]
    after = row_of(poll)
    assert (after.opened_at, after.closed_at) == (NOON + DAY, NOON + 2 * DAY)
    acts = session.exec(select(AuditEntry.action).where(AuditEntry.subject == poll.slug).order_by(AuditEntry.id)).all()
    assert acts == ["poll.created", "poll.scheduled", "poll.opened", "poll.closed"]
    assert set(session.exec(select(WorkDue.kind)).all()) <= {"poll_closed", "forget_networks"}


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("local", ["2026-03-29T09:30", "2026-10-25T09:30", "2026-04-05T09:30", "2026-11-01T09:30"])
def test_a_poll_opens_once_at_the_wall_clocks_time_of_its_community(world, client, zone, local):
    """On the days when clocks change, in twelve zones: typed as local time, opened at that local time."""
    with writing() as session:
        session.get_one(Community, world.the_community(session).id).zone = zone
    poll = scheduled(world, opens_at=NOON + DAY)
    maya = client.sign_in("maya")
    with stopped_at(NOON):
        answer = maya.post(f"{poll.page}/schedule", data={"opens_at": local, "closes_in_days": "7"})
        assert answer.status_code == 303
    meant = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    before, then = status_at(poll, meant - timedelta(seconds=1)), status_at(poll, meant)
    assert (before, then) == ("scheduled", "open")
    closing = row_of(poll).closes_at.astimezone(ZoneInfo(zone))
    assert closing.replace(tzinfo=None) == datetime.fromisoformat(local) + 7 * DAY
    assert status_at(poll, meant + HOUR) == "open"
    with reading() as session:
        opened = session.exec(select(AuditEntry.id).where(AuditEntry.action == "poll.opened")).all()
    assert len(opened) == 1


@pytest.mark.both
@pytest.mark.parametrize("moved", [-HOUR, HOUR, 5 * DAY])
def test_a_changed_schedule_is_neither_missed_nor_kept_too_early(world, moved):
    poll = scheduled(world, opens_at=NOON + DAY)
    with stopped_at(NOON + HOUR):
        act(publishing.reschedule, poll, world, opens_at=NOON + DAY + moved, closes_at=None)
    earlier, later = sorted((NOON + DAY, NOON + DAY + moved))
    due = NOON + DAY + moved
    assert status_at(poll, earlier) == ("open" if earlier == due else "scheduled")
    assert status_at(poll, later) == "open"
    assert row_of(poll).opened_at == due


def test_what_was_missed_while_the_worker_was_down_is_done_late_at_the_time_it_was_meant(world):
    poll = scheduled(world, opens_at=NOON + DAY, closes_at=NOON + 2 * DAY)
    with stopped_at(NOON + DAY + HOUR):
        assert world.frozen(poll).phase == "open"  # by the clock, whether somebody came by or not
    assert status_at(poll, NOON + 9 * DAY) == "closed"
    assert (row_of(poll).opened_at, row_of(poll).closed_at) == (NOON + DAY, NOON + 2 * DAY)


@pytest.mark.both
def test_the_job_may_run_twice_too_early_and_for_a_poll_that_is_gone(world):
    poll = scheduled(world, opens_at=NOON + DAY, closes_at=NOON + 2 * DAY)
    job = work.HANDLERS["poll_schedule"]
    with stopped_at(NOON):
        job(poll.id)
        job(10**6)
    assert row_of(poll).status == "scheduled"
    with stopped_at(NOON + DAY):
        job(poll.id)
        revision = row_of(poll).revision
        job(poll.id)
    assert (row_of(poll).status, row_of(poll).revision) == ("open", revision)
    assert status_at(poll, NOON + 3 * DAY) == "closed"


def test_closing_by_the_clock_does_what_closing_by_hand_does(world, session):
    with stopped_at(NOON):
        poll = world.open_poll(closes_at=NOON + DAY, anonymous=True)
    with stopped_at(NOON + 2 * DAY):
        work.HANDLERS["poll_schedule"](poll.id)
    assert session.exec(select(WorkDue.kind).where(WorkDue.kind == "poll_closed")).all() == ["poll_closed"]
    entry = session.exec(select(AuditEntry).where(AuditEntry.action == "poll.closed")).one()
    assert (entry.account_id, entry.subject) == (None, poll.slug)


def test_days_become_a_closing_time_when_the_poll_opens(world):
    with stopped_at(NOON):
        poll = world.open_poll(closes_in_days=3)
    assert row_of(poll).closes_at == NOON + 3 * DAY
    assert status_at(poll, NOON + 4 * DAY) == "closed"


def test_a_draft_whose_closing_time_has_passed_is_not_published(world):
    with stopped_at(NOON):
        poll = world.draft_poll(closes_at=NOON + HOUR)
    with stopped_at(NOON + DAY), pytest.raises(readiness.PollNotReady) as refused:
        act(publishing.publish, poll, world)
    assert "1 March 2026, 13:00" in refused.value.message
    assert row_of(poll).status == "draft"


def test_an_opening_time_that_has_passed_opens_at_once(world):
    with stopped_at(NOON):
        poll = world.draft_poll(opens_at=NOON - HOUR)
        assert act(publishing.publish, poll, world) == "open"


def test_a_scheduled_poll_can_be_opened_before_its_time(world, client):
    poll = scheduled(world, opens_at=NOON + DAY, closes_at=NOON + 2 * DAY)
    with stopped_at(NOON + HOUR):
        answer = client.sign_in("maya").post(f"{poll.page}/opening")
        assert answer.status_code == 303
    assert (row_of(poll).status, row_of(poll).opened_at) == ("open", NOON + HOUR)
    assert status_at(poll, NOON + 3 * DAY) == "closed"


@pytest.mark.parametrize(("form", "field", "words"), [
    ({"opens_at": "2026-03-05T10:00", "closes_at": "2026-03-05T10:00"}, "closes_at", "close before it opens"),
    ({"opens_at": "2026-03-05T10:00", "closes_at": "2026-03-04T10:00"}, "closes_at", "close before it opens"),
    ({"opens_at": "2026-02-05T10:00"}, "opens_at", "has passed"),
    ({"closes_at": "2026-02-05T10:00"}, "closes_at", "has passed"),
    ({"opens_at": "2026-03-29T02:30"}, "opens_at", "does not exist. The next one is 03:30"),
    ({"opens_at": "tomorrow"}, "opens_at", "not a date and time"),
    ({"opens_at": "9999-12-31T23:59"}, "opens_at", "not a date and time"),
    ({"opens_at": "2026-03-05T10:00", "closes_in_days": "400"}, "closes_in_days", "1 to 366 days"),
    ({"opens_at": "2026-03-05T10:00", "closes_in_days": "²"}, "closes_in_days", "1 to 366 days"),
])  # fmt: skip
def test_times_that_cannot_be_are_told_beside_the_field_and_nothing_is_lost(world, client, form, field, words):
    with writing() as session:
        world.the_community(session).zone = "Europe/Paris"
    poll = scheduled(world, opens_at=NOON + DAY)
    with stopped_at(NOON):
        answer = client.sign_in("maya").post(f"{poll.page}/schedule", data=form)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert words in answer.text
    for name, typed in form.items():
        assert f'name="{name}"' in answer.text
        assert f'value="{typed}"' in answer.text
    assert row_of(poll).opens_at == NOON + DAY


def test_an_hour_that_comes_twice_is_said(world, client):
    with writing() as session:
        world.the_community(session).zone = "Europe/Paris"
    poll = scheduled(world, opens_at=NOON + DAY)
    maya = client.sign_in("maya")
    with stopped_at(NOON):
        page = maya.follow(maya.post(f"{poll.page}/schedule", data={"opens_at": "2026-10-25T02:30"}))
    assert "02:30 comes twice that night" in page.text
    assert row_of(poll).opens_at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_scheduled_poll_without_an_opening_time_is_a_draft_again(world, client):
    poll = scheduled(world, opens_at=NOON + DAY)
    maya = client.sign_in("maya")
    page = maya.follow(maya.post(f"{poll.page}/schedule", data={}))
    assert "a draft again" in page.text
    assert row_of(poll).status == "draft"
    assert status_at(poll, NOON + 2 * DAY) == "draft"


def test_managers_read_the_times_in_the_communitys_zone(world, client):
    with writing() as session:
        world.the_community(session).zone = "Asia/Tokyo"
    poll = scheduled(world, opens_at=NOON + DAY, closes_at=NOON + 2 * DAY)
    maya = client.sign_in("maya")
    overview, listed = maya.get(poll.page).text, maya.get("/m/garden/polls").text
    assert "opens 2 March 2026, 21:00" in overview
    assert "3 March 2026, 21:00" in overview
    assert "Times of Asia/Tokyo" in overview
    assert "opens 2 March 2026, 21:00" in listed
    assert 'value="2026-03-02T21:00"' in maya.get(f"{poll.page}/schedule").text


def test_the_closing_time_of_an_open_poll_moves_and_goes(world, client):
    with stopped_at(NOON):
        poll = world.open_poll(closes_in_days=1)
        maya = client.sign_in("maya")
        assert maya.post(f"{poll.page}/schedule", data={"closes_at": "2026-03-09T12:00"}).status_code == 303
    assert status_at(poll, NOON + 3 * DAY) == "open"
    assert status_at(poll, NOON + 9 * DAY) == "closed"
    with stopped_at(NOON + 10 * DAY):
        assert maya.post(f"{poll.page}/reopening").status_code == 303
    assert status_at(poll, NOON + 90 * DAY) == "open"


def test_only_a_poll_that_waits_or_runs_has_times_to_change(world):
    for poll in (world.draft_poll(), world.open_poll(title="Other")):
        if world.frozen(poll).status == "open":
            world.close(poll)
        with pytest.raises(publishing.NotOpen):
            act(publishing.reschedule, poll, world, opens_at=None, closes_at=None)


def test_a_schedule_is_changed_over_the_api_after_votes_too(world, client):
    with stopped_at(NOON):
        poll = world.open_poll()
        world.vote(poll, {"q1": "Yes"})
        headers = {"authorization": f"Bearer {world.token('maya')}"}
        sent = {"closes_at": "2026-03-03T10:00:00+02:00"}
        answer = client.post(f"/api/v1/polls/{poll.slug}/schedule", json=sent, headers=headers)
        assert answer.json()["closes_at"] == "2026-03-03T08:00:00Z"
        naive = client.post(
            f"/api/v1/polls/{poll.slug}/schedule", json={"closes_at": "2026-03-03T10:00"}, headers=headers
        )
    assert naive.status_code == 422
    assert status_at(poll, NOON + 2 * DAY) == "closed"


def test_the_verb_refuses_a_past_time_and_keeps_the_schedule(world):
    poll = scheduled(world, opens_at=NOON + DAY)
    with stopped_at(NOON), pytest.raises(BadInput):
        act(publishing.reschedule, poll, world, opens_at=NOON - DAY, closes_at=None)
    assert row_of(poll).opens_at == NOON + DAY
