"""The editor's buttons that store nothing: questions are added, moved, copied, removed and brought back. Pure."""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import replace

from heard.kit.i18n import _, speaking
from polls.kinds.kind import Kind, kinds
from polls.write.drafts import MOST_QUESTIONS
from polls.write.editor import ConditionForm, EditorForm, QuestionForm, fresh_question


def rearranged(form: EditorForm, wish: str) -> tuple[EditorForm, str]:
    """The form after one of its buttons, and the key of the question to go on with ("" for none).

    Wishes: "add", "add:KIND"; "remove:KEY", "restore:KEY", "copy:KEY", "up:KEY", "down:KEY"; "if:KEY" and
    "unif:KEY:CONDITION"; "look" fits conditions to the questions that were chosen; "quiet:KEY:PART:CODE" puts an advice
    aside. Everything else leaves the form as it is.
    """
    act, _sep, key = wish.partition(":")
    made = deepcopy(form)
    at = next((i for i, q in enumerate(made.questions) if q.key == key), None)
    if act == "add":
        return _added(made, key)
    if act == "restore":
        return _restored(made, key)
    if act == "quiet" and key:
        return replace(made, quiet=(*made.quiet, key[:80])), key.partition(":")[0]
    if act == "unif":
        key, _sep, condition = key.partition(":")
        for question in made.questions:
            if question.key == key:
                question.conditions = [c for c in question.conditions if c.key != condition]
        return made, key
    if act == "look":
        _fitted(made)
    if at is None:
        return made, ""
    _MOVES.get(act, _stays)(made, at)
    return made, _next_key(made, act, at)


def _added(form: EditorForm, kind: str) -> tuple[EditorForm, str]:
    if len(form.questions) > MOST_QUESTIONS:
        return form, ""
    form.questions.append(fresh_question(_free_key(form), kind if kind in kinds() else "single"))
    return form, form.questions[-1].key


def _free_key(form: EditorForm) -> str:
    taken = {q.key for q in (*form.questions, *(q for _at, q in form.removed))}
    return next(str(n) for n in range(len(taken) + 1) if str(n) not in taken)


def _restored(form: EditorForm, key: str) -> tuple[EditorForm, str]:
    for at, question in form.removed:
        if question.key == key:
            form.removed.remove((at, question))
            form.questions.insert(min(at, len(form.questions)), question)
            return form, key
    return form, ""


def _stays(form: EditorForm, at: int) -> None:
    """No button of ours."""


def _remove(form: EditorForm, at: int) -> None:
    if len(form.questions) > 1:
        form.removed.append((at, form.questions.pop(at)))


def _copy(form: EditorForm, at: int) -> None:
    question = deepcopy(form.questions[at])
    form.questions.insert(at + 1, replace(question, key=_free_key(form), field_id="", section="", section_intro=""))


def _up(form: EditorForm, at: int) -> None:
    if at:
        form.questions[at - 1], form.questions[at] = form.questions[at], form.questions[at - 1]


def _down(form: EditorForm, at: int) -> None:
    if at + 1 < len(form.questions):
        _up(form, at + 1)


def _add_condition(form: EditorForm, at: int) -> None:
    conditions = form.questions[at].conditions
    key = next(str(n) for n in range(len(conditions) + 1) if str(n) not in {c.key for c in conditions})
    earlier = form.questions[at - 1] if at else None
    conditions.append(ConditionForm(key, earlier.key, _operators(earlier)[0]) if earlier else ConditionForm(key))


def _operators(question: QuestionForm) -> Sequence[str]:
    return (kinds().get(question.kind) or Kind()).operators


def _fitted(form: EditorForm) -> None:
    """Conditions whose question was changed get an operator that it knows."""
    known = {q.key: _operators(q) for q in form.questions}
    for question in form.questions:
        for condition in question.conditions:
            if condition.operator not in known.get(condition.on, (condition.operator,)):
                condition.operator = known[condition.on][0]


_MOVES = {"remove": _remove, "copy": _copy, "up": _up, "down": _down, "if": _add_condition}


def _next_key(form: EditorForm, act: str, at: int) -> str:
    """Where to go on typing: in the copy, or beside what is gone."""
    if act == "copy":
        return form.questions[at + 1].key
    return form.questions[min(at, len(form.questions) - 1)].key if act == "remove" else ""


def lost_conditions(form: EditorForm) -> dict[str, int]:
    """How many conditions of each question, by its key, look at a question that is not in the form."""
    here = {q.key for q in form.questions}
    lost = {q.key: sum(bool(c.on) and c.on not in here for c in q.conditions) for q in form.questions}
    return {key: n for key, n in lost.items() if n}


def example(form: EditorForm) -> EditorForm:
    """The form with two questions of an invented community in it, in the poll's language."""
    with speaking(form.locale):
        questions: list[QuestionForm] = [
            fresh_question("0", "single", _("What should we plant first?"), _("Tomatoes\nBeans\nSunflowers")),
            fresh_question("1", "long_text", _("What would make you come more often?")),
        ]
    return replace(form, questions=questions)
