"""A form of an older edition that is sent after a newer one has opened: at the same address, with other questions' ids.

Nothing of it is counted as it is, because the words may differ. What still fits is filled in on the newer edition.
"""

import asyncio
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from sqlmodel import col, select

from feedback.collect import ballots, begun, queries, voters
from feedback.collect.receipts import receipt_of
from feedback.models import BallotDraft
from heard.kit import tokens
from heard.kit.db import DbSession, reading
from heard.kit.i18n import _
from heard.kit.web import Form
from polls.frozen import FrozenPoll, freeze
from polls.kinds.kind import FrozenOption, FrozenQuestion, Value
from polls.models import Poll, Question
from polls.write.drafts import folded


class Outdated(NamedTuple):
    """What an older edition's form comes to: the fields of the newer one, or the `receipt` when it was counted before."""

    fields: dict[str, list[str]]
    receipt: str = ""


def message() -> str:
    """What happened."""
    return _("A newer edition of this poll has opened since you began, so nothing was counted yet.")


def hint() -> str:
    """What to do."""
    return _("What still fits is filled in. Look through it, then send.")


async def outdated(poll: FrozenPoll, form: Form, nonce: str) -> Outdated | None:
    """None for a form of this very edition (without a look into the database), and for one of another poll."""
    ids = {int(found[1]) for name in form if (found := re.fullmatch(r"q([0-9]{1,18})(-.*)?", name))}
    if ids & {q.id for q in poll.questions} or (not ids and "page" not in form):
        return None
    return await asyncio.to_thread(_look_up, poll, ids, form, nonce)


def begun_before(session: DbSession, poll: FrozenPoll, token: str) -> dict[str, list[str]]:
    """What fits of a ballot that was begun in an older edition, by its token."""
    older = _edition_begun(session, poll, token)
    kept = begun.find(session, older, token) if older else None
    return _fitting(older, poll, kept.fields) if older and kept else {}


def _look_up(poll: FrozenPoll, ids: Iterable[int], form: Form, nonce: str) -> Outdated | None:
    with reading() as session:  # its own: the vote path is async, and intake writes
        older = _edition_of(session, poll, ids) if ids else _edition_begun(session, poll, nonce)
        if older is None:
            return None
        receipt = receipt_of(older.id, voters.submission_of(older.id, nonce))
        if queries.has_receipt(session, receipt):
            return Outdated({}, receipt)
        kept = begun.find(session, older, nonce)
    return Outdated(_fitting(older, poll, {**(kept.fields if kept else {}), **form}))


def _fitting(older: FrozenPoll, newer: FrozenPoll, fields: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    return ballots.as_form(newer, carried(older, newer, ballots.said_so_far(older, fields)))


def carried(older: FrozenPoll, newer: FrozenPoll, answers: ballots.Answers) -> dict[int, list[Value]]:
    """The answers to one edition as answers to another: questions by kind and words, options by label. Pure."""
    moved: dict[int, list[Value]] = {}
    for question in older.questions:
        successor = _successor(question, newer.questions)
        if successor is not None and question.id in answers:
            ids = _same_labels(question.options, successor.options)
            values = [_moved(value, ids) for value in answers[question.id]]
            moved[successor.id] = [value for value in values if value is not None]
    return moved


def _edition_of(session: DbSession, poll: FrozenPoll, ids: Iterable[int]) -> FrozenPoll | None:
    asked = select(Poll).join(Question).where(col(Question.id).in_(list(ids)[:500]))
    row = session.exec(asked.where(Poll.series_id == poll.series_id, Poll.id != poll.id).limit(1)).first()
    return freeze(session, row) if row else None


def _edition_begun(session: DbSession, poll: FrozenPoll, token: str) -> FrozenPoll | None:
    begun_in = select(Poll).join(BallotDraft).where(BallotDraft.token_hash == tokens.hashed(token))
    row = session.exec(begun_in.where(Poll.series_id == poll.series_id, Poll.id != poll.id)).first()
    return freeze(session, row) if row else None


def _successor(question: FrozenQuestion, others: Sequence[FrozenQuestion]) -> FrozenQuestion | None:
    return next((q for q in others if q.kind == question.kind and folded(q.wording) == folded(question.wording)), None)


def _same_labels(before: Sequence[FrozenOption], after: Sequence[FrozenOption]) -> dict[int, int]:
    by_label = {(o.role, folded(o.label)): o.id for o in after}
    return {o.id: by_label[o.role, folded(o.label)] for o in before if (o.role, folded(o.label)) in by_label}


def _moved(value: Value, ids: Mapping[int, int]) -> Value | None:
    named = [i for i in (value.option, value.item) if i is not None]
    if any(i not in ids for i in named):
        return None
    return replace(
        value,
        option=ids[value.option] if value.option is not None else None,
        item=ids[value.item] if value.item is not None else None,
    )
