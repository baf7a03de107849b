"""`heard themes --output`: data for a program, a page for people."""

import json

import pytest

from feedback.themes.csv_file import themes_of_file
from heard.kit.errors import BadInput
from tests.feedback.themes.test_csv_file import TEXTS, rows_of, table


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    return tmp_path_factory.mktemp("models")


def written(folder, models, texts, name):
    target = folder / name
    themes_of_file(table(folder / "in.csv", texts), "text", target, models)
    return target.read_text(encoding="utf-8")


def test_json_and_the_table_say_the_same(tmp_path, models):
    found = json.loads(written(tmp_path, models, [*TEXTS, ""], "out.json"))
    written(tmp_path, models, [*TEXTS, ""], "out.csv")
    rows = rows_of(tmp_path / "out.csv")
    assert [str(row["theme"]) for row in found["rows"]] == [row["theme"] for row in rows]
    assert sum(theme["count"] for theme in found["fine"]) == found["n"] - found["alone"] == len(TEXTS)
    assert {theme["parent"] for theme in found["fine"]} == {theme["theme"] for theme in found["coarse"]}
    assert all(quote in TEXTS for theme in found["fine"] for quote in theme["quotes"])


@pytest.mark.parametrize("name", ["out.json", "out.html"])
def test_the_same_file_twice_gives_the_same_bytes(tmp_path, models, name):
    assert written(tmp_path, models, TEXTS * 3, name) == written(tmp_path, models, TEXTS * 3, name)


def test_words_of_a_file_are_text_on_the_page_and_addresses_are_masked(tmp_path, models):
    said = [f"<script>alert({i})</script> the {t}, write to ann{i}@example.org" for i, t in enumerate(TEXTS)]
    page = written(tmp_path, models, said, "out.html")
    assert "<script" not in page
    assert "@example.org" not in page
    assert "&lt;script&gt;" in page


def test_the_page_asks_nobody_else_for_anything(tmp_path, models):
    parking = [f"parking place {n} is always full on market days" for n in range(16)]
    page = written(tmp_path, models, [*TEXTS, *parking], "out.html")
    within = page.replace('href="#theme-', "")
    assert not any(asks in within for asks in ("src=", "href=", "url(", "@import"))
    assert page.count('href="#theme-') == page.count('id="theme-') > 1


@pytest.mark.parametrize("texts", [[], ["only one"], ["🎉", "🎉🎉", ""]])
def test_with_too_few_answers_the_page_says_so(tmp_path, models, texts):
    assert "No theme was found" in written(tmp_path, models, texts, "out.html")


def test_another_ending_is_refused_before_anything_is_read(tmp_path, models):
    with pytest.raises(BadInput) as refused:
        themes_of_file(tmp_path / "nothing.csv", "text", tmp_path / "out.xlsx", models)
    assert ".json" in refused.value.hint
