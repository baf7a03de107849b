"""Files of any origin come back as they were; what is no table is refused with a sentence, in little memory."""

import csv
import gzip
import io
import json
import struct
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedback.imports import files, packed
from feedback.imports.files import sheets_of
from heard.kit.csvio import Sheet, plain
from heard.kit.errors import BadInput

CELLS = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0\r\x1e\ufeff"), max_size=12)
ASCII_ISH = st.text(alphabet="abcé üß€;,\t\"'\n=-+@ 01", max_size=10)


def one(raw: bytes, name: str = "in.csv") -> Sheet:
    """The only table of a file."""
    (found,) = sheets_of(raw, name)
    return found


def rows(raw: bytes, name: str = "in.csv") -> list[list[str]]:
    """Heads and cells, read twice."""
    found = one(raw, name)
    first = [row.cells for row in found.rows()]
    assert [row.cells for row in found.rows()] == first
    return [found.head, *first]


def zipped(entries: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip with these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as made:
        for name, content in entries.items():
            made.writestr(name, content)
    return out.getvalue()


def workbook(fill: object, **options: object) -> bytes:
    """An XLSX whose first sheet `fill` writes."""
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, **options})
    fill(book)  # type: ignore[operator]
    book.close()
    return out.getvalue()


def refused(raw: bytes, name: str = "in.csv") -> str:
    """Message and hint of the refusal, whenever it comes."""
    with pytest.raises(BadInput) as refusal:
        for sheet in sheets_of(raw, name):
            list(sheet.rows())
    assert refusal.value.hint
    return f"{refusal.value.message} {refusal.value.hint}"


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=6),
    st.sampled_from([",", ";", "\t"]), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
)  # fmt: skip
def test_any_cells_in_any_dialect_come_back(cells, delimiter, encoding, ends):
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator=ends).writerows(
        [["one", "two", "three"], *cells]
    )
    wanted = [[plain(c) for c in row] for row in cells if any(row)]
    assert rows(out.getvalue().encode(encoding))[1:] == wanted


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.lists(st.lists(ASCII_ISH, min_size=3, max_size=3), min_size=1, max_size=6),
    st.sampled_from([",", ";", "\t"]), st.sampled_from(["cp1252", "utf-16-le", "utf-16-be"]),
)  # fmt: skip
def test_quotes_where_needed_and_encodings_without_a_mark_come_back(cells, delimiter, encoding):
    table = [["Qu'en dis-tu, toi ?", "deux; trois", "€"], *cells]
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(table)
    assert rows(out.getvalue().encode(encoding))[1:] == [[plain(c) for c in row] for row in cells if any(row)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_told_from_rows_and_not_from_commas_in_a_head(delimiter):
    head = delimiter.join(['"How, if at all, do you use it; and why?"', "Stars", '"a\nb"'])
    raw = f"{head}\r\n" + "".join(f"words; more, and more{delimiter}{n}{delimiter}x\r\n" for n in range(3)).replace(
        "words; more, and more", '"words; more, and more"'
    )
    assert rows(raw.encode())[1] == ["words; more, and more", "0", "x"]


def test_a_file_with_one_column_keeps_its_commas():
    assert rows(b"text\nfine, really; yes\nno\n") == [["text"], ["fine, really; yes"], ["no"]]


def test_values_stay_what_they_were():
    words = ["None", "NA", "0012", "1e5", "TRUE", "-5", "1,5", "null"]
    assert rows(f"a;b\n{chr(10).join(f'{w};x' for w in words)}\n".encode())[1:] == [[w, "x"] for w in words]


def test_the_empty_line_at_the_end_and_the_apostrophes_before_formulas_go():
    assert rows(b'\xef\xbb\xbf"a","b"\r\n"\'=1+1","\'tis"\r\n\r\n') == [["a", "b"], ["=1+1", "'tis"]]


def test_a_truncated_letter_at_the_end_does_not_turn_the_file_into_windows_text():
    found = one("name,why\nZoë,café".encode()[:-1])
    assert [r.cells for r in found.rows()] == [["Zoë", "caf�"]]
    assert "cut off" in found.told[0]


def test_what_is_read_otherwise_than_as_utf_8_with_commas_is_told():
    assert "1252" in one("a,b\né,x\n".encode("cp1252")).told[0]
    assert "UTF-16" in one("a,b\né,x\n".encode("utf-16")).told[0]
    assert one(b"a;b\n1;2\n").told == ("Its columns are separated by semicolons.",)
    assert one(b"a,b\n1,2\n").told == ()


def test_a_row_wider_than_the_heads_is_told_and_loses_nothing():
    (row,) = one(b"a,b\n1,2,3\n").rows()
    assert row.cells == ["1", "2", "3"]
    assert "3 cells" in row.problem


def test_a_row_with_nul_is_told_and_its_neighbours_are_read():
    found = list(one(b"a,b\nfine,1\nno\0t,2\nfine,3\n").rows())
    assert [bool(r.problem) for r in found] == [False, True, False]


@pytest.mark.parametrize("name", ["<script>alert(1)</script>.csv", "=cmd.csv", "../../etc/passwd.csv", "a\u202eb.csv"])
def test_names_and_heads_stay_text(name):
    hostile = ["<script>alert(1)</script>", "=HYPERLINK(1)", "{{ 7*7 }}", "%(x)s"]
    found = one(",".join(hostile).encode() + b"\n1,2,3,4\n", name)
    assert (found.name, found.head) == (name, hostile)
    assert name[:200] in refused(b"", name)


def test_gzip_zip_and_a_folder_are_read(tmp_path: Path):
    raw = b"a,b\n1,2\n"
    assert rows(gzip.compress(raw), "x.csv.gz") == [["a", "b"], ["1", "2"]]
    assert one(gzip.compress(raw), "x.csv.gz").name == "x.csv"
    many = gzip.compress(b"a,b\n") + gzip.compress(b"1,2\n")
    assert rows(many, "x.csv.gz") == [["a", "b"], ["1", "2"]]
    both = zipped(
        {
            "in/one.csv": raw,
            "two.tsv": b"c\td\n3\t4\n",
            "__MACOSX/one.csv": b"x",
            ".hidden.csv": b"x",
            "notes.pdf": b"%PDF",
            "empty.csv": b"",
        }
    )
    assert [(s.name, s.head) for s in sheets_of(both, "x.zip")] == [("one.csv", ["a", "b"]), ("two.tsv", ["c", "d"])]
    (tmp_path / "one.csv").write_bytes(raw)
    (tmp_path / "two.csv.gz").write_bytes(gzip.compress(raw))
    (tmp_path / "readme.md").write_text("no table")
    assert [s.name for s in sheets_of(tmp_path)] == ["one.csv", "two.csv"]


def test_a_table_is_read_as_often_as_one_likes_and_leaves_no_file_behind(tmp_path: Path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    found = sheets_of(zipped({"one.csv": b"a,b\n1,2\n"}), "x.zip")
    first, second = found[0].rows(), found[0].rows()
    assert next(first) == next(second)
    assert len(list(tmp_path.iterdir())) == 1
    first.close(), second.close()
    del found, first, second
    assert list(tmp_path.iterdir()) == []


def test_a_workbook_says_what_its_reader_sees():
    from datetime import datetime

    def fill(book):
        sheet, other = book.add_worksheet("Answers"), book.add_worksheet("Notes")
        other.write(0, 0, "x")
        day = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet.write_row(0, 0, ["name", "stars", "when", "ok"])
        sheet.write_row(1, 0, ["0012", 4, "", True])
        sheet.write_string(3, 0, "'=1+1")
        sheet.write_number(3, 1, 0.5)
        sheet.write_datetime(3, 2, datetime(2024, 1, 2, 3, 4), day)
        sheet.write_datetime(4, 2, datetime(2024, 1, 2), day)

    found = one(workbook(fill), "x.xlsx")
    assert found.head == ["name", "stars", "when", "ok"]
    assert [(r.line, r.cells) for r in found.rows()] == [
        (2, ["0012", "4", "", "TRUE"]), (4, ["'=1+1", "0.5", "2024-01-02 03:04:00", ""]), (5, ["", "", "2024-01-02", ""]),
    ]  # fmt: skip
    assert "Answers" in found.told[0]


def test_json_lines_are_a_table_of_their_own():
    found = one(b'\xef\xbb\xbf{"a": 1}\n\n{"b": 2}\n', "x.jsonl")
    assert found.head == [files.JSON_LINES]
    assert [(r.line, json.loads(r.cells[0])) for r in found.rows()] == [(1, {"a": 1}), (3, {"b": 2})]
    assert one(b"{curly} head,b\n1,2\n").head == ["{curly} head", "b"]


# what is refused, and in how many words


def lying(raw: bytes, size: int) -> bytes:
    """The same zip whose first entry says that it is this long."""
    at = raw.rindex(b"PK\x01\x02")
    return raw[: at + 24] + struct.pack("<L", size) + raw[at + 28 :]


def twice_the_same_bytes(n: int) -> bytes:
    """n entries of a zip that all lie at one place."""
    data = zlib.compressobj(9, zlib.DEFLATED, -15)
    content = data.compress(b"a,b\n" * 1000) + data.flush()
    crc, sizes = zlib.crc32(b"a,b\n" * 1000), (len(content), 4000)
    local = struct.pack("<4s5HLLLHH", b"PK\3\4", 20, 0, 8, 0, 0, crc, *sizes, 5, 0) + b"a.csv" + content
    central = b"".join(
        struct.pack("<4s6HLLLHHHHHLL", b"PK\1\2", 20, 20, 0, 8, 0, 0, crc, *sizes, 5, 0, 0, 0, 0, 0, 0) + b"%05d" % at
        for at in range(n)
    )
    return local + central + struct.pack("<4s4HLLH", b"PK\5\6", 0, 0, n, n, len(central), len(local), 0)


def sheet_xml(*parts: str) -> bytes:
    """A workbook with this XML as its sheet, written by hand."""
    raw = workbook(lambda book: book.add_worksheet().write(0, 0, "x"))
    with zipfile.ZipFile(io.BytesIO(raw)) as made:
        content = {e: made.read(e) for e in made.namelist()}
    content["xl/worksheets/sheet1.xml"] = "".join(parts).encode()
    return zipped(content)


MAIN = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
FIRST, LAST = '<row r="1"><c r="A1"><v>1</v></c></row>', '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
CORNER = f"{MAIN}<sheetData>{FIRST}{LAST}</sheetData></worksheet>"
FAR = CORNER.replace("XFD1048576", "Z1048576")
PREFIXED = (
    FAR.replace("<c ", "<x:c ")
    .replace("</c>", "</x:c>")
    .replace("xmlns=", 'xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns=')
)
ENTITIES = '<!DOCTYPE a [<!ENTITY x "xxxxxxxxxx"><!ENTITY y "&x;&x;&x;&x;">]>' + CORNER.replace(
    "<v>1</v>", "<v>&y;</v>"
)
BOOK = workbook(lambda book: book.add_worksheet().write(0, 0, "x"))


@pytest.mark.parametrize(
    ("raw", "name", "words"),
    [
        (b"", "x.csv", "empty"),
        (b"\n\r\n  \n"[:3], "x.csv", "empty"),
        (b"%PDF-1.7 ...", "x.csv", "PDF"),
        (b"\xd0\xcf\x11\xe0old", "x.xls", "XLS"),
        (bytes(range(256)) * 40, "x.csv", "no text"),
        (b'a,b\n1,"never closed\n2,3\n', "x.csv", "line 2"),
        (b'a,b\n1,"' + b"x" * 1_000_100, "x.csv", "1,000,000"),
        (b"a\0b,c\n1,2\n", "x.csv", "no text"),
        (b"a," * 5_001, "x.csv", "5,000"),
        (gzip.compress(b"a,b\n1,2\n" * 5_000)[:-20], "x.csv.gz", "cut off"),
        (b"\x1f\x8brubbish", "x.csv.gz", "damaged"),
        (gzip.compress(gzip.compress(b"a,b\n")), "x.csv.gz.gz", "GZIP"),
        (zipped({"a.csv": b"a,b\n1,2\n"})[:-30], "x.zip", "damaged"),
        (b"PK\3\4rubbish", "x.zip", "damaged"),
        (zipped({"a.zip": b"PK\3\4", "b.csv": b"a,b"}), "x.zip", "packed once more"),
        (zipped({"b.txt.csv": zipped({"a.csv": b"a"})}), "x.zip", "ZIP"),
        (zipped({"a.csv": b"a,b\n" * 3_000_000}), "x.zip", "too tightly"),
        (zipped({f"{n}.csv": b"" for n in range(1_001)}), "x.zip", "1,000 files"),
        (zipped({f"{n}.csv": b"a,b\n1,2\n" for n in range(51)}), "x.zip", "51 tables"),
        (lying(zipped({"a.csv": b"a,b\n1,2\n" * 50}), 100), "x.zip", "longer than it says"),
        (lying(zipped({"a.csv": b"a,b\n1,2\n" * 50}), 4_000_000_000), "x.zip", "200,000,000"),
        (twice_the_same_bytes(250), "x.zip", "share their bytes"),
        (zipped({"readme.md": b"no"}), "x.zip", "no table"),
        (BOOK[:-40], "x.xlsx", "damaged"),
        (sheet_xml(CORNER), "x.xlsx", "5,000 columns"),
        (sheet_xml(FAR), "x.xlsx", "1,000,000 cells"),
        (sheet_xml(PREFIXED), "x.xlsx", "1,000,000 cells"),
        (sheet_xml(ENTITIES), "x.xlsx", "damaged"),
        (sheet_xml(MAIN, "<sheetData><row r='1'>"), "x.xlsx", "damaged"),
        (sheet_xml(MAIN, "<sheetData/></worksheet>"), "x.xlsx", "empty"),
    ],
    ids=lambda value: "file" if isinstance(value, bytes) else None,  # packed bytes hold the time: another name each run
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_a_sentence(raw, name, words):
    assert words in refused(raw, name)


@pytest.mark.parametrize("where", ["missing.csv", "."])
def test_a_path_that_leads_to_no_table_is_told(tmp_path: Path, where):
    if where == ".":
        assert sheets_of(tmp_path) == []
    else:
        with pytest.raises(BadInput, match=where):
            sheets_of(tmp_path / where)


def test_a_zip_whose_list_alone_would_fill_memory_is_refused_unread():
    raw = b"x" * 2_000_000 + struct.pack("<4s4HLLH", b"PK\5\6", 0, 0, 9, 9, 1_900_000, 100, 0)
    with pytest.raises(BadInput, match="1,000 files"):
        packed.entries(io.BytesIO(raw), "x.zip")


# the same in numbers that would hurt: each in a process of its own, which has 300 MB more than it began with

HOSTILE = {
    "a row of a million columns": "b'a,' * 1_000_000 + b'\\n1,2\\n'",
    "a field of 50 MB": "b'a,b\\n1,\"' + b'x' * 50_000_000 + b'\"\\n'",
    "a field of 50 MB in lines": "b'a,b\\n1,\"' + b'xxxxxxxxx\\n' * 5_000_000 + b'\"\\n'",
    "a row of short fields over 50 MB": "b'a,b\\n' + b'\"x\\n\",' * 8_000_000",
    "a line of 50 MB of wide letters": "('a,b\\n' + '😀' * 12_000_000).encode()",
    "gzip of 1 GB": "gzip.compress(b'0' * 1_000_000_000, 1)",
    "json of a depth of 100,000": "b'{\"submission_id\": \"a\", \"answers\": ' + b'[' * 100_000 + b'\\n'",
    "a workbook of 10 million cells": "sheet(lambda: (f'<row r=\"{n}\">' + '<c><v>1</v></c>' * 100 + '</row>' for n in range(1, 100_001)))",
    "texts of a workbook beyond memory": "texts(b'<si><t>' + b'x' * 1_000_000 + b'</t></si>', 190)",
}
CHILD = """
import gzip, io, resource, sys, zipfile
from feedback.imports import formats
from feedback.imports.parsed import RefusedRow
from tests.feedback.imports.test_files import MAIN, BOOK, workbook
from heard.kit.errors import BadInput
from python_calamine import CalamineWorkbook

def book(name, pieces):
    with zipfile.ZipFile(io.BytesIO(BOOK)) as old, zipfile.ZipFile("big.xlsx", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as made:
        for entry in old.namelist():
            if entry != name:
                made.writestr(entry, old.read(entry))
        with made.open(name, "w", force_zip64=True) as out:
            for piece in pieces:
                out.write(piece)
    return open("big.xlsx", "rb").read()

def sheet(rows):
    return book("xl/worksheets/sheet1.xml", [MAIN.encode(), b"<sheetData>", *("".join(rows()).encode(),), b"</sheetData></worksheet>"])

def texts(one, n):
    head = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    return book("xl/sharedStrings.xml", [head, *(one for _ in range(n)), b"</sst>"])

open("hostile", "wb").write(HOSTILE)
"""
READ = """
import resource, sys
from pathlib import Path
from feedback.imports import formats, csv_plain, jsonl, xlsx
from heard.kit.errors import BadInput
import python_calamine
start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    form, sheets = formats.opened(Path("hostile"), name="hostile.jsonl")
    layout = form.survey(sheets)
    bad = [r for r in form.responses(sheets, layout) if hasattr(r, "reason")]
    print("refused" if bad and not layout.rows else "taken")
except BadInput as refusal:
    print("refused", refusal.message[:200])
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - start) // 1024)
"""


@pytest.mark.long
@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_files_are_refused_in_little_memory(tmp_path: Path, what):
    root = str(Path(__file__).parents[3])
    run = {
        "cwd": tmp_path,
        "env": {"PYTHONPATH": root, "PATH": ""},
        "capture_output": True,
        "text": True,
        "timeout": 300,
    }
    made = subprocess.run([sys.executable, "-c", CHILD.replace("HOSTILE", HOSTILE[what], 1)], **run)
    assert made.returncode == 0, made.stderr
    read = subprocess.run([sys.executable, "-c", READ], **run)
    assert read.returncode == 0, read.stderr
    outcome, memory = read.stdout.strip().splitlines()
    assert outcome.startswith("refused")
    assert int(memory) < 300
