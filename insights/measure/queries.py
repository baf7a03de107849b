"""What a community said in a period, read for measures: polls, themes, quotes, actions. Texts leave here masked.

Days are days in UTC, both ends included. A poll whose answers all lie in the period is read from its counters, as
every page does; one that the period cuts is counted from its answers, and its small counts are folded together.
An anonymous poll is never cut.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlmodel import col

from feedback.collect import counters
from feedback.collect.queries import is_closed, poll_results
from feedback.collect.tallies import WAY, PollResults, results_of, way_of
from feedback.collect.visibility import Viewer, can_see_results
from feedback.collect.ways import REST, WayCount, ways_of
from feedback.integrity.effects import changes
from feedback.integrity.standing import standing_of
from feedback.models import SOURCES, Action, Answer, Comment, Response, Theme
from feedback.themes.shaped import hidden_among, where_it_went
from feedback.themes.text import masked
from heard.accounts.models import Community
from heard.kit.clock import today
from heard.kit.db import DbSession
from insights.measure.changes import span_before
from insights.measure.loop import loop_of, promised, roles_of
from insights.measure.measures import ActionSlice, Gathered, K, PollBefore, PollSlice, Said, ThemeSlice
from insights.measure.quotable import is_quotable
from insights.measure.spoken import QUOTES, Days, Read, themes_in
from insights.measure.statements import groups_of, most_agreed
from insights.measure.trials import rounds_in
from polls.frozen import FrozenPoll, frozen_poll
from polls.kinds.kind import QuestionResult
from polls.models import Link, Poll
from polls.publish.invited import invited_to
from polls.publish.links import OTHER

_STANDS = (col(Response.withdrawn_at).is_(None),)
_COUNTED = (*_STANDS, col(Response.set_aside) == "")


_ALWAYS = Days(datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))


def gather(session: DbSession, community: Community, since: date, until: date) -> Gathered:
    """What the community said from `since` to `until`, and beside it in the period before."""
    days, span = _days(since, until), span_before(since, until)
    ended = min(until, today())  # nothing is past its day, or has waited, in days to come
    earlier = _days(span.since, span.until) if span else None
    actions = _actions(session, community, days)
    gathered = Gathered(
        community.slug, community.name, since, until, [], actions, span=span, trials=rounds_in(session, community, *days),
        loop=loop_of(session, community, since, ended, days.before) | {"promised": promised(actions, ended)}, ended=ended,
        answered_before=_answered(session, community, earlier) if earlier else 0,
    )  # fmt: skip
    for poll in _polls(session, community, days):
        gathered.polls.append(_slice(session, poll, days, earlier, gathered.behind))
    gathered.polls.sort(key=lambda p: (-p.results.n, p.id))
    return gathered


def _days(since: date, until: date) -> Days:
    return Days(_start(since), _start(until + timedelta(days=1)) if until < date.max else _start(date.max))


def _answered(session: DbSession, community: Community, days: Days) -> int:
    """Answers in these days to polls that days may cut, of polls with K or more of them."""
    rows = session.execute(
        select(func.count())
        .select_from(Response)
        .join(Poll, col(Poll.id) == col(Response.poll_id))
        .where(
            col(Poll.community_id) == community.id, ~col(Poll.anonymous), *_COUNTED, days.holds(Response.submitted_at)
        )
        .group_by(col(Response.poll_id))
        .having(func.count() >= K)
    )
    return sum(n for (n,) in rows)


def _start(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)


class _Counted(NamedTuple):
    slug: str
    n: int
    first: datetime
    last: datetime
    all: int
    very_first: datetime
    very_last: datetime


def _polls(session: DbSession, community: Community, days: Days) -> list[_Counted]:
    """The polls with answers in the period."""
    inside = days.holds(Response.submitted_at)
    rows = session.execute(
        select(
            col(Poll.slug), func.count(case((inside, 1))), func.min(case((inside, col(Response.submitted_at)))),
            func.max(case((inside, col(Response.submitted_at)))), func.count(), func.min(Response.submitted_at),
            func.max(Response.submitted_at),
        )
        .join(Response, col(Response.poll_id) == col(Poll.id))
        .where(col(Poll.community_id) == community.id, *_COUNTED)
        .group_by(col(Poll.id), col(Poll.slug))
        .having(func.count(case((inside, 1))) > 0)
    )  # fmt: skip
    return [_Counted(*row) for row in rows]


def _slice(
    session: DbSession, counted: _Counted, days: Days, earlier: Days | None, behind: dict[int, list[str]]
) -> PollSlice:
    """What one poll got. An anonymous poll is told whole, in its published steps: two periods that differ by a day
    would otherwise tell one person's ballot."""
    from insights.measure.segments import segments_of  # loads numpy

    poll = frozen_poll(session, counted.slug)
    cut = counted.n < counted.all and not poll.anonymous
    if not cut:
        days, earlier = _ALWAYS, None
    if not can_see_results(Viewer(may_read=True), poll):
        raise LookupError(f"a brief is written by members, who may read {poll.slug}")
    results = results_of(poll, _cells_in(session, poll.id, counted.n, days)) if cut else poll_results(session, poll)
    aside, changed = _apart(session, poll, results, days) if cut else _apart_of_all(session, poll)
    hidden = poll.anonymous and results.n < K
    read, themes, gone = (Read(), [], []) if hidden else themes_in(session, poll, days, earlier, behind)
    imported = session.scalar(
        select(func.count()).where(
            col(Response.poll_id) == poll.id,
            col(Response.source) == "import",
            *_COUNTED,
            days.holds(Response.submitted_at),
        )
    )
    invited = invited_to(session, poll.id)
    first, last = (counted.first, counted.last) if cut else (counted.very_first, counted.very_last)
    return PollSlice(
        poll.id, poll.slug, poll.title, poll.voter_rule, poll.level, poll.anonymous, cut, imported or 0, invited,
        first.date(), last.date(), results, read.all, read.content, themes,
        {} if hidden else {q.id: said for q in results.questions if (said := _voices(session, q, themes, days))},
        aside, changed, _ways_in(session, poll, days) if cut else _ways(session, poll),
        before=_before(session, poll, earlier, read) if earlier else None, urgent=read.urgent, gone=tuple(gone),
        agreed={q.id: most_agreed(q.items, cut=cut) for q in results.questions if q.kind == "statements"},
        segments=() if cut or hidden else tuple(segments_of(session, poll, results)),
        groups=() if hidden else tuple(groups_of(session, poll)),
    )  # fmt: skip


