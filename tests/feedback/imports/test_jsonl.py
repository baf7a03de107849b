"""Our own JSON lines come back in; lines that are none are told."""

import json

import pytest

from feedback.exports import exporting
from feedback.imports import formats, run
from heard.kit.errors import BadInput
from polls.kinds.kind import Draft
from tests.feedback.imports.samples import kinds, read


def lines(*answers: object) -> bytes:
    """A file with these answers."""
    return b"".join(
        json.dumps({"submission_id": f"s{n}", "answers": one}).encode() + b"\n" for n, one in enumerate(answers)
    )


def test_the_kind_follows_from_what_stands_in_the_answers():
    ranked = [{"item": "x", "number": 2.0}, {"item": "y", "number": 1.0}]
    given = [{"item": "x", "number": 60.0}, {"item": "y", "number": 40.0}]
    first = {"one": [{"option": "A"}], "some": [{"option": "A"}, {"option": "B"}], "n": [{"number": 12.5}], "star": [{"number": 4.0}],
             "why": [{"text": "x"}], "grid": [{"item": "r", "option": "A"}], "say": [{"item": "x", "number": -1.0}],
             "rank": ranked, "points": given, "day": [{"date": "2026-11-23"}], "agree": [{"option": "Agree", "number": 4.0}],
             "pair": [{"item": "x", "option": "y"}, {"item": "x", "option": "z"}]}  # fmt: skip
    assert kinds(read(lines(first))[0]) == {
        "one": "single", "some": "multiple", "n": "number", "star": "rating", "why": "long_text", "grid": "matrix",
        "say": "statements", "rank": "ranking", "points": "points", "day": "date", "agree": "likert", "pair": "pair",
    }  # fmt: skip


def test_an_export_that_comes_back_changes_nothing(world, tmp_path):
    poll = world.open_poll([
        Draft("single", "Which?", ("Red", "Blue"), settings={"other": True}),
        Draft("matrix", "How?", ("Good", "Bad"), rows=("Price", "Speed")),
        Draft("likert", "Agree?", ()), Draft("number", "How many?"), Draft("long_text", "Why?"),
    ])  # fmt: skip
    for n in range(4):
        world.vote(poll, {"q1": ("Red", "Blue")[n % 2], "q4": n + 0.5, "q5": f"=words {n}"})
    file = tmp_path / "out.jsonl"
    file.write_text("".join(exporting.export(poll.slug, "jsonl")))
    report = run.run(file, "garden", poll_slug=poll.slug)
    assert (report.unchanged, report.taken, report.refused) == (4, 0, [])
    copy = run.run(file, "garden", new_poll="Copy")
    assert (copy.taken, copy.refused) == (4, [])


@pytest.mark.parametrize(
    "line",
    [
        b"[1]", b'{"submission_id": 5, "answers": {}}', b'{"submission_id": "a"}', b"{", b'{"submission_id": "a", "answers": {"q": "x"}}',
        b'{"submission_id": "a", "answers": {"q": [{"number": NaN}]}}', b'{"submission_id": "a", "answers": {"q": [{"number": 1e999}]}}',
        b'{"submission_id": "a", "answers": {"q": [{"number": true}]}}', b'{"submission_id": "a", "answers": {"q": [{"text": "\\ud800"}]}}',
        b'{"submission_id": "a\\u0000", "answers": {}}', b'{"submission_id": "a", "answers": ' + b"[" * 100_000,
        b'{"submission_id": "a", "answers": {"q": [{"number": ' + b"9" * 10_000 + b"}]}}",
        b'{"submission_id": "a", "submitted_at": "soon", "answers": {}}',
    ],
)  # fmt: skip
def test_a_line_that_is_none_is_told_and_its_neighbours_are_taken(line):
    good = lines({"q": [{"text": "x"}]})
    layout, responses, refused = read(good + line + b"\n", name="x.jsonl")
    assert (layout.rows, len(responses), [r.line for r in refused]) == (1, 1, [2])


def test_a_table_is_no_json_lines():
    form, sheets = formats.opened(b"a,b\n1,2\n", "jsonl")
    with pytest.raises(Exception, match="jsonl"):
        form.survey(sheets)


@pytest.mark.parametrize(
    "answers",
    [{f"q{n}": [] for n in range(5001)}, {"q": [{"item": f"{n}", "number": 1} for n in range(5001)]}],
    ids=["questions", "items"],
)
def test_more_questions_than_can_be_held_are_refused(answers):
    with pytest.raises(BadInput, match="5,001 columns"):
        read(lines(answers))
