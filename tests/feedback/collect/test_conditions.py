"""Sections and conditions on the ballot, its frame, the change page and the API; shuffled options; prefilled answers."""

import csv
import io
import json
import re
from collections import Counter

import pytest

from feedback.collect import layout
from feedback.exports import exporting
from feedback.imports import run
from feedback.integrity import verifying
from polls.kinds.kind import Draft, FrozenOption, FrozenQuestion
from polls.logic import Condition, ShowIf, ordered
from tests.feedback.voting import rows

YES = ShowIf((Condition(0, "is", ("Yes",)),))


def garden(world, **rules):
    """Do you garden? If yes: what, and then why that; always: a comment."""
    return world.open_poll(
        [
            Draft(
                "single", "Do you garden?", ("Yes", "No"), required=True, section="You", section_intro="First of all."
            ),
            Draft("single", "What do you grow?", ("Beans", "Roses"), required=True, show_if=YES, section="Your garden"),
            Draft("short_text", "Why beans?", show_if=ShowIf((Condition(1, "is", ("Beans",)),))),
            Draft("long_text", "Anything else?", section="Last"),
        ],
        title="Gardens",
        **rules,
    )


def option(poll, number, label):
    """The id of an option as a form sends it."""
    return str(next(o.id for o in poll.questions[number - 1].options if o.label == label))


def form_of(poll, values, *shown, **more):
    """A form with answers by number and label or text, that showed these conditional questions."""
    fields = {}
    for number, value in values.items():
        question = poll.questions[number - 1]
        fields[question.name] = option(poll, number, value) if question.options else value
    return {**fields, "shown": ["", *(poll.questions[n - 1].name for n in shown)], "submission": "n" * 22, **more}


def stored(poll):
    """The answers on disk: by the number of the question, the labels or texts; None where it was left empty."""
    place = {q.id: n for n, q in enumerate(poll.questions, 1)}
    label = {o.id: o.label for q in poll.questions for o in q.options}
    found = {}
    for row in sorted(rows("answers"), key=lambda r: (r["response_id"], r["position"])):
        said = label.get(row["option_id"], row["number"] if row["text"] is None else row["text"])
        found.setdefault(place[row["question_id"]], []).append(said)
    return found


def hidden_on(page):
    """The conditional questions that a page hides, by the name in their field "shown"."""
    return re.findall(r'<fieldset class="asked-if"[^>]* hidden disabled>\s*<input[^>]*value="(q\d+)"', page)


@pytest.mark.parametrize("place", ["p", "e"])
def test_the_first_page_shows_sections_and_what_is_asked_of_everybody(world, client, place):
    poll = garden(world, voter_rule="open")
    page = client.get(f"/{place}/{poll.slug}").text
    assert hidden_on(page) == [poll.questions[1].name, poll.questions[2].name]
    assert re.findall(r"<h2 dir=\"auto\">(.*?)</h2>", page) == ["You", "Your garden", "Last"]
    assert re.search(r'<section class="part" hidden>\s*<header>\s*<h2 dir="auto">Your garden', page)
    assert "First of all." in page
    assert "style-src 'self'" in client.get(f"/{place}/{poll.slug}").headers["content-security-policy"]


@pytest.mark.parametrize("place", ["p", "e"])
def test_without_a_script_the_page_comes_back_with_what_an_answer_asks_for(world, client, place):
    poll = garden(world, voter_rule="open")
    back = client.post(f"/{place}/{poll.slug}", data=form_of(poll, {1: "Yes", 4: "kept <b>"}))
    assert back.status_code == 200
    assert "Because of your answer there is one more question." in back.text
    assert "kept &lt;b&gt;" in back.text
    assert hidden_on(back.text) == [poll.questions[2].name]
    assert rows("responses") == []
    again = client.post(f"/{place}/{poll.slug}", data=form_of(poll, {1: "Yes", 2: "Beans"}, 2))
    assert "one more question" in again.text
    assert rows("responses") == []
    client.post(f"/{place}/{poll.slug}", data=form_of(poll, {1: "Yes", 2: "Beans"}, 2, 3))
    assert stored(poll) == {1: ["Yes"], 2: ["Beans"], 3: [None], 4: [None]}


def test_an_answer_to_a_hidden_question_is_dropped_from_a_form(world, client):
    poll = garden(world)
    client.post(f"/p/{poll.slug}", data=form_of(poll, {1: "No", 2: "Beans", 3: "soup", 4: "hello"}, 2, 3))
    assert stored(poll) == {1: ["No"], 4: ["hello"]}
    assert verifying.verify(poll.slug).sound


def test_required_counts_only_where_it_is_asked(world, client):
    poll = garden(world)
    refused = client.post(f"/p/{poll.slug}", data=form_of(poll, {1: "Yes"}, 2))
    assert refused.status_code == 422
    assert f'href="#{poll.questions[1].name}"' in refused.text
    assert client.post(f"/p/{poll.slug}", data=form_of(poll, {1: "No"})).status_code == 303


