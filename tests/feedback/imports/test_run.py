"""Files in and out: nothing lost on the way round, nothing half-written, every row that was not taken is named."""

import json
from pathlib import Path

import pytest

from feedback.collect import counters
from feedback.exports import exporting
from feedback.imports import bulk, run
from feedback.integrity import verifying
from heard.kit.db import writing
from heard.kit.errors import BadInput, NotFound
from polls.kinds.kind import Draft
from tests.feedback.voting import n_of, rows

LONG = "submission_id,collected_at,field_id,field_type,value,email,language\n"
NASTY = ["=1+1", "@SUM(A1)", "＝1", "a;=1", "line\n=2", 'say "hi"', "'=quoted", "😀 عברית", "None", "NA", "0012", "-5"]


def write(folder: Path, text: str, name: str = "answers.csv") -> Path:
    """A file to import."""
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def exported(slug: str, form: str = "long") -> str:
    """A poll's export in one piece."""
    return "".join(exporting.export(slug, form))


def polls() -> int:
    """How many polls there are."""
    return len(rows("polls"))


@pytest.mark.both
def test_a_long_file_makes_a_poll_with_its_questions(world, tmp_path):
    file = write(
        tmp_path,
        LONG
        + "a1,2026-01-02T10:00:00Z,colour,categorical,Red,,en\na1,2026-01-02T10:00:00Z,why,text,None,,en\n"
        + "a1,2026-01-02T10:00:00Z,stars,rating,4,,en\na2,2026-01-03T10:00:00+02:00,colour,categorical,Blue,,fr\n"
        + "a2,,extras,multiple,Tea,,fr\na2,,extras,multiple,Cake,,fr\n",
    )
    report = run.run(file, "garden")
    assert (report.slug, report.taken, report.unchanged, report.refused) == ("answers", 2, 0, [])
    lines = [json.loads(line) for line in exported("answers", "jsonl").splitlines()]
    by_id = {line["submission_id"]: line for line in lines}
    assert by_id["a1"]["answers"] == {
        "colour": [{"option": "Red"}],
        "why": [{"text": "None"}],
        "stars": [{"number": 4.0}],
        "extras": [],  # asked and left empty
    }
    assert by_id["a2"]["answers"]["extras"] == [{"option": "Tea"}, {"option": "Cake"}]
    assert by_id["a2"]["submitted_at"] == "2026-01-03T08:00:00+00:00"
    assert verifying.verify("answers").sound


def test_importing_twice_changes_nothing(world, tmp_path):
    file = write(tmp_path, LONG + "".join(f"s{i},,why,text,words {i},,en\n" for i in range(20)))
    slug = run.run(file, "garden").slug
    before = exported(slug)
    report = run.run(file, "garden", poll_slug=slug)
    assert (report.taken, report.unchanged) == (0, 20)
    assert exported(slug) == before


def test_out_in_out_gives_the_same_rows(world, client, tmp_path):
    poll = world.open_poll(
        [
            Draft("single", "=cmd|' /C calc'!A0", ("+A", "-B")),
            Draft("long_text", '@Why, "exactly"?'),
            Draft("nps", "NPS"),
        ]
    )
    for i, words in enumerate(NASTY):
        world.vote(poll, {"q1": ("+A", "-B")[i % 2], "q2": words, "q3": i % 11})
    first = exported(poll.slug)
    report = run.run(write(tmp_path, first, "long.csv"), "garden", form="long")
    assert report.refused == []
    assert sorted(exported(report.slug).split("\r\n")) == sorted(first.split("\r\n"))


def test_our_own_table_comes_back_in(world, tmp_path):
    poll = world.open_poll([Draft("single", "Which?", ("Red", "Blue")), Draft("long_text", "Why?")])
    for i in range(4):
        world.vote(poll, {"q1": "Red" if i % 2 else "Blue", "q2": f"words {i}"})
    file = write(tmp_path, exported(poll.slug, "csv"))
    assert run.run(file, "garden", poll_slug=poll.slug).unchanged == 4
    assert run.run(file, "garden", new_poll="Copy").taken == 4


def test_heads_that_begin_alike_go_to_their_own_questions(world, tmp_path):
    alike = "the same ones " * 14 + "even"
    poll = world.open_poll([Draft("short_text", alike + end) for end in ("", "one", "two")])
    file = write(tmp_path, f"{alike}two,Other\nwords,none\n")
    report = run.run(file, "garden", poll_slug=poll.slug)
    assert (report.taken, report.refused) == (1, [])
    said = {row["question_id"]: row["text"] for row in rows("answers")}
    assert [said[q.id] for q in poll.questions] == [None, None, "words"]


