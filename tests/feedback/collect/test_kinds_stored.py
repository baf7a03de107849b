"""Kinds on disk: what Other, Don't know, scales, numbers and days leave in the tables, and how they come back."""

from datetime import date

import pytest

from feedback.collect import queries
from feedback.exports import exporting
from feedback.imports import run
from feedback.integrity import verifying
from heard.kit.db import reading
from polls.kinds.kind import Draft
from tests.feedback.voting import rows

pytestmark = pytest.mark.both(long=True)
BOTH = {"other": True, "dont_know": True}
QUESTIONS = (
    Draft("single", "Which day?", ("Mon", "Tue"), settings=BOTH, field_id="day"),
    Draft("multiple", "Which tools?", ("Spade", "Rake"), settings=BOTH, field_id="tools"),
    Draft("likert", "The plan is fair.", field_id="fair"),
    Draft("number", "How far?", settings={"unit": "km"}, field_id="far"),
    Draft("date", "Away from?", field_id="away"),
)


def answered(world, client, **more):
    """An open poll and a ballot in it, made with the form: Other with words, one tool, Agree, 12,5 km, a day."""
    poll = world.open_poll(QUESTIONS, **more)
    day, tools, fair, far, away = poll.questions
    pick = lambda question, label: next(str(o.id) for o in question.options if o.label == label)  # noqa: E731
    form = {
        "submission": "one", day.name: pick(day, "Other"), f"{day.name}-other": "At noon",
        tools.name: [pick(tools, "Rake")], fair.name: pick(fair, "Agree"), far.name: "12,5", away.name: "2026-11-22",
    }  # fmt: skip
    answer = client.post(f"/p/{poll.slug}", data=form)
    assert answer.status_code == 303
    return poll, form, answer.headers["location"]


def results(poll):
    """What came out, by the counters on disk."""
    with reading() as session:
        return queries.poll_results(session, poll.frozen).questions


def values(question):
    """The stored rows of a question: what each holds."""
    stored = sorted((r for r in rows("answers") if r["question_id"] == question.id), key=lambda r: r["position"])
    return [(r["item_id"], r["option_id"], r["number"], r["text"]) for r in stored]


def test_each_value_stands_where_the_design_says(world, client):
    poll, _form, _receipt = answered(world, client)
    day, tools, fair, far, away = poll.questions
    other = next(o.id for o in day.options if o.role == "other")
    assert values(day) == [(None, other, None, None), (other, None, None, "At noon")]
    assert values(tools) == [(None, tools.options[1].id, None, None)]
    assert values(fair) == [(None, None, 4, None)]
    assert values(far) == [(None, None, 12.5, None)]
    assert values(away) == [(None, None, date(2026, 11, 22).toordinal(), None)]
    assert [r.n for r in results(poll)] == [1] * 5
    assert verifying.verify(poll.slug).sound


def test_the_words_of_other_are_a_comment_until_they_are_changed(world, client):
    poll, form, receipt = answered(world, client)
    day = poll.questions[0]
    assert [(c["question_id"], c["text"]) for c in rows("comments")] == [(day.id, "At noon")]
    assert {r["kind"] for r in rows("work_due")} >= {"themes"}
    changed = form | {day.name: str(day.options[0].id), f"{day.name}-other": ""}
    assert client.post(receipt, data=changed).status_code == 303
    assert rows("comments") == []
    assert [(o.label, o.count) for o in results(poll)[0].options] == [
        ("Mon", 1), ("Tue", 0), ("Other", 0), ("Don't know", 0),
    ]  # fmt: skip
    assert verifying.verify(poll.slug).sound


def test_the_ballot_is_filled_in_again_for_a_change(world, client):
    _poll, _form, receipt = answered(world, client)
    page = client.get(f"{receipt}/change").text
    assert page.count(" checked") == 3
    assert all(f'value="{value}"' in page for value in ("At noon", "12.5", "2026-11-22"))
    said = client.get(receipt).text
    assert all(words in said for words in ("Other: At noon", "Rake", "Agree", "12.5 km", "22 November 2026"))


def test_out_and_in_again_gives_the_same_results(world, client, tmp_path):
    poll, _form, _receipt = answered(world, client, voter_rule="open")
    client.post(
        f"/p/{poll.slug}", data={"submission": "two", poll.questions[0].name: str(poll.questions[0].options[-1].id)}
    )
    file = tmp_path / "answers.csv"
    file.write_text("".join(exporting.export(poll.slug, "long")), encoding="utf-8")
    copy = world.open_poll(QUESTIONS, voter_rule="open", title="Copy")
    report = run.run(file, "garden", poll_slug=copy.slug)
    assert (report.taken, report.refused) == (2, [])
    assert [figures(r) for r in results(copy)] == [figures(r) for r in results(poll)]
    assert sorted(c["text"] for c in rows("comments")) == ["At noon", "At noon"]


def figures(result):
    """What a result says without ids."""
    return result.kind, result.n, result.mean, [(o.label, o.count) for o in result.options]


def test_a_new_poll_from_our_file_keeps_scales_numbers_and_days(world, client, tmp_path):
    poll, _form, _receipt = answered(world, client, voter_rule="open")
    file = tmp_path / "answers.csv"
    file.write_text("".join(exporting.export(poll.slug, "long")), encoding="utf-8")
    report = run.run(file, "garden", new_poll="Again")
    assert (report.taken, report.refused) == (1, [])
    with reading() as session:
        again = queries.poll_results(session, queries.poll_at_hand(report.slug)).questions
    assert [figures(r) for r in again[2:]] == [figures(r) for r in results(poll)[2:]]


def test_the_api_takes_and_gives_all_of_them(world, client):
    token = {"Authorization": f"Bearer {world.token('maya')}"}
    made = client.post("/api/v1/communities/garden/polls", headers=token, json={
        "title": "Trial", "voter_rule": "open", "questions": [
            {"kind": "single", "wording": "Which day?", "options": ["Mon", "Tue"], "settings": BOTH},
            {"kind": "likert", "wording": "Fair?"}, {"kind": "number", "wording": "How far?"}, {"kind": "date", "wording": "When?"},
        ],
    }).json()  # fmt: skip
    day, fair, far, when = made["questions"]
    assert [o["label"] for o in day["options"]] == ["Mon", "Tue", "Other", "Don't know"]
    client.post(f"/api/v1/polls/{made['slug']}/opening", headers=token)
    for scale in ({"option": fair["options"][0]["id"]}, {"number": 4}):
        sent = {"answers": [
            {"question": day["id"], "option": day["options"][2]["id"], "text": "At noon"}, {"question": fair["id"], **scale},
            {"question": far["id"], "number": 3}, {"question": when["id"], "date": "2026-11-22"},
        ]}  # fmt: skip
        assert client.post(f"/api/v1/polls/{made['slug']}/responses", json=sent).status_code == 201
    out = client.get(f"/api/v1/polls/{made['slug']}/results", headers=token).json()["questions"]
    assert [q["n"] for q in out] == [2, 2, 2, 2]
    assert [(o["label"], o["count"]) for o in out[0]["options"] if o["count"]] == [("Other", 2)]
    assert (out[1]["mean"], out[2]["mean"], out[3]["options"][0]["label"]) == (2.5, 3, "2026-11-22")