def test_the_api_refuses_an_answer_to_a_hidden_question_and_says_why(world, client):
    poll = garden(world, voter_rule="open")
    one, two, *_ = poll.questions
    answers = [
        {"question": one.id, "option": int(option(poll, 1, "No"))},
        {"question": two.id, "option": int(option(poll, 2, "Beans"))},
    ]
    refused = client.post(f"/api/v1/polls/{poll.slug}/responses", json={"answers": answers})
    assert refused.status_code == 422
    error = refused.json()["error"]
    assert error["code"] == "bad_answer"
    assert "It is asked only if “Do you garden?” is answered with “Yes”." in error["fields"][two.name]
    assert client.post(f"/api/v1/polls/{poll.slug}/responses", json={"answers": answers[:1]}).status_code == 201
    assert stored(poll) == {1: ["No"], 4: [None]}


def test_an_import_leaves_out_answers_to_hidden_questions_and_reports_them(world, tmp_path):
    poll = garden(world)
    file = tmp_path / "answers.csv"
    file.write_text(
        "submission_id,Do you garden?,What do you grow?,Why beans?\na,No,Beans,\nb,Yes,Beans,soup\nc,Yes,Roses,none\n"
    )
    report = run.run(file, "garden", poll_slug=poll.slug)
    assert report.taken == 3
    assert [r.line for r in report.refused] == [2, 4]
    assert "asked only if “Do you garden?” is answered with “Yes”" in report.refused[0].reason
    assert "asked only if “What do you grow?” is answered with “Beans”" in report.refused[1].reason
    assert Counter(r["question_id"] for r in rows("answers")) == {
        q.id: n for q, n in zip(poll.questions, (3, 2, 1, 3), strict=True)
    }
    assert verifying.verify(poll.slug).sound


def test_exports_tell_what_was_left_empty_from_what_was_not_asked(world, client):
    poll = garden(world, voter_rule="open")
    client.post(f"/p/{poll.slug}", data=form_of(poll, {1: "Yes", 2: "Roses"}, 2))
    client.post(f"/p/{poll.slug}", data=form_of(poll, {1: "No", 4: "hi"}, submission="m" * 22))
    lines = [json.loads(line) for line in "".join(exporting.export(poll.slug, "jsonl")).splitlines()]
    ids = [q.field_id for q in poll.questions]
    by_first = {line["answers"][ids[0]][0]["option"]: line["answers"] for line in lines}
    assert set(by_first["Yes"]) == {ids[0], ids[1], ids[3]}
    assert by_first["Yes"][ids[3]] == []
    assert set(by_first["No"]) == {ids[0], ids[3]}
    long = Counter(row["field_id"] for row in csv.DictReader(io.StringIO("".join(exporting.export(poll.slug, "long")))))
    assert [long[i] for i in ids] == [2, 1, 0, 2]


def test_changing_an_answer_takes_along_what_hung_on_it(world, client):
    poll = garden(world, voter_rule="open")
    sent = client.post(f"/p/{poll.slug}", data=form_of(poll, {1: "Yes", 2: "Beans", 3: "soup"}, 2, 3))
    at = sent.headers["location"]
    assert hidden_on(client.get(f"{at}/change").text) == []
    assert client.post(at, data=form_of(poll, {1: "No", 2: "Beans", 3: "soup"}, 2, 3)).status_code == 303
    assert stored(poll) == {1: ["No"], 4: [None]}
    receipt = client.get(at).text
    assert "What do you grow?" not in receipt
    assert "Do you garden?" in receipt
    back = client.post(at, data=form_of(poll, {1: "Yes"}))
    assert back.status_code == 200
    assert "one more question" in back.text
    assert client.post(at, data=form_of(poll, {1: "Yes", 2: "Roses"}, 2)).status_code == 303
    assert stored(poll) == {1: ["Yes"], 2: ["Roses"], 4: [None]}
    client.post(f"{at}/withdrawal")
    assert rows("answers") == []
    assert verifying.verify(poll.slug).sound


def test_a_condition_on_a_labelled_scale_is_met_by_its_step(world, client):
    shown = ShowIf((Condition(0, "is", ("Disagree", "Strongly disagree")),))
    poll = world.open_poll([Draft("likert", "The garden is quiet."), Draft("short_text", "Why not?", show_if=shown)])
    assert "one more question" in client.post(f"/p/{poll.slug}", data=form_of(poll, {1: "Disagree"})).text
    assert client.post(f"/p/{poll.slug}", data=form_of(poll, {1: "Agree"})).status_code == 303


# --- the order of options