def _before(session: DbSession, poll: FrozenPoll, earlier: Days, read: Read) -> PollBefore | None:
    """What a poll that the days cut got in the period before; None of fewer than K answers."""
    n = session.scalar(
        select(func.count()).where(col(Response.poll_id) == poll.id, *_COUNTED, earlier.holds(Response.submitted_at))
    )
    if (n or 0) < K:
        return None
    results = results_of(poll, _cells_in(session, poll.id, n or 0, earlier))
    return PollBefore(results, read.all_before, read.content_before)


def _ways(session: DbSession, poll: FrozenPoll) -> tuple[WayCount, ...]:
    """By which ways all answers came; of an anonymous poll those of its published steps."""
    cells = counters.shown(counters.cells(session, poll.id), anonymous=poll.anonymous, closed=is_closed(poll))
    return _in_our_words(session, ((way, n) for way, n in ways_of(cells)))


def _ways_in(session: DbSession, poll: FrozenPoll, days: Days) -> tuple[WayCount, ...]:
    """By which ways a part of the answers came."""
    came_by = (col(Response.source), col(Response.link_id))
    rows = session.execute(
        select(*came_by, func.count())
        .where(col(Response.poll_id) == poll.id, *_COUNTED, days.holds(Response.submitted_at))
        .group_by(*came_by)
    )
    return _in_our_words(session, ((way_of(source, link).removeprefix(WAY), n) for source, link, n in rows))


def _in_our_words(session: DbSession, counted: Iterable[tuple[str, int]]) -> tuple[WayCount, ...]:
    """The place in the place of its link; the manager's own places, and what is gone, are other ways."""
    found: dict[str, int] = defaultdict(int)
    for way, n in counted:
        link = session.get(Link, int(way[1:])) if way[:1] == "l" and way[1:].isdigit() else None
        word = link.place if link else way if way in SOURCES else REST
        found[word if word != OTHER else REST] += n
    return tuple(WayCount(word, n) for word, n in sorted(found.items()))


def _apart_of_all(session: DbSession, poll: FrozenPoll) -> tuple[int, bool]:
    """How many answers are set aside, and whether they would change the result."""
    standing = standing_of(session, poll)
    return standing.aside, bool(standing.changed)


def _apart(session: DbSession, poll: FrozenPoll, counted: PollResults, days: Days) -> tuple[int, bool]:
    """The same of the answers of a period."""
    apart = col(Response.poll_id) == poll.id, col(Response.withdrawn_at).is_(None), col(Response.set_aside) != ""
    n = session.scalar(select(func.count()).where(*apart, days.holds(Response.submitted_at))) or 0
    if not n:
        return 0, False
    all_of_it = results_of(poll, _cells_in(session, poll.id, counted.n + n, days, which=_STANDS))
    return n, bool(changes(counted, all_of_it))


