"""What was done about a theme, and how it gets back to the people who spoke.

An action hangs on a theme, not on persons: whoever's comment belongs to the theme, now or later, finds it on the
receipt. Nothing is copied, nothing is sent, and no list of people is made.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlmodel import col

from feedback import events
from feedback.collect.visibility import is_public
from feedback.models import ACTION_STATUSES, Action, Theme
from feedback.themes import queries as theme_queries
from feedback.themes import shaped
from heard.accounts import audit
from heard.accounts.models import Account, Community, Membership
from heard.kit import tokens
from heard.kit.clock import now, today
from heard.kit.db import DbSession
from heard.kit.errors import BadInput, NotFound, Refused
from heard.kit.i18n import _
from heard.kit.web import clean_text
from polls.frozen import FrozenPoll, frozen_polls
from polls.kinds.kind import kind_of
from polls.models import Poll
from polls.publish import links
from polls.publish.links import Target

LONGEST_TITLE, LONGEST_NOTE = 200, 4000


class AlreadyWithdrawn(Refused):
    """The answer is no longer public."""

    code, status = "already_withdrawn", 409


class ActionRow(NamedTuple):
    """An action as people read it. `owner`: who sees to it, for members only; "" for everybody else."""

    id: int
    title: str
    public_note: str
    status: str
    created_at: datetime
    theme_id: int
    theme: str  # its label; "" for readers of a page from which the theme was hidden
    due_on: date | None = None
    owner: str = ""
    owner_id: int | None = None

    @property
    def status_word(self) -> str:
        """The status in the reader's language."""
        return status_words()[self.status]

    @property
    def overdue(self) -> bool:
        """Whether its day is past and it is not done."""
        return self.due_on is not None and self.due_on < today() and self.status in ("planned", "doing")


@dataclass(frozen=True)
class WeDid:
    """One “we asked, you said, we did” for the public. What may not be told is empty: poll, question, said (0), quote."""

    action: ActionRow
    anchor: str
    poll_title: str
    poll_slug: str
    question: str
    said: int
    quote: str


def status_words() -> dict[str, str]:
    """Every status and its word, in the order of a theme's life."""
    words = {"planned": _("Planned"), "doing": _("Under way"), "done": _("Done"), "declined": _("Not now")}
    return {status: words[status] for status in ACTION_STATUSES}


def publish_action(
    session: DbSession, theme: Theme, title: str, public_note: str, status: str, *, by: Account | None,
    owner_id: int | None = None, due_on: date | None = None,
) -> Action:  # fmt: skip
    """Tell the people who spoke about a theme what is done: on the community's page, in its feed, on their receipts.

    `owner_id`: a member who sees to it, never told in public; `due_on`: the day until which it is promised, which is.
    Raises BadInput with a line for each field that is missing, too long or unknown.
    """
    title, public_note = " ".join(clean_text(title).split()), clean_text(public_note).strip()
    if faults := _faults(title, public_note, status) | _promise_faults(session, theme, owner_id, due_on):
        raise BadInput(
            _("The answer was not published: %(why)s") % {"why": next(iter(faults.values()))},
            hint=_("A title, a note that the people who spoke will read, and a status."),
            fields=faults,
        )
    action = Action(
        poll_id=theme.poll_id, theme_id=theme.id or 0, title=title, public_note=public_note, status=status,
        created_by=by.id if by else None, created_at=now(), owner_id=owner_id, due_on=due_on,
    )  # fmt: skip
    session.add(action)
    session.flush()
    poll = session.get_one(Poll, action.poll_id)
    community = session.get_one(Community, poll.community_id)
    links.make_links(session, community, Target(path=page_of(community, action)))
    _record(session, by, "action.published", action, status=status)
    events.action_moved(session, events.PUBLISHED, action, page_of(community, action))
    return action


def page_of(community: Community, action: Action) -> str:
    """The path of the answer's own public page."""
    return path_of(community.slug, action.id or 0)


def path_of(community: str, action_id: int) -> str:
    """The same by the slug and the id."""
    return f"/c/{community}/answers/{anchor_at(action_id)}"


def anchor_of(action: Action) -> str:
    """Its name in addresses: the same always, and no way to the next one."""
    return anchor_at(action.id)


def anchor_at(action_id: int | None) -> str:
    """The same, by its id."""
    return tokens.derived("action", action_id, size=9)


def withdraw_action(session: DbSession, action: Action, *, by: Account | None) -> None:
    """Take an answer back: it leaves every page and the theme waits again. Raises AlreadyWithdrawn."""
    session.refresh(action, with_for_update=True)
    if action.withdrawn_at is not None:
        raise AlreadyWithdrawn(_("This answer was withdrawn before."), hint=_("Write a new one on the theme's page."))
    action.withdrawn_at = now()
    session.add(action)
    session.flush()
    _record(session, by, "action.withdrawn", action)
    events.action_moved(session, events.TAKEN_BACK, action, page_of(events.home_of(session, action), action))


def actions_of_themes(session: DbSession, ids: Iterable[int], *, owners: bool = False) -> list[ActionRow]:
    """The public actions on exactly these themes, newest first; for members with their `owners`. Seeks ix_actions_theme."""
    rows = session.execute(
        select(
            col(Action.id), col(Action.title), col(Action.public_note), col(Action.status), col(Action.created_at),
            col(Theme.id), col(Theme.label), col(Action.due_on), func.coalesce(Account.name, ""), col(Action.owner_id),
        )
        .join(Theme, col(Theme.id) == col(Action.theme_id))
        .join(Account, col(Account.id) == col(Action.owner_id), isouter=True)
        .where(col(Action.theme_id).in_(list(ids)), col(Action.withdrawn_at).is_(None))
        .order_by(col(Action.created_at).desc(), col(Action.id).desc())
    )  # fmt: skip
    found = [ActionRow(*row) for row in rows]
    return found if owners else [row._replace(owner="", owner_id=None) for row in found]