def test_every_option_stands_in_every_place_equally_often_and_pinned_ones_last():
    options = [FrozenOption(n, f"Option {n}") for n in range(1, 8)]
    pinned = [FrozenOption(90, "Other", "other"), FrozenOption(91, "Don't know", "dont_know")]
    question = FrozenQuestion(7, "single", "Which?", options=(*options, *pinned), shuffled=True, keep_last=2)
    seen: dict[int, Counter[int]] = {o.id: Counter() for o in options[:5]}
    for seed in range(10_000):
        found = ordered(question, seed)
        assert [o.id for o in found[5:]] == [6, 7, 90, 91]
        for place, o in enumerate(found[:5]):
            seen[o.id][place] += 1
    expected = 10_000 / 5
    chi_square = sum((n - expected) ** 2 / expected for places in seen.values() for n in places.values())
    assert chi_square < 39.25  # 16 degrees of freedom, p = 0.001


def test_the_order_stays_after_an_error_and_on_the_change_page_and_its_seed_is_stored(world, client):
    names = tuple(f"Option {n}" for n in range(12))
    poll = world.open_poll([Draft("single", "Which?", names, shuffled=True, required=True)], voter_rule="open")

    def order(page):
        return re.findall(r"Option \d+", page.partition("<main")[2] or page)  # the head tells them as they were written

    page = client.get(f"/p/{poll.slug}").text
    nonce = re.search(r'name="submission"[^>]*value="([^"]+)"', page)[1]
    first = order(page)
    assert sorted(first) == sorted(names)
    assert first != list(names)
    assert order(client.post(f"/p/{poll.slug}", data={"submission": nonce}).text.split("<form", 1)[1]) == first
    sent = client.post(
        f"/p/{poll.slug}", data={"submission": nonce, poll.questions[0].name: option(poll, 1, "Option 3")}
    )
    assert order(client.get(sent.headers["location"] + "/change").text) == first
    seed = rows("responses")[0]["option_seed"]
    assert 0 <= seed < 2**31
    assert [o.label for o in ordered(poll.questions[0], seed)] == first
    assert seed == layout.seed_of(poll.frozen, layout.ballot_id(poll.frozen, nonce))
    assert "another one on each ballot" in client.sign_in("maya").get(f"{poll.page}/results").text


def test_a_ballot_by_api_has_no_seed_and_a_poll_that_does_not_shuffle_neither(world, client):
    poll = world.open_poll([Draft("single", "Which?", ("A", "B"), shuffled=True)], voter_rule="open")
    body = {"answers": [{"question": poll.questions[0].id, "option": int(option(poll, 1, "A"))}]}
    assert client.post(f"/api/v1/polls/{poll.slug}/responses", json=body).status_code == 201
    plain = world.open_poll(title="Plain")
    world.vote(plain, {"q1": "Yes"})
    assert [r["option_seed"] for r in rows("responses")] == [None, None]
    assert "another one on each ballot" not in client.sign_in("maya").get(f"{plain.page}/results").text


def test_pairs_of_shuffled_options_are_read_back_whichever_they_are(world, client):
    names = tuple("ABCDEFGH")
    poll = world.open_poll([Draft("pair", "Which?", names, shuffled=True)], voter_rule="open")
    page = client.get(f"/p/{poll.slug}").text
    nonce = re.search(r'name="submission"[^>]*value="([^"]+)"', page)[1]
    fields = re.findall(r'type="radio" name="([^"]+)" value="(\d+)"', page)
    sent = dict(reversed(fields))
    assert len(sent) == 8
    assert client.post(f"/p/{poll.slug}", data={**sent, "submission": nonce}).status_code == 303
    assert len(rows("answers")) == 8


def test_a_scale_with_labels_is_never_shuffled(world):
    poll = world.open_poll([Draft("likert", "Quiet?", shuffled=True)])
    assert not poll.questions[0].shuffled


# --- filled in by the address


def test_an_address_fills_in_answers_and_sends_none(world, client):
    poll = world.open_poll(
        [
            Draft("single", "Day?", ("Monday", "Été")),
            Draft("multiple", "What?", ("A", "B", "C")),
            Draft("rating", "How?", field_id="how"),
            Draft("short_text", "Why?"),
            Draft("single", "Hidden?", ("X", "Y"), show_if=ShowIf((Condition(0, "is", ("Monday",)),))),
        ],
        title="Prefilled",
    )
    query = {"q1": "ÉTÉ", "q2": ["a", option(poll, 2, "C")], "how": "4", "q4": "<so>", "q5": "X", "q9": "?", "zz": "1"}
    page = client.get(f"/p/{poll.slug}", params=query).text
    checked = re.findall(r'name="(q\d+)" value="(\d+)"[^>]* checked', page)
    names = [q.name for q in poll.questions]
    assert checked == [
        (names[0], option(poll, 1, "Été")),
        (names[1], option(poll, 2, "A")),
        (names[1], option(poll, 2, "C")),
        (names[2], "4"),
    ]
    assert 'value="&lt;so&gt;"' in page
    assert rows("responses") == []
    assert rows("ballot_drafts") == []
    assert client.get(f"/p/{poll.slug}?q1=nothing&how=99&q2=%00").status_code == 200
