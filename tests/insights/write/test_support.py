"""The support check, by mutation: every sentence of a true brief passes, and each way to bend one is refused."""

from collections import Counter
from contextlib import suppress
from datetime import date

import pytest

from heard.kit.i18n import speaking
from insights.write import composing
from insights.write.support import Sentence, Unsupported, check
from tests.insights.some_facts import library_facts, rich_facts
from tests.insights.write import corrupting

DAY = date(2026, 12, 7)
LEAD = ("polls/0/questions/0/options/0", "polls/0/questions/0/wording", "polls/0/questions/0/n")


def refused(text, *evidence, days=()):
    with pytest.raises(Unsupported) as caught:
        check([Sentence(text, evidence)], library_facts(), days=days)
    return caught.value


def passes(text, *evidence, days=()):
    check([Sentence(text, evidence)], library_facts(), days=days)


def test_a_true_sentence_passes():
    passes("Asked “Do the opening hours suit you?”, 37 of 60 (62%) chose “Yes”.", *LEAD)


def test_the_refusal_names_the_sentence():
    error = refused("Everybody is happy.")
    assert error.sentence == "Everybody is happy."
    assert "Everybody is happy." in error.message


@pytest.mark.parametrize(
    "text",
    [
        "Asked “Do the opening hours suit you?”, 38 of 60 (62%) chose “Yes”.",
        "Asked “Do the opening hours suit you?”, 37 of 61 (62%) chose “Yes”.",
        "Asked “Do the opening hours suit you?”, 37 of 60 (63%) chose “Yes”.",
        "Asked “Do the opening hours suit you?”, 37 of 60 (61.6%) chose “Yes”.",
        "Asked “Do the opening hours suit you?”, 15 of 60 (25%) chose “Yes”.",
        "Asked “Do the opening hours suit you?”, 37 of 60 (62%) chose “No”.",
        "Asked “Do the hours suit you?”, 37 of 60 (62%) chose “Yes”.",
        "37% chose “Yes”.",
        "62 chose “Yes”.",
        "On 7 December 2026 37 of 60 chose “Yes”.",
    ],
)
def test_a_figure_or_quote_that_is_not_there_is_refused(text):
    refused(text, *LEAD)


@pytest.mark.parametrize(
    "path",
    [
        "themes/9",
        "polls/1/n",
        "polls/0/questions/0/options/7",
        "nothing",
        "polls/x",
        "responses/1",
        "polls/0/questions/0/wording/0/1",
    ],
)
def test_evidence_that_does_not_exist_is_refused(path):
    refused("People wrote.", path)


def test_evidence_of_another_theme_does_not_bear_a_figure():
    passes("“Opening hours” comes up in 30 comments.", "themes/0")
    refused("“Opening hours” comes up in 30 comments.", "themes/0/label", "themes/1")


def test_pointing_at_all_themes_bears_their_number_only():
    passes("There are 4 themes, large and small.", "themes")
    refused("One theme has 30 comments.", "themes")


@pytest.mark.parametrize(
    "words",
    [
        "because of the cold",
        "due to the cold",
        "which leads to complaints",
        "which causes complaints",
        "with a margin of error",
        "± a little",
        "à cause du froid",
    ],
)
def test_causes_and_margins_are_refused(words):
    refused(f"People complain {words}.", "responses")


def test_a_cause_that_somebody_named_may_be_quoted():
    facts = library_facts()
    facts["themes"][0]["label"] = "Late because of work"
    check([Sentence("People write about “Late because of work”.", ("themes/0",))], facts)


def test_a_quote_may_be_cut_but_not_changed():
    passes("“the opening hours are…”", "themes/0/quotes/0")
    refused("“the opening hours were…”", "themes/0/quotes/0")
    refused("“opening hours are too short in the evening!”", "themes/0/quotes/0")
    refused("“the opening hours are too short", "themes/0/quotes/0")


def test_quotes_within_quotes_are_read_to_their_end():
    facts = library_facts()
    facts["themes"][0]["label"] = "He said “cold”, 99 times"
    check([Sentence("People write about “He said “cold”, 99 times”: 30 comments.", ("themes/0",))], facts)
    with pytest.raises(Unsupported):
        check([Sentence("People write about “He said “cold”, 99 times”: 99 comments.", ("themes/0",))], facts)


def test_french_marks_and_figures_are_read():
    facts = library_facts()
    facts["themes"][0] |= {"count": 1234, "n": 3338}
    with speaking("fr"):
        check([Sentence("« Opening hours » : 1\u202f234 (37,0\u202f%).", ("themes/0",))], facts)
        with pytest.raises(Unsupported):
            check([Sentence("« Opening hours » : 1\u202f235.", ("themes/0",))], facts)


def test_a_day_may_be_named_when_it_is_given_or_a_fact():
    passes("By 7 December 2026.", "responses", days=[DAY])
    passes("Since 18 November 2026.", "polls/0/first")
    refused("By 8 December 2026.", "responses", days=[DAY])


@pytest.mark.parametrize("audience", ["product", "leadership"])
def test_every_figure_of_a_brief_that_is_bent_is_refused(audience):
    facts = library_facts()
    sentences = list(composing.sentences_of(composing.worded(facts, audience, DAY)))
    bent = 0
    for sentence in sentences:
        for place, letter in enumerate(sentence.text):
            if letter.isdigit() and not sentence.text[: place + 1].endswith(
                ("L1", "7", "202", "2026", "20", "2", "1", "18")
            ):
                other = sentence.text[:place] + str((int(letter) + 5) % 10) + sentence.text[place + 1 :]
                with pytest.raises(Unsupported):
                    check([Sentence(other, sentence.evidence)], facts, days=[DAY])
                bent += 1
    assert bent >= 3


def test_of_two_hundred_bent_sentences_two_hundred_are_refused():
    facts, passed, tried = rich_facts(), [], Counter()
    for spoken in ("en", "fr"):
        for how, true, bent in corrupting.corrupted(facts, spoken):
            tried[how, spoken] += 1
            with speaking(spoken), suppress(Unsupported):
                check([bent], facts, days=[corrupting.DAY])
                passed.append((how, true, bent.text))
    assert sum(tried.values()) >= 200
    assert {how for how, _spoken in tried} == {"figure", "quote", "base", "span", "turned", "cause", "name", "evidence"}
    assert passed == []


@pytest.mark.parametrize("figure", ["−20", "-20", "20,0"])
def test_a_sign_and_the_marks_of_a_figure_are_read_as_people_read_them(figure):
    nps = ("polls/0/questions/1/nps",)
    passes("A score (NPS) of +20.", *nps)
    refused(f"A score (NPS) of {figure}.", *nps)


@pytest.mark.parametrize("words", ["has surged", "increased", "went down", "dropped"])
def test_a_move_in_other_words_needs_one_that_was_found(words):
    refused(f"“Cold rooms” {words}.", "themes/1/label", "themes/1/count")
