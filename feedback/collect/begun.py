"""Ballots that somebody has begun, page by page: kept until they are sent, never counted, erased when they rest too long.

A begun ballot is found by its token, which is also the nonce of its forms, and in a poll that is not anonymous by the
voter's key. The token is made from the ballot's id, so it can be shown again; only its hash is stored.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import delete, func, select, update

from feedback.collect.layout import ballot_id
from feedback.collect.storing import day_of
from feedback.collect.voters import Voter
from feedback.integrity import networks
from feedback.models import BallotDraft
from heard.kit import tokens, work
from heard.kit.clock import now
from heard.kit.db import DbSession, upsert
from heard.kit.errors import BadInput
from heard.kit.i18n import _
from heard.kit.web import LARGEST_FORM
from polls.frozen import FrozenPoll
from polls.kinds.kind import FrozenQuestion

DAYS_KEPT = 30  # after the last save
_D = BallotDraft.__table__  # type: ignore[attr-defined]


class Begun(NamedTuple):
    """A begun ballot. `fields`: its form so far; `place`: the page they were on, from 1."""

    id: int
    token: str
    fields: dict[str, list[str]]
    place: int
    saved_at: datetime


def find(session: DbSession, poll: FrozenPoll, token: str, voter: Voter | None = None) -> Begun | None:
    """By token, else by voter; what was said to questions that have been edited since is left out."""
    key = _key(poll, voter)
    ways = [_D.c.token_hash == tokens.hashed(token)] if token else []
    ways += [_D.c.voter_key == key] if key else []
    for way in ways:
        if row := session.execute(select(_D).where(_D.c.poll_id == poll.id, way)).first():
            return Begun(row.id, _token(poll, row.id), _still_asked(poll, row.fields), row.place, row.saved_at)
    return None


def keep(
    session: DbSession, poll: FrozenPoll, nonce: str, voter: Voter, fields: Mapping[str, Sequence[str]], place: int,
    *, network: str | None = None,
) -> Begun:  # fmt: skip
    """Keep a ballot as far as it is; the same one again for the same nonce or voter.

    Raises BadInput for one that holds more than a form on one page could: pages must not add up without end. Raises TooMany
    when its `network` has begun more than people do; of it nothing is kept.
    """
    at = day_of(now()) if poll.anonymous else now()
    fields = own_fields(poll, fields)
    if sum(len(name) + len(value) for name, sent in fields.items() for value in sent) > LARGEST_FORM:
        raise BadInput(_("This is more than the form can take."), hint=_("Shorten the longest text and send it again."))
    asked = {q.name: _print_of(q) for q in poll.questions}
    kept: dict[str, Any] = {"fields": {"said": fields, "asked": asked}, "place": place, "saved_at": at}
    found = find(session, poll, nonce, voter)
    if found is None:
        networks.begins(poll, network)
        new = ballot_id(poll, nonce)
        first = {
            "id": new, "poll_id": poll.id, "token_hash": tokens.hashed(_token(poll, new)), "voter_key": _key(poll, voter)
        }  # fmt: skip
        session.execute(upsert(session, _D).values(**first, **kept).on_conflict_do_nothing())
        found = find(session, poll, _token(poll, new), voter)
    assert found is not None  # ours, or that of the same person who was faster in another tab
    session.execute(update(_D).where(_D.c.id == found.id).values(**kept))
    last_day = day_of(at) + timedelta(days=DAYS_KEPT + 1)
    work.due(session, "begun_ballots", day_of(at).date().isoformat(), wait=last_day - now())
    return found._replace(fields=fields, place=place, saved_at=at)


def how_many(session: DbSession, poll_id: int) -> int:
    """Ballots of a poll that were begun and not sent."""
    return session.scalar(select(func.count()).select_from(_D).where(_D.c.poll_id == poll_id)) or 0


def forget(session: DbSession, poll: FrozenPoll, nonce: str, voter: Voter) -> None:
    """Start again: what was kept is deleted."""
    if found := find(session, poll, nonce, voter):
        session.execute(delete(_D).where(_D.c.id == found.id))


def erase_old(session: DbSession) -> int:
    """Delete what nobody has gone on with for 30 days; how many."""
    old = delete(_D).where(_D.c.saved_at <= now() - timedelta(days=DAYS_KEPT)).returning(_D.c.id)
    return len(session.execute(old).all())


def own_fields(poll: FrozenPoll, form: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """The fields of a form that belong to questions of this poll."""
    names = {q.name for q in poll.questions}
    return {name: list(sent) for name, sent in form.items() if name.partition("-")[0] in names}


def _still_asked(poll: FrozenPoll, kept: Mapping[str, Any]) -> dict[str, list[str]]:
    """An edit may give an id to another question: only what was said to the same words and options counts."""
    same = {q.name for q in poll.questions if kept["asked"].get(q.name) == _print_of(q)}
    return {name: sent for name, sent in kept["said"].items() if name.partition("-")[0] in same}


def _print_of(question: FrozenQuestion) -> str:
    options = [(o.id, o.label, o.role) for o in question.options]
    return tokens.hashed(repr((question.kind, question.wording, options)))[:12]


def _token(poll: FrozenPoll, begun_id: int) -> str:
    return tokens.derived("begun token", poll.id, begun_id)


def _key(poll: FrozenPoll, voter: Voter | None) -> str | None:
    return voter.key if voter is not None and voter.known and not poll.anonymous else None