def actions_for_response(session: DbSession, response_id: int) -> list[ActionRow]:
    """What was done about that which this response spoke to, newest first; for its receipt.

    By way of its comments: their fine themes, and the coarse ones above. A comment that joins a theme after the answer
    was published finds it too.
    """
    spoken = theme_queries.themes_spoken_to(session, response_id)
    hidden = shaped.hidden_among(session, spoken)
    rows = actions_of_themes(session, spoken) if spoken else []
    return [row._replace(theme="") if row.theme_id in hidden else row for row in rows]


def we_did(session: DbSession, community_id: int, *, limit: int = 50, offset: int = 0) -> list[WeDid]:
    """“We asked, you said, we did” of a community, newest first, as anybody may read it.

    Of an unlisted poll only what was written for the public is told. How many said it, and one quote, stand there when
    the poll's results are open to everybody and at least five said it.
    """
    rows = session.execute(
        select(Action, Theme, Poll)
        .join(Theme, col(Theme.id) == col(Action.theme_id))
        .join(Poll, col(Poll.id) == col(Action.poll_id))
        .where(col(Poll.community_id) == community_id, col(Action.withdrawn_at).is_(None))
        .order_by(col(Action.created_at).desc(), col(Action.id).desc())
        .limit(limit)
        .offset(offset)
    )
    return told(session, [(action, theme, poll) for action, theme, poll in rows])


def did_at(session: DbSession, community: Community, anchor: str) -> WeDid:
    """The one at /c/{community}/answers/{anchor}. Raises NotFound, with a plain word for one that was taken back."""
    of_community = select(col(Action.id)).join(Poll, col(Poll.id) == col(Action.poll_id))
    ids = session.scalars(of_community.where(col(Poll.community_id) == community.id))
    found = next((id for id in ids if anchor_at(id) == anchor), None)
    action = session.get(Action, found) if found is not None else None
    if action is None or action.withdrawn_at is not None:
        gone = _("This answer was taken back.") if action else _("There is no answer at this address.")
        hint = _("What %(community)s asks and does stands on its page.") % {"community": community.name}
        raise NotFound(gone, hint=hint, link=f"/c/{community.slug}")
    return told_of(session, action)


def told_of(session: DbSession, action: Action) -> WeDid:
    """One answer as anybody may read it."""
    return told(session, [(action, session.get_one(Theme, action.theme_id), session.get_one(Poll, action.poll_id))])[0]


def told(session: DbSession, rows: Sequence[tuple[Action, Theme, Poll]]) -> list[WeDid]:
    """Answers as anybody may read them, in a few statements."""
    rows = [(action, shaped.where_it_went(session, theme), poll) for action, theme, poll in rows]
    hidden = shaped.hidden_among(session, [theme.id or 0 for _action, theme, _poll in rows])
    polls = frozen_polls(session, {poll.id or 0 for _action, _theme, poll in rows if poll.listed})
    themes = [
        theme
        for _a, theme, poll in rows
        if (frozen := polls.get(poll.id or 0)) and is_public(frozen) and theme.id not in hidden
    ]
    counts = {theme: n for theme, n in theme_queries.counts_of(session, themes).items() if n >= theme_queries.K}
    quotes = theme_queries.first_quotes(session, [theme for theme in themes if theme.id in counts])
    return [
        WeDid(
            ActionRow(
                action.id or 0, action.title, action.public_note, action.status, action.created_at, theme.id or 0,
                theme.label if theme.id not in hidden else "", action.due_on,
            ),
            anchor=anchor_of(action),
            poll_title=poll.title if poll.listed else "",
            poll_slug=poll.slug if poll.listed else "",
            question=_asked(session, theme, polls[poll.id or 0]) if poll.listed else "",
            said=counts.get(theme.id or 0, 0),
            quote=quotes.get(theme.id or 0, ""),
        )
        for action, theme, poll in rows
    ]  # fmt: skip


def _asked(session: DbSession, theme: Theme, poll: FrozenPoll) -> str:
    open_text = [q for q in poll.questions if kind_of(q.kind).has_comments(q)]
    if len(open_text) == 1:
        return open_text[0].wording
    question = poll.question(theme_queries.question_of(session, theme) or 0)
    return question.wording if question else poll.title


def _faults(title: str, public_note: str, status: str) -> dict[str, str]:
    faults = {}
    if not 0 < len(title) <= LONGEST_TITLE:
        faults["title"] = _("The title needs 1 to %(n)s characters.") % {"n": LONGEST_TITLE}
    if not 0 < len(public_note) <= LONGEST_NOTE:
        faults["public_note"] = _("The note needs 1 to %(n)s characters.") % {"n": LONGEST_NOTE}
    if status not in ACTION_STATUSES:
        faults["status"] = _("The status is one of %(names)s.") % {"names": ", ".join(ACTION_STATUSES)}
    return faults


def _promise_faults(session: DbSession, theme: Theme, owner_id: int | None, due_on: date | None) -> dict[str, str]:
    faults = {}
    community_id = session.get_one(Poll, theme.poll_id).community_id
    if owner_id is not None and session.get(Membership, (owner_id, community_id)) is None:
        faults["owner"] = _("Who sees to it must be a member of this community.")
    if due_on is not None and due_on < today():
        faults["due_on"] = _("The day must be to come.")
    return faults


def _record(session: DbSession, by: Account | None, what: str, action: Action, **details: object) -> None:
    community = session.get_one(Poll, action.poll_id).community_id
    audit.record(session, by, what, str(action.id), community_id=community, theme=action.theme_id, **details)
