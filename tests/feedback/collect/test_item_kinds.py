"""Questions that ask about several things: the same answers by form and by API, out in every format and in again."""

import csv
import io
import json
import re

import pytest

from feedback.imports import run
from feedback.integrity import verifying
from heard.kit.db import writing
from insights.write import briefs
from polls.kinds.kind import Draft
from tests.feedback.imports.test_run import exported, write

ASKED = [
    Draft("matrix", "How is it?", ("Bad", "Fair", "Good"), rows=("Price", "Taste")),
    Draft("ranking", "In which order?", ("Tea", "Coffee", "Water")),
    Draft("points", "What is it worth?", ("Tea", "Coffee", "Water"), settings={"budget": 100}),
    Draft("pair", "Which rather?", ("Tea", "Coffee", "Water")),
    Draft("statements", "What do you think?", ("More benches", "Longer hours; more light")),
]


@pytest.fixture
def poll(world):
    """An open poll with one question of each kind."""
    return world.open_poll(ASKED, title="Everything", voter_rule="open", results_rule="always")


def ids(question, role="option"):
    """Ids of its options, or rows."""
    return [o.id for o in question.options if o.role == role]


def form_of(poll) -> dict[str, str]:
    """A ballot as the page sends it."""
    grid, order, points, pair, said = poll.questions
    (price, taste), (bad, _fair, good) = ids(grid, "row"), ids(grid)
    tea, coffee, water = ids(order)
    a, b, c = ids(pair)
    return {
        f"{grid.name}-i{price}": str(good), f"{grid.name}-i{taste}": str(bad),
        f"{order.name}-i{tea}": "2", f"{order.name}-i{coffee}": "", f"{order.name}-i{water}": "1",
        f"{points.name}-i{ids(points)[0]}": "60", f"{points.name}-i{ids(points)[1]}": "40",
        f"{pair.name}-p{a}-{b}": str(a), f"{pair.name}-p{b}-{c}": str(c),
        f"{said.name}-i{ids(said)[0]}": "1", f"{said.name}-i{ids(said)[1]}": "-1",
    }  # fmt: skip


def json_of(poll) -> list[dict]:
    """The same ballot as the API takes it."""
    grid, order, points, pair, said = poll.questions
    (price, taste), (bad, _fair, good) = ids(grid, "row"), ids(grid)
    a, b, c = ids(pair)
    return [
        {"question": grid.id, "items": [{"item": price, "option": good}, {"item": taste, "option": bad}]},
        {"question": order.id, "options": [ids(order)[2], ids(order)[0]]},
        {
            "question": points.id,
            "items": [{"item": i, "number": n} for i, n in zip(ids(points), (60, 40, 0), strict=True)],
        },
        {"question": pair.id, "items": [{"item": b, "option": a}, {"item": b, "option": c}]},
        {"question": said.id, "items": [{"item": i, "number": n} for i, n in zip(ids(said), (1, -1), strict=True)]},
    ]


def vote(client, poll) -> str:
    """Send the form without script; the receipt's address."""
    submission = re.search(r'name="submission" value="([^"]+)"', client.get(f"/p/{poll.slug}").text)[1]
    answer = client.post(f"/p/{poll.slug}", data={"submission": submission, **form_of(poll)})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def respond(client, poll, answers):
    """Send the ballot over the API."""
    return client.post(f"/api/v1/polls/{poll.slug}/responses", json={"answers": answers})


def results(world, client, poll) -> list[dict]:
    """Every question's result over the API."""
    headers = {"authorization": f"Bearer {world.token('maya')}"}
    return client.get(f"/api/v1/polls/{poll.slug}/results", headers=headers).json()["questions"]