def _cells_in(
    session: DbSession, poll_id: int, n: int, days: Days, *, which: tuple[ColumnElement[bool], ...] = ()
) -> dict[str, int]:
    """The counters of feedback/collect/tallies.py for a part of the answers; `which`: other than those that are counted."""
    which = which or _COUNTED
    counted = [col(Answer.question_id), col(Answer.item_id), col(Answer.option_id), col(Answer.number)]
    answers = (
        select(*counted, func.count())
        .join(Response, and_(col(Response.poll_id) == col(Answer.poll_id), col(Response.id) == col(Answer.response_id)))
        .where(col(Response.poll_id) == poll_id, *which, days.holds(Response.submitted_at))
    )
    cells: dict[str, int] = {"n": n}
    values = or_(col(Answer.option_id).is_not(None), col(Answer.number).is_not(None))
    for question, item, option, number, count in session.execute(answers.where(values).group_by(*counted)):
        about = f"i{item}:" if item is not None else ""
        cells[f"{question}:{about}" + (f"o{option}" if option is not None else f"v{number:g}")] = count
    given = or_(values, col(Answer.text).is_not(None))
    bases = (
        select(col(Answer.question_id), func.count(func.distinct(col(Answer.response_id))))
        .join(Response, and_(col(Response.poll_id) == col(Answer.poll_id), col(Response.id) == col(Answer.response_id)))
        .where(
            col(Response.poll_id) == poll_id,
            *which,
            days.holds(Response.submitted_at),
            given,
        )
        .group_by(col(Answer.question_id))
    )
    return cells | {f"{question}:n": count for question, count in session.execute(bases)}


def texts_of(session: DbSession, ids: list[int]) -> dict[int, Said]:
    """Comments by id, masked; those withdrawn meanwhile are missing."""
    found: dict[int, Said] = {}
    for start in range(0, len(ids), 500):
        rows = session.execute(
            select(col(Comment.id), col(Comment.text)).where(col(Comment.id).in_(ids[start : start + 500]))
        )
        found |= {comment: Said(str(comment), masked(text)) for comment, text in rows}
    return found


def _voices(session: DbSession, question: QuestionResult, themes: list[ThemeSlice], days: Days) -> list[Said]:
    """Quotes by people who gave the leading answer of a question. Two questions crossed: at least K of them must have written in
    these days."""
    if question.n < K or not question.options:
        return []
    if question.nps is not None:
        high = question.nps >= 0
        chosen = and_(col(Answer.number) >= 9) if high else and_(col(Answer.number) <= 6)
    elif question.mean is None and question.middle is None:
        chosen = and_(col(Answer.option_id) == max(question.options, key=lambda o: o.count).id)
    else:
        return []
    quotes = {int(q.comment): q for t in themes if t.parent is None for q in t.quotes}
    wrote = (
        select(col(Comment.id))
        .join(
            Answer,
            and_(col(Answer.poll_id) == col(Comment.poll_id), col(Answer.response_id) == col(Comment.response_id)),
        )
        .where(col(Answer.question_id) == question.id, chosen, days.holds(Comment.said_at))
    )
    if len(session.scalars(wrote.limit(K)).all()) < K or not quotes:
        return []
    theirs = set(session.scalars(wrote.where(col(Comment.id).in_(list(quotes)))))
    return [quote for comment, quote in quotes.items() if comment in theirs][:QUOTES]


def _actions(session: DbSession, community: Community, days: Days) -> list[ActionSlice]:
    """Public answers: those still open, and those given in the period, newest first."""
    rows = session.execute(
        select(
            col(Action.id),
            Theme,
            col(Action.title),
            col(Action.status),
            col(Action.created_at),
            col(Action.due_on),
            col(Action.owner_id),
        )
        .join(Theme, and_(col(Theme.poll_id) == col(Action.poll_id), col(Theme.id) == col(Action.theme_id)))
        .join(Poll, col(Poll.id) == col(Action.poll_id))
        .where(
            col(Poll.community_id) == community.id,
            col(Action.withdrawn_at).is_(None),
            col(Action.created_at) < days.before,
            or_(col(Action.status).in_(["planned", "doing"]), col(Action.created_at) >= days.since),
        )
        .order_by(col(Action.created_at).desc(), col(Action.id).desc())
    )
    told = [(i, where_it_went(session, theme), *rest) for i, theme, *rest in rows]
    hidden = hidden_among(session, {theme.id or 0 for _i, theme, *_rest in told})
    roles = roles_of(session, community, [owner for *_rest, owner in told])
    return [
        ActionSlice(i, theme.id or 0, theme.label, title, status, at.date(), due, roles.get(owner, ""))
        for i, theme, title, status, at, due, owner in told
        if theme.id not in hidden and is_quotable(theme.label)
    ]
