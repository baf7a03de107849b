"""One theme over time: by week, or by the versions of the trial that its poll is a check-in of.

Weeks are joined until each holds 5 comments in the theme and 5 others, so no line tells of fewer; fine themes have none,
as they add up to the coarse one. Of an anonymous poll only whole steps have been read, and their moments are days. A
version is a whole poll, whose figures its own theme page tells.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, func, select
from sqlmodel import col

from feedback.analysis.contrasts import chance
from feedback.analysis.reading import day_number
from feedback.collect.counters import K
from feedback.models import Assignment, Comment, Theme
from feedback.statistics.trends import Period, change_point, joined
from feedback.themes import queries as theme_queries
from heard.kit.db import DbSession
from heard.kit.i18n import _, day, number, percent
from polls.announce import trials
from polls.models import Announcement, Poll


@dataclass(frozen=True)
class Line:
    """A period in words. `count` of `n` comments; None: there was no theme of this name."""

    label: str
    count: int | None
    n: int
    marked: bool = False  # from here on the share is another one

    @property
    def share(self) -> float:
        """0..1."""
        return (self.count or 0) / self.n if self.n else 0.0


@dataclass(frozen=True)
class Trend:
    """`finding`: in a sentence. `lines`: none where one period holds everything. `versions`: the periods are versions."""

    finding: str
    lines: list[Line]
    versions: bool = False

    @property
    def top(self) -> float:
        """The largest share, for the drawing."""
        return max((line.share for line in self.lines), default=0.0) or 1.0


def trend_of(session: DbSession, poll: Poll, theme: Theme) -> Trend:
    """By versions where there are two or more to compare, else by weeks."""
    if theme_queries.held_back(session, poll):
        return Trend(_("This poll has too few responses to tell anything of its comments."), [])
    return _by_versions(session, poll, theme) or _by_weeks(session, theme)


def _by_weeks(session: DbSession, theme: Theme) -> Trend:
    if theme.parent_id is not None:  # the weeks of a coarse theme less those of its other fine ones would tell of few
        return Trend(_("Weeks are told of whole themes only: finer ones would add up to groups of fewer than 5."), [])
    periods = joined(_weeks(session, theme), K)
    if len(periods) < 2:
        words = _(
            "Too few comments yet to tell one week from another: each line takes %(k)s in the theme and %(k)s others."
        )
        return Trend(words % {"k": number(K)}, [])
    return _told(periods, [Line(_week(p), p.hits, p.n) for p in periods])


def _weeks(session: DbSession, theme: Theme) -> list[Period]:
    """Comments by week from Monday on (UTC): those of the theme, and all that were read."""
    its = col(Assignment.theme_id).in_(theme_queries.counted_in(theme))
    on = day_number(session, Comment.__table__.c.said_at)  # type: ignore[attr-defined]
    rows = session.execute(
        select(on, func.count(), func.sum(case((its, 1), else_=0)))
        .join(Assignment, col(Assignment.comment_id) == col(Comment.id))
        .where(col(Assignment.poll_id) == theme.poll_id)
        .group_by(on)
    )
    n, hits = Counter[int](), Counter[int]()
    for at, all_, in_theme in rows:
        week = (at - 1) // 7  # the first day that Python counts is a Monday
        n[week] += all_
        hits[week] += in_theme
    return [Period(week, week, hits[week], n[week]) for week in sorted(n)]


def _week(period: Period) -> str:
    start, end = (date.fromordinal(7 * week + 1 + more) for week, more in ((period.first, 0), (period.last, 6)))
    if period.first == period.last:
        return _("Week of %(day)s") % {"day": day(start)}
    return _("%(start)s to %(end)s") % {"start": day(start), "end": day(end)}


def _by_versions(session: DbSession, poll: Poll, theme: Theme) -> Trend | None:
    """Themes of the same name in the check-ins of the same trial; None unless this poll is one of two or more."""
    trial = session.get(Announcement, poll.trial_id) if poll.trial_id else None
    lines, polls = list[Line](), set[int]()
    for version in trials.versions_of(session, trial) if trial else []:
        asked = trials.check_in_of(session, version)
        n = theme_queries.read_of(session, asked.id or 0) if asked else 0
        if asked is not None and n and not theme_queries.held_back(session, asked):
            words = _("Version %(n)s: %(name)s") if version.name else _("Version %(n)s")
            label = words % {"n": number(version.number), "name": version.name}
            lines.append(Line(label, _count_there(session, asked, theme), n))
            polls.add(asked.id or 0)
    if len(lines) < 2 or poll.id not in polls:
        return None
    known = [line for line in lines if line.count is not None]
    periods = [Period(at, at, line.count or 0, line.n) for at, line in enumerate(known)]
    return _told(periods, lines, versions=True)


def _count_there(session: DbSession, poll: Poll, theme: Theme) -> int | None:
    """The comments of the themes of this name in another check-in, on the same level; None where there is none."""
    if poll.id == theme.poll_id:
        return theme_queries.count_of(session, theme)
    themes = session.scalars(select(Theme).where(col(Theme.poll_id) == poll.id))
    level, name = theme.parent_id is None, theme.label.casefold()
    counts = theme_queries.counts_of(
        session, [t for t in themes if (t.parent_id is None) == level and t.label.casefold() == name]
    )
    return sum(counts.values()) or None


def _told(periods: list[Period], lines: list[Line], *, versions: bool = False) -> Trend:
    """The lines with the change marked, and the sentence over them. Lines without a figure are in no period."""
    change = change_point(periods)
    if change is None:
        return Trend(_("No change beyond chance in its share of the comments."), lines, versions)
    with_figure = [at for at, line in enumerate(lines) if line.count is not None]
    at = with_figure[change.at]
    shown = [Line(line.label, line.count, line.n, marked=place == at) for place, line in enumerate(lines)]
    rose = change.after > change.before
    words = (
        _("It grew: %(before)s of the comments before, %(after)s from “%(when)s” on (%(p)s).")
        if rose
        else _("It shrank: %(before)s of the comments before, %(after)s from “%(when)s” on (%(p)s).")
    )
    figures = {"before": percent(change.before), "after": percent(change.after), "p": chance(change.p)}
    return Trend(words % (figures | {"when": lines[at].label}), shown, versions)
