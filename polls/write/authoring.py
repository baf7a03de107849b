"""Writing a poll: making a draft, editing it, and saying what it lacks.

A poll that somebody has answered keeps its words. Two editors never overwrite each other: every edit
names the revision it began with.
"""

import re
from collections.abc import Sequence
from typing import Any

from sqlmodel import select

from heard.accounts import audit
from heard.accounts.models import Account, AuditEntry, Community
from heard.kit import tokens
from heard.kit.clock import now
from heard.kit.db import DbSession
from heard.kit.errors import Refused
from heard.kit.i18n import _
from heard.kit.slugs import add_with_slug, free_slug, slug_of
from polls.frozen import freeze
from polls.kinds.kind import Draft
from polls.models import Poll
from polls.publish import scheduling
from polls.write import readiness, storing
from polls.write.drafts import PollDraft, checked

RESERVED = {
    "new",
    "templates",
    "files",
    "imports",
}  # /m/<community>/polls/new is the editor of a poll that is not stored yet


class EditionFrozen(Refused):
    """Somebody has answered these words already."""

    code, status = "edition_frozen", 409

    def __init__(self, poll: Poll) -> None:
        super().__init__(
            _("Somebody has answered “%(title)s”, so its questions and options stay as they are.")
            % {"title": poll.title},
            hint=_(
                "Answers belong to the words people saw. Correct a slip of the pen, or make a new edition for new words."
            ),
        )


class EditedElsewhere(Refused):
    """Another editor saved first; nothing was overwritten."""

    code, status = "edited_elsewhere", 409

    def __init__(self, poll: Poll, who: str) -> None:
        known = _("%(who)s saved “%(title)s” while you were editing it.")
        unknown = _("“%(title)s” was saved elsewhere while you were editing it.")
        super().__init__(
            (known if who else unknown) % {"who": who, "title": poll.title},
            hint=_(
                "Nothing was overwritten. See what is different; save again to replace it, or reload to take it over."
            ),
        )


def create_poll(
    session: DbSession,
    community: Community,
    title: str,
    questions: Sequence[Draft],
    *,
    by: Account | None,
    **rest: Any,
) -> Poll:
    """A new draft. Without a title it takes its first question's words; without `locale` it speaks the community's.

    `rest`: any other field of a PollDraft. Raises BadInput naming what cannot be stored.
    """
    rest["locale"] = rest.get("locale") or community.locale
    draft = checked(PollDraft(title, tuple(questions), **rest))
    poll = Poll(
        community_id=community.id or 0, slug="", series_id=tokens.random_id().to_bytes(8).hex(), title=draft.title,
        created_at=now(), created_by=by.id if by else None,
    )  # fmt: skip
    _take(poll, draft)
    _add_with_slug(session, poll)
    storing.write(session, poll, draft)
    audit.record(session, by, "poll.created", poll.slug, community_id=poll.community_id)
    session.flush()
    return poll


def may_edit(poll: Poll) -> bool:
    """Whether its words may still change: nobody has voted. (From the first vote on, a new edition is made.)"""
    return not poll.frozen and poll.status in ("draft", "scheduled", "open")


def edit_poll(session: DbSession, poll: Poll, edited: PollDraft, *, revision: int, by: Account | None) -> None:
    """Replace everything in a poll that nobody has answered. `revision`: the one the editor began with.

    Raises EditionFrozen when somebody has voted, EditedElsewhere when somebody saved since, BadInput as above, and
    PollNotReady when something is missing in a poll that is published already. A draft that leaves the public list gets
    an address nobody can guess.
    """
    session.refresh(poll, with_for_update=True)  # the row is ours until the commit: no second editor in between
    if not may_edit(poll):
        raise EditionFrozen(poll)
    if poll.revision != revision:
        raise EditedElsewhere(poll, last_editor(session, poll))
    edited = checked(edited)
    moved = poll.status == "draft" and poll.listed != edited.listed  # a shared address stays
    _take(poll, edited)
    poll.revision += 1
    if moved:
        _add_with_slug(session, poll)
    session.add(poll)
    session.flush()
    storing.rewrite(session, poll, edited)
    if poll.status != "draft":
        readiness.require(freeze(session, poll))
        scheduling.plan(session, poll)
    audit.record(session, by, "poll.edited", poll.slug, community_id=poll.community_id, revision=poll.revision)
    session.flush()


def _take(poll: Poll, draft: PollDraft) -> None:
    poll.title, poll.intro, poll.locale = draft.title, draft.intro, draft.locale
    poll.voter_rule, poll.results_rule = draft.voter_rule, draft.results_rule
    poll.anonymous, poll.listed, poll.may_change = draft.anonymous, draft.listed, draft.may_change
    poll.paged, poll.closes_in_days = draft.paged, draft.closes_in_days
    poll.opens_at, poll.closes_at = draft.opens_at, draft.closes_at


def _add_with_slug(session: DbSession, poll: Poll) -> None:
    """At a readable address; an unlisted poll at one of 128 random bits."""
    stem = slug_of(poll.title) or "poll"
    add_with_slug(
        session, poll, lambda: free_slug(session, Poll, stem, reserved=RESERVED) if poll.listed else tokens.fresh()
    )


def settle_address(session: DbSession, poll: Poll) -> None:
    """The address of a draft follows its title a last time before it is shared: it was made from the first words typed."""
    stem = slug_of(poll.title) or "poll"
    if poll.status == "draft" and poll.listed and not re.fullmatch(re.escape(stem) + r"(-\d+)?", poll.slug):
        audit.record(session, None, "poll.moved", poll.slug, community_id=poll.community_id)
        _add_with_slug(session, poll)


def last_editor(session: DbSession, poll: Poll) -> str:
    """The name of who saved this draft last, or ""."""
    return (
        session.exec(
            select(Account.name)
            .join(AuditEntry, AuditEntry.account_id == Account.id)  # type: ignore[arg-type]
            .where(AuditEntry.subject == poll.slug, AuditEntry.community_id == poll.community_id)
            .order_by(AuditEntry.id.desc())  # type: ignore[union-attr]
        ).first()
        or ""
    )
