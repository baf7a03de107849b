"""What others see of ballots that are set aside: receipts, results, frames, briefs and the API."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from feedback.collect import intake
from feedback.integrity import verifying
from feedback.integrity.effects import standing
from feedback.models import Response
from heard.kit.clock import now, today
from heard.kit.db import writing
from insights.write import briefs
from polls.kinds.kind import OptionResult, QuestionResult
from tests.feedback.voting import ballot, n_of, rows


def filled(world, aside=6, label="No", **rules):
    """Seven counted Yes, and some set aside."""
    poll = world.open_poll(voter_rule="network", results_rule="always", **rules)
    for i in range(7):
        intake.submit(replace(ballot(poll, "Yes", voter=f"y{i}"), network=f"{i:022}"))
    receipts = [
        intake.submit(replace(ballot(poll, label, voter=f"n{i}"), set_aside="quick")).receipt for i in range(aside)
    ]
    return poll, receipts


def test_a_receipt_says_honestly_that_its_ballot_is_not_counted_and_not_by_which_rule(world, client):
    _poll, receipts = filled(world, 1)
    page = client.get(f"/r/{receipts[0]}").text
    assert "It is stored, and not counted yet" in page
    assert "It is counted" not in page
    main = page.split("<main")[1].split("</main>")[0].lower()
    for word in ("quick", "network", "too soon", "program", "bot"):
        assert word not in main


@pytest.mark.both
def test_such_a_ballot_is_changed_and_withdrawn_and_stays_apart(world, client):
    poll, receipts = filled(world, 2)
    yes = next(o.id for o in poll.questions[0].options if o.label == "Yes")
    assert client.post(f"/r/{receipts[0]}", data={poll.questions[0].name: str(yes)}).status_code == 303
    assert client.post(f"/r/{receipts[1]}/withdrawal").status_code == 303
    assert n_of(poll) == 7
    assert verifying.verify(poll.slug).sound
    assert "Your answer is withdrawn" in client.get(f"/r/{receipts[1]}").text


@pytest.mark.parametrize(
    ("aside", "label", "words"),
    [
        (3, "Yes", "7 counted, 3 set aside, result unchanged."),
        (9, "No", "7 counted, 9 set aside; with them the result would be another."),
    ],
)
def test_results_and_frames_carry_the_sentence_and_the_level(world, client, aside, label, words):
    poll, _receipts = filled(world, aside, label)
    page = client.get(f"/p/{poll.slug}/results").text
    assert words in page
    assert "level 2 of 4" in page
    world.close(poll)
    assert words in client.get(f"/e/{poll.slug}").text
    assert words in client.sign_in("vic").get(f"{poll.page}/results").text


def test_hidden_results_hide_the_sentence_too(world, client):
    _poll, _receipts = filled(world)
    hidden = world.open_poll(voter_rule="network", results_rule="never", title="Hidden")
    intake.submit(replace(ballot(hidden, "Yes", voter="x"), set_aside="bot"))
    assert "set aside" not in client.get(f"/p/{hidden.slug}/results").text
    assert "set aside" not in client.get(f"/p/{hidden.slug}").text


@pytest.mark.parametrize("audience", ["product", "leadership"])
def test_both_briefs_say_it_from_the_same_facts(world, audience):
    filled(world, 6)
    with writing() as session:
        home = world.the_community(session)
        brief = briefs.write_brief(session, home, audience, by=None)
    [poll] = brief.facts["polls"]
    assert (poll["n"], poll["set_aside"], poll["changed"]) == (7, 6, False)
    assert "7 counted, 6 set aside, result unchanged." in briefs.plain_text(brief)


def test_a_brief_of_a_part_of_the_time_leaves_them_out_too(world):
    _poll, _receipts = filled(world, 9)
    with writing() as session:
        home = world.the_community(session)
        old = min(r["id"] for r in rows("responses") if not r["set_aside"])
        session.execute(update(Response).where(Response.id == old).values(submitted_at=now() - timedelta(days=50)))
        brief = briefs.write_brief(session, home, "product", since=today() - timedelta(days=5), by=None)
    [told] = brief.facts["polls"]
    assert (told["n"], told["set_aside"], told["changed"]) == (6, 9, True)
    assert {o["label"]: o["count"] for o in told["questions"][0]["options"]} == {"Yes": 6, "No": 0}


def test_the_api_shows_and_decides_like_the_page(world, client):
    poll, _receipts = filled(world, 6)
    at, keys = f"/api/v1/polls/{poll.slug}/integrity", {}
    for person in ("maya", "ravi"):
        keys[person] = {"authorization": f"Bearer {world.token(person)}"}
    shown = client.get(at, headers=keys["ravi"]).json()
    assert (shown["level"], shown["counted"], shown["set_aside"], shown["changed"]) == (2, 7, 6, [])
    assert [(g["key"], g["n"], g["set_aside"]) for g in shown["groups"]] == [("quick", 6, True)]
    assert len(shown["marks"]) == 6
    body = {"act": "count", "group": "quick", "reason": "People in a hurry."}
    assert client.post(f"{at}/decisions", json=body, headers=keys["ravi"]).status_code == 403
    made = client.post(f"{at}/decisions", json=body, headers=keys["maya"])
    assert made.status_code == 201
    assert made.json()["n"] == 6
    assert n_of(poll) == 13
    undo = {"act": "undo", "group": str(made.json()["id"]), "reason": "Not so."}
    assert client.post(f"{at}/decisions", json=undo, headers=keys["maya"]).status_code == 201
    assert n_of(poll) == 7
    again = client.post(f"{at}/decisions", json=undo, headers=keys["maya"])
    assert (again.status_code, again.json()["error"]["code"]) == (409, "nothing_to_move")


@pytest.mark.parametrize(
    ("text", "status"), [("5", 303), ("0", 422), ("", 422), ("-3", 422), ("1000000", 422), ("²", 422)]
)
def test_the_limit_of_a_network_is_set_on_the_panel(world, client, text, status):
    poll, _receipts = filled(world, 1)
    assert client.sign_in("maya").post(f"{poll.page}/integrity/limit", data={"limit": text}).status_code == status
    assert rows("polls")[0]["network_limit"] == (5 if status == 303 else 20)


@pytest.mark.parametrize(("limit", "status"), [(5, 200), (0, 422), (-3, 422), (100_001, 422), ("5", 422), (True, 422)])
def test_the_limit_of_a_network_is_set_over_the_api(world, client, limit, status):
    poll, _receipts = filled(world, 1)
    at, key = f"/api/v1/polls/{poll.slug}/integrity", {"authorization": f"Bearer {world.token('maya')}"}
    answer = client.request("PUT", f"{at}/limit", json={"limit": limit}, headers=key)
    assert answer.status_code == status
    assert answer.json() == {"limit": 5} if status == 200 else "limit" in answer.json()["error"]["fields"]
    assert client.get(at, headers=key).json()["limit"] == (5 if status == 200 else 20)
    assert [one["action"] for one in rows("audit_log")].count("integrity.limit") == (status == 200)


def test_only_managers_set_it(world, client):
    poll, _receipts = filled(world, 1)
    for person, status in (("ravi", 403), ("vic", 403), ("olu", 404)):
        assert client.sign_in(person).post(f"{poll.page}/integrity/limit", data={"limit": "5"}).status_code == status


def result(*counts, **more):
    options = tuple(OptionResult(i, str(i), c, 0) for i, c in enumerate(counts))
    return QuestionResult(1, "single", "?", sum(counts), options, **more)


def test_a_result_is_its_order_and_no_figure():
    assert standing(result(5, 3, 1)) == standing(result(50, 30, 10))
    assert standing(result(5, 3, 1)) != standing(result(3, 5, 1))
    assert standing(result(5, 3, 3)) != standing(result(5, 4, 3))
    assert standing(result(1, mean=3.14)) == standing(result(9, mean=3.11))
