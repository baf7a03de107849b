"""Members' statements through the pages: added on the ballot, read by a manager, voted on by all, or nowhere."""

import re

import pytest

from feedback.collect import suggestions
from heard.kit import work
from heard.kit.db import reading
from insights.write import briefs
from polls.kinds.kind import Draft
from tests.contracts import full_house
from tests.feedback.collect.test_suggestions import adding, labels
from tests.feedback.voting import n_of, rows
from tests.insights.scene import write

SECRET = "Xylophones at dawn"


def vote(client, poll, own="", **stances):
    """A ballot of a new browser: statements by place (s1="1"), and a statement of one's own. The receipt's address."""
    browser = client.fresh()
    page = browser.get(f"/p/{poll.slug}").text
    question = poll.questions[0]
    sent = {question.item_name(question.options[int(n[1:]) - 1].id): value for n, value in stances.items()}
    submission = re.search(r'name="submission" value="([^"]+)"', page)[1]
    answer = browser.post(f"/p/{poll.slug}", data={"submission": submission, f"{question.name}-own": own, **sent})
    assert answer.status_code == 303, answer.text[:800]
    return answer.headers["location"]


def first_waiting(poll):
    """The id of the oldest one."""
    with reading() as session:
        return suggestions.waiting(session, poll.id)[0].id


def decide(browser, poll, what, **form):
    """Accept or reject the oldest one."""
    return browser.post(f"{poll.page}/statements/{first_waiting(poll)}/{what}", data=form)


def test_from_a_members_line_to_a_statement_that_everybody_votes_on(world, client):
    poll, maya = adding(world, results_rule="always"), client.sign_in("maya")
    receipt = vote(client, poll, "A cafe by the pond", s1="1")
    assert "The organisers read it before it appears." in client.get(receipt).text
    assert "1 waits for your yes" in maya.get(f"{poll.page}/results").text
    assert "1 statement waits for your yes" in maya.get(f"{poll.page}/statements").text
    answer = decide(maya, poll, "acceptance", words="A café by the pond")
    assert "Everybody can vote on it" in maya.follow(answer).text
    assert "A café by the pond" in client.get(f"/p/{poll.slug}").text
    assert "A café by the pond" in client.get(f"/p/{poll.slug}/results").text
    shown = client.get(receipt).text
    assert "added since" not in shown  # its own is no news to it
    assert "It is in the poll, and everybody can vote on it." in shown
    form = client.get(f"{receipt}/change").text
    assert "A café by the pond" in form
    assert "Add a statement of your own" not in form  # it has added one
    new = world.frozen(poll).questions[0].options[-1]
    client.post(receipt, data={poll.questions[0].item_name(new.id): "1"})
    assert "A café by the pond</h3>" in maya.get(f"{poll.page}/statements").text
    assert "waits for your yes" not in maya.get(f"{poll.page}/results").text


def test_what_waits_stands_in_the_line_when_the_ballot_is_changed(world, client):
    poll = adding(world)
    receipt = vote(client, poll, "A cafe", s1="1")
    assert ">\nA cafe</textarea>" in client.get(f"{receipt}/change").text
    client.post(receipt, data={f"{poll.questions[0].name}-own": "A café"})
    assert [s["text"] for s in rows("suggestions")] == ["A café"]


def test_a_rejected_one_is_nowhere(world, client):
    """Its words are on no page, in no file and in no column; and they do not come back."""
    poll, maya = adding(world, results_rule="always"), client.sign_in("maya")
    receipts = [vote(client, poll, SECRET, s1="1"), vote(client, poll, SECRET.upper(), s2="-1")]
    assert SECRET in maya.get(f"{poll.page}/statements").text
    answer = decide(maya, poll, "rejection")
    assert SECRET not in maya.follow(answer).text
    receipts.append(vote(client, poll, SECRET.lower(), s1="0"))
    for _more in range(4):
        vote(client, poll, s1="1")
    work.run_due()
    row = write(world)
    brief = f"{row.facts} {briefs.plain_text(row)}"
    key = {"authorization": f"Bearer {world.token('maya')}"}
    places = [
        *receipts, *(f"{r}{rest}" for r in receipts for rest in ("/change", "/results", "/withdrawal")),
        f"/p/{poll.slug}", f"/e/{poll.slug}", f"/p/{poll.slug}/results", "/c/garden", "/c/garden/feed.atom",
        f"/api/v1/polls/{poll.slug}", f"/api/v1/polls/{poll.slug}/results", f"/api/v1/polls/{poll.slug}/themes",
        *(f"{poll.page}{rest}" for rest in (
            "", "/statements", "/results", "/themes", "/sharing", "/responses.csv", "/responses.long.csv", "/responses.jsonl"
        )), "/m/garden/themes", "/m/garden/answers", "/m/garden/briefs", f"/m/garden/briefs/{row.id}",
    ]  # fmt: skip
    for place in places:
        answer = maya.get(place, headers=key if "/api/" in place else {})
        assert answer.status_code == 200, place
        assert "xylophone" not in answer.text.casefold(), place
    assert "xylophone" not in brief.casefold()
    assert "What do you think?" in brief
    everything = str(full_house.contents()).casefold()
    assert "xylophone" not in everything
    assert "more benches" in everything
    assert n_of(poll) == 7


