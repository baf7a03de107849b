"""What holds for every kind."""

import dataclasses

import pytest

from heard.kit.errors import BadInput
from polls.kinds.kind import kind_of, kinds
from tests.polls.kinds.questions import ballot_part, counted, question, results_part

HOSTILE = '<script>alert(1)</script>" onmouseover=x {{ 7*7 }} javascript:'
ALL = list(kinds())


def test_the_editor_lists_one_choice_first():
    assert ALL == [
        "single", "multiple", "yes_no", "rating", "likert", "nps", "short_text", "long_text", "number", "date", "matrix",
        "ranking", "points", "pair", "statements",
    ]  # fmt: skip


def test_an_unknown_kind_is_refused_with_the_kinds_there_are():
    with pytest.raises(BadInput) as refused:
        kind_of("telepathy")
    assert "telepathy" in refused.value.message
    assert "single, multiple" in refused.value.hint


@pytest.mark.parametrize("name", ALL)
def test_an_unknown_setting_is_refused(name):
    with pytest.raises(BadInput, match="no setting"):
        kind_of(name).settings({"colour": "red"})


@pytest.mark.parametrize("name", ALL)
def test_hostile_words_stay_words_in_both_parts(name):
    asked = dataclasses.replace(question(name, HOSTILE, "plain"), wording=HOSTILE, help=HOSTILE)
    shown = ballot_part(asked, values={"q7": [HOSTILE]}, error=HOSTILE) + results_part(asked, counted(asked, []))
    assert "<script" not in shown
    assert '" onmouseover' not in shown
    assert "style=" not in shown
    assert "49" not in shown


@pytest.mark.parametrize("name", ALL)
def test_the_first_control_has_the_question_as_its_id(name):
    assert ballot_part(question(name, "One", "Two")).count('id="q7"') == 1


@pytest.mark.parametrize("name", ALL)
def test_nobody_answered_is_said_without_figures(name):
    asked = question(name, "One", "Two")
    result = counted(asked, [])
    assert (result.n, result.mean, result.nps) == (0, None, None)
    assert "Nobody has answered this yet." in results_part(asked, result)


@pytest.mark.parametrize("name", ALL)
def test_an_error_is_tied_to_its_control(name):
    shown = ballot_part(question(name, "One", "Two"), error="Choose one.")
    assert 'aria-describedby="q7' in shown
    assert 'id="q7-error"' in shown
