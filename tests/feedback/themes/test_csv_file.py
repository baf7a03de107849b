"""`heard themes FILE.csv`: what it reads, what it refuses, what it writes."""

import csv
import os

import pytest

from feedback.themes import csv_file as theme_file
from feedback.themes.csv_file import read_column, themes_of_file
from feedback.themes.report import HEAD
from heard.kit.errors import BadInput

TEXTS = [
    f"the {thing} was {how}" for thing in ("nurse", "food", "ward", "wait") for how in ("good", "slow", "kind", "cold")
]


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    return tmp_path_factory.mktemp("models")


def table(path, texts, name="text"):
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["id", name])
        out.writerows([i, text] for i, text in enumerate(texts))
    return path


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_each_row_gets_a_line_with_a_theme_a_label_and_a_parent(tmp_path, models):
    target = tmp_path / "out.csv"
    summary = themes_of_file(table(tmp_path / "in.csv", [*TEXTS, "", "🎉"]), "text", target, models)
    rows = rows_of(target)
    assert tuple(rows[0]) == HEAD
    assert [row["row"] for row in rows] == [str(i) for i in range(18)]
    for row in rows:
        assert (row["theme"] == "-1") == (row["label"] == "") == (row["parent"] == "-1") == (row["parent_label"] == "")
        assert 0 <= float(row["score"]) <= 1
    assert rows[-1]["theme"] == rows[-2]["theme"] == "-1"
    assert summary.n == 18
    assert summary.alone == sum(row["theme"] == "-1" for row in rows)
    assert sum(theme.count for theme in summary.fine) == summary.n - summary.alone
    assert len({theme.label for theme in summary.fine}) == len(summary.fine)
    assert summary.fine[0].label in "\n".join(summary.lines())


def test_the_same_file_twice_gives_the_same_bytes(tmp_path, models):
    source = table(tmp_path / "in.csv", TEXTS * 3)
    for name in ("one.csv", "two.csv"):
        themes_of_file(source, "text", tmp_path / name, models)
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.csv", "one.csv", "two.csv"]


def test_without_the_model_words_alone_are_compared_and_the_summary_says_so(tmp_path, models, monkeypatch):
    monkeypatch.setattr(theme_file, "encoder", lambda folder: None)
    summary = themes_of_file(table(tmp_path / "in.csv", TEXTS * 2), "text", tmp_path / "out.csv", models)
    assert summary.engine == theme_file.WORDS_ONLY
    assert "words alone" in " ".join(summary.lines())
    assert len(rows_of(tmp_path / "out.csv")) == 32


def test_a_head_without_rows_gives_a_head(tmp_path, models):
    target = tmp_path / "out.csv"
    summary = themes_of_file(table(tmp_path / "in.csv", []), "text", target, models)
    assert target.read_text(encoding="utf-8").split() == [",".join(HEAD)]
    assert (summary.n, summary.fine) == (0, [])


@pytest.mark.parametrize(
    "content",
    [
        "text\nCafé, très bon\n".replace(", ", " ").encode(),
        b"\xef\xbb\xbf" + "id;text\n1;Café très bon\n".encode(),
        "text\tid\nCafé très bon\t1\n".encode("utf-16"),
        "text\r\nCafé très bon\r\n".encode("latin-1"),
    ],
    ids=["utf-8", "mark and semicolons", "utf-16 and tabs", "latin-1"],
)
def test_what_spreadsheets_write_is_read(tmp_path, content):
    (tmp_path / "in.csv").write_bytes(content)
    assert read_column(tmp_path / "in.csv", "text") == ["Café très bon"]


@pytest.mark.parametrize("block", [0, 1, 7, 1 << 20])
def test_lines_are_the_same_in_blocks_of_any_size(block, monkeypatch):
    monkeypatch.setattr(theme_file, "_BLOCK", block)
    content = 'text\n"one\ntwo",x\n\nthree\u2028four\n\x0cfive\n\nsix'
    assert list(theme_file._lines(content)) == content.splitlines(keepends=True)


def test_none_and_na_quotes_newlines_and_short_rows_are_kept(tmp_path):
    texts = ["None", "NA", "n/a", "null", "", 'he said "no",\nthen ,,', "x" * 300_000]
    assert read_column(table(tmp_path / "in.csv", texts), "text") == texts
    (tmp_path / "short.csv").write_text("id,text\n1,fine\n2\n\n3,good\n", encoding="utf-8")
    assert read_column(tmp_path / "short.csv", "text") == ["fine", "", "good"]


def test_a_column_is_found_in_other_capitals_and_a_missing_one_is_refused_with_those_there_are(tmp_path):
    source = table(tmp_path / "in.csv", ["a"], name="Text ")
    assert read_column(source, "text") == ["a"]
    with pytest.raises(BadInput) as refused:
        read_column(source, "comment")
    assert "comment" in refused.value.message
    assert "id, Text" in refused.value.hint


@pytest.mark.parametrize(
    "content",
    [b"", b"\n \n", b"text\na\0b\n", os.urandom(2000), b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8],
    ids=["empty", "blank", "NUL", "noise", "picture"],
)
def test_what_is_no_table_is_refused_in_a_sentence(tmp_path, content):
    (tmp_path / "in.csv").write_bytes(content)
    with pytest.raises(BadInput) as refused:
        read_column(tmp_path / "in.csv", "text")
    assert "in.csv" in refused.value.message
    assert refused.value.hint


def test_a_missing_file_and_a_missing_folder_are_refused_before_anything_is_computed(tmp_path, models, monkeypatch):
    with pytest.raises(BadInput, match="nowhere"):
        themes_of_file(tmp_path / "nowhere.csv", "text", None, models)
    monkeypatch.setattr(theme_file, "read_column", lambda path, column: pytest.fail("it was read"))
    with pytest.raises(BadInput, match="no-folder"):
        themes_of_file(tmp_path / "in.csv", "text", tmp_path / "no-folder" / "out.csv", models)


def test_a_label_that_a_spreadsheet_would_run_is_made_plain(tmp_path, models):
    source = table(tmp_path / "in.csv", ["=1+1 cmd"] * 6 + ["@SUM"] * 6 + ["-"] * 3)
    themes_of_file(source, "text", tmp_path / "out.csv", models)
    assert not any(row["label"].startswith(("=", "+", "-", "@")) for row in rows_of(tmp_path / "out.csv"))
