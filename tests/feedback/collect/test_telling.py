"""What webhooks are told of ballots, and what they are never told."""

import json
import re
from dataclasses import replace

import pytest
from sqlalchemy import event as sql_event
from sqlmodel import select

from feedback import jobs
from feedback.answer import actions
from feedback.collect import intake, suggestions
from feedback.exports import exporting
from feedback.models import Action, Theme
from heard.accounts.models import Webhook
from heard.accounts.webhooks import jobs as webhook_jobs
from heard.accounts.webhooks.events import EVENTS
from heard.kit import work
from heard.kit.clock import today
from heard.kit.db import engines, reading, writing
from heard.kit.errors import Refused
from polls.kinds.kind import Draft
from polls.models import Poll
from tests.accounts.webhook_scene import deliveries, hook
from tests.feedback.collect.test_item_kinds import ASKED, form_of
from tests.feedback.collect.test_kinds_stored import answered
from tests.feedback.collect.test_suggestions import adding, say
from tests.feedback.voting import ballot, n_of, respond
from tests.insights.scene import library, write
from tests.polls.write.test_translating import translated

pytestmark = pytest.mark.both
URL = "https://hooks.example/heard"


def told(*names):
    """(event, data) of what waits to be told, in the order of writing; of these events only, if any are named."""
    rows = [(row.event, json.loads(row.body)["data"]) for row in deliveries() if row.body]
    return [row for row in rows if row[0] in names or not names]


def test_a_ballot_is_told_as_a_line_of_the_export(world, client):
    hook(world, URL)
    poll, _form, _receipt = answered(world, client)
    everything = world.open_poll(ASKED, title="Everything", voter_rule="open")
    assert client.post(f"/p/{everything.slug}", data={"submission": "two", **form_of(everything)}).status_code == 303
    for one in (poll, everything):
        (line,) = [json.loads(text) for text in exporting.export(one.slug, "jsonl")]
        (data,) = [data for name, data in told("response.recorded") if data["poll"] == one.slug]
        assert data == {"poll": one.slug, **line}


def test_a_ballot_in_another_language_is_told_in_the_polls_own(world, client):
    hook(world, URL)
    poll = world.draft_poll(options=("Yes", "No"), title="Best day")
    translated(poll, {"Yes": "Oui !", "No": "Non !", "Which one suits you?": "Lequel ?", "Best day": "Le jour"})
    client.sign_in("maya").post(f"{poll.page}/opening")
    client.get(f"/p/{poll.slug}?lang=fr")
    page = client.get(f"/p/{poll.slug}", headers={"accept-language": "fr"}).text
    assert "Oui !" in page
    submission = re.search(r'name="submission" value="([^"]+)"', page)[1]
    yes = poll.questions[0].options[0].id
    sent = {"submission": submission, "language": "fr", poll.questions[0].name: str(yes)}
    assert client.post(f"/p/{poll.slug}", data=sent, headers={"accept-language": "fr"}).status_code == 303
    ((_name, data),) = told("response.recorded")
    assert [*data["answers"].values()] == [[{"option": "Yes"}]]


def test_the_same_submission_five_times_is_one_response_and_one_delivery(world, client):
    """V3."""
    hook(world, URL, "response.recorded", "response.changed")
    poll = world.open_poll(voter_rule="open")
    answers = [respond(client, poll, "Yes", submission_id="again") for _try in range(5)]
    assert [a.status_code for a in answers] == [201, 200, 200, 200, 200]
    assert (n_of(poll), len(deliveries())) == (1, 1)


def test_a_change_and_a_withdrawal_are_told_and_what_was_taken_back_goes(world, client):
    webhook = hook(world, URL)
    poll = world.open_poll()
    receipt = world.vote(poll, {"q1": "Yes"}, client=client)
    no = poll.questions[0].options[1].id
    client.post(f"/r/{receipt}", data={poll.questions[0].name: str(no)})
    names = [name for name, _data in told()]
    assert names == ["poll.opened", "response.recorded", "response.changed"]
    assert [*told("response.changed")[0][1]["answers"].values()] == [[{"option": "No"}]]
    client.post(f"/r/{receipt}/withdrawal")
    forget_what_was_taken_back()
    assert [name for name, _data in told()] == ["poll.opened", "response.withdrawn"]
    assert set(told("response.withdrawn")[0][1]) == {"poll", "submission_id", "mark"}
    assert [row.status for row in deliveries(webhook)] == ["queued", "stopped", "stopped", "queued"]
    assert receipt not in "".join(row.body for row in deliveries())


