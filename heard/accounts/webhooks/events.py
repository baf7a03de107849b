"""What other programs can be told of, and telling it: a row for each webhook that wants it, in the event's transaction.

The rooms above name their events here (`event`), each with a line on what happened and the names of its fields. The body
is frozen as text when it happens; sending is later work (jobs.py). An event's id is made from what it is about, so
the same thing told twice is one delivery.
"""

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from time import monotonic
from typing import Any, NamedTuple

from sqlmodel import col, select

from heard.accounts.models import Community, Webhook, WebhookDelivery
from heard.kit import tokens, work
from heard.kit.clock import now
from heard.kit.db import DbSession, upsert

SILENT_SECONDS = 1.0
_silent: dict[int, float] = {}  # communities without a webhook, and until when we believe it


class Event(NamedTuple):
    """A kind of event. `line`: what happened, in the reader's language; `fields`: what its `data` holds."""

    name: str
    line: Callable[[], str]
    fields: tuple[str, ...]


EVENTS: dict[str, Event] = {}


class Happening(NamedTuple):
    """One event. `subject` names the very thing it is about: the same subject, the same id. `at` None: now."""

    event: str
    subject: str
    data: Mapping[str, Any]
    at: str | None = None


def event(name: str, line: Callable[[], str], *fields: str) -> str:
    """Make an event known; returns its name."""
    EVENTS[name] = Event(name, line, fields)
    return name


def tell(session: DbSession, community_id: int, event: str, subject: object, data: Mapping[str, Any]) -> None:
    """Something has happened in a community: whoever wants to know is told once this transaction is committed."""
    tell_all(session, community_id, [Happening(event, str(subject), data)])


def tell_all(session: DbSession, community_id: int, happenings: Iterable[Happening]) -> None:
    """The same for many at once."""
    hooks = listening(session, community_id)
    if not hooks:
        return
    community = session.get_one(Community, community_id)
    moment = now()
    rows = [_row(hook, one, community.slug, moment) for one in happenings for hook in hooks if one.event in hook.events]
    if rows:
        put = upsert(session, WebhookDelivery).on_conflict_do_nothing(index_elements=["webhook_id", "event_id"])
        session.execute(put, rows)
    for webhook_id in sorted({row["webhook_id"] for row in rows}):
        work.due(session, "webhook", webhook_id, webhook_id=webhook_id)


def listening(session: DbSession, community_id: int, wanted: Collection[str] = ()) -> list[Webhook]:
    """The community's webhooks that are not paused, or those of them that want one of these events.

    That there is none is believed for a second: it costs a ballot nothing. What there is, is asked each time, and kept from
    being deleted until the commit: a ballot must not fail because its webhook went away.
    """
    if _silent.get(community_id, 0) > monotonic():
        return []
    mine = select(Webhook).where(Webhook.community_id == community_id, col(Webhook.paused_at).is_(None))
    found = list(session.exec(mine.order_by(col(Webhook.id)).with_for_update(read=True, key_share=True)))
    if not found:
        _silent[community_id] = monotonic() + SILENT_SECONDS
    return [hook for hook in found if not wanted or {*wanted} & {*hook.events}]


def has_any(session: DbSession, community_id: int) -> bool:
    """Whether the community has a webhook, paused or not."""
    return session.exec(select(Webhook.id).where(Webhook.community_id == community_id).limit(1)).first() is not None


def listens_again(community_id: int) -> None:
    """There is a webhook now, or one that is no longer paused."""
    _silent.pop(community_id, None)


def event_id(event: str, subject: str) -> str:
    """The same for every webhook that is told, and for every try."""
    return tokens.derived("event", event, subject)


def body_of(event_id: str, one: Happening, community: str, moment: datetime) -> str:
    """The JSON text that is sent."""
    body = {"id": event_id, "event": one.event, "at": one.at or moment.isoformat(timespec="seconds")}
    return json.dumps({**body, "community": community, "data": one.data}, ensure_ascii=False)


def _row(hook: Webhook, one: Happening, community: str, moment: datetime) -> dict[str, Any]:
    its_id = event_id(one.event, one.subject)
    return {
        "webhook_id": hook.id, "event_id": its_id, "event": one.event, "body": body_of(its_id, one, community, moment),
        "status": "queued", "attempts": 0, "error": "", "created_at": moment,
    }  # fmt: skip
