"""Sentences that were once not so: what a figure, a word such as “most” or “only”, or a missing one may claim. Pure."""

from datetime import date

import pytest

from heard.kit.i18n import speaking
from insights.measure import measures
from insights.measure.loop import loop_facts
from insights.write import changed, compared, composing, deciding, method, product, wording
from insights.write.findings import dissent, findings_of
from insights.write.leadership import bottom_line, subject, told_to_leadership
from tests.insights.measure.test_loop import NOV, Reply, spoken
from tests.insights.measure.test_measures import facts, sliced
from tests.insights.some_facts import library_facts, rich_facts, single

DAY = date(2026, 12, 7)


def of_question(*counts, n=60):
    """The first finding of a part of a poll with one choice."""
    made = facts(sliced(single(n, *counts), cut=True)) | {"open": []}
    return made, next((f for f in findings_of(made) if f.kind in ("leading", "tie")), None)


def test_an_answer_beside_which_few_are_folded_is_not_the_only_one():
    made, finding = of_question(50, 6, 4)
    assert wording.lead_of(made, finding).text == "On “Which one?”, “A” leads; all other answers are fewer."
    made, finding = of_question(60, 0)
    assert wording.lead_of(made, finding).text == "“A” is the only answer to “Which one?”."


def test_other_answers_together_are_in_no_tie():
    made, finding = of_question(12, 4, 4, 4, n=24)
    assert [o["count"] for o in made["polls"][0]["questions"][0]["options"]] == [12, 12]
    assert finding is None, "which of them leads is not told"


def test_where_few_answered_it_is_not_said_that_nobody_did():
    made = facts(sliced(single(4, 3, 1), n=4))
    assert subject(made, []).text == "Too few answers to tell anything"
    assert subject(facts(), []).text == "No answers in this period"


@pytest.mark.parametrize(("median", "said"), [(0, "0 days"), (1, "1 day"), (1.5, "1.5 days"), (3, "3 days")])
def test_of_three_themes_two_may_be_within_the_middle(median, said):
    made = {"loop": {"themes": 3, "median": median, "longest": 9}}
    assert f"at least half of them within {said}, the slowest after 9." in changed.loop_times(made).text


def test_the_largest_themes_of_praise_are_not_most_of_it():
    made = library_facts()
    mood = next(f for f in findings_of(made) if f.kind == "mood")
    assert wording.inside(made, mood).text == "The largest themes of praise: “Friendly staff” (14)."


def test_answers_beside_the_period_before_say_that_anonymous_polls_are_not_among_them():
    made = rich_facts()
    assert changed.participation(made).text == "412 answers, after 380 in the month before."
    made["polls"][0]["anonymous"] = True
    assert changed.participation(made).text.startswith("Without anonymous polls: 412 answers")


def test_a_poll_with_imported_answers_does_not_say_how_many_links_were_used():
    poll = {"voter_rule": "link", "level": 3, "invited": 100}
    for imported, said in ((0, True), (20, False), (2, False)):
        (told,) = facts(sliced(single(60, 40, 20), imported=imported, **poll))["polls"]
        assert ("60 of 100 personal links gave these answers." in method.recruited(told)) == said


def two_polls():
    """In the larger poll 30 ask about opening hours; in the smaller one 45 about parking."""
    made = library_facts()
    other = {**made["polls"][0], "slug": "town", "title": "Town", "n": 50, "questions": []}
    made["polls"].append(other)
    made["themes"].append(
        {**made["themes"][0], "id": 9, "label": "Parking", "poll": "town", "n": 50, "count": 45, "content": 0}
    )
    return made


def test_what_is_asked_most_is_so_in_all_polls_and_no_tie():
    made = two_polls()
    told = [f for f in findings_of(made) if f.kind == "theme"][:1]
    assert made["themes"][0]["label"] == "Opening hours"
    assert bottom_line(made, told).text == "Among what people ask for is “Opening hours”: 30 of 60 comments (50%)."
    assert subject(made, told).text == "A concern: “Opening hours”, 30 of 60 comments"
    assert "most often" not in bottom_line(made, told_to_leadership(made)).text
    made["themes"][-1]["count"] = 20
    assert "most often about “Opening hours”" in bottom_line(made, told).text
    made["themes"][-1]["count"] = 28  # as many ask for it
    assert "most often" not in bottom_line(made, told).text


