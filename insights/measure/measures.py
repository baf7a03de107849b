"""Facts: what a brief may say, as plain JSON values with a hash. Pure.

The same data and period give the same facts, whoever asks, when, and for which reader: no audience, no time of
making, no run. Every figure that is printed anywhere stands here, or is a share of a base (`n`) that stands above it.

    facts {community {slug, name}, since, until, responses, comments, theme_count, held_back, smallest_group, mood {n, content},
           polls   [{slug, title, n, voter_rule, level, anonymous, imported, invited, first, last,
                     sources [{way, count}], set_aside, changed,
                     questions [{id, kind, wording, n, options [{label, count, share}], mean, low, high,
                                 nps, promoters, passives, detractors, voices [{comment, text}]}]}],
           themes  [{id, label, parent, poll, n, count, share, content, quotes [{comment, text}]}],
           actions [{id, theme, label, title, status, on}]}

`set_aside`: answers that are stored and not counted, of which `changed` says whether they would make the result another
one. `sources`: ways by which fewer than `smallest_group` came are one, "rest". Shares are in 0..1 with four digits; days are
ISO dates; comment ids are text (63 bit).
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from feedback.collect.tallies import PollResults
from feedback.collect.ways import WayCount, folded
from polls.kinds.kind import OptionResult, QuestionResult

Facts = dict[str, Any]
LONGEST_QUOTE = 400
K = 5
"""Nothing about fewer people than this goes into a brief."""


class Said(NamedTuple):
    """A comment in a person's own words, masked."""

    comment: str  # its id; text, as JSON readers round 63-bit numbers
    text: str


@dataclass(frozen=True)
class ThemeSlice:
    """A theme with the comments it has in the period."""

    id: int
    label: str
    parent: int | None
    count: int
    content: int  # of them praise and ask for nothing, or say that nothing needs to change (themes/moods.py)
    quotes: list[Said]


@dataclass(frozen=True)
class PollSlice:
    """A poll with what it got in the period."""

    id: int
    slug: str
    title: str
    voter_rule: str
    level: int
    anonymous: bool
    cut: bool  # it has answers outside the period
    imported: int
    invited: int
    first: date
    last: date
    results: PollResults
    read: int  # comments that were read for themes
    content: int  # of them, see ThemeSlice
    themes: list[ThemeSlice]
    voices: dict[int, list[Said]]  # by question: what those who gave its leading answer wrote
    set_aside: int = 0
    changed: bool = False  # the result would be another one with them (feedback/integrity/effects)
    ways: tuple[WayCount, ...] = ()  # by which they came, in words of ours (queries.py): no name that a manager gave


@dataclass(frozen=True)
class ActionSlice:
    """A public answer to a theme."""

    id: int
    theme: int
    label: str
    title: str
    status: str
    on: date


@dataclass(frozen=True)
class Gathered:
    """Everything a brief may speak of, and the comments behind each theme (by theme id, at most BEHIND)."""

    slug: str
    name: str
    since: date
    until: date
    polls: list[PollSlice]
    actions: list[ActionSlice]
    behind: dict[int, list[str]] = field(default_factory=dict)


def facts_of(gathered: Gathered) -> Facts:
    """The facts of what was gathered. Polls with fewer than K answers are counted, not told."""
    told = [p for p in gathered.polls if p.results.n >= K]
    themes = [_theme(p, t) for p in told for t in p.themes]
    themes.sort(key=lambda t: (t["parent"] is not None, -t["count"], t["id"]))
    return {
        "community": {"slug": gathered.slug, "name": gathered.name},
        "since": gathered.since.isoformat(),
        "until": gathered.until.isoformat(),
        "responses": sum(p.results.n for p in told),
        "comments": sum(p.read for p in told),
        "mood": {"n": sum(p.read for p in told), "content": sum(p.content for p in told)},
        "theme_count": sum(t["parent"] is None for t in themes),
        "held_back": len(gathered.polls) - len(told),
        "smallest_group": K,
        "polls": [_poll(p) for p in told],
        "themes": themes,
        "actions": [
            {
                "id": a.id,
                "theme": a.theme,
                "label": a.label,
                "title": a.title,
                "status": a.status,
                "on": a.on.isoformat(),
            }
            for a in gathered.actions
        ],
    }


