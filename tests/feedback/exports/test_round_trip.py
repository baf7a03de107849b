"""Out, in by the ordinary import, out again: the same rows and heads, byte by byte, in every form that comes back (trust.md, E2)."""

import base64
import json

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import text

import feedback.jobs  # noqa: F401  (registers its jobs)
from feedback.exports import exporting
from feedback.imports import run
from feedback.integrity import verifying
from heard.kit import work
from heard.kit.db import writing
from polls.kinds.kind import Draft
from tests.feedback import everything
from tests.feedback.imports.test_pages import bring_in, upload
from tests.feedback.voting import rows

FORMS = ("csv", "long", "jsonl", "xlsx")
ALIKE = "Words that are the same for very many letters, " * 19  # 893 of them
# What could be taken for something else: a head for another's, a label for a step, a joined cell or words of one's own.
ALIKES = (
    Draft("matrix", "Grid", ("Good", "Row", "Other"), rows=("Row", "Good", "Other")),
    Draft("single", "Grid [Row]", ("Good; Row", "Good", "Row")),
    Draft("single", "q1", ("Tea", "Tea and cake"), settings={"other": True}),
    Draft("multiple", "q1/2", ("Other options", "A", "A; B", "B", '["A"]', '["A", "B"]', "Autre: A"), settings={"other": True}),
    Draft("short_text", "Why?"), Draft("short_text", "Why?"), Draft("short_text", "Why? (2)"),
    Draft("likert", "Numerals, the wrong way round", ("3", "2", "1")),
    Draft("pair", "Pairs", ("A", "A; B", "B", '["A"]')),
    Draft("matrix", ALIKE + "?", ("A; B", "A", "B"), rows=(ALIKE[:490] + "one", ALIKE[:490] + "two")),
    Draft("single", ALIKE + "!", ("Yes", "No")), Draft("short_text", ALIKE + "."),
    Draft("short_text", "submission_id"), Draft("short_text", "field_id"), Draft("short_text", "value"),
    Draft("statements", "Statements", ("1", "-1", "0")), Draft("ranking", "Order", ("3", "2", "1")),
)  # fmt: skip


def taken(poll, form, folder):
    """An export as a file."""
    path = folder / f"answers.{form}"
    path.write_bytes(b"".join(exporting.download(poll.slug, form).pieces))
    return path


def records(poll):
    """What is exported as text, sorted: ids are random, so the order of another database is another one."""
    ends = {"csv": "\r\n", "long": "\r\n", "jsonl": "\n"}  # a record of a table holds \n at most
    return {form: sorted("".join(exporting.export(poll.slug, form)).split(end)) for form, end in ends.items()}


def cells(path):
    """The responses of a workbook as another reader gives them, sorted: the file also holds the time at which it was made."""
    head, *responses = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    return [head, *sorted(responses, key=repr)]


def emptied(poll):
    """The poll as before its first response."""
    with writing() as session:
        for table in ("comments", "answers", "responses", "tallies"):
            session.execute(text(f"DELETE FROM {table} WHERE poll_id = :poll"), {"poll": poll.id})


def out_in_out(poll, folder, form, n):
    everything.answered(poll.frozen, n)
    before, file = records(poll), taken(poll, form, folder)
    assert {len(before[one]) for one in ("csv", "jsonl")} == {
        n + 2,
        n + 1,
    }  # with the head, and what stands behind the end
    emptied(poll)
    report = run.run(file, "garden", poll_slug=poll.slug)
    assert (report.taken, report.refused) == (n, [])
    assert records(poll) == before
    assert verifying.verify(poll.slug).sound
    again = run.run(file, "garden", poll_slug=poll.slug)
    assert (again.taken, again.unchanged, again.refused) == (0, n, [])
    assert records(poll) == before
    if form == "xlsx":
        held = cells(file)
        assert cells(taken(poll, form, folder)) == held


@pytest.mark.both
@pytest.mark.parametrize("form", FORMS)
def test_out_in_out_gives_the_same_bytes(world, tmp_path, form):
    out_in_out(everything.everything(world), tmp_path, form, 60)


@pytest.mark.parametrize("form", FORMS)
def test_what_could_be_taken_for_something_else_is_not(world, tmp_path, form):
    out_in_out(world.open_poll(list(ALIKES), voter_rule="open"), tmp_path, form, 40)


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_an_anonymous_poll_in_another_language_comes_back_too(world, tmp_path, form):
    out_in_out(world.open_poll(list(ALIKES), anonymous=True, locale="fr"), tmp_path, form, 40)


@pytest.mark.long
@pytest.mark.parametrize("form", FORMS)
def test_ten_thousand_rows_come_back_as_they_were(world, tmp_path, form):
    out_in_out(everything.everything(world), tmp_path, form, 10_000)


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_pages_and_api_bring_back_the_same(world, client, tmp_path, form):
    poll = world.open_poll(list(ALIKES), voter_rule="open")
    everything.answered(poll.frozen, 20)
    before, file = records(poll), taken(poll, form, tmp_path)
    emptied(poll)
    maya = client.sign_in("maya")
    assert "20 responses are in" in bring_in(maya, upload(maya, file.read_bytes(), file.name, poll=poll.slug))
    assert records(poll) == before
    emptied(poll)
    with world.heard("maya") as heard:
        content = base64.b64encode(file.read_bytes()).decode()
        made = heard.begin_import("garden", {"file_name": file.name, "content": content, "poll": poll.slug})
        heard.record_import(made["id"], {"hash": made["hash"]})
        work.run_due()
        done = heard.read_import(made["id"])
    assert (done["taken"], done["refused"], done["error"]) == (20, 0, "")
    assert records(poll) == before


@pytest.mark.parametrize("form", FORMS)
def test_an_export_becomes_a_new_poll_of_sensible_kinds(world, tmp_path, form):
    poll = everything.everything(world)
    everything.answered(poll.frozen, 150)
    report = run.run(taken(poll, form, tmp_path), "garden", new_poll="Copy")
    assert (report.taken, report.refused) == (150, [])
    made = [q["kind"] for q in rows("questions") if q["poll_id"] != poll.id]
    sensible = {
        "long": {q.kind for q in poll.questions},
        "jsonl": {q.kind for q in poll.questions} - {"yes_no", "nps", "short_text"},  # told as choice, rating and text
        "csv": {"single", "multiple", "rating", "nps", "long_text", "number", "date"},
    }
    assert set(made) == sensible.get(form, sensible["csv"])


def test_a_column_that_somebody_put_beside_ours_is_left_out(world, tmp_path):
    poll = world.open_poll([Draft("multiple", "Which?", ("Tea; black", "Tea"))])
    head, row = '"submission_id","Notes","Which?"', '"a","Tea; black","[""Tea; black"", ""Tea""]"'
    file = tmp_path / "ours.csv"
    file.write_text(f"{head}\r\n{row}\r\n")
    report = run.run(file, "garden", poll_slug=poll.slug)
    assert (report.taken, report.refused) == (1, [])
    (line,) = "".join(exporting.export(poll.slug, "jsonl")).splitlines()
    assert json.loads(line)["answers"] == {poll.questions[0].field_id: [{"option": "Tea; black"}, {"option": "Tea"}]}