def test_a_theme_of_praise_in_which_more_ask_is_counted_among_those_that_are_asked_most():
    made = library_facts()
    made["themes"][2] |= {"count": 60, "content": 31}
    hours = next(f for f in findings_of(made) if f.at == "themes/0")
    assert wording.place_of_theme(made, hours).text == "“Opening hours” is among the largest themes."


def test_nobody_wrote_of_an_answer_that_was_chosen():
    made = rich_facts()
    yes = made["polls"][0]["questions"][0]
    yes["n_before"], yes["options"][0] = 380, yes["options"][0] | {"before": None, "change": "grew"}
    finding = next(f for f in findings_of(made) if f.kind == "leading")
    assert changed.moved(made, finding).text == "It has grown: fewer than 5 chose it in the month before."


def test_no_decision_is_asked_on_a_theme_that_was_answered_before_the_period():
    replied = loop_facts([spoken(1), spoken(3), spoken(9)], [Reply(n, date(2026, 10, 30)) for n in (1, 3)], NOV, DAY)
    assert replied["replied"] == [1, 3]
    made = library_facts() | {"replied": [1, 3]}
    asked = deciding.decision(made, [f for f in findings_of(made) if f.kind == "theme"], DAY)
    assert asked["needed"] is False
    assert "has a public answer" in asked["sentence"].text


def test_of_a_part_of_a_poll_a_score_is_told_without_its_small_groups():
    from polls.kinds.kind import OptionResult, QuestionResult

    counts = {10: 20, 8: 8, 3: 2}
    options = tuple(OptionResult(i, str(i), counts.get(i, 0), counts.get(i, 0) / 30) for i in range(11))
    question = QuestionResult(2, "nps", "Would you recommend us?", 30, options, mean=9.0, low=0, high=10, nps=60)
    whole, part = (facts(sliced(question, n=30, cut=cut)) | {"open": []} for cut in (False, True))
    assert whole["polls"][0]["questions"][0]["detractors"] == 2
    told = part["polls"][0]["questions"][0]
    assert (told["nps"], {"promoters", "passives", "detractors"} & set(told)) == (60, set())
    for audience in ("leadership", "product"):
        text = composing.text_of(composing.frozen(composing.worded(part, audience, DAY), []), audience, "")
        assert "a score (NPS) of +60" in text
    score = next(f for f in findings_of(part) if f.kind == "score")
    assert dissent(part, [score]) is None


def test_themes_that_are_left_out_are_not_said_to_be_the_smallest():
    assert product._more({"theme_count": 30}, 30).text == "Not all of the 30 themes are shown."


def test_nothing_is_past_its_day_before_that_day():
    made = measures.facts_of(
        measures.Gathered(
            "g", "G", date(2026, 11, 1), date(2026, 12, 31), [],
            [measures.ActionSlice(1, 1, "Cold", "Heating", "planned", date(2026, 11, 3), due=date(2026, 12, 20))], ended=date(2026, 11, 28),
        )
    )  # fmt: skip
    assert made["actions"][0]["overdue"] is False


@pytest.mark.parametrize("language", ["en", "fr"])
def test_all_of_it_passes_the_support_check(language):
    with speaking(language):
        for made in (two_polls(), rich_facts(), of_question(50, 6, 4)[0], of_question(12, 4, 4, 4, n=24)[0]):
            for audience in ("leadership", "product"):
                composing.worded(made, audience, DAY)


def test_a_rule_is_told_as_a_rule():
    (told,) = facts(sliced(single(60, 40, 20), voter_rule="network", level=2))["polls"]
    assert "were set aside" not in method.recruited(told), "nobody says that any were"


def test_where_there_is_no_interval_it_is_not_said_that_anyone_could_answer():
    made = rich_facts()
    made["trials"][0]["questions"][0] |= {"paired": False, "lower": None, "upper": None, "sure": ""}
    finding = next(f for f in findings_of(made) if f.at == "trials/0/questions/0")
    text = compared.trial_sample(made, finding).text
    assert text.endswith("of whom some may be the same; so there is no interval."), (
        "an anonymous round of invited people has none"
    )
