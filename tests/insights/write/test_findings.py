"""Findings: their order, their confidence, the other voice."""

import pytest

from insights.write.findings import at, confidence, dissent, findings_of
from tests.insights.some_facts import library_facts


def kinds(facts):
    return [f.kind for f in findings_of(facts)]


def test_one_of_each_heap_in_turn_and_praise_last():
    found = findings_of(library_facts())
    assert [(f.kind, f.at) for f in found] == [
        ("leading", "polls/0/questions/0/options/0"),
        ("score", "polls/0/questions/1/nps"),
        ("theme", "themes/0"),
        ("mood", "mood/content"),
        ("theme", "themes/1"),
        ("theme", "themes/2"),
    ]


def test_a_tie_is_no_lead():
    facts = library_facts()
    facts["polls"][0]["questions"][0]["options"][1]["count"] = 37
    first = findings_of(facts)[0]
    assert (first.kind, first.beside) == ("tie", ("polls/0/questions/0/options/1",))


def test_few_content_comments_are_no_finding():
    facts = library_facts()
    facts["mood"]["content"] = 11
    assert "mood" not in kinds(facts)


def test_a_question_that_nobody_answered_is_no_finding():
    facts = library_facts()
    for question in facts["polls"][0]["questions"]:
        question["n"] = 0
    assert kinds(facts) == ["theme", "mood", "theme", "theme"]


@pytest.mark.parametrize(
    ("base", "level", "word"),
    [
        (29, 4, "anecdotal"), (30, 4, "indicative"), (99, 3, "indicative"), (100, 3, "strong"), (100, 4, "strong"),
        (100_000, 2, "indicative"), (100_000, 0, "indicative"), (5, 0, "anecdotal"),
    ],
)  # fmt: skip
def test_confidence_is_a_rule(base, level, word):
    assert confidence(base, level) == word


def test_the_other_voice_is_a_minority_of_at_least_a_fifth():
    facts = library_facts()
    told = findings_of(facts)[:1]
    assert dissent(facts, told).at == "polls/0/questions/0/options/1"
    facts["polls"][0]["questions"][0]["options"][1]["count"] = 11
    assert dissent(facts, told).at == "themes/0"


def test_a_path_that_leads_nowhere_is_told():
    with pytest.raises(LookupError):
        at({"a": [1]}, "a/b")
