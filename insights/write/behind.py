"""What stands behind a sentence that rests on no single question or theme: a trial, groups, the period before, the loop. Pure.

Each is a heading in somebody's words or ours, and rows of a name and a figure, as the frozen facts have them.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from feedback.answer.actions import status_words
from heard.kit.i18n import _, day, number
from insights.measure.measures import Facts
from insights.write.wording import both, part


class Behind(NamedTuple):
    """A heading and its rows of (name, figure)."""

    title: str
    rows: list[tuple[str, str]]


def behind(facts: Facts, paths: Iterable[str]) -> list[Behind]:
    """What these paths into the facts lead to, each once, in their order; what has pages of its own is left out."""
    found = [made for path in paths if (made := _at(facts, path.split("/"))) is not None]
    return [one for at, one in enumerate(found) if one not in found[:at]]


def _at(facts: Facts, steps: list[str]) -> Behind | None:
    """What one path leads to."""
    name, fact = steps[0], facts.get(steps[0])
    if fact is None:
        return None
    if name == "trials" and len(steps) > 1:
        trial = fact[int(steps[1])]
        asked = trial["questions"] if len(steps) < 4 else [trial["questions"][int(steps[3])]]
        return Behind(trial["title"], [row for question in asked for row in _compared(question)])
    if name == "polls" and steps[2:3] == ["segments"] and len(steps) > 3:
        return _segment(fact[int(steps[1])]["segments"][int(steps[3])])
    if name == "groups" and len(steps) > 1:
        return _of_groups(fact[int(steps[1])], steps[2:])
    if name == "actions" and len(steps) > 1:
        return _action(fact[int(steps[1])])
    if name in ("faded", "open", "answered") and len(steps) > 1:
        return Behind(fact[int(steps[1])]["label"], _of_theme(fact[int(steps[1])], facts["smallest_group"]))
    made = {"urgent": _urgent, "period": _period, "promised": _promised, "loop": _loop}.get(name)
    return made(facts, fact) if made else None


def _compared(question: Facts) -> list[tuple[str, str]]:
    people = _("%(mean)s, %(n)s people")
    rows = [(_("Question"), question["wording"])]
    for name, at in ((_("Before"), "before"), (_("After"), "after")):
        rows.append((name, people % {"mean": number(question[at], 1), "n": number(question[f"n_{at}"])}))
    span = ""
    if question["lower"] is not None:
        span = _(", between %(low)s and %(high)s (%(percent)s%% interval)") % {
            "low": number(question["lower"], 1), "high": number(question["upper"], 1), "percent": question["interval"],
        }  # fmt: skip
    how = _("the same people, asked twice") if question["paired"] else _("two groups of people")
    return [*rows, (_("Difference"), number(question["difference"], 1) + span), (_("Compared"), how)]


def _segment(told: Facts) -> Behind:
    """The answers of two parts of a poll to one question."""
    rows = [(one["label"], f"{both(one['count'], one['n'])} “{told['column']}”") for one in (told, told["other"])]
    return Behind(told["of"], [(_("By the answer to"), told["by"]), *rows])


def _of_groups(run: Facts, steps: list[str]) -> Behind:
    if len(steps) > 1 and steps[0] in ("bridging", "dividing"):
        statement = run[steps[0]][int(steps[1])]
        side = _("agree") if statement["stance"] == "agree" else _("disagree")
        rows = [(_("Everybody"), f"{both(statement['count'], statement['n'])} {side}")]
        return Behind(
            statement["label"],
            [*rows, *((_group(g), f"{both(g['count'], g['n'])} {side}") for g in statement["groups"])],
        )
    return Behind(run["wording"], [(_group(g), part(g["people"], run["n"])) for g in run["groups"]])


def _group(group: Facts) -> str:
    return _("Group %(name)s") % {"name": group["name"]}


def _action(action: Facts) -> Behind:
    rows = [(_("Theme"), action["label"]), (status_words()[action["status"]], day(date.fromisoformat(action["on"])))]
    if action.get("due"):
        rows.append((_("Promised until"), day(date.fromisoformat(action["due"]))))
    return Behind(action["title"], rows)


def _of_theme(theme: Facts, k: int) -> list[tuple[str, str]]:
    rows = []
    if "since" in theme:
        rows.append((_("Comments"), number(theme["count"])))
        rows.append((_("Said since"), day(date.fromisoformat(theme["since"]))))
    if "on" in theme:
        rows.append((_("Answered on"), day(date.fromisoformat(theme["on"]))))
        rows.append((_("Days until then"), number(theme["days"])))
    if "n_before" in theme:
        rows.append((_("In the period before"), part(theme["before"], theme["n_before"])))
        rows.append((_("Now"), _("fewer than %(k)s") % {"k": k}))
    return rows


def _urgent(facts: Facts, found: Facts) -> Behind:
    few = _("fewer than %(k)s") % {"k": facts["smallest_group"]}
    return Behind(_("Urgent"), [(_("Comments"), few if found["few"] else part(found["count"], found["n"]))])


def _period(facts: Facts, found: Facts) -> Behind:
    days = [
        f"{day(date.fromisoformat(one['since']))} – {day(date.fromisoformat(one['until']))}" for one in (found, facts)
    ]
    answers: list[Any] = [found["before"], found["n"]]
    shown = [_("not known") if n is None else number(n) for n in answers]
    return Behind(_("Answers in two periods"), list(zip(days, shown, strict=True)))


def _promised(_facts: Facts, found: Facts) -> Behind:
    names = status_words() | {"overdue": _("Past their day")}
    return Behind(_("What was promised"), [(words, number(found[name])) for name, words in names.items()])


def _loop(_facts: Facts, found: Facts) -> Behind:
    rows = [(_("Themes that were answered"), number(found["themes"]))]
    if found["median"] is not None:
        rows += [
            (_("Days until the answer, in the middle"), number(found["median"], 1)),
            (_("The longest"), number(found["longest"])),
        ]
    return Behind(_("From the first words to the answer"), rows)