def test_a_plain_table_becomes_questions_by_its_columns(world, tmp_path):
    lines = [f"{('Ann', 'Bo')[i % 2]},{i % 6},A thought of its own number {i}" for i in range(8)]
    report = run.run(write(tmp_path, "Who,Stars,Thought\n" + "\n".join(lines)), "garden", new_poll="Table")
    assert report.taken == 8
    assert [(q["kind"], q["wording"]) for q in rows("questions")] == [
        ("single", "Who"), ("rating", "Stars"), ("long_text", "Thought")
    ]  # fmt: skip


def test_rows_with_the_same_words_are_several_people_and_still_come_in_once(world, tmp_path):
    file = write(tmp_path, "text\nfine\nfine\nfine\n")
    slug = run.run(file, "garden").slug
    assert run.run(file, "garden", poll_slug=slug).unchanged == 3
    assert len(rows("responses")) == 3


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (",,why,text,words,,", "must not be empty"),
        ("b,yesterday,why,text,words,,", "not a time"),
        ("b,2999-01-01T00:00:00Z,why,text,words,,", "future"),
        ("b,,why,text,a\0b,,", "cannot be stored"),
        ("b,,stars,rating,77,,", "from 1 to 5"),
        (f"b,,why,text,{'x' * 10_001},,", "10,001"),
    ],
)
def test_a_row_that_cannot_be_taken_is_named_and_its_neighbours_are_taken(world, tmp_path, row, why):
    report = run.run(write(tmp_path, LONG + "a,,why,text,fine,,\na,,stars,rating,4,,\n" + row + "\n"), "garden")
    assert (report.taken >= 1, len(report.refused), report.refused[0].line) == (True, 1, 4)
    assert why in report.refused[0].reason
    assert verifying.verify(report.slug).sound


@pytest.mark.parametrize(
    ("text", "form", "words"),
    [
        ("a,b\n1,2\n", "long", "submission_id"),
        (LONG, "long", "no response"),
        (LONG + "a,,f,telepathy,x,,\n", "long", "telepathy"),
        ("text\n", "csv", "no response"),
        ("a,a\n1,2\n", "csv", "twice"),
        ("text\nfine\n", "doc", "doc"),
        ("", "auto", "empty"),
    ],
)
def test_a_file_that_cannot_be_taken_leaves_nothing_behind(world, tmp_path, text, form, words):
    with pytest.raises(BadInput) as refusal:
        run.run(write(tmp_path, text), "garden", form=form)
    assert words in refusal.value.message + refusal.value.hint
    assert polls() == 0


def test_a_wrong_column_is_told_with_the_columns_there_are(world, tmp_path):
    with pytest.raises(BadInput) as refusal:
        run.run(write(tmp_path, "a,b\n1,2\n"), "garden", form="long")
    assert "a, b" in refusal.value.hint


def test_a_failure_while_recording_takes_the_new_poll_away_again(world, tmp_path, monkeypatch):
    def broken(*_):
        raise OSError("the disk is full")

    monkeypatch.setattr(bulk, "write", broken)
    with pytest.raises(OSError, match="disk"):
        run.run(write(tmp_path, "text\nfine\n"), "garden")
    assert polls() == 0
    assert rows("imports") == []


@pytest.mark.parametrize(("community", "poll"), [("nobody", ""), ("garden", "nothing-here"), ("outside", "best-day")])
def test_an_unknown_community_or_poll_is_refused(world, tmp_path, community, poll):
    world.open_poll()
    with pytest.raises(NotFound):
        run.run(write(tmp_path, "text\nfine\n"), community, poll_slug=poll)
    assert polls() == 1


def test_labels_are_found_as_a_reader_would(world, tmp_path):
    poll = world.open_poll([Draft("single", "Which?", ("Red", "Blue"))])
    field = poll.questions[0].field_id
    text = LONG + f"a,,{field},single, red ,,\nb,,{field},single,Purple,,\n"
    report = run.run(write(tmp_path, text), "garden", poll_slug=poll.slug)
    assert (report.taken, [r.line for r in report.refused]) == (1, [3])
    assert n_of(poll) == 1


def test_progress_is_told(world, tmp_path):
    seen = []
    file = write(tmp_path, "text\n" + "".join(f"words {i}\n" for i in range(10)))
    run.run(file, "garden", progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (10, 10)


@pytest.mark.parametrize(("slug", "form", "error"), [("nothing-here", "csv", NotFound), ("best-day", "doc", BadInput)])
def test_an_export_that_cannot_be_says_so_before_the_first_line(world, slug, form, error):
    world.open_poll()
    with pytest.raises(error):
        exporting.export(slug, form)


def test_verify_names_every_counter_that_is_wrong(world):
    poll = world.open_poll(options=("Red", "Blue"))
    world.vote(poll, {"q1": "Red"})
    with writing() as session:
        counters.move(session, {(poll.id, "n"): 2})
    report = verifying.verify(poll.slug)
    assert not report.sound
    assert "Counter n is 3, the recount gives 1." in report.lines()