def canonical(facts: Facts) -> str:
    """The one text of the facts that is hashed: keys sorted, no white space, UTF-8."""
    return json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def hash_of(facts: Facts) -> str:
    """SHA-256 of the canonical text, in lower-case hex."""
    return hashlib.sha256(canonical(facts).encode("utf-8", "surrogatepass")).hexdigest()


def share_of(count: int, base: int) -> float:
    """count / base with four digits, so that it is the same on every machine; 0 of nothing."""
    return round(count / base, 4) if base else 0.0


def _poll(poll: PollSlice) -> Facts:
    return {
        "slug": poll.slug,
        "title": poll.title,
        "n": poll.results.n,
        "voter_rule": poll.voter_rule,
        "level": poll.level,
        "anonymous": poll.anonymous,
        "imported": poll.imported if poll.imported >= K else 0,
        "invited": poll.invited,
        "set_aside": poll.set_aside,
        "changed": poll.changed,
        "first": poll.first.isoformat(),
        "last": poll.last.isoformat(),
        "sources": [{"way": way, "count": n} for way, n in folded(poll.ways, least=K)],
        "questions": [_question(q, poll) for q in poll.results.questions],
    }


def _question(question: QuestionResult, poll: PollSlice) -> Facts:
    few = question.n < K
    # the steps of a scale and the bars of numbers and days are no choices: they keep their places when cut
    scaled = question.mean is not None or question.middle is not None
    options = list(question.options) if not few else []
    rows = [(o.label, o.count) for o in options] if scaled or not poll.cut else _folded(options, question.n)
    made: Facts = {
        "id": question.id,
        "kind": question.kind,
        "wording": question.wording,
        "n": question.n if not few else 0,
        "options": [
            {"label": label, "count": count, "share": share_of(count, question.n)}
            for label, count in rows
            if not (scaled and poll.cut and 0 < count < K)
        ],
        "voices": _quotes(poll.voices.get(question.id, [])),
    }
    if scaled and not few:
        mean = None if question.mean is None else round(question.mean, 4)
        made |= {"mean": mean, "low": question.low, "high": question.high}
    if question.nps is not None and not few:
        made |= {
            "nps": question.nps,
            "promoters": sum(o.count for o in options if o.id >= 9),
            "passives": sum(o.count for o in options if 7 <= o.id <= 8),
            "detractors": sum(o.count for o in options if o.id <= 6),
        }
    return made


def _folded(options: Sequence[OptionResult], n: int) -> list[tuple[str, int]]:
    """Options of a part of a poll: those that 1 to 4 people chose become one row, with the next smallest while it is small.

    A time slice crosses the question with time; a count of one would say what one person answered on that day.
    """
    small = [o for o in options if 0 < o.count < K]
    if not small:
        return [(o.label, o.count) for o in options]
    rest = sorted((o for o in options if o.count >= K), key=lambda o: o.count)
    while sum(o.count for o in small) < K and rest:
        small.append(rest.pop(0))
    kept = [(o.label, o.count) for o in options if o not in small and o.count]
    together = sum(o.count for o in small)
    return [*kept, ("…", together)] if together >= K else kept


def _theme(poll: PollSlice, theme: ThemeSlice) -> Facts:
    return {
        "id": theme.id,
        "label": theme.label,
        "parent": theme.parent,
        "poll": poll.slug,
        "n": poll.read,
        "count": theme.count,
        "share": share_of(theme.count, poll.read),
        "content": theme.content,
        "quotes": _quotes(theme.quotes),
    }


def _quotes(said: Sequence[Said]) -> list[Facts]:
    return [{"comment": q.comment, "text": _cut(q.text)} for q in said]


def _cut(text: str) -> str:
    """White space collapsed, at most LONGEST_QUOTE characters, cut at a word."""
    text = " ".join(text.split())
    if len(text) <= LONGEST_QUOTE:
        return text
    head = text[:LONGEST_QUOTE]
    return (head.rsplit(" ", 1)[0] if " " in head else head) + "…"
