"""Out, in, out: the same rows, byte by byte, in every form that comes back (trust.md, E2)."""

import json

import pytest
from sqlalchemy import text

from feedback.collect import intake, voters
from feedback.collect.ballots import Ballot
from feedback.exports import exporting
from feedback.exports.fields import OWN_HEADS, fields_of, split_cell
from feedback.imports import run
from feedback.imports.parsed import moment
from feedback.integrity import verifying
from heard.kit import csvio
from heard.kit.db import writing
from polls.kinds.kind import Value, kind_of
from tests.feedback import everything


def exported(slug, form):
    return "".join(exporting.export(slug, form))


def lines_of(content, form):
    """Records, sorted: ids are random, so the order of another database is another one."""
    if form == "jsonl":
        return sorted(content.split("\n"))
    return sorted(content.split("\r\n"))  # a record holds \n at most


def emptied(poll):
    """The poll as before its first response."""
    with writing() as session:
        for table in ("comments", "answers", "responses", "tallies"):
            session.execute(text(f"DELETE FROM {table} WHERE poll_id = :poll"), {"poll": poll.id})


def by_import(poll, path):
    report = run.run(path, "garden", poll_slug=poll.slug)
    assert report.refused == []


def by_table(poll, path):
    """What an import of our own table has to do: heads are those of fields_of, cells are split by split_cell."""
    sheet = csvio.read(path)
    fields = {field.head.strip(): field for field in fields_of(poll.frozen)}
    ballots = []
    for cells in (found.cells for found in sheet.rows()):
        row = dict(zip(sheet.head, cells, strict=True))
        cells_by = {}
        for head, cell in row.items():
            if head not in OWN_HEADS:
                field = fields[head]
                cells_by.setdefault(field.question.id, {})[field.item] = split_cell(field.question, cell)
        said = {}
        for question in poll.questions:
            kind, found = kind_of(question.kind), cells_by[question.id]
            given = {item.id: cells for item, cells in found.items() if item and cells}
            values = kind.from_long_items(question, given) if kind.has_items else kind.from_long(question, found[None])
            said[question.id] = kind.check(question, values)
        ballots.append(_ballot(poll, row["submission_id"], row["language"], row["submitted_at"], said))
    _sent(ballots)


def by_json(poll, path):
    """What an import of our own JSON lines has to do."""
    questions = {q.field_id: q for q in poll.questions}
    ballots = []
    for line in path.read_text(encoding="utf-8").removesuffix("\n").split("\n"):
        row, said = json.loads(line), {}
        for name, values in row["answers"].items():
            question = questions[name]
            items = {o.label: o.id for o in question.options if (o.role == "row") == bool(question.rows)}
            options = {o.label: o.id for o in question.options if o.role != "row"}
            said[question.id] = [
                Value(items.get(v.get("item")), options.get(v.get("option")), v.get("number"), v.get("text"))
                for v in values
            ]
        ballots.append(_ballot(poll, row["submission_id"], row["language"], row["submitted_at"], said))
    _sent(ballots)


def _ballot(poll, submission, language, at, said):
    key = voters.key_for_submission(poll.id, submission)
    return Ballot(poll.frozen, submission, key, said, "import", language, moment(at))


def _sent(ballots):
    assert {type(outcome).__name__ for outcome in intake.submit_many(ballots)} == {"Receipt"}


WAYS = {"long": by_import, "csv": by_table, "jsonl": by_json}


def out_in_out(world, tmp_path, form, n):
    poll = everything.everything(world)
    everything.answered(poll.frozen, n)
    before = exported(poll.slug, form)
    path = tmp_path / f"answers.{form}"
    path.write_bytes(before.encode())
    emptied(poll)
    WAYS[form](poll, path)
    after = exported(poll.slug, form)
    assert lines_of(after, form) == lines_of(before, form)
    assert len(lines_of(before, form)) > n
    assert verifying.verify(poll.slug).sound
    WAYS[form](poll, path)
    assert exported(poll.slug, form) == after


@pytest.mark.both
@pytest.mark.parametrize("form", WAYS)
def test_out_in_out_gives_the_same_bytes(world, tmp_path, form):
    out_in_out(world, tmp_path, form, 150)


@pytest.mark.long
@pytest.mark.parametrize("form", WAYS)
def test_ten_thousand_rows_come_back_as_they_were(world, tmp_path, form):
    out_in_out(world, tmp_path, form, 10_000)
