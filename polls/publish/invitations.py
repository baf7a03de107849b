"""Personal links: one ballot each. The token is derived, so the list can be shown again; only its hash is stored."""

from collections.abc import Iterable
from typing import NamedTuple

from sqlmodel import col, func, select

from heard.accounts import audit
from heard.accounts.models import Account
from heard.kit import csvio, tokens
from heard.kit.db import DbSession
from heard.kit.errors import BadInput, Refused
from heard.kit.i18n import _, number
from heard.kit.settings import settings
from polls.models import Invitation, Poll

MOST_AT_ONCE, MOST = 1000, 50_000
TEST = "test"  # stands for the token in a mail that a manager sends to themselves


class NotByLink(Refused):
    """The poll lets people in by another rule."""

    code, status = "not_by_link", 409

    def __init__(self, poll: Poll) -> None:
        super().__init__(
            _("“%(title)s” does not take votes by personal link.") % {"title": poll.title},
            hint=_("Choose “Only people with a personal link” while the poll is a draft."),
        )


class PersonalLink(NamedTuple):
    """One line of the list. `path` holds the token."""

    number: int
    label: str
    path: str
    turned_in: bool


def invite(session: DbSession, poll: Poll, count: int, *, by: Account | None) -> None:
    """Make `count` more personal links, numbered on from the last. Raises NotByLink or BadInput."""
    if poll.voter_rule != "link":
        raise NotByLink(poll)
    if poll.trial_id is not None:
        words = _("Only the participants of the trial answer this check-in, each by the link in their mail.")
        raise BadInput(words, fields={"count": words})
    session.refresh(poll, with_for_update=True)  # two managers at once would take the same numbers
    last = session.exec(select(func.max(Invitation.number)).where(Invitation.poll_id == poll.id)).one() or 0
    if not 1 <= count <= MOST_AT_ONCE or last + count > MOST:
        words = _("Make between 1 and %(n)s links at a time, and at most %(all)s in all.")
        raise BadInput(words % {"n": number(MOST_AT_ONCE), "all": number(MOST)}, fields={"count": str(count)[:20]})
    session.add_all(
        Invitation(poll_id=poll.id or 0, number=n, token_hash=tokens.hashed(token_of(poll.id or 0, n)))
        for n in range(last + 1, last + count + 1)
    )
    audit.record(session, by, "poll.links_made", poll.slug, community_id=poll.community_id, count=count)
    session.flush()


def token_of(poll_id: int, number: int) -> str:
    """The secret in a personal link."""
    return tokens.derived("invitation", poll_id, number)


def personal_links(session: DbSession, poll: Poll, *, after: int = 0, limit: int | None = None) -> list[PersonalLink]:
    """All of them in order, or some behind a number. In an anonymous poll too, "used" says that somebody voted, never what."""
    found = select(Invitation).where(Invitation.poll_id == poll.id, Invitation.number > after)
    rows = session.exec(found.order_by(col(Invitation.number)).limit(limit))
    return [
        PersonalLink(i.number, i.label, f"/p/{poll.slug}?t={token_of(i.poll_id, i.number)}", i.turned_in) for i in rows
    ]


def find(session: DbSession, poll_id: int, token: str) -> Invitation | None:
    """The invitation behind a token, or None for a token of another poll or of nobody."""
    return session.exec(
        select(Invitation).where(Invitation.token_hash == tokens.hashed(token), Invitation.poll_id == poll_id)
    ).first()


def links_csv(links: Iterable[PersonalLink]) -> str:
    """The list as CSV, with a byte-order mark so that spreadsheets read it as UTF-8."""
    head = csvio.line([_("number"), _("name"), _("link"), _("used")])
    yes, no = _("yes"), _("no")
    rows = (csvio.line([i.number, i.label, settings().base_url + i.path, yes if i.turned_in else no]) for i in links)
    return "\ufeff" + head + "".join(rows)
