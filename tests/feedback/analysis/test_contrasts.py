"""The test of a cross table: what it says, and that it says nothing of a table that hides something."""

import re
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.analysis import asking
from feedback.analysis.contrasts import Contrast, chance, contrast_in
from polls.kinds.kind import Draft
from tests.feedback.analysis.test_crossing import asked, choices

CELL = st.one_of(st.none(), st.integers(5, 200))


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ([[90, 10], [20, 80]], "Differs strongly: V 0.70, p < 0.001, n 200."),
        ([[70, 30], [35, 65]], "Differs clearly: V 0.35, p < 0.001, n 200."),
        ([[60, 40], [45, 55]], "Differs a little: V 0.15, p = 0.03, n 200."),
        ([[5200, 4800], [5000, 5000]], "Differs, but hardly: V 0.02, p = 0.005, n 20,000."),
        ([[52, 48], [50, 50]], "No difference beyond chance: V 0.02, p = 0.78, n 200."),
    ],
)
def test_the_words_say_whether_and_how_much(table, words):
    assert contrast_in(table).finding.replace("\u00a0", " ") == words


@given(st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=4))
def test_one_hidden_cell_and_nothing_is_reckoned(table):
    hidden = any(n is None for row in table for n in row)
    found = contrast_in(table)
    assert found.note.startswith("Not tested") == hidden
    assert not (hidden and found.finding)
    assert found == Contrast() or hidden or len(table) > 1


def test_small_p_are_not_nothing():
    told = [chance(p).replace("\u00a0", " ") for p in (0, 0.00099, 0.001, 0.0321, 1)]
    assert told == ["p < 0.001", "p < 0.001", "p = 0.001", "p = 0.03", "p = 1.00"]


def test_page_csv_and_api_have_the_same_test(world, client):
    poll = choices(world, 600, skew=1.5, skips=0)
    query = f"?rows=q{poll.questions[0].id}&columns=q{poll.questions[1].id}"
    maya = client.sign_in("maya")
    said = asking.contrast(asked(poll, f"q{poll.questions[0].id}", f"q{poll.questions[1].id}"))
    told = world.heard("maya").crossing(poll.slug, rows=f"q{poll.questions[0].id}", columns=f"q{poll.questions[1].id}")
    assert told["untested"] == ""
    assert f"V {told['test']['v']:.2f}, {chance(told['test']['p'])}, n {told['test']['n']}." in said.finding
    assert said.finding in maya.get(f"{poll.page}/crossing{query}").text
    assert said.finding in maya.get(f"{poll.page}/crossing.csv{query}").text


def test_answers_of_which_one_person_may_give_several_are_not_tested(world):
    poll = world.open_poll(
        [Draft("multiple", "Which?", ("A", "B")), Draft("single", "One?", ("A", "B"))], voter_rule="open"
    )
    for at in range(40):
        world.vote(poll, {"q1": ["A", "B"][: 1 + at % 2], "q2": "AB"[at // 20]})
    told = world.heard("maya").crossing(poll.slug, rows=f"q{poll.questions[0].id}", columns=f"q{poll.questions[1].id}")
    assert (told["test"], told["untested"]) == (None, "several")


def test_the_page_tests_those_who_answered_both(world, client):
    poll = choices(world, 600, skew=1.5, skips=0)
    one, other = poll.questions[:2]
    found = asked(poll, f"q{one.id}", f"q{other.id}")
    told = asking.contrast(found)
    both = [[c.n for c, k in zip(line, found.table.columns, strict=True) if not k.is_none]
            for line, r in zip(found.table.cells, found.table.rows, strict=True) if not r.is_none]  # fmt: skip
    assert not found.table.hidden
    assert told == contrast_in(both)
    page = client.sign_in("maya").get(f"{poll.page}/crossing?rows=q{one.id}&columns=q{other.id}").text
    assert told.finding in page
    assert f"n {sum(map(sum, both))}." in told.finding


def test_a_table_that_hides_is_not_tested_whatever_is_asked(world, client):
    """A statistic of hidden counts would be one more equation: none stands on any page of a table that hides."""
    poll = choices(world, 60, skew=5)
    maya = client.sign_in("maya")
    for one, other in product(poll.questions, repeat=2):
        if one.id != other.id:
            page = maya.get(f"{poll.page}/crossing?rows=q{one.id}&columns=q{other.id}").text
            assert 'class="num away"' in page
            assert "Not tested" in page
            assert not re.search(r"V 0\.\d|p [<=]", page)


def test_answers_of_which_several_may_be_chosen_are_not_tested(world):
    poll = world.open_poll([Draft("multiple", "Which?", ("A", "B")), Draft("yes_no", "Well?")], voter_rule="open")
    for at in range(24):
        world.vote(poll, {"q1": ["A", "B"] if at % 2 else ["A"], "q2": "Yes" if at % 3 else "No"})
    found = asked(poll, *[f"q{q.id}" for q in poll.questions])
    assert found.overlaps
    assert asking.contrast(found).note.startswith("Not tested: people could choose several")


def test_an_answer_that_nobody_gave_keeps_no_table_from_its_test(world, client):
    """Nobody abstained, as the results say: the empty column hides its noughts, and they are no secret."""
    poll = world.open_poll([Draft("single", "Where?", ("A", "B")), Draft("yes_no", "Well?")], voter_rule="open")
    for at in range(40):
        world.vote(poll, {"q1": "AB"[at % 2], "q2": "Yes" if at % 10 < 5 else "No"}, client=client)
    found = asked(poll, *[f"q{q.id}" for q in poll.questions])
    assert [[c.n for c in line] for line in found.table.cells] == [[12, 8, None], [8, 12, None]]
    assert (
        asking.contrast(found).finding.replace("\u00a0", " ") == "No difference beyond chance: V 0.20, p = 0.21, n 40."
    )
