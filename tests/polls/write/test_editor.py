"""The editor's form, pure."""

import pytest

from polls.kinds.kind import Draft
from polls.preview.previews import previewed
from polls.write.drafts import PollDraft
from polls.write.editor import EditorForm, QuestionForm, draft_from, field_errors, form_from, form_of
from polls.write.editor_moves import rearranged


def sent(*questions, **more):
    """A submitted form: ("single", "Which?", "A\\nB") …"""
    form = {name: [value] for name, value in more.items()} | {"question": [str(n) for n in range(len(questions))]}
    for n, (kind, wording, options) in enumerate(questions):
        form |= {f"q-{n}-kind": [kind], f"q-{n}-wording": [wording], f"q-{n}-options": [options]}
    return form


def test_what_is_stored_goes_to_the_form_and_back_unchanged():
    draft = PollDraft(
        "Days",
        (Draft("single", "Which?", ("1. FC", "2. FC"), "Help", True, {"other": True, "dont_know": False}),
         Draft("multiple", "Tools?", ("A, B", "C"), settings={"min": 1, "max": 2, "other": False, "dont_know": True}),
         Draft("number", "How far?", settings={"min": None, "max": 12.5, "whole": False, "unit": "km"}),
         Draft("date", "When?", settings={"first": "2026-11-01", "last": ""}),
         Draft("likert", "It helps.", settings={"steps": 7}),
         Draft("rating", "How?", settings={"low": 0, "high": 3, "low_label": "a", "high_label": "b"})),
        intro="Hi", locale="fr", voter_rule="link", results_rule="never", anonymous=True, listed=False, may_change=False,
    )  # fmt: skip
    form = form_of(draft, 7)
    assert form.revision == 7
    assert draft_from(form, stored=draft) == draft


def test_options_typed_anew_are_read_as_pasted():
    draft = draft_from(form_from(sent(("single", "Which?", "1. A\n2. B"), ("multiple", "What?", "x; y"))))
    assert [q.options for q in draft.questions] == [("A", "B"), ("x", "y")]


def test_a_kind_without_options_ignores_what_stands_in_their_field():
    [question] = draft_from(form_from(sent(("long_text", "Why?", "A\nB")))).questions
    assert question.options == ()


def test_only_the_settings_of_the_chosen_kind_count():
    form = sent(("rating", "How?", "")) | {
        "q-0-set-rating-low": ["0"],
        "q-0-set-rating-high": ["3"],
        "q-0-set-multiple-min": ["2"],
    }
    [question] = draft_from(form_from(form)).questions
    assert question.settings == {"low": 0, "high": 3, "low_label": "", "high_label": ""}


def test_a_setting_that_is_no_number_is_kept_for_the_kind_to_refuse():
    form = sent(("rating", "How?", "")) | {"q-0-set-rating-low": ["many"]}
    assert draft_from(form_from(form)).questions[0].settings["low"] == "many"


def test_a_last_question_left_empty_is_left_out():
    assert len(draft_from(form_from(sent(("single", "Which?", "A\nB"), ("single", "", "")))).questions) == 1
    assert len(draft_from(form_from(sent(("single", "", "")))).questions) == 1


@pytest.mark.parametrize(
    ("wish", "order"),
    [
        ("up:1", "102"),
        ("down:1", "021"),
        ("up:0", "012"),
        ("down:2", "012"),
        ("remove:1", "02"),
        ("add", "0123"),
        ("remove:9", "012"),
        ("dance", "012"),
    ],
)
def test_buttons_without_a_script_rearrange_the_form(wish, order):
    form = EditorForm(questions=[QuestionForm(k, wording=k) for k in "012"])
    assert "".join(q.key for q in rearranged(form, wish)[0].questions) == order


def test_the_last_question_cannot_be_removed():
    assert len(rearranged(EditorForm(), "remove:0")[0].questions) == 1


def test_refusals_find_their_field():
    form = EditorForm(questions=[QuestionForm("4"), QuestionForm("9")])
    fields = {"title": "t", "questions.1.options": "o", "questions.0.settings": "s", "questions.7.wording": "w"}
    assert field_errors(form, fields) == {"title": "t", "q-9-options": "o", "q-4-more": "s", "questions.7.wording": "w"}


def test_a_preview_shows_where_words_will_stand():
    [question] = previewed(PollDraft("", (Draft("single", ""),)))
    assert question.wording == "Your question"
    assert [o.label for o in question.options] == ["First option", "Second option"]


def test_a_preview_survives_settings_that_cannot_be():
    [question] = previewed(
        PollDraft("", (Draft("rating", "How?", settings={"low": 9, "high": 1}), Draft("holograph", "?")))
    )
    assert question.settings["high"] == 5


@pytest.mark.parametrize(
    "junk", [{}, {"question": ["../x", "1" * 50, "q"]}, {"revision": ["9" * 50]}, {"question": ["0"] * 5000}]
)
def test_a_form_of_junk_is_a_form(junk):
    assert len(form_from(junk).questions) <= 1


def test_a_title_that_was_taken_from_the_question_follows_it():
    questions = (Draft("single", "Which day?"),)
    assert form_of(PollDraft("Which day?", questions), 1).title == ""
    assert form_of(PollDraft("Days", questions), 1).title == "Days"


def test_the_rows_of_a_grid_go_to_the_form_and_back():
    form = sent(("matrix", "How is it?", "Bad\nGood")) | {"q-0-rows": ["1. Price\n2. Taste"]}
    draft = draft_from(form_from(form))
    assert draft.questions[0].rows == ("Price", "Taste")
    assert draft_from(form_of(draft, 1)).questions == draft.questions
    assert [o.role for o in previewed(draft)[0].options] == ["row", "row", "option", "option"]
    assert draft_from(form_from(form | {"q-0-kind": ["single"]})).questions[0].rows == ()
