"""A poll in another language: what it needs, what happens when its own words change, and what stays once people answer."""

from dataclasses import replace

import pytest

from heard.kit.db import reading, writing
from heard.kit.errors import BadInput
from polls.frozen import freeze
from polls.kinds.kind import Draft, kinds
from polls.models import Poll
from polls.publish import publishing
from polls.write import authoring, readiness, storing, translating
from polls.write.texts import problems, texts_of

DAYS = Draft("single", "Which day?", ("Mon", "Tue"), settings={"other": True})
FRENCH = {"Best day": "Le meilleur jour", "Which day?": "Quel jour ?", "Mon": "Lundi", "Tue": "Mardi"}
ALL_KINDS = (
    Draft("single", "Which day?", ("Mon", "Tue"), "Think of both.", section="When", section_intro="About days.",
          settings={"other": True, "dont_know": True}),
    Draft("multiple", "Which two?", ("Mon", "Wed"), settings={"other": True}),
    Draft("yes_no", "Shall we?"), Draft("rating", "How was it?", settings={"low_label": "Bad", "high_label": "Good"}),
    Draft("nps", "Would you tell others?"), Draft("likert", "It helps."), Draft("likert", "It is clear.", ("Never", "Often", "Agree")),
    Draft("matrix", "How good is", ("Poor", "Fine"), rows=("Price", "Taste")), Draft("ranking", "In which order?", ("Tea", "Coffee")),
    Draft("points", "Share out.", ("Tea", "Cake")), Draft("pair", "This or that?", ("Tea", "Juice")),
    Draft("statements", "What do you think?", ("It is loud.", "It is far.")), Draft("short_text", "In a word?"),
    Draft("long_text", "Why?"), Draft("number", "How long?", settings={"unit": "minutes"}),
    Draft("date", "When?", settings={"first": "2026-01-01", "last": "2026-12-31"}),
)  # fmt: skip


def translated(poll, words, *, language="fr", revision=None, by=None):
    with writing() as session:
        row = session.get_one(Poll, poll.id)
        translating.translate(session, row, language, words, revision=revision or row.revision, by=by)


def edited(poll, **changes):
    with writing() as session:
        row = session.get_one(Poll, poll.id)
        draft = replace(storing.draft_of(freeze(session, row)), **changes)
        authoring.edit_poll(session, row, draft, revision=row.revision, by=None)


def publish(poll):
    with writing() as session:
        publishing.open_now(session, session.get_one(Poll, poll.id), by=None)


def test_the_texts_of_a_poll_stand_in_the_order_in_which_they_are_read(world):
    poll = world.draft_poll(ALL_KINDS, title="A party", intro="Tell us.")
    texts = [text.source for text in texts_of(storing.draft_of(poll.frozen))]
    assert texts[:9] == [
        "A party", "Tell us.", "When", "About days.", "Which day?", "Think of both.", "Mon", "Tue", "Which two?",
    ]  # fmt: skip
    assert texts.count("Tea") == 1
    assert {"Price", "Bad", "Good", "minutes"} <= set(texts)
    ours = {"Other", "Don't know", "Yes", "Abstain", "Agree", "Strongly agree", "2026-01-01"}
    assert not ours & set(texts)


@pytest.mark.both
def test_every_kind_is_read_in_another_language_with_the_same_ids(world):
    poll = world.draft_poll(ALL_KINDS, title="A party", intro="Tell us.")
    assert {q.kind for q in ALL_KINDS} == set(kinds())
    words = {t.source: f"{t.source} (fr)" for t in texts_of(storing.draft_of(poll.frozen))}
    translated(poll, words)
    own, french = world.frozen(poll), world.frozen(poll).in_language("fr")
    assert (french.locale, french.languages, own.languages) == ("fr", ("en", "fr"), ("en", "fr"))
    assert readiness.gaps(own) == []
    for one, other in zip(own.questions, french.questions, strict=True):
        assert other.wording == f"{one.wording} (fr)"
        assert [(o.id, o.role) for o in one.options] == [(o.id, o.role) for o in other.options]
        assert [o.label for o in one.options if o.label in words] == [
            o.label.removesuffix(" (fr)") for o in other.options if o.label.endswith("(fr)")
        ]
    labels = {o.label for q in french.questions for o in q.options}
    assert {"Autre", "Oui", "Non"} <= labels
    assert not {"Other", "Yes", "Agree", "Strongly agree"} & labels
    by_kind = {q.kind: q for q in french.questions}
    assert by_kind["rating"].settings["low_label"] == "Bad (fr)"
    assert by_kind["number"].settings["unit"] == "minutes (fr)"
    assert by_kind["date"].settings["first"] == "2026-01-01"
    assert [o.label for o in by_kind["matrix"].rows] == ["Price (fr)", "Taste (fr)"]


