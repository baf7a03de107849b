import pytest

from heard.kit.errors import NotFound
from heard.kit.i18n import speaking
from polls.kinds.kind import FrozenOption, FrozenQuestion, kind_of
from polls.preview.advice import advice
from polls.write.drafts import checked
from polls.write.gallery import gallery, starter

NAMES = [one.name for one in gallery()]
ASKED_FOR = {
    "feature_vote", "nps", "csat", "ces", "event", "trial_checkin", "bug_triage", "roadmap_ranking", "name_vote", "exit",
    "retro", "open_box", "onboarding", "next_topic",
}  # fmt: skip


def test_the_gallery_has_a_starter_for_each_usual_occasion_once():
    assert set(NAMES) >= ASKED_FOR
    assert len(set(NAMES)) == len(NAMES)


def test_a_starter_is_found_by_its_name_or_not_at_all():
    assert starter("nps").title == "Would you recommend us?"
    with pytest.raises(NotFound):
        starter("horoscope")


@pytest.mark.parametrize("name", NAMES)
def test_a_starter_is_a_poll_that_can_be_stored_as_it_stands(name):
    draft = starter(name).draft
    assert checked(draft).title == draft.title
    for question in checked(draft).questions:
        options = [
            *question.options,
            *(label for _r, label in kind_of(question.kind).pinned_options(question.settings)),
        ]
        frozen = FrozenQuestion(
            1, question.kind, question.wording, settings=question.settings,
            options=tuple(FrozenOption(at, label) for at, label in enumerate(options, 1)),
        )  # fmt: skip
        assert kind_of(question.kind).gaps(frozen) == []


@pytest.mark.parametrize("name", NAMES)
def test_there_is_nothing_to_advise_about_a_starter(name):
    assert advice(starter(name).draft) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_starter_says_when_to_use_it_and_takes_less_than_three_minutes(name):
    one = starter(name)
    assert one.why.endswith(".")
    assert 0 < one.minutes <= 3


def test_a_starter_is_in_the_language_of_its_reader():
    with speaking("fr"):
        assert starter("nps").draft.locale == "fr"
    assert starter("nps").draft.locale == "en"


def test_the_scores_are_asked_as_surveys_ask_them():
    score, reason = starter("nps").questions
    assert score.wording == "How likely is it that you would recommend our community to a friend or colleague?"
    assert (score.kind, reason.kind) == ("nps", "long_text")
    effort = starter("ces").questions[0]
    assert (effort.kind, effort.settings["low"], effort.settings["high"]) == ("rating", 1, 7)
    assert len(starter("csat").questions[0].options) == 5


def test_no_starter_has_a_scale_of_agreement():
    assert not any(q.kind == "likert" and not q.options for one in gallery() for q in one.questions)
