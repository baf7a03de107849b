"""The editor's buttons that store nothing, and what hangs on them: conditions, removed questions, advice put aside. Pure."""

import pytest

from polls.kinds.kind import Draft, kinds
from polls.logic import Condition, ShowIf
from polls.preview.previews import ballot
from polls.write.editor import ConditionForm, EditorForm, QuestionForm, draft_from, fields_of, form_from, form_of
from polls.write.editor_moves import lost_conditions, rearranged
from polls.write.editor_shown import hints_of, rules_in_words, targets_of
from tests.polls.write.test_editor import sent


def two(**more):
    """Tea or coffee, and why, which is asked of those who chose tea."""
    on = ConditionForm("0", "0", "is", ("Tea",))
    return EditorForm(
        questions=[
            QuestionForm("0", wording="Which?", options="Tea\nCoffee"),
            QuestionForm("1", "long_text", "Why?", conditions=[on]),
        ],
        **more,
    )


def test_conditions_follow_their_question_wherever_it_moves():
    form, _focus = rearranged(two(), "up:1")
    assert draft_from(form).questions[0].show_if == ShowIf((Condition(1, "is", ("Tea",)),))


def test_a_condition_whose_question_is_removed_waits_for_it_and_is_left_out_of_what_is_saved():
    form, focus = rearranged(two(), "remove:0")
    assert focus == "1"
    assert lost_conditions(form) == {"1": 1}
    assert not draft_from(form).questions[0].show_if
    back, focus = rearranged(form, "restore:0")
    assert (back, focus) == (two(), "0")


def test_a_removed_question_travels_in_the_form_with_everything_it_had():
    gone = QuestionForm(
        "7", "rating", "How?", "", "Help\nme", True, {"low": "0", "high": "3", "low_label": "bad"}, "", "Part two",
        "About it", False, "1", "any", [ConditionForm("4", "0", "is_not", ("A, B", "C"), "2")], "field-9",
    )  # fmt: skip
    form = sent(("single", "Which?", "A\nB")) | {"removed": ["7:1"]}
    for name, value in fields_of(gone):
        form.setdefault(name, []).append(value)
    assert form_from(form).removed == [(1, gone)]


@pytest.mark.parametrize("junk", ["7", "7:x", ":1", "../7:1", "0:1", "7:99999"])
def test_a_removed_question_of_junk_is_none(junk):
    assert form_from(sent(("single", "Which?", "A\nB")) | {"removed": [junk]}).removed == []


def test_a_copy_stands_below_with_a_key_of_its_own_and_without_its_section():
    form = two()
    form.questions[0].section, form.questions[0].field_id = "Part one", "q-old"
    made, focus = rearranged(form, "copy:0")
    assert [q.key for q in made.questions] == ["0", "2", "1"]
    assert (focus, made.questions[1].wording, made.questions[1].section, made.questions[1].field_id) == (
        "2",
        "Which?",
        "",
        "",
    )


@pytest.mark.parametrize(
    ("kind", "shuffled"),
    [(k.name, k.name in ("single", "multiple", "ranking", "points", "statements")) for k in kinds().values()],
)
def test_new_questions_whose_options_have_no_order_of_their_own_start_shuffled(kind, shuffled):
    form, focus = rearranged(EditorForm(), f"add:{kind}")
    assert (form.questions[-1].kind, form.questions[-1].shuffled, focus) == (kind, shuffled, "1")
    assert EditorForm().questions[0].shuffled


def test_options_with_an_order_are_never_shuffled():
    form = sent(("matrix", "How?", "Bad\nGood")) | {"q-0-shuffled": ["1"]}
    assert not draft_from(form_from(form)).questions[0].shuffled


def test_a_new_condition_looks_at_the_question_before_with_an_operator_that_it_knows():
    form = EditorForm(questions=[QuestionForm("0", "rating", "How?"), QuestionForm("1", "long_text", "Why?")])
    form, _focus = rearranged(form, "if:1")
    assert form.questions[1].conditions == [ConditionForm("0", "0", "at_least")]
    form, _focus = rearranged(form, "unif:1:0")
    assert form.questions[1].conditions == []


def test_an_operator_that_the_chosen_question_does_not_know_is_changed_when_one_looks_at_it():
    form = two()
    form.questions[0].kind = "rating"
    assert rearranged(form, "look")[0].questions[1].conditions[0].operator == "at_least"


def test_a_condition_that_is_not_finished_is_kept_in_the_form_and_out_of_what_is_saved_by_itself():
    form = sent(("single", "Which?", "A\nB"), ("long_text", "Why?", "")) | {
        "q-1-if": ["0"], "q-1-if-0-on": ["0"], "q-1-if-0-op": ["is"],
    }  # fmt: skip
    assert draft_from(form_from(form)).questions[1].show_if  # for `checked` to refuse
    assert not draft_from(form_from(form), unfinished=False).questions[1].show_if
    assert form_from(form).questions[1].conditions == [ConditionForm("0", "0", "is")]


def test_conditions_can_name_what_a_list_will_be_once_its_marks_are_gone():
    form = form_from(sent(("single", "Which?", "1. Tea\n2. Coffee"), ("yes_no", "Sure?", "")) | {
        "q-0-set-single-other": ["1"], "locale": ["fr"],
    })  # fmt: skip
    which, sure = targets_of(form, draft_from(form))
    assert which.labels == ("Tea", "Coffee", "Autre")
    assert sure.labels[0] == "Oui"


def test_advice_stands_at_its_field_until_it_is_put_aside():
    form = EditorForm(questions=[QuestionForm("5", "single", "Is it cheap and good?", "Yes\nNo\nDon't know")])
    [hint] = hints_of(form, draft_from(form))["q-5-wording"]
    assert hint.id.startswith("5:wording:")
    quiet, focus = rearranged(form, f"quiet:{hint.id}")
    assert "q-5-wording" not in hints_of(quiet, draft_from(quiet))
    assert focus == "5"


def test_the_preview_says_when_a_question_is_asked():
    rows = ballot(draft_from(two()))
    assert [row.only_if for row in rows] == ["", "Asked only if the answer to question 1 is one of: Tea."]


def test_the_rules_are_a_sentence():
    assert (
        rules_in_words(EditorForm(), "UTC") == "One vote for each browser · results after voting · closes after 7 days"
    )
    stored = form_of(draft_from(EditorForm(anonymous=True, results_rule="never", voter_rule="link")), 1)
    stored.schedule.closes = "never"
    assert rules_in_words(stored, "UTC") == (
        "One vote for each personal link · anonymous · results for your team only · stays open until you close it"
    )


def test_a_stored_poll_with_everything_goes_to_the_form_and_back():
    draft = draft_from(two())
    questions = (
        draft.questions[0], draft.questions[1],
        Draft("multiple", "Tools?", ("A", "B", "C"), shuffled=True, keep_last=1, section="Part two", section_intro="Soon done.",
              settings=kinds()["multiple"].default_settings, field_id="tools",
              show_if=ShowIf((Condition(0, "answered"), Condition(1, "not_answered")), "any")),
        Draft("long_text", "More?", settings={}, show_if=ShowIf((Condition(0, "is_not", ("Tea", "Coffee")),))),
    )  # fmt: skip
    draft = draft.__class__("T", questions, paged=True, closes_in_days=3, translations={"fr": {"Which?": "Lequel ?"}})
    assert draft_from(form_of(draft, 1), stored=draft) == draft
