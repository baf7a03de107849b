"""What stands behind sentences on trials, groups, the period before and the loop, row by row."""

from datetime import date

import pytest

from heard.kit.i18n import speaking
from insights.write.behind import behind
from insights.write.composing import sentences_of, worded
from tests.insights.some_facts import rich_facts

ELSEWHERE = ("polls", "themes")  # shown by evidence.py, with shares and comments
TOLD = ("responses", "comments", "held_back", "smallest_group", "theme_count", "open_themes", "mood", "community")


@pytest.mark.parametrize("locale", ["en", "fr"])
@pytest.mark.parametrize("audience", ["leadership", "product"])
def test_behind_every_sentence_there_is_something_to_see(audience, locale):
    with speaking(locale):
        for sentence in sentences_of(worded(rich_facts(), audience, date(2026, 12, 14))):
            seen = {path.split("/")[0] for path in sentence.evidence}
            assert behind(rich_facts(), sentence.evidence) or seen & {*ELSEWHERE, *TOLD}, sentence


@pytest.mark.parametrize(
    ("path", "title", "row"),
    [
        ("trials/0/questions/0", "Open until ten", ("Before", "3.1, 38 people")),
        ("trials/0/questions/0/sure", "Open until ten", ("Difference", "0.6, between 0.3 and 1.0 (95% interval)")),
        ("trials/0/questions/1", "Open until ten", ("Compared", "two groups of people")),
        ("faded/0/label", "Parking", ("In the period before", "33 of 350")),
        ("open/1/since", "Broken lift", ("Said since", "12 November 2026")),
        ("answered/0", "Cold rooms", ("Days until then", "41")),
        ("urgent/count", "Urgent", ("Comments", "7 of 400")),
        ("period/before", "Answers in two periods", ("1 October 2026 – 31 October 2026", "380")),
        ("promised/overdue", "What was promised", ("Past their day", "1")),
        ("actions/0/title", "New boiler", ("Under way", "20 November 2026")),
        ("actions/0/due", "New boiler", ("Promised until", "25 November 2026")),
        ("loop/median", "From the first words to the answer", ("The longest", "41")),
        ("polls/0/segments/0", "Do the opening hours suit you?", ("Under 30", "47 of 98 (48%) “No”")),
    ],
)
def test_it_has_the_figures_of_the_facts(path, title, row):
    with speaking("en"):
        (found,) = behind(rich_facts(), [path, path])
    assert found.title == title
    assert row in found.rows


def test_few_stay_few_and_old_facts_have_nothing():
    facts = rich_facts() | {"urgent": {"n": 400, "count": 0, "few": True}}
    with speaking("en"):
        assert behind(facts, ["urgent/few"])[0].rows == [("Comments", "fewer than 5")]
        assert behind({}, ["urgent/few", "loop", "trials/0"]) == []


def test_groups_say_how_each_of_them_voted():
    facts = rich_facts()
    with speaking("en"):
        (statement,) = behind(facts, ["groups/0/bridging/0/label"])
        (all_of_them,) = behind(facts, ["groups/0/groups/1/people"])
    told = facts["groups"][0]["bridging"][0]
    assert statement.title == told["label"]
    assert len(statement.rows) == 1 + len(told["groups"])
    assert [name for name, _n in all_of_them.rows] == ["Group A", "Group B"]
