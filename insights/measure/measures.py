"""Facts: what a brief may say, as plain JSON values with a hash. Pure.

The same data and period give the same facts, whoever asks, when, and for which reader: no audience, no time of
making, no run. Every figure that is printed anywhere stands here, or is a share of a base (`n`) that stands above it.

    facts {community {slug, name}, since, until, responses, comments, theme_count, held_back, smallest_group,
           mood {n, content, before, n_before, change},
           period {since, until, months, days, n, before}: the one before, and answers now and then,
           polls   [{slug, title, n, voter_rule, level, anonymous, imported, invited, first, last,
                     sources [{way, count}], set_aside, changed,
                     questions [{id, kind, wording, n, n_before, options [{label, count, share, before, change}],
                                 mean, mean_before, low, high, nps, nps_before, promoters, passives, detractors,
                                 items [{label, stance, n, count, share, against}], voices [{comment, text}]}],
                     segments: segments.py}],
           themes  [{id, label, parent, poll, n, count, share, content, before, n_before, change, quotes [{comment, text}]}],
           faded   [{id, label, poll, n, before, n_before, change}]: told before, by fewer than `smallest_group` now,
           trials: trials.py, groups: statements.py, open_themes, open, answered, replied, loop: loop.py,
           urgent  {n, count, few}, promised {planned, doing, done, declined, overdue},
           actions [{id, theme, label, title, status, on, due, overdue, owner}]}

`set_aside`: answers that are stored and not counted, of which `changed` says whether they would make the result another
one. `sources`: ways by which fewer than `smallest_group` came are one, "rest". `before` of `n_before`: the same in the period
before, None for 1 to 4; `change` as changes.py has it. What is not there is left out: facts of earlier releases have less.
Shares are in 0..1 with four digits; days are ISO dates; comment ids are text (63 bit).
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from feedback.collect.tallies import PollResults
from feedback.collect.ways import WayCount, folded
from insights.measure.changes import Moved, Span, change_of, changes_of
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
    before: int = 0  # comments in the period before
    ever: int = 0  # comments before the period, however long ago


@dataclass(frozen=True)
class PollBefore:
    """What a poll got in the period before; of one that is told whole there is none."""

    results: PollResults
    read: int
    content: int


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
    before: PollBefore | None = None
    urgent: int = 0  # comments that somebody should read today (themes/moods.py)
    gone: tuple[ThemeSlice, ...] = ()  # coarse themes with fewer than K comments now, and K or more before
    agreed: Mapping[int, list[Facts]] = field(default_factory=dict)  # by question: statements that most agree on
    segments: tuple[Facts, ...] = ()
    groups: tuple[Facts, ...] = ()


@dataclass(frozen=True)
class ActionSlice:
    """A public answer to a theme."""

    id: int
    theme: int
    label: str
    title: str
    status: str
    on: date
    due: date | None = None
    owner: str = ""  # a role, never a person

    def overdue(self, until: date) -> bool:
        """Whether it should have been done by the end of the period, and is not."""
        return self.due is not None and self.due < until and self.status in ("planned", "doing")


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
    span: Span | None = None  # the period before
    answered_before: int = 0  # answers in it, to polls that are not anonymous
    trials: list[Facts] = field(default_factory=list)
    loop: Facts = field(default_factory=dict)
    ended: date | None = None  # the last day of the period that has come; None: `until`


def facts_of(gathered: Gathered) -> Facts:
    """The facts of what was gathered. Polls with fewer than K answers are counted, not told."""
    told = [p for p in gathered.polls if p.results.n >= K]
    changes = _theme_changes(told)
    themes = [_theme(p, t, changes) for p in told for t in p.themes]
    themes.sort(key=lambda t: (t["parent"] is not None, -t["count"], t["id"]))
    return {
        "community": {"slug": gathered.slug, "name": gathered.name},
        "since": gathered.since.isoformat(),
        "until": gathered.until.isoformat(),
        "responses": sum(p.results.n for p in told),
        "comments": sum(p.read for p in told),
        "mood": _mood(told),
        "period": _period(gathered, told),
        "theme_count": sum(t["parent"] is None for t in themes),
        "held_back": len(gathered.polls) - len(told),
        "smallest_group": K,
        "polls": [_poll(p) for p in told],
        "themes": themes,
        "faded": [_gone(p, t) for p in told for t in p.gone if changes.get(t.id) == "faded"],
        "trials": gathered.trials,
        "groups": [group for p in told for group in p.groups],
        "urgent": _urgent(told),
        "actions": [_action(a, gathered.ended or gathered.until) for a in gathered.actions],
        **gathered.loop,
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


def _mood(told: Sequence[PollSlice]) -> Facts:
    """How many comments are content; and how many were, where all polls with comments had some before."""
    spoken = [p for p in told if p.read]
    n, content = sum(p.read for p in spoken), sum(p.content for p in spoken)
    earlier = [p.before for p in spoken if p.before is not None and p.before.read >= K]
    if not spoken or len(earlier) < len(spoken):
        return {"n": n, "content": content}
    before, n_before = sum(b.content for b in earlier), sum(b.read for b in earlier)
    return {"n": n, "content": content, **_before(content, n, before, n_before)}


def _before(count: int, n: int, before: int, n_before: int, change: str | None = None) -> Facts:
    """A count of the period before. One of 1 to 4 is not told."""
    return {
        "before": before if before >= K or not before else None,
        "n_before": n_before,
        "change": change_of(count, n, before, n_before) if change is None else change,
    }


def _period(gathered: Gathered, told: Sequence[PollSlice]) -> Facts | None:
    """The period before. What is compared are answers to polls that days may cut, as anonymous ones are told whole."""
    span, now = gathered.span, sum(p.results.n for p in told if not p.anonymous)
    if span is None or gathered.answered_before < K or now < K:
        return None
    return {
        "since": span.since.isoformat(), "until": span.until.isoformat(), "months": span.months, "days": span.days,
        "n": now, "before": gathered.answered_before,
    }  # fmt: skip


def _theme_changes(told: Sequence[PollSlice]) -> dict[int, str]:
    """How each coarse theme moved; all of a community are judged together."""
    moved = {
        t.id: Moved(t.count, p.read, t.before, p.before.read, t.ever)
        for p in told if p.before is not None for t in (*p.themes, *p.gone) if t.parent is None
    }  # fmt: skip
    return changes_of(moved, least=K)


def _gone(poll: PollSlice, theme: ThemeSlice) -> Facts:
    return {
        "id": theme.id, "label": theme.label, "poll": poll.slug, "n": poll.read, "before": theme.before,
        "n_before": poll.before.read if poll.before else 0, "change": "faded",
    }  # fmt: skip


def _urgent(told: Sequence[PollSlice]) -> Facts:
    """`few`: 1 to 4 of them, which are not counted out."""
    count = sum(p.urgent for p in told)
    return {"n": sum(p.read for p in told), "count": count if count >= K else 0, "few": 0 < count < K}


def _action(action: ActionSlice, until: date) -> Facts:
    return {
        "id": action.id, "theme": action.theme, "label": action.label, "title": action.title, "status": action.status,
        "on": action.on.isoformat(), "due": action.due.isoformat() if action.due else "", "overdue": action.overdue(until),
        "owner": action.owner,
    }  # fmt: skip


def _poll(poll: PollSlice) -> Facts:
    before = {q.id: q for q in poll.before.results.questions} if poll.before else {}
    return {
        "slug": poll.slug,
        "title": poll.title,
        "n": poll.results.n,
        "voter_rule": poll.voter_rule,
        "level": poll.level,
        "anonymous": poll.anonymous,
        "imported": poll.imported if poll.imported >= K else 0,
        "invited": 0 if poll.imported else poll.invited,  # how many of the links gave an answer is not known then
        "set_aside": poll.set_aside,
        "changed": poll.changed,
        "first": poll.first.isoformat(),
        "last": poll.last.isoformat(),
        "sources": [{"way": way, "count": n} for way, n in folded(poll.ways, least=K)],
        "questions": [_question(q, poll, before.get(q.id)) for q in poll.results.questions],
        "segments": list(poll.segments),
    }


def _question(question: QuestionResult, poll: PollSlice, before: QuestionResult | None) -> Facts:
    few = question.n < K
    # the steps of a scale and the bars of numbers and days are no choices: they keep their places when cut
    scaled = question.mean is not None or question.middle is not None
    options = list(question.options) if not few else []
    rows = [(o.label, o.count) for o in options] if scaled or not poll.cut else _folded(options)
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
    if items := poll.agreed.get(question.id, []) if not few else []:
        made["items"] = items
    if scaled and not few:
        mean = None if question.mean is None else round(question.mean, 4)
        made |= {"mean": mean, "low": question.low, "high": question.high}
    if question.nps is not None and not few:
        groups = {
            "promoters": sum(o.count for o in options if o.id >= 9),
            "passives": sum(o.count for o in options if 7 <= o.id <= 8),
            "detractors": sum(o.count for o in options if o.id <= 6),
        }
        # of a part of a poll none is told where one is small: with the score, any of them gives the others
        small = poll.cut and any(0 < count < K for count in groups.values())
        made |= {"nps": question.nps} | ({} if small else groups)
    if before is not None and before.n >= K and not few:
        _add_before(made, before)
    return made


def _add_before(made: Facts, before: QuestionResult) -> None:
    """What the same question gave in the period before."""
    made["n_before"] = before.n
    if before.mean is not None:
        made["mean_before"] = round(before.mean, 4)
    if before.nps is not None:
        made["nps_before"] = before.nps
    if "mean" not in made:
        counts = {o.label: o.count for o in before.options}
        for option in made["options"]:
            if option["label"] in counts:
                option |= _before(option["count"], made["n"], counts[option["label"]], before.n)
                del option["n_before"]


def _folded(options: Sequence[OptionResult]) -> list[tuple[str, int]]:
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


def _theme(poll: PollSlice, theme: ThemeSlice, changes: Mapping[int, str]) -> Facts:
    made: Facts = {
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
    if poll.before is not None and poll.before.read >= K and theme.parent is None:
        made |= _before(theme.count, poll.read, theme.before, poll.before.read, changes.get(theme.id, ""))
    return made


def _quotes(said: Sequence[Said]) -> list[Facts]:
    return [{"comment": q.comment, "text": _cut(q.text)} for q in said]


def _cut(text: str) -> str:
    """White space collapsed, at most LONGEST_QUOTE characters, cut at a word."""
    text = " ".join(text.split())
    if len(text) <= LONGEST_QUOTE:
        return text
    head = text[:LONGEST_QUOTE]
    return (head.rsplit(" ", 1)[0] if " " in head else head) + "…"