@pytest.mark.parametrize("kind", kinds().values(), ids=lambda kind: kind.name)
def test_a_setting_is_a_code_or_has_a_field_that_a_translator_understands(kind):
    codes = {name for name, value in kind.default_settings.items() if isinstance(value, str)} - set(
        kind.words_in(dict.fromkeys(kind.default_settings, "x"))
    )
    assert codes == kind.setting_codes
    words = {name for name, value in kind.default_settings.items() if isinstance(value, str)} - codes
    assert words <= {"low_label", "high_label", "unit"}, "words that people read? else name it in setting_codes"


@pytest.mark.both
def test_a_draft_keeps_half_a_translation_and_is_not_published_with_it(world):
    poll = world.draft_poll([DAYS])
    translated(poll, {"Best day": "Le meilleur jour", "Mon": " Lundi "})
    stands = translating.translation_of(world.frozen(poll), "fr")
    assert (stands.done, len(stands.lines), stands.missing) == (2, 4, ["Which day?", "Tue"])
    with pytest.raises(readiness.PollNotReady, match="“Which day\\?”, “Tue”"):
        publish(poll)
    translated(poll, FRENCH)
    publish(poll)
    assert world.frozen(poll).in_language("fr").questions[0].options[0].label == "Lundi"


def test_a_text_that_is_not_sent_keeps_its_translation_and_an_empty_one_loses_it(world):
    poll = world.draft_poll([DAYS])
    translated(poll, FRENCH)
    translated(poll, {"Mon": ""})
    assert world.frozen(poll).translations["fr"] == {k: v for k, v in FRENCH.items() if k != "Mon"}


@pytest.mark.both
def test_an_edited_text_has_no_translation_and_is_offered_its_old_one(world):
    poll = world.draft_poll([DAYS])
    translated(poll, FRENCH)
    edited(poll, questions=(replace(DAYS, options=("Monday", "Tue")),))
    stands = translating.translation_of(world.frozen(poll), "fr")
    assert stands.missing == ["Monday"]
    assert stands.unused == {"Mon": "Lundi"}
    assert [(line.was, line.then) for line in stands.lines if line.was] == [("Mon", "Lundi")]
    translated(poll, {"Monday": "Lundi"})
    assert "Mon" not in world.frozen(poll).translations["fr"]  # it has found its place


def test_what_comes_back_finds_its_translation(world):
    poll = world.draft_poll([DAYS])
    translated(poll, FRENCH)
    edited(poll, questions=(replace(DAYS, options=("Mon", "Wed")),))
    translated(poll, {"Wed": "Mercredi"})
    edited(poll, questions=(DAYS,))
    assert translating.translation_of(world.frozen(poll), "fr").missing == []


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ({"Mon": "Jour", "Tue": "jour "}, "“Mon” and “Tue” would be the same option"),
        ({"Mon": "autre"}, "“Other” and “Mon” would be the same option"),
        ({"Mon": "x" * 501}, "501 characters"),
        ({"Mon": "a\0b"}, "cannot be stored"),
        ({"Mon": "a\ud800"}, "cannot be stored"),
    ],
)
@pytest.mark.both
def test_a_translation_that_no_reader_could_use_is_refused(world, words, why):
    poll = world.draft_poll([DAYS])
    with pytest.raises(BadInput, match=why):
        translated(poll, words)
    assert world.frozen(poll).translations == {}


def test_two_rows_and_the_words_of_a_scale_are_looked_at_too(world):
    asked = Draft("matrix", "How?", ("Bad", "Good"), rows=("Price", "Cost"))
    rated = Draft("rating", "Well?", settings={"low_label": "Bad"})
    draft = storing.draft_of(world.draft_poll([asked, rated]).frozen)
    assert list(problems(draft, "fr", {"Price": "Prix", "Cost": "PRIX"})) == ["Cost"]
    assert problems(draft, "fr", {"Price": "Bon", "Good": "Bon"}) == {}  # a row and an option may look alike
    assert "60 characters" in problems(draft, "fr", {"Bad": "x" * 61})["Bad"]


