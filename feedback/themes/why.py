"""Why an answer is where it is: the words it shares with its theme, how near it is, what is like it, and who put it there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import col

from feedback.access import Said
from feedback.models import Assignment, Theme, ThemeEdit, ThemeMove
from feedback.themes import queries as theme_queries
from feedback.themes.answers_of import Wanted, said_alike
from feedback.themes.edits import LONGEST_LABEL
from feedback.themes.nearest import Near, nearest
from feedback.themes.queries import ThemeRow
from feedback.themes.shaped import hidden_in
from feedback.themes.shared_words import marked, shared
from feedback.themes.text import masked
from feedback.themes.views import Branch, others_than
from heard.accounts.access import Member
from heard.accounts.models import Account
from heard.kit.db import DbSession
from heard.kit.errors import BadInput
from heard.kit.i18n import _, ngettext, number
from polls.models import Poll


@dataclass(frozen=True)
class PutBy:
    """The newest edit that stands and placed it; `name` of who made it, "" where that account is gone."""

    name: str
    at: datetime


@dataclass(frozen=True)
class Why:
    """parts: the answer, masked, True for what it shares with the theme's words; words: those; n: how many say the same in
    this place; nearer: other answers of the theme that are farther from its middle, of `others`; put: None where no person
    did it."""

    text: str
    parts: list[tuple[str, bool]]
    words: list[str]
    n: int
    nearer: int
    others: int
    near: list[Near]
    elsewhere: list[Near]
    by_person: bool
    put: PutBy | None


def why_here(session: DbSession, member: Member, poll: Poll, said: Said) -> Why:
    """Reads, then reckons with nothing open, then reads what it shows."""
    comment, place, theme = said
    text, keywords = masked(comment.text), theme.keywords if theme else []
    n = len(said_alike(session, poll.id or 0, Wanted(theme, alone=theme is None), [comment.id]))
    nearer, others = _nearer(session, place)
    put = _put(session, comment.id) if place.placed_by == "person" else None
    away = (
        set()
        if member.may("edit_themes")
        else hidden_in(session.scalars(select(Theme).where(col(Theme.poll_id) == poll.id)))
    )
    near, elsewhere = nearest(session, comment, place.theme_id, away)
    return Why(
        text, marked(text, keywords), shared(text, keywords), n, nearer, others, near, elsewhere,
        by_person=place.placed_by == "person", put=put,
    )  # fmt: skip


def _nearer(session: DbSession, place: Assignment) -> tuple[int, int]:
    if place.theme_id is None:
        return 0, 0
    mine = select(func.count()).where(col(Assignment.theme_id) == place.theme_id)
    farther = session.scalar(mine.where(col(Assignment.score) < place.score)) or 0
    return farther, (session.scalar(mine) or 1) - 1


def _put(session: DbSession, comment_id: int) -> PutBy | None:
    row = session.execute(
        select(col(ThemeEdit.at), col(Account.name))
        .join(ThemeMove, col(ThemeMove.edit_id) == col(ThemeEdit.id))
        .join(Account, col(Account.id) == col(ThemeEdit.account_id), isouter=True)
        .where(col(ThemeMove.comment_id) == comment_id, col(ThemeEdit.undone_at).is_(None))
        .order_by(col(ThemeEdit.id).desc())
        .limit(1)
    ).first()
    return PutBy(row.name or "", row.at) if row else None


@dataclass
class WhyPage:
    """templates/feedback/theme_why.html. `place`: how near it is, in words; `themes`: by id, for links; `others`: where it
    can go; `typed`, `message`, `hint`, `errors`: of a form that was refused."""

    member: Member
    poll: Poll
    at: str
    comment_id: int
    theme: Theme | None
    why: Why
    place: str
    themes: Mapping[int, ThemeRow]
    others: list[Branch]
    ticked: Iterable[int] = ()
    typed: Mapping[str, str] = field(default_factory=dict)
    message: str = ""
    hint: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    longest: int = LONGEST_LABEL


def why_page(
    session: DbSession, member: Member, poll: Poll, said: Said, *, typed: Mapping[str, str] | None = None, refused: BadInput | None = None
) -> WhyPage:  # fmt: skip
    """The page of one answer."""
    edits = member.may("edit_themes")
    rows = theme_queries.themes_of(session, poll.id or 0, hidden=edits)
    why = why_here(session, member, poll, said)
    return WhyPage(
        member, poll, f"/m/{member.community.slug}/comments/{said.comment.id}", said.comment.id, said.theme, why, _place(why, said.theme),
        themes={row.id: row for row in rows}, others=others_than(rows, said.theme) if edits else [], typed=typed or {},
        message=refused.message if refused else "", hint=refused.hint if refused else "", errors=refused.fields if refused else {},
    )  # fmt: skip


def _place(why: Why, theme: Theme | None) -> str:
    if theme is None:
        return _("No other answers are near enough to be one theme with it.")
    if not why.others:
        return _("It is the only answer of its theme.")
    figures = {"n": number(why.nearer), "others": number(why.others)}
    words = ngettext(
        "It is nearer to the middle of the theme than %(n)s of the %(others)s other answer.",
        "It is nearer to the middle of the theme than %(n)s of the %(others)s other answers.", why.others,
    )  # fmt: skip
    return words % figures
