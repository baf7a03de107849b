"""Answers as lists show them: those that say the same once, with how many; a page behind a key; a fair sample.

What differs only in capitals, accents or punctuation says the same (text.same_key), within one theme. So a list is read as a
whole and folded here, 100,000 answers in about a second; texts are masked only where they are shown. Of comments that no
run has read nothing is listed: of an anonymous poll these are the ones whose step is not full.
"""

import hashlib
from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from typing import Any, NamedTuple

from sqlalchemy import Select, case, literal, or_, select
from sqlmodel import col

from feedback.models import Assignment, Comment, Theme
from feedback.themes.queries import Quote, counted_in
from feedback.themes.searching import Words
from feedback.themes.shaped import hidden_in
from feedback.themes.text import masked, same_key
from heard.kit.db import DbSession
from heard.kit.paging import cursor_of

PAGE, SAMPLE = 50, 10
Key = tuple[int, float, int]  # quotes of the theme first, then the closest, then the comment's id
KEY = (int, float, int)


@dataclass(frozen=True)
class Wanted:
    """Which answers of a poll: of one theme, or those that stand alone, or of all; that hold these words. `hidden`: those
    of hidden themes too."""

    theme: Theme | None = None
    alone: bool = False
    words: str = ""
    hidden: bool = False


class Found(NamedTuple):
    """An answer, with its place in the list. theme: its finer one, None alone."""

    key: Key
    comment: int
    theme: int | None
    text: str


@dataclass
class Line:
    """What one or several answers say. ids: the one that is shown first."""

    key: Key
    theme: int | None
    ids: list[int]


class Answer(NamedTuple):
    """A line as it is shown, masked. n: how many say it; quote: it speaks for its theme."""

    comment_id: int
    text: str
    n: int
    theme: int | None
    quote: bool


@dataclass(frozen=True)
class Part:
    """Some lines of a list: from `start` on, of `lines` that hold `answers`. before, after: the cursors of the pages before
    and behind ("" begins at the beginning), None where there is none."""

    shown: list[Answer]
    lines: int
    answers: int
    start: int
    before: str | None = None
    after: str | None = None

    @property
    def page(self) -> int:
        """Which page it is, from 1 on."""
        return -(-self.start // PAGE) + 1

    @property
    def pages(self) -> int:
        """How many there are."""
        return max(self.page, self.page + -(-(self.lines - self.start - len(self.shown)) // PAGE))


def found(session: DbSession, poll_id: int, wanted: Wanted, after: Key | None = None) -> Iterator[Found]:
    """The answers in the order of their keys, each one; as they are read."""
    words = Words(wanted.words) if wanted.words else None
    # closed by whoever stops in the middle: a cursor of PostgreSQL would stay open
    with session.execute(_query(session, poll_id, wanted), execution_options={"yield_per": 1000}) as rows:
        for place, far, comment, theme, text in rows:
            key = (place, far, comment)
            if (after is None or key > after) and (words is None or words.are_in(text)):
                yield Found(key, comment, theme, text)


def _query(session: DbSession, poll_id: int, wanted: Wanted) -> Select[Any]:
    first = [int(q) for q in wanted.theme.quotes] if wanted.theme else []
    place: Any = (
        case({q: at for at, q in enumerate(first)}, value=col(Comment.id), else_=len(first)) if first else literal(0)
    )
    key = (place.label("place"), -col(Assignment.score), col(Comment.id))
    query = (
        select(*key, col(Assignment.theme_id), col(Comment.text))
        .join(Assignment, col(Assignment.comment_id) == col(Comment.id))
        .where(col(Assignment.poll_id) == poll_id)
        .order_by(*(key if first else key[1:]))
    )
    if wanted.theme is not None:
        return query.where(col(Assignment.theme_id).in_(counted_in(wanted.theme)))
    if wanted.alone:
        return query.where(col(Assignment.theme_id).is_(None))
    if not wanted.hidden and (away := _hidden(session, poll_id)):
        query = query.where(or_(col(Assignment.theme_id).is_(None), col(Assignment.theme_id).not_in(away)))
    return query


def _hidden(session: DbSession, poll_id: int) -> list[int]:
    return sorted(hidden_in(session.scalars(select(Theme).where(col(Theme.poll_id) == poll_id))))


def lines_of(session: DbSession, poll_id: int, wanted: Wanted) -> list[Line]:
    """All of them, folded, each where its first answer stands."""
    lines: dict[tuple[int | None, str], Line] = {}
    for one in found(session, poll_id, wanted):
        line = lines.setdefault((one.theme, same_key(one.text)), Line(one.key, one.theme, []))
        line.ids.append(one.comment)
    return list(lines.values())


def page_of(session: DbSession, lines: Sequence[Line], after: Key | None, quotes: int = 0) -> Part:
    """A page of them behind this key. quotes: how many places in front speak for the theme."""
    start = bisect_right(lines, after, key=lambda line: line.key) if after is not None else 0
    shown = lines[start : start + PAGE]
    before = None if not start else cursor_of(*lines[start - PAGE - 1].key) if start > PAGE else ""
    following = cursor_of(*shown[-1].key) if start + len(shown) < len(lines) else None
    return Part(_answers(session, shown, quotes), len(lines), _all(lines), start, before, following)


def sample_of(session: DbSession, lines: Sequence[Line], seed: int) -> Part:
    """Ten answers by chance, each as likely as any other: those whose hash with the seed is smallest. The same seed gives
    the same ones, and a new answer takes the place of one of them at most."""
    home = {comment: at for at, line in enumerate(lines) for comment in line.ids}
    drawn = nsmallest(SAMPLE, home, key=lambda comment: _hash(seed, comment))
    shown = [lines[at] for at in dict.fromkeys(home[comment] for comment in drawn)]
    return Part(_answers(session, shown, 0), len(shown), _all(lines), 0)


def _hash(seed: int, comment: int) -> bytes:
    return hashlib.blake2b(b"%d:%d" % (seed, comment), digest_size=8).digest()


def _all(lines: Sequence[Line]) -> int:
    return sum(len(line.ids) for line in lines)


def _answers(session: DbSession, lines: Sequence[Line], quotes: int) -> list[Answer]:
    ids = [line.ids[0] for line in lines]
    rows = session.execute(select(col(Comment.id), col(Comment.text)).where(col(Comment.id).in_(ids)))
    said = {quote.comment_id: quote.text for quote in (Quote(comment, masked(text)) for comment, text in rows)}
    return [
        Answer(line.ids[0], said[line.ids[0]], len(line.ids), line.theme, line.key[0] < quotes)
        for line in lines
        if line.ids[0] in said
    ]


def said_alike(session: DbSession, poll_id: int, wanted: Wanted, ticked: Collection[int]) -> list[int]:
    """The ticked answers and all that say the same where they stand: what a tick before a line means. What is not there
    (any more) stays among them, for the edit to refuse."""
    if not ticked:
        return []
    chosen, more = set(ticked), list[int]()
    for line in lines_of(session, poll_id, wanted):
        if not chosen.isdisjoint(line.ids):
            more += line.ids
    return sorted(chosen.union(more))