@pytest.mark.both
def test_form_and_api_are_stored_and_counted_alike(world, client, poll):
    vote(client, poll)
    assert respond(client, poll, json_of(poll)).status_code == 201
    one, other = (json.loads(line)["answers"] for line in exported(poll.slug, "jsonl").splitlines())
    assert one == other
    assert one[poll.questions[1].field_id] == [{"item": "Water", "number": 1.0}, {"item": "Tea", "number": 2.0}]
    grid, order, points, pair, said = results(world, client, poll)
    assert [q["n"] for q in (grid, order, points, pair, said)] == [2] * 5
    assert [[o["count"] for o in i["options"]] for i in grid["items"]] == [[0, 0, 2], [2, 0, 0]]
    assert [i["score"] for i in order["items"]] == [2, 0, 4]
    tea, coffee, water = (i["id"] for i in order["items"])
    assert order["ranked"]["winners"] == [order["ranked"]["condorcet"]] == [water]
    assert order["ranked"]["rounds"] == [
        {
            "votes": [{"option": water, "count": 2}, {"option": tea, "count": 0}, {"option": coffee, "count": 0}],
            "exhausted": 0, "eliminated": [], "drawn": [],
        }
    ]  # fmt: skip
    assert order["ranked"]["schulze"] == [[water], [tea], [coffee]]
    assert order["ranked"]["pairwise"] == [[0, 2, 0], [0, 0, 0], [2, 2, 0]]
    assert [i["mean"] for i in points["items"]] == [60, 40, 0]
    assert [(i["count"], i["n"]) for i in pair["items"]] == [(2, 2), (0, 4), (2, 2)]
    assert [[o["count"] for o in i["options"]] for i in said["items"]] == [[2, 0, 0], [0, 2, 0]]
    assert verifying.verify(poll.slug).sound


def test_every_page_says_what_came_out(client, poll):
    receipt = client.get(vote(client, poll)).text
    for words in ("Price: Good", "1. Water", "Tea: 60", "Tea rather than Coffee", "Agree: More benches"):
        assert words in receipt
    shown = client.get(f"/p/{poll.slug}/results").text
    assert "“Water” wins by instant runoff, with 1 of 1 in the first round." in shown
    assert client.sign_in("maya").get(f"{poll.page}/results").status_code == 200


@pytest.mark.both
def test_a_ballot_sent_again_as_it_was_filled_in_changes_nothing(world, client, poll):
    receipt = vote(client, poll)
    before, rows = results(world, client, poll), exported(poll.slug)
    page = client.get(f"{receipt}/change").text
    assert page.count(" checked") == 2 + 2 + 2
    assert page.count(" selected") == 2
    assert client.post(receipt, data=form_of(poll)).status_code == 303
    assert (results(world, client, poll), exported(poll.slug)) == (before, rows)
    assert client.post(f"{receipt}/withdrawal").status_code == 303
    assert [q["n"] for q in results(world, client, poll)] == [0] * 5
    assert verifying.verify(poll.slug).sound


def test_what_was_typed_stays_when_a_ballot_is_refused(client, poll):
    points = poll.questions[2]
    first, second = (f"{points.name}-i{i}" for i in ids(points)[:2])
    sent = {"submission": "one", **form_of(poll), first: "70", second: "45"}
    answer = client.post(f"/p/{poll.slug}", data=sent)
    assert answer.status_code == 422
    assert "You gave 115 points; there are 100 to share out." in answer.text
    assert 'value="70"' in answer.text
    assert answer.text.count(" checked") == 6


@pytest.mark.parametrize("question", range(5))
def test_a_foreign_item_is_refused_over_the_api(client, poll, question):
    asked = poll.questions[question]
    foreign = next(o.id for q in poll.questions if q is not asked for o in q.options)
    own = ids(asked)[0]
    answer = {
        "matrix": {"items": [{"item": foreign, "option": own}]},
        "ranking": {"options": [own, foreign]},
        "points": {"items": [{"item": foreign, "number": 1}]},
        "pair": {"items": [{"item": foreign, "option": own}]},
        "statements": {"items": [{"item": foreign, "number": 1}]},
    }[asked.kind]
    refused = respond(client, poll, [{"question": asked.id, **answer}])
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "bad_answer")
    assert list(refused.json()["error"]["fields"]) == [asked.name]


def test_each_item_has_a_field_of_its_own_in_the_long_format(client, poll):
    vote(client, poll)
    rows = list(csv.DictReader(io.StringIO(exported(poll.slug))))
    order = poll.questions[1]
    mine = [(r["field_id"], r["field_label"], r["value"]) for r in rows if r["field_group_id"] == order.field_id]
    assert mine == [
        (f"{order.field_id}/1", "Tea", "2"), (f"{order.field_id}/2", "Coffee", ""), (f"{order.field_id}/3", "Water", "1")
    ]  # fmt: skip
    assert {r["field_group_label"] for r in rows} == {d.wording for d in ASKED}


