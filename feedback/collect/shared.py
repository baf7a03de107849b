"""What is told of a poll where it is shared: the question while it is open; when it has closed, what came out, if anybody
may see it, or else thanks and what happens next."""

from datetime import datetime
from zoneinfo import ZoneInfo

from feedback.collect import queries
from feedback.collect.results_view import headline
from feedback.collect.visibility import is_public
from heard.kit.db import DbSession
from heard.kit.i18n import _, ngettext, number, speaking
from polls.frozen import FrozenPoll, frozen_poll
from polls.models import Poll
from polls.publish import editions
from polls.publish.snippets import Told


def told_of(session: DbSession, poll: Poll) -> Told:
    """In the poll's own language."""
    frozen, address = frozen_poll(session, poll.slug), editions.address_of(session, poll)
    if frozen.phase == "closed":
        return _closed(session, poll, frozen)
    opens = frozen.opens_at if state_of(frozen) == "scheduled" else None
    return Told(
        frozen.title, frozen.intro, frozen.locale, _options(frozen), _there(frozen, opens), _there(frozen, frozen.closes_at),
        picture=f"/p/{address}/card.png" if frozen.phase == "open" else "", frame=address,
    )  # fmt: skip


def state_of(poll: FrozenPoll) -> str:
    """draft | scheduled | open | closed, at this moment."""
    if poll.phase == "not_yet":
        return "draft" if poll.status == "draft" else "scheduled"
    return poll.phase


def _closed(session: DbSession, poll: Poll, frozen: FrozenPoll) -> Told:
    public = is_public(frozen)
    with speaking(frozen.locale):
        intro = _result(session, frozen) if public else ""
        intro = intro or _thanks(frozen, public=public)
    to, older = "/results" if public else "", editions.has_newer(session, poll)
    return Told(
        frozen.title, intro, frozen.locale, picture=f"/p/{poll.slug}/card.png", behind=to,
        instead=f"/p/{poll.slug}{to}" if older else "",
    )  # fmt: skip


def _result(session: DbSession, poll: FrozenPoll) -> str:
    """The finding with its question and its base; "" where nothing may be told, or nobody answered."""
    results = queries.poll_results(session, poll)
    answered = next((q for q in results.questions if q.n), None)
    if not results.n or answered is None:
        return ""
    asked = " ".join(answered.wording.split())
    finding = headline(results)
    if asked and asked != " ".join(poll.title.split()):
        finding = f"{asked if asked[-1] in '?!.:…' else f'{asked}:'} {finding}"
    words = ngettext("%(n)s answer. Thank you.", "%(n)s answers. Thank you, each of you.", results.n)
    return f"{finding}\n{words % {'n': number(results.n)}}"


def _thanks(poll: FrozenPoll, *, public: bool) -> str:
    if public:
        return _("This poll is closed. Thank you to everybody who answered.")
    return _(
        "This poll is closed. Thank you to everybody who answered. We read every answer, and say here what comes of it."
    )


def _options(poll: FrozenPoll) -> list[str]:
    """Of a poll with one question, as the editor's previews show them."""
    if len(poll.questions) != 1:
        return []
    return [o.label[:500] for o in poll.questions[0].options if o.role == "option"][:50]


def _there(poll: FrozenPoll, at: datetime | None) -> datetime | None:
    """The moment in the community's zone, whose day is told."""
    return at.astimezone(ZoneInfo(poll.zone)) if at else None