def test_a_batch_that_fails_tells_nothing_and_its_neighbours_are_told(world):
    hook(world, URL, "response.recorded")
    poll = world.open_poll(may_change=False)
    intake.submit(ballot(poll, "Yes", voter="ada"))
    with pytest.raises(Refused):
        intake.submit(ballot(poll, "No", voter="ada"))
    intake.submit(ballot(poll, "No", voter="bo"))
    assert [data["submission_id"] for _name, data in told()] == ["ada-Yes", "bo-No"]


def test_without_a_webhook_a_ballot_asks_at_most_once_a_second(world):
    poll = world.open_poll()
    asked = []
    listen = lambda _c, _cursor, statement, *_more: asked.append(statement)  # noqa: E731
    sql_event.listen(engines().write, "before_cursor_execute", listen)
    try:
        for n in range(5):
            intake.submit(ballot(poll, "Yes", voter=str(n)))
    finally:
        sql_event.remove(engines().write, "before_cursor_execute", listen)
    assert len([s for s in asked if "webhook" in s]) <= 1
    assert deliveries() == []


def test_a_webhook_made_a_moment_ago_hears_the_next_ballot(world):
    poll = world.open_poll()
    intake.submit(ballot(poll, "Yes", voter="ada"))
    hook(world, URL, "response.recorded")
    intake.submit(ballot(poll, "Yes", voter="bo"))
    assert len(deliveries()) == 1


def test_a_ballot_does_not_fail_because_a_webhook_goes_away(world):
    webhook = hook(world, URL)
    poll = world.open_poll()
    intake.submit(ballot(poll, "Yes", voter="ada"))
    with writing() as session:
        session.delete(session.get_one(Webhook, webhook.id))
    intake.submit(ballot(poll, "Yes", voter="bo"))
    assert n_of(poll) == 2


def test_ballots_that_are_set_aside_or_imported_are_not_told(world):
    hook(world, URL, "response.recorded", "response.changed")
    poll = world.open_poll()
    intake.submit(replace(ballot(poll, "Yes", voter="bot"), set_aside="bot"))
    intake.submit(replace(ballot(poll, "Yes", voter="old"), source="import"))
    assert deliveries() == []
    intake.submit(ballot(poll, "Yes", voter="ada"))
    assert len(deliveries()) == 1


class TestAnonymous:
    """Of an anonymous poll only steps of five are told, with a number and a day."""

    def vote(self, world, poll, n):
        for _voter in range(n):
            world.vote(poll, {"q1": "Yes"})

    def step(self):
        """Run the job of a step where one is due; whether it was."""
        due = [row["args"]["poll_id"] for row in _all_work() if row["kind"] == "results_moved"]
        for poll_id in due:
            jobs.tell_of_step(poll_id)
        return bool(due)

    def test_no_single_ballot_is_told_ever(self, world):
        hook(world, URL)
        poll = world.open_poll(anonymous=True)
        self.vote(world, poll, 4)
        assert not self.step()
        assert [name for name, _data in told()] == ["poll.opened"]
        self.vote(world, poll, 1)
        assert self.step()
        self.vote(world, poll, 3)
        self.step()
        assert told("results.moved") == [("results.moved", {"poll": poll.slug, "n": 5})]
        assert not told("response.recorded", "response.changed", "response.withdrawn")

    def test_a_step_is_told_with_a_day_and_in_a_transaction_of_its_own(self, world):
        hook(world, URL, "results.moved")
        poll = world.open_poll(anonymous=True)
        self.vote(world, poll, 5)
        assert deliveries() == [], "nothing stands beside the ballot"
        self.step()
        (row,) = deliveries()
        assert json.loads(row.body)["at"] == today().isoformat()
        self.step()
        assert len(deliveries()) == 1, "the same number is told once"

    def test_the_last_ones_are_told_when_the_poll_is_closed(self, world):
        hook(world, URL, "results.moved")
        poll = world.open_poll(anonymous=True)
        self.vote(world, poll, 7)
        world.close(poll)
        jobs.read_the_rest(poll.id)
        assert [data["n"] for _name, data in told()] == [7]

    def test_fewer_than_five_are_never_told(self, world):
        hook(world, URL, "results.moved")
        poll = world.open_poll(anonymous=True)
        self.vote(world, poll, 4)
        world.close(poll)
        jobs.read_the_rest(poll.id)
        assert deliveries() == []

    def test_a_changed_ballot_tells_nothing_new(self, world, client):
        hook(world, URL, "results.moved", "response.changed")
        poll = world.open_poll(anonymous=True)
        self.vote(world, poll, 4)
        receipt = world.vote(poll, {"q1": "Yes"}, client=client)
        self.step()
        client.post(f"/r/{receipt}", data={poll.questions[0].name: str(poll.questions[0].options[1].id)})
        client.post(f"/r/{receipt}/withdrawal")
        self.step()
        assert [data.get("n") for _name, data in told()] == [5]


