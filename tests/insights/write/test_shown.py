"""The wording as it is shown: edits put in, only the quotes that were let in; what is stored stays. Pure."""

import copy
from datetime import date

import pytest

from insights.write import composing
from insights.write.shown import quotes_in, sentences_in, shown
from tests.insights.some_facts import library_facts

DAY = date(2026, 12, 7)


def made(audience: str = "leadership"):
    sentences: list = []
    return composing.frozen(composing.worded(library_facts(), audience, DAY), sentences)


@pytest.mark.parametrize("audience", ["leadership", "product"])
def test_without_edits_and_with_all_quotes_it_is_the_stored_wording(audience):
    tree = made(audience)
    every = {quote["comment"]: quote["text"] for quote in quotes_in(tree)}
    assert every
    assert shown(tree, {}, every) == tree


@pytest.mark.parametrize("audience", ["leadership", "product"])
def test_no_quote_is_shown_that_nobody_let_in_and_the_wording_itself_stays(audience):
    tree = made(audience)
    before = copy.deepcopy(tree)
    seen = shown(tree, {2: "Other words."}, {})
    assert list(quotes_in(seen)) == []
    assert "Somebody who" not in str(seen), "nor who wrote it"
    assert {one["position"]: one["text"] for one in sentences_in(seen)}[2] == "Other words."
    assert tree == before


def test_a_quote_is_shown_as_it_was_masked():
    tree = made()
    first = next(quotes_in(tree))
    (seen,) = quotes_in(shown(tree, {}, {first["comment"]: "with [name] gone"}))
    assert seen["text"] == "with [name] gone"


def test_a_decision_is_asked_while_its_words_name_a_day():
    tree = made()
    place = tree["decision"]["sentence"]["position"]
    assert tree["decision"]["needed"]
    assert shown(tree, {place: "Nothing to decide."}, {})["decision"]["needed"] is False
    assert shown(tree, {place: "Priya, by 1 March 2027: decide."}, {})["decision"]["needed"] is True
