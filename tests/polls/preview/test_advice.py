from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heard.kit.i18n import speaking
from polls.kinds.kind import Draft, kinds
from polls.preview.advice import Advice, advice
from polls.write.drafts import PollDraft

FLOORS = {  # precision and recall, over both languages
    "double_barrelled": 0.95, "leading": 0.95, "negation": 0.95, "double_negation": 0.95, "agree": 0.95,
    "too_long": 1.0, "overlap": 1.0, "gap": 1.0, "no_middle": 1.0, "no_unsure": 1.0, "absolute": 1.0, "acronym": 1.0,
    "shuffled_order": 1.0,
}  # fmt: skip


def labelled() -> list[tuple[set[str], str, Draft]]:
    """(codes that should come, language, question) for every line of wordings.txt."""
    lines = (Path(__file__).parent / "wordings.txt").read_text(encoding="utf-8").splitlines()
    return [_line(line) for line in lines if line and not line.startswith("#")]


def _line(line: str) -> tuple[set[str], str, Draft]:
    codes, language, kind, wording, options = (part.strip() for part in line.split("|"))
    labels = tuple(o.strip() for o in options.removeprefix("*").split(" / ") if o.strip())
    rows = ("The evening",) if kind == "matrix" else ()
    return set(codes.split()), language, Draft(kind, wording, labels, rows=rows, shuffled=options.startswith("*"))


def said(kind: str, wording: str, *options: str, locale: str = "en", **more) -> list[Advice]:
    """The advice about a poll of one question."""
    return advice(PollDraft("A poll", (Draft(kind, wording, options, **more),), locale=locale))


def codes(kind: str, wording: str, *options: str, locale: str = "en", **more) -> set[str]:
    return {a.code for a in said(kind, wording, *options, locale=locale, **more)}


def test_there_are_enough_good_and_bad_wordings_in_both_languages():
    counted = Counter((language, bool(wanted)) for wanted, language, _draft in labelled())
    assert counted["en", True] + counted["fr", True] >= 60 <= counted["en", False] + counted["fr", False]
    assert min(counted.values()) >= 60


@pytest.mark.parametrize("code", FLOORS)
def test_each_check_finds_what_is_labelled_and_leaves_the_rest_alone(code):
    hits, false, missed = 0, [], []
    for wanted, language, draft in labelled():
        got = {a.code for a in advice(PollDraft("A poll", (draft,), locale=language))}
        hits += code in wanted & got
        false += [draft.wording] if code in got - wanted else []
        missed += [draft.wording] if code in wanted - got else []
    assert hits / (hits + len(false)) >= FLOORS[code], false
    assert hits / (hits + len(missed)) >= FLOORS[code], missed


def test_advice_names_the_place_and_quotes_the_writers_own_words():
    (one,) = said("rating", "How satisfied are you with the price and the quality?")
    assert one.path == "questions.0.wording"
    assert "“the price” and “the quality”" in one.words
    assert "“the price”" in one.suggestion


def test_labels_that_get_a_verdict_each_are_looked_at_where_they_stand():
    (one,) = said("statements", "What do you think of these?", "Open late and lower the fee", "A calendar")
    assert one.path == "questions.0.options"
    draft = Draft("matrix", "How was it?", ("Bad", "All right", "Good"), rows=("The food and the room", "The talk"))
    assert {a.path for a in advice(PollDraft("A poll", (draft,)))} >= {"questions.0.rows"}


def test_overlapping_ranges_come_with_a_range_that_does_not():
    (one,) = said("single", "How many?", "0–5", "5–10", "More than 10")
    assert (one.code, one.path) == ("overlap", "questions.0.options")
    assert "hold 5" in one.words
    assert "“6–10” instead of “5–10”" in one.suggestion


def test_a_scale_of_agreement_comes_with_one_of_the_writers_adjective():
    (one,) = said("likert", "The website is easy to use")
    assert "from “Not at all easy” to “Very easy”" in one.suggestion


def test_two_halves_of_a_half_open_range_are_told_apart():
    assert codes("single", "How many?", "1–4", "5+", "more than 5") == {"overlap"}
    assert codes("single", "How many?", "1–4", "5", "more than 5") == set()


