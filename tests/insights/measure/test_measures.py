"""Facts: golden values, the hash, what is held back."""

from datetime import date

import pytest

from heard.kit.i18n import speaking
from insights.measure import measures
from insights.measure.measures import ActionSlice, Gathered, PollSlice, Said, ThemeSlice
from insights.write.findings import findings_of
from polls.kinds.kind import FrozenQuestion, kind_of
from tests.insights.some_facts import results, single

THEMES = [ThemeSlice(1, "Cold", None, 12, 3, [Said("77", "so  cold\n" + "x " * 300)])]


def sliced(question, *, n=60, cut=False, themes=(), **more):
    values = {
        "id": 1, "slug": "library", "title": "Library hours", "voter_rule": "open", "level": 0, "anonymous": False, "cut": cut,
        "imported": 0, "invited": 0, "first": date(2026, 11, 1), "last": date(2026, 11, 2), "results": results(question, n=n),
        "read": 48, "content": 9, "themes": list(themes), "voices": {},
    }  # fmt: skip
    return PollSlice(**(values | more))


def facts(*polls, actions=()):
    return measures.facts_of(
        Gathered("garden", "The Quiet Garden", date(2026, 11, 1), date(2026, 11, 30), list(polls), list(actions))
    )


def test_the_facts_of_a_poll():
    made = facts(
        sliced(single(60, 37, 15, 8), themes=THEMES),
        actions=[ActionSlice(4, 1, "Cold", "Heating", "planned", date(2026, 11, 3))],
    )
    assert made["polls"][0]["questions"][0] == {
        "id": 1, "kind": "single", "wording": "Which one?", "n": 60, "voices": [],
        "options": [
            {"label": "A", "count": 37, "share": 0.6167}, {"label": "B", "count": 15, "share": 0.25},
            {"label": "C", "count": 8, "share": 0.1333},
        ],
    }  # fmt: skip
    assert (made["responses"], made["comments"], made["theme_count"], made["mood"]) == (
        60,
        48,
        1,
        {"n": 48, "content": 9},
    )
    theme = made["themes"][0]
    assert (theme["count"], theme["n"], theme["share"], theme["poll"]) == (12, 48, 0.25, "library")
    assert theme["quotes"][0]["text"].startswith("so cold x x")
    assert len(theme["quotes"][0]["text"]) <= measures.LONGEST_QUOTE
    assert made["actions"][0]["on"] == "2026-11-03"


def test_the_hash_is_of_sorted_compact_utf8():
    assert measures.canonical({"b": 1, "a": "é"}) == '{"a":"é","b":1}'
    assert measures.hash_of({"a": 1}) == "015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862"


def test_a_poll_with_fewer_than_five_answers_is_counted_and_not_told():
    made = facts(sliced(single(4, 3, 1), n=4))
    assert (made["polls"], made["responses"], made["held_back"]) == ([], 0, 1)


def test_a_question_with_fewer_than_five_answers_tells_nothing():
    question = facts(sliced(single(4, 3, 1)))["polls"][0]["questions"][0]
    assert (question["n"], question["options"]) == (0, [])


def test_a_part_of_a_poll_folds_small_counts_together():
    whole = facts(sliced(single(60, 40, 15, 3, 2)))["polls"][0]["questions"][0]["options"]
    part = facts(sliced(single(60, 40, 15, 3, 2), cut=True))["polls"][0]["questions"][0]["options"]
    assert [o["count"] for o in whole] == [40, 15, 3, 2]
    assert [(o["label"], o["count"]) for o in part] == [("A", 40), ("B", 15), ("…", 5)]


def test_a_single_small_count_takes_its_neighbour_along():
    part = facts(sliced(single(60, 40, 17, 3), cut=True))["polls"][0]["questions"][0]["options"]
    assert [(o["label"], o["count"]) for o in part] == [("A", 40), ("…", 20)]


def test_few_imported_answers_are_not_told_apart():
    assert facts(sliced(single(60, 60), imported=4))["polls"][0]["imported"] == 0
    assert facts(sliced(single(60, 60), imported=5))["polls"][0]["imported"] == 5


@pytest.mark.parametrize(("kind", "cells"), [("number", {"7:v3": 40, "7:v4.5": 20}), ("date", {"7:v739942": 60})])
def test_numbers_and_days_are_facts_with_bars_and_no_choice_that_leads(kind, cells):
    question = kind_of(kind).result(FrozenQuestion(7, kind, "How many?"), cells)
    made = facts(sliced(question))
    told = made["polls"][0]["questions"][0]
    assert (told["n"], sum(o["count"] for o in told["options"])) == (60, 60)
    assert findings_of(made) == []


def test_facts_about_days_are_the_same_in_every_language():
    question = kind_of("date").result(FrozenQuestion(7, "date", "When?"), {"7:v739942": 60})
    with speaking("fr"):
        french = facts(sliced(question))
    assert french == facts(sliced(question))
