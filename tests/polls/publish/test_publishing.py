import pytest
from sqlmodel import select

from heard.accounts.models import AuditEntry
from heard.kit.db import writing
from polls.frozen import frozen_poll
from polls.kinds.kind import Draft
from polls.models import Poll
from polls.publish import publishing
from polls.write import readiness


def act(verb, poll, world):
    with writing() as session:
        verb(session, session.get_one(Poll, poll.id), by=world.people["maya"])


def test_a_poll_opens_closes_and_opens_again(world, session):
    poll = world.draft_poll()
    for verb, status in [(publishing.open_now, "open"), (publishing.close_now, "closed"), (publishing.reopen, "open")]:
        act(verb, poll, world)
        assert world.frozen(poll).status == status
    assert session.get_one(Poll, poll.id).closed_at is None


@pytest.mark.parametrize(
    ("state", "verb", "error"),
    [
        ("draft", publishing.close_now, publishing.NotOpen),
        ("draft", publishing.reopen, publishing.NotClosed),
        ("open", publishing.open_now, publishing.NotADraft),
        ("open", publishing.reopen, publishing.NotClosed),
        ("closed", publishing.open_now, publishing.NotADraft),
        ("closed", publishing.close_now, publishing.NotOpen),
    ],
)
def test_what_does_not_fit_the_state_is_refused(world, state, verb, error):
    poll = world.draft_poll(opened=state != "draft")
    if state == "closed":
        world.close(poll)
    with pytest.raises(error) as refused:
        act(verb, poll, world)
    assert refused.value.status == 409
    assert world.frozen(poll).status == state


@pytest.mark.parametrize(
    "questions",
    [
        [Draft("single", "Which?", ("A",))],
        [Draft("nps", "")],
        [Draft("multiple", "Which?", ("A", "B"), settings={"min": 3})],
    ],
)
def test_a_poll_with_gaps_stays_a_draft(world, questions):
    poll = world.draft_poll(questions)
    with pytest.raises(readiness.PollNotReady) as refused:
        act(publishing.open_now, poll, world)
    assert (refused.value.code, refused.value.status) == ("poll_not_ready", 422)
    assert world.frozen(poll).status == "draft"


def test_what_voters_see_follows_the_status_at_once(world, session):
    poll = world.open_poll()
    assert frozen_poll(session, poll.slug).status == "open"
    world.close(poll)
    with writing() as later:
        assert frozen_poll(later, poll.slug).status == "closed"


def test_an_anonymous_poll_is_not_opened_again(world, client):
    """Closed it shows every ballot: opened for one more vote and closed again, it would show that one."""
    poll = world.open_poll(anonymous=True)
    world.close(poll)
    with pytest.raises(publishing.StaysClosed):
        act(publishing.reopen, poll, world)
    assert world.frozen(poll).status == "closed"
    assert "reopening" not in client.sign_in("maya").get(poll.page).text


def test_each_act_is_in_the_audit_log(world, session):
    poll = world.open_poll()
    world.close(poll)
    act(publishing.reopen, poll, world)
    actions = session.exec(
        select(AuditEntry.action).where(AuditEntry.subject == poll.slug).order_by(AuditEntry.id)
    ).all()
    assert actions == ["poll.created", "poll.opened", "poll.closed", "poll.reopened"]
