"""Out, in by the ordinary import, out again: the same rows and heads, byte by byte, in every form that comes back (trust.md, E2)."""

import pytest
from sqlalchemy import text

from feedback.exports import exporting
from feedback.imports import run
from feedback.integrity import verifying
from heard.kit.db import writing
from tests.feedback import everything

FORMS = ("csv", "long", "jsonl", "xlsx")


def taken(poll, form, folder):
    """An export as a file."""
    path = folder / f"answers.{form}"
    path.write_bytes(b"".join(exporting.download(poll.slug, form).pieces))
    return path


def records(poll):
    """What is exported, by form, sorted: ids are random, so the order of another database is another one. A workbook holds
    the time at which it was made, so its cells are compared."""
    ends = {"csv": "\r\n", "long": "\r\n", "jsonl": "\n"}  # a record of a table holds \n at most
    return {form: sorted("".join(exporting.export(poll.slug, form)).split(end)) for form, end in ends.items()}


def cells(path):
    """The rows of a workbook's first sheet, as another reader gives them."""
    from python_calamine import CalamineWorkbook

    return sorted(CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python(), key=repr)


def emptied(poll):
    """The poll as before its first response."""
    with writing() as session:
        for table in ("comments", "answers", "responses", "tallies"):
            session.execute(text(f"DELETE FROM {table} WHERE poll_id = :poll"), {"poll": poll.id})


def out_in_out(world, folder, form, n):
    poll = everything.everything(world)
    everything.answered(poll.frozen, n)
    before, file = records(poll), taken(poll, form, folder)
    emptied(poll)
    report = run.run(file, "garden", poll_slug=poll.slug)
    assert (report.taken, report.refused) == (n, [])
    assert records(poll) == before
    assert len(before["csv"]) > n
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
    out_in_out(world, tmp_path, form, 150)


@pytest.mark.long
@pytest.mark.parametrize("form", FORMS)
def test_ten_thousand_rows_come_back_as_they_were(world, tmp_path, form):
    out_in_out(world, tmp_path, form, 10_000)