@pytest.mark.both
def test_out_in_out_gives_the_same_rows(client, poll, tmp_path):
    vote(client, poll)
    respond(client, poll, json_of(poll)[:3])
    respond(client, poll, json_of(poll)[3:])
    first = exported(poll.slug)
    report = run.run(write(tmp_path, first, "long.csv"), "garden", new_poll="Copy")
    assert (report.taken, report.refused) == (3, [])
    assert sorted(exported(report.slug).split("\r\n")) == sorted(first.split("\r\n"))
    assert verifying.verify(report.slug).sound
    assert run.run(tmp_path / "long.csv", "garden", poll_slug=report.slug).unchanged == 3


def test_the_files_items_go_to_the_polls_items_by_label_whatever_their_order(client, world, poll, tmp_path):
    said = poll.questions[4]
    long = (
        "submission_id,field_id,field_type,field_label,value,field_group_id\n"
        f"a,x/9,statements,longer hours; more light,-1,{said.field_id}\na,x/1,statements,More benches,1,{said.field_id}\n"
        f"b,{said.field_id}/2,statements,,agree,\nc,{said.field_id}/7,statements,,agree,\n"
    )
    report = run.run(write(tmp_path, long), "garden", poll_slug=poll.slug)
    assert (report.taken, [r.line for r in report.refused]) == (2, [5])
    assert [[o["count"] for o in i["options"]] for i in results(world, client, poll)[4]["items"]] == [
        [1, 0, 0],
        [1, 1, 0],
    ]


def test_a_file_made_by_hand_becomes_a_poll(tmp_path, world):
    long = "submission_id,field_id,field_type,value\na,s/2,statements,1\na,s/1,statements,-1\nb,s/1,statements,0\n"
    report = run.run(write(tmp_path, long), "garden")
    assert (report.taken, report.refused) == (2, [])
    rows = csv.DictReader(io.StringIO(exported(report.slug)))
    assert {(r["submission_id"], r["field_id"], r["value"]) for r in rows} == {
        ("a", "s/1", "-1"), ("a", "s/2", "1"), ("b", "s/1", "0"), ("b", "s/2", "")
    }  # fmt: skip


def test_a_table_has_a_column_for_each_item_and_comes_back_in(client, poll, tmp_path):
    vote(client, poll)
    table = exported(poll.slug, "csv")
    row = next(csv.DictReader(io.StringIO(table.removeprefix("\ufeff"))))
    assert (row["How is it? [Price]"], row["In which order? [Water]"], row["What is it worth? [Tea]"]) == (
        "Good",
        "1",
        "60",
    )
    assert row["Which rather? [Coffee]"] == "Tea; Water"
    again = run.run(write(tmp_path, table.replace(row["submission_id"], "another")), "garden", poll_slug=poll.slug)
    assert (again.taken, again.refused) == (1, [])
    one, other = (json.loads(line)["answers"] for line in exported(poll.slug, "jsonl").splitlines())
    assert one == other


@pytest.mark.parametrize("audience", ["product", "leadership"])
def test_a_brief_over_such_a_poll_can_be_written(world, client, poll, audience):
    from heard.kit.clock import now

    for _ in range(6):
        respond(client, poll, json_of(poll))
    today = now().date()
    with writing() as session:
        brief = briefs.write_brief(
            session, world.the_community(session), audience, today, today, by=world.people["maya"]
        )
        facts = brief.facts
    assert [q["kind"] for q in facts["polls"][0]["questions"]] == [d.kind for d in ASKED]
    assert facts["responses"] == 6


def test_of_very_many_statements_the_long_format_names_those_that_were_answered(world, client, monkeypatch):
    monkeypatch.setattr("feedback.exports.tables.EVERY_ITEM", 1)
    poll = world.open_poll(ASKED[4:] + ASKED[1:2], voter_rule="open")
    said, order = poll.questions
    respond(client, poll, [{"question": said.id, "items": [{"item": ids(said)[1], "number": 0}]}])
    rows = [(r["field_id"], r["value"]) for r in csv.DictReader(io.StringIO(exported(poll.slug)))]
    assert rows == [(f"{said.field_id}/2", "0"), (f"{order.field_id}/1", "")]