def test_twins_that_came_by_another_way_keep_the_poll_from_being_published(world):
    poll = world.draft_poll([DAYS], translations={"fr": {**FRENCH, "Tue": "lundi"}})
    with pytest.raises(readiness.PollNotReady, match="same option to a reader"):
        publish(poll)


@pytest.mark.parametrize("words", [{"Mon": "x" * 4001}, {"y" * 4001: "Lundi"}, {"Mon": "a\0b"}])
def test_a_draft_with_words_that_no_database_holds_is_refused(world, words):
    with pytest.raises(BadInput) as refused:
        world.draft_poll([DAYS], translations={"fr": words})
    assert list(refused.value.fields) == ["translations.fr"]
    with pytest.raises(BadInput, match="“de” is none of"):
        world.draft_poll([DAYS], translations={"de": {"Mon": "Montag"}})


def test_two_editors_of_a_translation_never_overwrite_each_other(world):
    poll = world.draft_poll([DAYS])
    translated(poll, FRENCH, by=world.people["ines"])
    with pytest.raises(authoring.EditedElsewhere, match="Ines saved"):
        translated(poll, {"Mon": "Lun"}, revision=1)
    assert world.frozen(poll).translations["fr"]["Mon"] == "Lundi"


@pytest.mark.both
def test_an_open_poll_without_votes_takes_a_whole_translation_and_other_words_for_it(world):
    poll = world.open_poll([DAYS])
    with pytest.raises(readiness.PollNotReady, match="“Tue”"):
        translated(poll, {k: v for k, v in FRENCH.items() if k != "Tue"})
    translated(poll, FRENCH)
    translated(poll, {"Mon": "Lun."})
    assert world.frozen(poll).in_language("fr").questions[0].options[0].label == "Lun."


@pytest.mark.both
def test_after_the_first_vote_a_new_language_may_come_and_then_its_words_stay(world):
    poll = world.open_poll([DAYS])
    world.vote(poll, {"q1": "Mon"})
    with pytest.raises(readiness.PollNotReady):
        translated(poll, {"Mon": "Lundi"})
    translated(poll, FRENCH)
    for words in ({"Mon": "Lun."}, {"Mon": ""}):
        with pytest.raises(translating.TranslationFrozen) as frozen:
            translated(poll, words)
        assert (frozen.value.code, frozen.value.status) == ("edition_frozen", 409)
    with pytest.raises(authoring.EditionFrozen), writing() as session:
        translating.take_out(session, session.get_one(Poll, poll.id), "fr", by=None)
    assert world.frozen(poll).translations["fr"] == FRENCH


def test_a_closed_poll_without_votes_keeps_its_translations(world):
    poll = world.open_poll([DAYS], translations={"fr": FRENCH})
    world.close(poll)
    with pytest.raises(translating.TranslationFrozen):
        translated(poll, {"Mon": "Lun."})


@pytest.mark.both
def test_a_corrected_slip_of_the_pen_keeps_its_translation(world):
    poll = world.open_poll([DAYS], translations={"fr": FRENCH})
    with writing() as session:
        row = session.get_one(Poll, poll.id)
        for _again in range(2):
            translating.carried_over(session, row, "Which day?", "Which days?")
    with reading() as session:
        words = freeze(session, session.get_one(Poll, poll.id)).translations["fr"]
    assert words == {**FRENCH, "Which days?": "Quel jour ?"}


def test_what_is_taken_out_is_gone(world):
    poll = world.draft_poll([DAYS], translations={"fr": FRENCH})
    with writing() as session:
        translating.take_out(session, session.get_one(Poll, poll.id), "fr", by=world.people["maya"])
    assert world.frozen(poll).languages == ("en",)
    publish(poll)


def test_a_poll_that_changes_its_language_forgets_no_translation(world):
    poll = world.draft_poll([DAYS], translations={"fr": FRENCH})
    edited(poll, locale="fr")
    assert world.frozen(poll).languages == ("fr",)
    edited(poll, locale="en")
    assert world.frozen(poll).translations["fr"] == FRENCH
