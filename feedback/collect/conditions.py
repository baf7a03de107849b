"""Conditions of questions in words for people, and in values for assets/ballot.js. Pure."""

import json
from collections.abc import Mapping, Sequence

from heard.kit.i18n import _, number
from polls.kinds.kind import FrozenQuestion, Value, kind_of
from polls.logic import FrozenCondition


def why_hidden(questions: Sequence[FrozenQuestion], question: FrozenQuestion) -> str:
    """Under which conditions a question is asked, as a sentence for somebody who answered it without being asked."""
    told = [_told(questions, condition) for condition in question.conditions]
    between = _(" and ") if question.show_when == "all" else _(" or ")
    return _("It is asked only if %(conditions)s.") % {"conditions": between.join(told)}


def watched(
    questions: Sequence[FrozenQuestion], question: FrozenQuestion, answers: Mapping[int, Sequence[Value]]
) -> str:
    """A question's conditions as JSON for the script; "" where it has none.

    `held`: whether each holds for these answers, for questions that stand on another page.
    """
    if not question.conditions:
        return ""
    conditions = [
        {
            "on": f"q{c.on}", "operator": c.operator, "options": sorted(str(o) for o in c.options), "number": c.number,
            "steps": _steps(questions, c), "other": _other(questions, c), "held": c.holds(answers.get(c.on, ())),
        }
        for c in question.conditions
    ]  # fmt: skip
    return json.dumps({"when": question.show_when, "conditions": conditions})


def _told(questions: Sequence[FrozenQuestion], condition: FrozenCondition) -> str:
    on = _looked_at(questions, condition)
    words = {
        "is": _("“%(question)s” is answered with %(options)s"),
        "is_not": _("“%(question)s” is answered with something else than %(options)s"),
        "at_least": _("“%(question)s” is answered with %(number)s or more"),
        "at_most": _("“%(question)s” is answered with %(number)s or less"),
        "answered": _("“%(question)s” is answered"),
        "not_answered": _("“%(question)s” is left empty"),
    }[condition.operator]
    labels = [f"“{o.label}”" for o in (on.options if on else ()) if o.id in condition.options]
    figure = condition.number or 0
    return words % {
        "question": on.wording if on else "", "options": _(" or ").join(labels),
        "number": number(figure, 0 if float(figure).is_integer() else 2),
    }  # fmt: skip


def _steps(questions: Sequence[FrozenQuestion], condition: FrozenCondition) -> dict[str, int]:
    """The number that each option of a scale with labels stands for, by the value that its radio button sends."""
    on = _looked_at(questions, condition)
    if on is None or not kind_of(on.kind).has_steps:
        return {}
    return {str(o.id): step for step, o in enumerate(on.options, 1)}


def _other(questions: Sequence[FrozenQuestion], condition: FrozenCondition) -> str:
    on = _looked_at(questions, condition)
    return next((str(o.id) for o in (on.options if on else ()) if o.role == "other"), "")


def _looked_at(questions: Sequence[FrozenQuestion], condition: FrozenCondition) -> FrozenQuestion | None:
    return next((q for q in questions if q.id == condition.on), None)