def test_the_audit_log_knows_who_decided_and_not_the_words(world, client):
    poll, maya = adding(world), client.sign_in("maya")
    vote(client, poll, SECRET)
    decide(maya, poll, "rejection")
    entry = rows("audit_log")[-1]
    assert (entry["action"], entry["account_id"]) == ("statement.rejected", world.people["maya"].id)


@pytest.mark.parametrize(
    ("person", "status"), [("ines", 200), ("maya", 200), ("ravi", 403), ("vic", 403), ("olu", 404)]
)
def test_who_reads_what_waits(world, client, person, status):
    poll = adding(world)
    assert client.sign_in(person).get(f"{poll.page}/statements").status_code == status


@pytest.mark.parametrize(("person", "status"), [("maya", 303), ("ravi", 403), ("olu", 404)])
@pytest.mark.parametrize("what", ["acceptance", "rejection"])
def test_who_decides(world, client, person, status, what):
    poll = adding(world)
    vote(client, poll, "A café")
    assert decide(client.sign_in(person), poll, what).status_code == status
    assert (rows("suggestions")[0]["state"] == "waiting") == (status != 303)


def test_a_correction_that_was_refused_keeps_what_was_typed(world, client):
    poll = adding(world)
    vote(client, poll, "A cafe")
    answer = decide(client.sign_in("maya"), poll, "acceptance", words="more benches")
    assert answer.status_code == 422
    assert ">\nmore benches</textarea>" in answer.text
    assert "is a statement here already" in answer.text
    assert labels(world, poll) == ["More benches", "Longer hours"]


def test_the_second_of_two_managers_is_told(world, client):
    poll, maya = adding(world), client.sign_in("maya")
    vote(client, poll, "A café")
    statement = first_waiting(poll)
    maya.post(f"{poll.page}/statements/{statement}/acceptance")
    answer = client.sign_in("ines").post(f"{poll.page}/statements/{statement}/rejection")
    assert answer.status_code == 409
    assert "Somebody has decided about this statement already." in answer.text


def test_a_statement_refused_on_the_ballot_keeps_what_was_typed(world, client):
    poll = adding(world)
    question = poll.questions[0]
    sent = {"submission": "s", f"{question.name}-own": "longer hours", question.item_name(question.options[0].id): "1"}
    answer = client.post(f"/p/{poll.slug}", data=sent)
    assert answer.status_code == 422
    assert "“Longer hours” is a statement here already" in answer.text
    assert ">\nlonger hours</textarea>" in answer.text
    assert n_of(poll) == 0


def test_a_poll_may_begin_without_a_statement_where_members_add_theirs(world, client):
    poll = world.open_poll([Draft("statements", "What next?", settings={"members_add": True, "check_first": False})])
    vote(client, poll, "A café")
    work.run_due()
    assert labels(world, poll) == ["A café"]
    assert client.sign_in("maya").get(f"{poll.page}/results").status_code == 200


def test_by_api_with_the_stances(world, client):
    poll = adding(world, voter_rule="open")
    question = poll.questions[0]
    item = {"item": question.options[0].id, "number": 1}
    body = {"answers": [{"question": question.id, "items": [item], "text": "A café"}]}
    assert client.post(f"/api/v1/polls/{poll.slug}/responses", json=body).status_code == 201
    assert [s["text"] for s in rows("suggestions")] == ["A café"]
    plain = world.open_poll([Draft("statements", "What next?", ("More benches",))], voter_rule="open")
    body = {"answers": [{"question": plain.questions[0].id, "text": "A café"}]}
    answer = client.post(f"/api/v1/polls/{plain.slug}/responses", json=body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "bad_answer")


def test_an_anonymous_ballot_says_that_a_statement_cannot_be_taken_back(world, client):
    poll = adding(world, anonymous=True)
    assert "cannot be changed or taken back" in client.get(f"/p/{poll.slug}").text
    receipt = vote(client, poll, "A café", s1="1")
    assert "Add a statement of your own" not in client.get(f"{receipt}/change").text
    client.post(f"{receipt}/withdrawal")
    assert "A statement that you added stays: nothing ties it to you." in client.get(receipt).text


def test_a_poll_without_such_a_question_says_so(world, client):
    poll = world.open_poll(options=("Yes", "No"))
    maya = client.sign_in("maya")
    assert "Members add nothing to this poll" in maya.get(f"{poll.page}/statements").text
    assert f"{poll.page}/statements" not in maya.get(f"{poll.page}/results").text


def test_the_editor_offers_both_settings_and_keeps_them(world, client):
    form = {
        "question": "0", "q-0-kind": "statements", "q-0-wording": "What next?", "q-0-set-statements-members_add": "1",
        "title": "", "locale": "en", "voter_rule": "browser", "results_rule": "always", "listed": "1", "may_change": "1",
    }  # fmt: skip
    maya = client.sign_in("maya")
    page = maya.get("/m/garden/polls/new").text
    assert "Members may add statements of their own" in page
    assert "A manager reads them before they appear" in page
    assert maya.post("/m/garden/polls/new", data=form).status_code < 400
    assert '"members_add": true' in str(rows("questions")[-1]["settings"]).replace("True", "true").replace("'", '"')
