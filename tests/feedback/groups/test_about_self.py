"""Statements about oneself are told from opinions: lists of invented ones, and what rules must never do."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.groups.about_self import about_oneself

LINES = [line for line in (Path(__file__).parent / "about_self.txt").read_text().splitlines() if line[0] in "+-"]


@pytest.mark.parametrize("line", LINES)
def test_each_line_is_told_as_it_is_marked(line):
    assert about_oneself(line[2:]) == (line[0] == "+")


@given(st.text(max_size=400))
def test_any_text_has_an_answer(text):
    assert about_oneself(text) in (True, False)


@pytest.mark.parametrize("line", [line[2:] for line in LINES if line[0] == "+"])
def test_a_wish_makes_it_an_opinion(line):
    assert not about_oneself(f"{line.rstrip('.')}, and rents should fall")
