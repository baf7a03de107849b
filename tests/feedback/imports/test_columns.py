"""Which kind of question a column becomes: the rules, one after the other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.imports.columns import Column, taken_apart
from feedback.imports.parsed import MOST_SEEN


def field(cells, head="Q"):
    """The question made of these cells, seen in batches of three."""
    column = Column()
    for at in range(0, len(cells), 3):
        column.see(cells[at : at + 3])
    return column.field("q", head)


@pytest.mark.parametrize(
    ("cells", "head", "kind"),
    [
        (["0", "10", "7", ""], "Stars", "rating"),
        (["0", "10", "7"], "How likely are you to recommend us?", "nps"),
        (["0", "10", "7"], "Recommanderiez-vous ?", "nps"),
        (["9", "11", "-3.5"], "Age", "number"),
        (["0012", "11"], "Code", "long_text"),
        (["1e5", "12"], "Code", "long_text"),
        (["1.50", "12"], "Price", "long_text"),
        (["12,5", "13,5"], "Price", "long_text"),
        (["2024-01-02", "2023-12-31"], "When", "date"),
        (["2024-13-02"], "When", "long_text"),
        (["Red", "Blue"] * 3, "Which", "single"),
        (["Red", "Blue"], "Which", "long_text"),
        (["x" * 61, "y"] * 5, "Which", "long_text"),
        (["A;B", "A", "B", "A;B"], "Which", "multiple"),
        (["A, B", "A", "B", "A, B"], "Which", "multiple"),
        (["Yes, always", "No, never"] * 4, "Which", "single"),
        (["well, it works, I think", "fine", "so, and so"], "Why", "long_text"),
        (["None", "NA", "null", "n/a"], "Why", "long_text"),
        ([], "Why", "long_text"),
        (["", " ", ""], "Why", "long_text"),
    ],
)
def test_the_first_rule_that_fits_gives_the_kind(cells, head, kind):
    assert field(cells, head).kind == kind


def test_other_and_do_not_know_are_settings_and_no_options():
    draft = field(["Red", "Blue", "Other", "Don’t know", "Autre"] * 3).draft()
    assert (draft.options, draft.settings) == (("Red", "Blue"), {"other": True, "dont_know": True})


def test_a_long_column_is_not_remembered():
    column = Column()
    for at in range(0, 20_000, 200):
        column.see([f"text {n}, and more; of it" for n in range(at, at + 200)])
    assert len(column.different) <= MOST_SEEN
    assert (column.n, column.joined) == (20_000, {})
    assert column.field("q", "Q").labels == {}


@pytest.mark.parametrize("between", [";", ", "])
@given(chosen=st.lists(st.sets(st.sampled_from(["Tea", "Cake", "Rail", "Bus"]), min_size=1), min_size=30, max_size=30))
def test_what_was_joined_comes_apart(between, chosen):
    cells = [between.join(sorted(one)) for one in [*chosen, {"Tea"}, {"Cake"}, {"Rail"}, {"Bus"}] * 2]
    found = field(cells)
    options = ["Tea", "Cake", "Rail", "Bus"]
    if found.kind == "multiple":
        options = list(found.labels.values())
    assert [set(taken_apart(c, between, options)) for c in cells[:30]] == chosen
    assert not found.other


@given(st.text(alphabet="ab,; ", max_size=30), st.sampled_from([";", ", "]))
def test_nothing_is_lost_when_a_cell_is_taken_apart(cell, between):
    parts = taken_apart(cell, between, ["a", "b", "a, b"])
    for letter in "ab":
        assert (letter in cell) == any(letter in part.removeprefix("Other: ") for part in parts)
