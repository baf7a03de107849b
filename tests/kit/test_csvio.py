"""CSV that no spreadsheet runs, and that comes back as it went out."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heard.kit import csvio
from heard.kit.errors import BadInput

NASTY = ["=1+1", "+1", "-1+2", "@SUM(A1)", "\t=1", "\rx", "＝1", "－1", " =1", "\ufeff=1", "'=quoted", "''-x", "−5"]
WORDS = st.text(alphabet=st.characters(blacklist_categories=["Cs"], blacklist_characters="\0\r"), max_size=30)


@pytest.mark.parametrize("cell", NASTY[:10])
def test_a_formula_is_defused(cell):
    assert csvio.safe(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["5", "-5", "-5.25", "0012", "", "a=1", "it's", "None"])
def test_numbers_and_plain_words_stay_as_they_are(cell):
    assert csvio.safe(cell) == cell


@pytest.mark.parametrize("cell", [*NASTY, "5", "-5", "'", "''", "it's"])
def test_what_was_defused_comes_back(cell):
    assert csvio.plain(csvio.safe(cell)) == cell


@given(st.lists(WORDS, min_size=1, max_size=5))
def test_any_row_comes_back(cells):
    read = next(csv.reader(io.StringIO(csvio.line(cells), newline="")))
    assert [csvio.plain(c) for c in read] == cells


def test_every_cell_is_quoted_so_that_no_separator_smuggles_one_in():
    assert csvio.line(["a;=1", "b\n=2"]) == '"a;=1","b\n=2"\r\n'


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_files_of_any_origin_are_read(tmp_path: Path, separator, encoding):
    file = tmp_path / "in.csv"
    file.write_bytes(f"name{separator}why\r\nZoë{separator}None\r\n\r\nBo{separator}NA\r\n".encode(encoding))
    table = csvio.read(file)
    assert table.head == ["name", "why"]
    assert [r.cells for r in table.rows()] == [["Zoë", "None"], ["Bo", "NA"]]


def test_a_short_row_is_filled_up_and_keeps_its_line(tmp_path: Path):
    (tmp_path / "in.csv").write_text('a,b\n"two\nlines"\n')
    assert list(csvio.read(tmp_path / "in.csv").rows()) == [(3, ["two\nlines", ""], "")]


@pytest.mark.parametrize("name", ["nowhere.csv", "empty.csv"])
def test_a_missing_or_empty_file_is_told(tmp_path: Path, name):
    (tmp_path / "empty.csv").write_text("")
    with pytest.raises(BadInput, match=name):
        csvio.read(tmp_path / name)