def forget_what_was_taken_back():
    for due in _all_work():
        if due["kind"] == "webhook_forget":
            webhook_jobs.forget(**due["args"])


def _all_work():
    with reading() as session:
        return [{"kind": w.kind, "args": w.args} for w in session.exec(select(work.WorkDue))]


def test_a_statement_is_told_once_and_its_words_go_when_it_is_rejected(world):
    hook(world, URL, "statement.suggested")
    poll = adding(world)
    say(world, poll, "ada", "A pond", s1=1)
    say(world, poll, "bo", "a pond", s1=1)
    ((_name, data),) = told()
    assert (data["text"], data["question"]) == ("A pond", poll.questions[0].field_id)
    with writing() as session:
        suggestions.reject(session, session.get_one(Poll, poll.id), int(data["statement_id"]), by=world.people["maya"])
    forget_what_was_taken_back()
    say(world, poll, "cleo", "A POND", s1=1)
    assert told() == []
    assert [row.status for row in deliveries()] == ["stopped"]


def test_a_statement_of_an_anonymous_poll_comes_with_its_step(world):
    hook(world, URL, "statement.suggested")
    poll = adding(world, anonymous=True, voter_rule="open")
    say(world, poll, "0", "A pond", s1=1)
    for voter in range(1, 4):
        say(world, poll, str(voter), s1=1)
    assert deliveries() == []
    say(world, poll, "4", s1=1)
    jobs.tell_of_step(poll.id)
    assert [data["text"] for _name, data in told()] == ["A pond"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", json.loads(deliveries()[0].body)["at"])


def test_the_other_events_are_told_by_their_deeds(world, client):
    hook(world, URL)
    poll = library(world, 12, results_rule="always")
    jobs.refresh_themes(poll.id, full=True)
    assert [data for _name, data in told("themes.refreshed")] == [{"poll": poll.slug, "run": 1, "comments": 12}]
    with writing() as session:
        theme = session.exec(select(Theme).where(Theme.poll_id == poll.id)).first()
        action = actions.publish_action(session, theme, "Longer hours", "Open till nine.", "done", by=None)
    with writing() as session:
        actions.withdraw_action(session, session.get_one(Action, action.id), by=None)
    brief, maya = write(world), client.sign_in("maya")
    for _time in range(2):
        maya.post(f"/m/garden/briefs/{brief.id}/deliveries", data={"to": "claire@board.example"})
    maya.post(f"{poll.page}/closing")
    maya.post(f"{poll.page}/reopening")
    names = [name for name, _data in told()]
    assert [n for n in names if not n.startswith(("response", "themes"))] == [
        "poll.opened", "action.published", "action.withdrawn", "brief.approved", "poll.closed", "poll.opened",
    ]  # fmt: skip
    for name, data in told("action.published", "brief.approved", "poll.closed"):
        assert tuple(data) == EVENTS[name].fields
    assert "claire@" not in str(told())


def test_every_events_fields_are_those_that_are_told(world, client):
    hook(world, URL)
    poll = world.open_poll([Draft("single", "Which?", ("A", "B"))])
    receipt = world.vote(poll, {"q1": "A"}, client=client)
    client.post(f"/r/{receipt}", data={poll.questions[0].name: str(poll.questions[0].options[1].id)})
    client.post(f"/r/{receipt}/withdrawal")
    say(world, adding(world), "ada", "A pond", s1=1)
    anonymous = world.open_poll(anonymous=True)
    for _n in range(5):
        world.vote(anonymous, {"q1": "Yes"})
    jobs.tell_of_step(anonymous.id)
    seen = {name: tuple(data) for name, data in told()}
    assert {"response.recorded", "response.changed", "response.withdrawn", "statement.suggested", "results.moved"} <= {
        *seen
    }
    for name, fields in seen.items():
        assert set(fields) == set(EVENTS[name].fields), name
