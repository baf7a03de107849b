"""Words of briefs: limits, bands, honesty, over any facts, in both languages."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from heard.kit.i18n import speaking
from insights.write import composing, wording
from insights.write.leadership import leadership
from insights.write.support import BOTTOM_LINE_WORDS, LEADERSHIP_WORDS, SUBJECT_CHARACTERS, words
from tests.insights.some_facts import any_facts, library_facts

DAY = date(2026, 12, 7)
slowly = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def tree_of(facts, audience="leadership"):
    return composing.frozen(composing.worded(facts, audience, DAY), [])


def page_of(facts, audience="leadership"):
    return composing.text_of(tree_of(facts, audience), audience, facts_hash="0" * 64)


@slowly
@given(any_facts(), st.sampled_from(["en", "fr"]))
def test_the_limits_hold_for_any_facts(facts, language):
    with speaking(language):
        tree = tree_of(facts)
        assert len(tree["subject"]["text"]) <= SUBJECT_CHARACTERS
        assert len(tree["bottom"]["text"].split(" ")) <= BOTTOM_LINE_WORDS
        assert words(composing.above_the_line(page_of(facts))) <= LEADERSHIP_WORDS
        assert "\n-- \n" in page_of(facts)


@slowly
@given(any_facts(), st.sampled_from(["en", "fr"]))
def test_every_sentence_of_both_briefs_is_supported_for_any_facts(facts, language):
    with speaking(language):
        for audience in ("product", "leadership"):
            assert tree_of(facts, audience)["measured"] is not None  # worded() refuses what has nothing behind it


@pytest.mark.parametrize(
    ("count", "base", "said"),
    [(7, 12, "7 of 12"), (29, 29, "29 of 29"), (37, 60, "62%"), (15, 30, "50%"), (412, 3338, "12.3%"), (0, 60, "0%")],
)
def test_figures_follow_the_bands_of_n(count, base, said):
    assert wording.figure(count, base) == said


def test_figures_are_written_as_the_language_does():
    with speaking("fr"):
        assert wording.figure(412, 3338) == "12,3\u202f%"


def test_the_leadership_brief_says_the_answer_first():
    tree = tree_of(library_facts())
    assert tree["subject"]["text"] == "“Yes” leads: 37 of 60 answers"
    assert tree["bottom"]["text"] == (
        "Asked “Do the opening hours suit you?”, 37 of 60 (62%) chose “Yes”. What comments ask for is most often about “Opening hours”."
    )
    assert [f["figure"] for f in tree["findings"]] == ["62%", "+20", "50%"]


def test_where_only_words_were_asked_for_praise_and_wishes_are_told_apart():
    facts = library_facts()
    facts["polls"][0]["questions"] = []
    tree = tree_of(facts)
    assert tree["bottom"]["text"] == (
        "14 of 60 comments (23%) ask for no change; the others are most often about “Opening hours” (30 in all)."
    )
    assert [f["figure"] for f in tree["findings"]] == ["23%", "50%", "27%"]


def test_the_decision_asked_names_who_what_and_by_when():
    decision = tree_of(library_facts())["decision"]
    assert decision["needed"]
    assert decision["sentence"]["text"].startswith(
        "Leadership, by 7 December 2026: give “Opening hours” an owner and a first step, or say publicly why not."
    )


def test_no_decision_is_asked_on_praise():
    facts = library_facts()
    facts["polls"][0]["questions"] = []
    facts["themes"] = facts["themes"][2:3]
    assert not tree_of(facts)["decision"]["needed"]


def test_no_decision_is_asked_when_the_themes_told_have_an_answer():
    facts = library_facts()
    facts["actions"] = [
        {"id": 1, "theme": 2, "label": "Sunday", "title": "Open on Sundays", "status": "planned", "on": "2026-11-21"}
    ]
    tree = tree_of(facts)
    assert not tree["decision"]["needed"]
    assert (
        tree["decision"]["sentence"]["text"] == "No decision needed: what people write about most has a public answer."
    )
    assert tree["next"]["text"].startswith("Planned: “Open on Sundays”, for “Sunday”.")


def test_no_decision_is_asked_of_a_handful():
    facts = library_facts() | {"themes": [], "mood": {"n": 0, "content": 0}}
    facts["polls"][0]["questions"] = [
        {
            "id": 1,
            "kind": "single",
            "wording": "Which?",
            "n": 12,
            "options": [{"label": "A", "count": 9, "share": 0.75}],
            "voices": [],
        }
    ]
    assert tree_of(facts)["decision"]["sentence"]["text"] == "No decision needed yet: 12 answers are a first sign."


def test_the_strongest_other_voice_is_heard():
    facts = library_facts()
    assert tree_of(facts)["dissent"]["text"] == "To “Would you recommend us?”, 18 of 60 (30%) would not recommend it."
    facts["polls"][0]["questions"].pop()
    assert tree_of(facts)["dissent"]["text"] == "To “Do the opening hours suit you?”, 15 of 60 (25%) chose “No”."


def test_an_open_link_poll_says_that_people_chose_themselves():
    assert "People chose themselves whether to answer" in page_of(library_facts())


def test_nothing_heard_is_said_plainly():
    facts = library_facts() | {
        "polls": [],
        "themes": [],
        "responses": 0,
        "comments": 0,
        "theme_count": 0,
        "mood": {"n": 0, "content": 0},
    }
    assert tree_of(facts)["bottom"]["text"] == "Nobody answered in this period, or too few to tell anything."


def test_a_quote_is_shortened_at_a_word():
    assert wording.cut("one two three four", 2, 99) == "one two…"
    assert wording.cut("one two three", 9, 10) == "one two…"
    assert wording.cut("short", 9, 99) == "short"


def test_quotes_beside_wishes_are_wishes():
    facts = library_facts()
    facts["themes"][0]["quotes"].insert(0, {"comment": "99", "text": "the opening hours are excellent, thank you"})
    told = leadership(facts, decide_by=DAY)["findings"]
    assert told[2]["quote"]["text"] == "please open on Sunday too"
