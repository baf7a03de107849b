"""What was heard: the themes that a version of a trial answers, and how that gets back to the people who spoke.

As with actions, nothing is copied and no list of people is made: whoever's comment belongs to a linked theme, now or
later, finds the version on the receipt.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, select
from sqlmodel import col

from feedback.collect.visibility import is_public
from feedback.models import HeardIn, Theme
from feedback.themes import queries as theme_queries
from feedback.themes import shaped
from feedback.themes.queries import ThemeRow
from heard.accounts.models import Account
from heard.kit.db import DbSession
from heard.kit.errors import BadInput
from heard.kit.i18n import _
from polls.announce import announcing, trials
from polls.frozen import frozen_poll
from polls.models import Announcement, Poll, Version

MOST = 100


@dataclass(frozen=True)
class HeardTheme:
    """A linked theme. `count`: how many said it; 0 where that may not be told."""

    id: int
    label: str
    count: int


@dataclass(frozen=True)
class PollThemes:
    """The themes of one poll, to choose from."""

    poll: Poll
    themes: list[ThemeRow]
    check_in: bool  # of this trial


class AnsweredBy(NamedTuple):
    """A published version that answers a theme, for a receipt."""

    trial: str  # title
    slug: str
    number: int
    name: str
    changed: str
    published_at: datetime
    theme: str  # its label; "" of a hidden one


def save_version(
    session: DbSession, trial: Announcement, version: Version, words: Mapping[str, str], theme_ids: Iterable[int] | None, *,
    revision: int, by: Account | None,
) -> None:  # fmt: skip
    """Store the words of a draft (those that are named; the others stay) and the themes it answers: both or neither. None
    leaves the themes as they are. Raises as trials.edit_version and link_themes."""
    with session.begin_nested():
        if words:
            whole = {name: words.get(name, getattr(version, name)) for name in trials.LONGEST}
            trials.edit_version(session, trial, version, **whole, revision=revision, by=by)
        if theme_ids is not None:
            link_themes(session, trial, version, theme_ids, by=by)


def link_themes(
    session: DbSession, trial: Announcement, version: Version, theme_ids: Iterable[int], *, by: Account | None
) -> None:
    """Say which themes a version answers: exactly these. Raises BadInput for a theme of another community."""
    wanted = sorted(set(theme_ids))[:MOST]
    found = session.execute(
        select(col(Theme.id), col(Theme.poll_id))
        .join(Poll, col(Poll.id) == col(Theme.poll_id))
        .where(col(Theme.id).in_(wanted), col(Poll.community_id) == trial.community_id)
    ).all()
    if len(found) < len(wanted):
        raise BadInput(
            _("One of the themes is not there any more."), hint=_("Reload the page and choose again."),
            fields={"themes": _("Choose again.")},
        )  # fmt: skip
    session.execute(delete(HeardIn).where(col(HeardIn.version_id) == version.id))
    session.add_all(HeardIn(version_id=version.id or 0, theme_id=theme, poll_id=poll) for theme, poll in found)
    announcing.record(session, by, "version.themes", trial, version=version.number, themes=len(found))


def linked(session: DbSession, version: Version) -> set[int]:
    """The ids of a version's themes."""
    return set(session.scalars(select(HeardIn.theme_id).where(col(HeardIn.version_id) == version.id)))  # type: ignore[call-overload]


def themes_to_choose(session: DbSession, trial: Announcement, *, kept: set[int]) -> list[PollThemes]:
    """Themes of the trial's check-ins, newest first, then of the community's other polls; the coarse ones, and `kept`."""
    heard = theme_queries.polls_with_comments(session, trial.community_id)
    found = []
    for row in [row for row in heard if row.themes]:
        poll = session.get_one(Poll, row.id)
        themes = theme_queries.themes_of(session, row.id) if not theme_queries.held_back(session, poll) else []
        if shown := [t for t in themes if t.parent is None or t.id in kept]:
            found.append(PollThemes(poll, shown, poll.trial_id == trial.id))
    return sorted(found, key=lambda p: not p.check_in)


def heard_in(
    session: DbSession, trial: Announcement, versions: Sequence[Version], *, for_members: bool
) -> dict[int, list[HeardTheme]]:
    """The themes of each version by its id, most said first.

    The public reads how many said it where the poll's results are open to everybody, the poll is listed or a check-in
    of this trial, and at least five said it; members always.
    """
    rows = session.execute(
        select(HeardIn, Theme, Poll)
        .join(Theme, col(Theme.id) == col(HeardIn.theme_id))
        .join(Poll, col(Poll.id) == col(Theme.poll_id))
        .where(col(HeardIn.version_id).in_([v.id for v in versions]))
    ).all()
    found: dict[int, list[HeardTheme]] = {}
    for link, named, poll in rows:
        theme = shaped.where_it_went(session, named)
        if any(theme.id == one.id for one in found.get(link.version_id, [])):
            continue
        if not for_members and shaped.is_hidden(session, theme):
            continue
        count = theme_queries.count_of(session, theme)
        open_to_all = is_public(frozen_poll(session, poll.slug)) and (poll.listed or poll.trial_id == trial.id)
        if not for_members and not (open_to_all and count >= theme_queries.K):
            count = 0
        found.setdefault(link.version_id, []).append(HeardTheme(theme.id or 0, theme.label, count))
    return {version: sorted(themes, key=lambda t: (-t.count, t.label)) for version, themes in found.items()}


def versions_for_response(session: DbSession, response_id: int) -> list[AnsweredBy]:
    """The published versions that answer what this response spoke to, newest first; for its receipt. Seeks ix_heard_in_theme."""
    spoken = theme_queries.themes_spoken_to(session, response_id)
    if not spoken:
        return []
    rows = session.execute(
        select(
            col(Announcement.title), col(Announcement.slug), col(Version.number), col(Version.name),
            col(Version.changed), col(Version.published_at), col(Theme.label), col(Theme.id),
        )
        .join(HeardIn, col(HeardIn.version_id) == col(Version.id))
        .join(Theme, col(Theme.id) == col(HeardIn.theme_id))
        .join(Announcement, col(Announcement.id) == col(Version.announcement_id))
        .where(
            col(HeardIn.theme_id).in_(spoken), col(Version.published_at).is_not(None),
            col(Announcement.status) != "draft",
        )
        .order_by(col(Version.published_at).desc(), col(Version.id).desc())
    )  # fmt: skip
    hidden = shaped.hidden_among(session, spoken)
    found: dict[tuple[str, int], AnsweredBy] = {}
    for row in rows:
        told = AnsweredBy(*row[:7])
        found.setdefault((told.slug, told.number), told._replace(theme="") if row[7] in hidden else told)
    return list(found.values())
