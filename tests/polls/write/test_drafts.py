import pytest

from heard.kit.errors import BadInput
from polls.kinds.kind import Draft
from polls.write.drafts import PollDraft, checked, differences

DAYS = Draft("single", "Which day?", ("Mon", "Tue"))


def refusal(**parts):
    """What is wrong with a draft, by path."""
    with pytest.raises(BadInput) as refused:
        checked(PollDraft(**{"title": "Best day", **parts}))
    return refused.value.fields


@pytest.mark.parametrize(
    ("labels", "why"),
    [
        (("Mon", "Mon"), "there twice"),
        (("Café", "CAFÉ "), "same option"),
        (("Cafe\u0301", "Caf\u00e9"), "same option"),
        (("Stra\u00dfe", "STRASSE"), "same option"),
        (("Mon", ""), "Option 2 is empty"),
        (("Mon", "x" * 501), "Option 2 has 501 characters; 500"),
        (tuple(str(n) for n in range(1001)), "at most 1,000 options"),
        (("Mon", "nul\0"), "cannot be stored"),
        (("Mon", "half \ud800"), "cannot be stored"),
    ],
)
def test_options_that_cannot_stand_together_are_refused_with_a_sentence(labels, why):
    assert why in refusal(questions=(Draft("single", "Which?", labels),))["questions.0.options"]


@pytest.mark.parametrize(("name", "longest"), [("title", 200), ("intro", 4000)])
def test_a_hundred_thousand_characters_are_refused(name, longest):
    assert refusal(**{name: "x" * 100_000}) == {
        name: f"This has 100,000 characters; {longest:,} are the most there is room for."
    }


def test_every_wrong_part_is_named_at_once():
    fields = refusal(
        questions=(Draft("single", "w" * 100_000), Draft("holograph", "?"), Draft("nps", "?", ("A", "B"))),
        voter_rule="anyone",
        locale="xx",
    )
    assert set(fields) == {"voter_rule", "locale", "questions.0.wording", "questions.1.kind", "questions.2.options"}
    assert "single, multiple" in fields["questions.1.kind"]


def test_nothing_at_all_is_refused():
    assert refusal(questions=(Draft("single", ""),), title="") == {"title": "Write a title, or a first question."}


def test_differences_are_told_in_sentences():
    theirs = PollDraft("A", (DAYS, Draft("nps", "How likely?")))
    assert differences(theirs, theirs) == []
    yours = PollDraft("B", (Draft("single", "Which day?", ("Wed",)),), intro="x")
    assert differences(theirs, yours) == [
        "The title: theirs is “A”, yours is “B”.",
        "The options of question 1: theirs are Mon, Tue.",
        "Question 2 is only in theirs: “How likely?”.",
        "The introduction or the settings of the poll.",
    ]


def test_white_space_around_words_is_taken_away():
    draft = checked(PollDraft("  Best day ", (Draft("single", " Which? ", (" Mon", "Tue  ")),)))
    assert (draft.title, draft.questions[0].wording, draft.questions[0].options) == (
        "Best day",
        "Which?",
        ("Mon", "Tue"),
    )


def test_wrong_settings_are_told_with_their_question():
    assert refusal(questions=(DAYS, Draft("rating", "How?", settings={"low": 9, "high": 1}))).keys() == {
        "questions.1.settings"
    }