def test_a_scale_of_an_even_number_of_steps_has_no_middle():
    assert codes("rating", "How was it?", settings={"low": 1, "high": 10}) == {"no_middle"}
    assert codes("rating", "How was it?", settings={"low": 0, "high": 10}) == set()
    assert codes("rating", "How was it?") == set()


def test_a_choice_for_who_does_not_know_answers_the_question_for_one():
    assert codes("single", "Should we meet?", "Yes", "No", settings={"dont_know": True}) == set()


def test_other_is_never_asked_for():
    assert codes("single", "Which of these do you use?", "Search", "Chat") == set()


@pytest.mark.parametrize(
    "wording", ["we is go meet monday you come", "How good you finded the partys", "le reunion il été bien"]
)
def test_grammar_and_spelling_are_never_judged(wording):
    assert codes("rating", wording) == set()


def test_twenty_words_are_enough_and_twenty_five_with_help():
    assert codes("rating", " ".join(["word"] * 20) + "?") == set()
    assert codes("rating", " ".join(["word"] * 21) + "?") == {"too_long"}
    assert codes("rating", " ".join(["word"] * 15) + "?", help=" ".join(["more"] * 10)) == set()
    assert codes("rating", " ".join(["word"] * 15) + "?", help=" ".join(["more"] * 11)) == {"too_long"}


def test_an_acronym_that_is_explained_anywhere_is_left_alone():
    assert codes("rating", "How useful is RBAC?", help="RBAC: roles for each person.") == set()
    assert advice(PollDraft("A poll", (Draft("rating", "How useful is RBAC?"),), intro="RBAC gives roles.")) == []


def test_a_poll_of_many_questions_or_minutes_is_told_so_as_a_whole():
    many = advice(PollDraft("A poll", (Draft("rating", "How was it?"),) * 11))
    assert [(a.path, a.code) for a in many] == [("", "many_questions")]
    long = advice(PollDraft("A poll", (Draft("long_text", "What would you change?"),) * 4))
    assert [(a.path, a.code) for a in long] == [("", "long_poll")]
    assert "about 4 minutes" in long[0].words


def test_the_words_looked_for_are_in_the_polls_language_and_what_is_said_in_the_readers():
    with speaking("fr"):
        assert codes("rating", "How satisfied are you with the price and the quality?") == {"double_barrelled"}
    with speaking("en"):
        (one,) = said("likert", "Le site est facile à utiliser", locale="fr")
    assert one.words.startswith("Many people agree")


def test_ranges_of_a_day_or_an_hour_may_meet():
    assert codes("single", "When?", "18:00–20:00", "20:00–22:00", "22:00–23:30") == set()
    assert codes("single", "When?", "6 pm–8 pm", "8 pm–10 pm", "10 pm–11 pm") == set()
    assert codes("single", "Which week?", "3–5 May", "5–7 May", "7–9 May") == set()


texts = st.one_of(
    st.text(st.characters(codec="utf-8"), max_size=60),
    st.lists(
        st.sampled_from(
            "and or not ne pas et ou 5 10 – + > more than to ? . , N'est never A AB İ le l'un ’ “ to à".split()
        ),
        max_size=14,
    ).map(" ".join),
)


@given(
    st.sampled_from([*kinds(), "holograph"]), texts, texts, st.lists(texts, max_size=6), st.lists(texts, max_size=3),
    st.sampled_from(["en", "fr", "xx"]),
)  # fmt: skip
def test_whatever_is_written_gets_advice_and_never_an_error(kind, wording, help, options, rows, locale):
    question = Draft(kind, wording, tuple(options), help, settings={"low": wording}, rows=tuple(rows))
    for one in advice(PollDraft("", (question,), locale=locale)):
        assert one.words
        assert one.suggestion
        assert one.path.startswith("questions.0.")


def test_a_draft_beyond_all_limits_is_looked_at_up_to_them():
    longest = (
        "and not " * 20_000,
        "ne " * 40_000,
        "1-" * 50_000,
        "9" * 100_000,
        "a" * 100_000,
        "A" * 100_000,
        ", " * 50_000,
    )
    for text in longest:
        for locale in ("en", "fr"):
            advice(PollDraft("", (Draft("matrix", text, (text,) * 3, help=text, rows=(text,) * 3),), locale=locale))
