"""What a brief asks of its reader, and what can be answered. Pure.

Agree: the decision that is proposed. Decide: another one, in the reader's own words. Ask: a question back, the brief's own or
another. Where no decision is asked, one can only ask.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from heard.kit.i18n import _
from insights.write.findings import at
from insights.write.kept_parts import days_in

KINDS = ("agree", "decide", "ask")


class Asked(NamedTuple):
    """decision: its sentence, "" where none is asked; who, due_on: as far as it says; question: the brief's own for next time."""

    decision: str
    who: str
    due_on: date | None
    question: str

    @property
    def kinds(self) -> tuple[str, ...]:
        """What can be answered."""
        return KINDS if self.decision else ("ask",)


class Button(NamedTuple):
    """A link of a mail: its word, and the page on which the answer is given. Opening it records nothing."""

    kind: str
    word: str
    address: str


def asked_of(tree: Mapping[str, Any]) -> Asked:
    """What a wording asks, in the language of this context (that of the brief)."""
    decision = tree.get("decision") or {}
    sentence = decision["sentence"]["text"] if decision.get("needed") else ""
    who, comma, _rest = sentence.partition(",")
    due_on = next(iter(days_in(sentence)), None)
    question = tree["ask"][0] if isinstance(tree.get("ask"), list) and tree["ask"] else tree.get("ask")
    return Asked(
        sentence, who.strip() if comma and len(who) <= 60 and "“" not in who and "«" not in who else "", due_on,
        question["text"] if isinstance(question, Mapping) else "",
    )  # fmt: skip


def kind_words() -> dict[str, str]:
    """What stands on the buttons."""
    return {"agree": _("Agree"), "decide": _("Decide otherwise"), "ask": _("Ask a question")}


def buttons(asked: Asked, address: str) -> list[Button]:
    """The links of a mail to the reader's own page."""
    words = kind_words()
    return [Button(kind, words[kind], f"{address}?answer={kind}#answer") for kind in asked.kinds]


def theme_in(facts: Mapping[str, Any], paths: list[str]) -> int | None:
    """The theme that a sentence speaks of: the first that its evidence points into. Its id when the brief was written."""
    for path in paths:
        steps = path.split("/")
        if steps[0] == "themes" and len(steps) > 1 and steps[1].isdigit():
            try:
                return int(at(facts, f"themes/{steps[1]}/id"))
            except (LookupError, ValueError):
                return None
    return None


def part_of_address(address: str) -> str:
    """An address that its owner knows again and others do not read: cl•••@bo•••.example."""
    name, mark, host = address.rpartition("@")
    first, dot, rest = host.partition(".")
    shown = f"{name[: 2 if len(name) > 3 else 1]}•••"
    return f"{shown}{mark}{first[: 2 if len(first) > 3 else 1]}•••{dot}{rest.rpartition('.')[2]}" if mark else shown
