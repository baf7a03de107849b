"""What somebody wants to see, as an address says it: filters, what stands side by side, margins for weights. Pure.

    ?where=q12:is:34,35 &where=way:is:email &by=q13 | week | way | version &margin=q12:34=52,35=48

Every view has one such address, whichever way it was asked for, so that it can be kept and sent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from fastapi import Request

from feedback.analysis.offering import tidied
from polls.frozen import FrozenPoll

VERSION = "version"
SHARE_OF = "share."  # a field of the form for margins: share.q12.34=52
MOST = 20  # filters that an address may name


@dataclass(frozen=True)
class Wish:
    """`wheres`: filters in their one order; `by`: a field, week, way or version; `margins`: as weighing.py reads them."""

    wheres: tuple[str, ...] = ()
    by: str = ""
    margins: tuple[str, ...] = ()

    @property
    def plain(self) -> bool:
        """Whether it is everybody's answers as they are."""
        return not (self.wheres or self.by or self.margins)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Names and values of the address."""
        by = [("by", self.by)] if self.by else []
        return [*(("where", w) for w in self.wheres), *by, *(("margin", m) for m in self.margins)]

    @property
    def query(self) -> str:
        """The address from “?” on, or ""."""
        return "?" + "&".join(f"{n}={quote(v, safe=':,/=')}" for n, v in self.pairs) if self.pairs else ""

    @property
    def chosen(self) -> list[str]:
        """Each answer that a filter names, as the boxes of the form have it."""
        found = []
        for where in self.wheres:
            name, sep, values = where.partition(":is:")
            found += [f"{name}:is:{value}" for value in values.split(",")] if sep else [where]
        return found


def wish_in(poll: FrozenPoll, request: Request) -> Wish:
    """What the address asks for."""
    given = request.query_params
    margins = [*given.getlist("margin"), *_of_form({name: given[name] for name in given if name.startswith(SHARE_OF)})]
    return wish_of(poll, given.getlist("where"), given.get("by", ""), margins)


def wish_of(poll: FrozenPoll, wheres: Sequence[str], by: str, margins: Sequence[str]) -> Wish:
    """The same from its parts."""
    by = by.strip()
    named = next((q.field_id for q in poll.questions if by in (q.name, str(q.id))), by)
    return Wish(
        tuple(tidied(poll, [w[:400] for w in wheres[:MOST]])), named, tuple(sorted(filter(None, margins))[:MOST])
    )


def _of_form(fields: Mapping[str, str]) -> list[str]:
    """Margins out of the form, a field for each answer: what was left empty is 0, and a question without any is none."""
    found: dict[str, list[str]] = {}
    for name, value in fields.items():
        question, _sep, answer = name.removeprefix(SHARE_OF).rpartition(".")
        found.setdefault(question, []).append(f"{answer}={value.strip().replace(',', '.').rstrip('% ') or '0'}")
    empty = {f"{answer}=0" for name in fields for answer in [name.rpartition(".")[2]]}
    return [f"{q}:{','.join(shares)}" for q, shares in found.items() if q and not set(shares) <= empty]
