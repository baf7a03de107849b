"""No cell of what we write runs in a spreadsheet, in the heads too, and what stands in it is what was said (trust.md, E1)."""

import csv
import io
import re
import shutil
import subprocess
import zipfile

import pytest
from python_calamine import CalamineWorkbook

from feedback.exports import exporting, spreadsheet
from tests.feedback import everything

RUNS = re.compile(r"[\s\ufeff]*[=+\-@＝＋－＠\t\r]")
NUMBER = re.compile(r"-?\d+(\.\d+)?")

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")


@pytest.fixture
def poll(world):
    made = everything.everything(world)
    everything.answered(made.frozen, 120)
    return made


def taken(poll, form, tmp_path):
    """The file on disk."""
    path = tmp_path / f"answers.{form}"
    path.write_bytes(b"".join(exporting.download(poll.slug, form).pieces))
    return path


@pytest.mark.parametrize("form", ["csv", "long", "codebook", "participants", "statements", "comments", "survey-text"])
def test_no_cell_and_no_head_begins_like_a_formula(poll, tmp_path, form):
    rows = list(csv.reader(io.StringIO(taken(poll, form, tmp_path).read_text("utf-8-sig"), newline="")))
    cells = [cell for row in rows for cell in row]
    assert [c for c in cells if RUNS.match(c) and not NUMBER.fullmatch(c)] == []
    assert {len(row) for row in rows} == {len(rows[0])}  # no text that brought a line or a column of its own
    assert len(rows) > 2


def test_every_cell_is_in_quotes_so_that_no_other_separator_splits_it(poll, tmp_path):
    for line in taken(poll, "csv", tmp_path).read_text("utf-8-sig").split("\r\n")[:-1]:
        assert re.fullmatch(r'"(?:[^"]|"")*"(?:,"(?:[^"]|"")*")*', line)


def test_a_workbook_holds_texts_as_texts_and_numbers_as_numbers(poll, tmp_path):
    book = CalamineWorkbook.from_path(taken(poll, "xlsx", tmp_path))
    assert book.sheet_names == ["Responses", "Codebook"]
    sheet = book.get_sheet_by_name("Responses").to_python()
    table = list(
        csv.reader(io.StringIO("".join(exporting.export(poll.slug, "csv")).removeprefix("\ufeff"), newline=""))
    )
    from heard.kit.csvio import plain

    assert len(sheet) == len(table) == 121
    kinds = set()
    for ours, theirs in zip(table, sheet, strict=True):
        for cell, other in zip(ours, [*theirs, *[""] * (len(ours) - len(theirs))], strict=True):
            kinds.add(type(other))
            said = plain(cell)
            assert other == (float(said) if isinstance(other, float) else said)
    assert kinds == {str, float}
    head = sheet[0]
    stars = [row[head.index("-Stars")] for row in sheet[1:]]
    assert {type(s) for s in stars if s != ""} == {float}
    codes = [row[head.index("language (3)")] for row in sheet[1:] if len(row) > head.index("language (3)")]
    assert {"0012", "12"} <= set(codes)  # an option's label is no number


def test_a_workbook_has_no_formula_and_no_link(poll, tmp_path):
    with zipfile.ZipFile(taken(poll, "xlsx", tmp_path)) as file:
        assert file.testzip() is None
        for name in file.namelist():
            content = file.read(name).decode()
            assert not re.search(r"<f[ >/]|<hyperlink|externalLink|TargetMode", content), name


def test_more_responses_than_a_sheet_holds_go_to_the_next_one(poll, tmp_path, monkeypatch):
    monkeypatch.setattr(spreadsheet, "MOST_ROWS", 51)
    book = CalamineWorkbook.from_path(taken(poll, "xlsx", tmp_path))
    assert book.sheet_names == ["Responses", "Responses 2", "Responses 3", "Codebook"]
    sizes = [len(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names[:3]]
    assert sizes == [51, 51, 21]


def test_a_poll_that_is_wider_than_a_sheet_is_refused_before_the_first_piece(poll, monkeypatch):
    monkeypatch.setattr(spreadsheet, "MOST_COLUMNS", 10)
    with pytest.raises(spreadsheet.TooWide):
        exporting.download(poll.slug, "xlsx")


def test_a_text_that_is_longer_than_a_cell_is_cut_and_says_so(poll, tmp_path, monkeypatch):
    monkeypatch.setattr(spreadsheet, "LONGEST", 20)
    rows = CalamineWorkbook.from_path(taken(poll, "xlsx", tmp_path)).get_sheet_by_name("Responses").to_python()
    cut = [c for row in rows for c in row if isinstance(c, str) and c.endswith(spreadsheet.CUT)]
    assert cut
    assert {len(c) for c in cut} == {20}


@pytest.mark.long
@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not here; the readers above look at the same files")
def test_libreoffice_finds_no_formula(poll, tmp_path):
    for form in ("csv", "xlsx"):
        path = taken(poll, form, tmp_path)
        done = subprocess.run([OFFICE, "--headless", "--convert-to", "fods", "--outdir", tmp_path, path], timeout=180)
        assert done.returncode == 0
        assert "table:formula" not in path.with_suffix(".fods").read_text("utf-8")
