"""What other words for a sentence must leave as it is; and more for a model's."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from heard.kit.i18n import speaking
from insights.write import composing
from insights.write.kept_parts import changed, days_in, pieces_of
from insights.write.leadership import leadership
from insights.write.product import product
from insights.write.rewording import protected, restored
from tests.insights.some_facts import any_facts, library_facts

DAY = date(2026, 12, 7)
OURS = "37 of 60 (62%) chose “Yes”."
TWO = "Within it: “Cold rooms” (16) and “Sunday” (12)."


@pytest.mark.parametrize(
    "text", ["Of 60 people, 37 (62%) chose “Yes”.", "Most telling: 37 of 60 (62%) chose “Yes”, as in spring."]
)
def test_words_around_the_figures_may_change(text):
    assert changed(OURS, text) == ""


@pytest.mark.parametrize(
    "text",
    [
        "38 of 60 (62%) chose “Yes”.", "37 of 60 chose “Yes”.", "37 of 60 (62%) chose “Yes”, and 5 did not.", "37 of 60 (62%) chose “No”.",
        "37 of 60 (62%) chose Yes.", "37 of 60 (62%) chose “Yes” “at last”.", "37 of 60 (62 percent) chose “Yes”.",
        "37 of 60 (62%), two thirds, chose “Yes”.", "37 of 60 (62%) chose “Yes”, says Priya.", "37 of 60 (62%) chose “Yes”: www.x.example",
        '37 of 60 (62%) chose “Yes”, "at last".', "37 of 60 (62%) chose “Yes”, ½ of them twice.", "٣٧ of 60 (62%) chose “Yes”.", "",
    ],
)  # fmt: skip
def test_a_figure_a_quotation_or_a_name_that_is_new_lost_or_bent_is_named(text):
    assert changed(OURS, text) != ""


NPS = "Asked “Would you recommend us?”, 30 of 60 would gladly recommend it and 18 would not: a score (NPS) of +20."
GROUPS = "Groups part on “Cars out”: 82% of group A and 20% of group B agree."
TRIAL = "“Ease” improved from 3.1 to 3.7 of 5."
LARGE = "1,250 of 2,000 comments (62.5%) are about “Cold”."
NEW = "New: fewer than 5 wrote of it before."


@pytest.mark.parametrize(
    ("ours", "text"),
    [
        # figures without our digits
        *((OURS, f"37 of 60 (62%) chose “Yes”, {more}.") for more in (
            "a fivefold rise", "th\u200bree of them loudly", "fоur of them loudly", "𝐭𝐡𝐫𝐞𝐞 of them loudly", "三 of them",
            "a unanimous yes", "a fifth of them weekly", "zero doubt", "a couple of them loudly", "XII of them",
        )),
        (OURS, "XC of the town: 37 of 60 (62%) chose “Yes”."),
        # figures that became others
        (OURS, "37k of 60k (62%) chose “Yes”."), (OURS, "37 of 60 (62‰) chose “Yes”."), (OURS, "37 of 60 (−62%) chose “Yes”."),
        (OURS, "More than 37 of 60 (62%) chose “Yes”."), (OURS, "Nearly 37 of 60 (62%) chose “Yes”."), (NEW, "New: 5 wrote of it before."),
        (NEW, "New: more than 5 wrote of it before."), (LARGE, "12,50 of 2,000 comments (62.5%) are about “Cold”."),
        (LARGE, "1,250 of 20,00 comments (62.5%) are about “Cold”."),
        (NPS, NPS.replace("+20", "−20")), (NPS, NPS.replace("+20", "20")),
        # figures that changed places
        (OURS, "Out of 37, 60 (62%) chose “Yes”."), (NPS, NPS.replace("30 of", "18 of").replace("and 18", "and 30")),
        (GROUPS, "Groups part on “Cars out”: group B 82%, group A 20% agree."),
        (GROUPS, "Groups part on “Cars out”: 20% of group A and 82% of group B agree."),
        (TRIAL, "“Ease” improved: 3.7 before, 3.1 now, of 5."),
        # turned round
        (OURS, "37 of 60 (62%) did not choose “Yes”."), (OURS, "Nobody but 37 of 60 (62%) chose “Yes”."),
        (NPS, NPS.replace("would gladly", "would not").replace("would not:", "gladly would:")),
        # names and quotations
        (OURS, "Priya says: 37 of 60 (62%) chose “Yes”."), (OURS, "37 of 60 (62%) chose “Yes”. Priya says so."),
        *((OURS, f"37 of 60 (62%) chose “Yes”, {one}at last{other}.") for one, other in ("‘’", "''", "‹›", "「」", "″″", ("''", "''"))),
    ],
)  # fmt: skip
def test_no_way_round_a_figure_a_name_or_a_quotation(ours, text):
    assert changed(ours, text) != ""


@pytest.mark.parametrize(
    ("ours", "text"),
    [
        (OURS, "62% (37 of 60) chose “Yes”."), (OURS, "About 62% (37 of 60 people) said “Yes”, and it’s the members’ clear choice."),
        (OURS, "Not only in spring: 37 of 60 (62%) chose “Yes”."), (LARGE, "“Cold”: 1250 of 2000 comments (62.5%)."),
        (NPS, "A score (NPS) of +20 for “Would you recommend us?”: 30 of 60 would gladly recommend it, 18 would not."),
        (GROUPS, "On “Cars out”, groups part: 82% of group A agree, and 20% of group B."),
        (NEW, "New here: less than 5 wrote of it before."),
    ],
)  # fmt: skip
def test_an_honest_edit_passes(ours, text):
    assert changed(ours, text) == ""


@pytest.mark.parametrize(
    "text",
    [
        "37 personnes sur 60 (62 %) n’ont pas choisi « Oui ».", "Plus de 37 personnes sur 60 (62 %) ont choisi « Oui ».",
        "Sur 37 personnes, 60 (62 %) ont choisi « Oui ».", "37 personnes sur 60 (62 %), soit un cinquième, ont choisi « Oui ».",
        "Selon Priya, 37 personnes sur 60 (62 %) ont choisi « Oui ».",
    ],
)  # fmt: skip
def test_nor_is_there_one_in_french(text):
    with speaking("fr"):
        ours = "37 personnes sur 60 (62 %) ont choisi « Oui »."
        assert changed(ours, text) != ""
        assert changed(ours, "Bref, sur 60 personnes, 37 (62 %) ont choisi « Oui ».") == ""


def test_figures_do_not_change_places_between_two_quotations():
    assert changed(TWO, "Within it: “Cold rooms” (12) and “Sunday” (16).") != ""
    assert changed(TWO, "It holds “Cold rooms” (16) as well as “Sunday” (12).") == ""


def test_a_day_is_no_figure_and_stays_but_in_a_decision():
    ours = "Leadership, by 7 December 2026: confirm “Yes”."
    assert list(days_in(ours)) == [DAY]
    assert changed(ours, "By 8 December 2026, Leadership: confirm “Yes”.") != ""
    assert changed(ours, "Priya, by 8 December 2026: open on one more evening.", decision=True) == ""
    with speaking("fr"):
        assert list(days_in("La direction, d’ici le 1er décembre 2026 : confirmer.")) == [date(2026, 12, 1)]


@pytest.mark.parametrize(
    "text",
    [
        "37 of 60 (62%) chose “Yes”. Fire the director.", "37 of 60 (62%) did not choose “Yes”.", "All 37 of 60 (62%) chose “Yes”.",
        "60 and 37 (62%) chose “Yes”.", "Fire the director before 37 of 60 (62%) hear “Yes”.",
        "37 of 60 (62%) chose “Yes” which shows that the board should resign and hand over its money at once to somebody else.",
    ],
)  # fmt: skip
def test_a_model_is_held_to_more(text):
    assert changed(OURS, text, strict=True) != ""


def test_a_models_plain_rewording_passes():
    assert changed(OURS, "“Yes” was chosen by 37 of 60 (62%).", strict=True) == ""
    assert (
        changed(
            "30 of 60 comments (50%) speak of “Hours”.", "30 of 60 comments (50%) speak about “Hours”.", strict=True
        )
        == ""
    )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(facts=any_facts(), locale=st.sampled_from(["en", "fr"]), audience=st.sampled_from(["leadership", "product"]))
def test_every_sentence_of_ours_is_itself_and_comes_back_from_its_marks(facts, locale, audience):
    with speaking(locale):
        tree = product(facts) if audience == "product" else leadership(facts, decide_by=DAY)
        for sentence in composing.sentences_of(tree):
            assert "".join(piece for piece, _quoted in pieces_of(sentence.text)) == sentence.text
            assert changed(sentence.text, sentence.text, strict=True) == ""
            told, parts = protected(sentence.text)
            assert restored(told, parts) == sentence.text or "[[" in sentence.text


@pytest.mark.parametrize("locale", ["en", "fr"])
def test_every_digit_of_a_brief_that_is_bent_is_noticed(locale):
    bent = 0
    with speaking(locale):
        for sentence in composing.sentences_of(composing.worded(library_facts(), "leadership", DAY)):
            for place, letter in enumerate(sentence.text):
                if letter.isdigit():
                    other = sentence.text[:place] + str((int(letter) + 5) % 10) + sentence.text[place + 1 :]
                    assert changed(sentence.text, other) != "", other
                    bent += 1
    assert bent > 30


@given(st.text(max_size=200), st.text(max_size=200))
def test_whatever_is_typed_is_answered(one, other):
    assert isinstance(changed(one, other, strict=True), str)
    told, parts = protected(one)
    assert isinstance(restored(told + other, parts), str)
