"""A poll counted again from its stored ballots, one piece after the other, and what no rule allows in them."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from feedback.collect import counters
from feedback.collect.ballots import check
from feedback.collect.tallies import cells_of, way_of
from feedback.models import Answer, Comment, Response
from heard.kit.db import DbSession
from heard.kit.errors import BadInput
from heard.kit.i18n import _
from polls.frozen import FrozenPoll
from polls.kinds.kind import Value, kind_of
from polls.logic import visible

_R, _A, _C = Response.__table__, Answer.__table__, Comment.__table__  # type: ignore[attr-defined]
PIECE = 1000
Answered = dict[int, list[Value]]  # by question; [] where one was asked and left empty


class Stored(NamedTuple):
    """A response with its answers, as it stands on disk."""

    id: int
    submission_id: str
    receipt_hash: str
    mark: str
    source: str
    link_id: int | None
    set_aside: str
    sealed: int
    released: bool
    withdrawn_at: datetime | None
    answers: Answered = {}


def stored_ballots(session: DbSession, poll_id: int) -> Iterator[Stored | int]:
    """Every ballot, also withdrawn ones and those set aside, in the order of their random ids; of one whose row cannot be
    read only the id."""
    columns = [_R.c[name] for name in Stored._fields[:-1]]
    mine, last = select(*columns).where(_R.c.poll_id == poll_id), 0
    while ids := session.scalars(
        select(_R.c.id).where(_R.c.poll_id == poll_id, _R.c.id > last).order_by(_R.c.id).limit(PIECE)
    ).all():
        last = ids[-1]
        rows: list[Stored | int] = []
        try:
            rows += [Stored(*row) for row in session.execute(mine.where(_R.c.id.in_(ids)).order_by(_R.c.id))]
        except (DBAPIError, ValueError):  # a byte that is no text: find whose it is
            rows += [_alone(session, mine, one) for one in ids]
        answers = _answers(session, ids)
        yield from (row if isinstance(row, int) else row._replace(answers=answers.get(row.id, {})) for row in rows)


def _alone(session: DbSession, mine, response_id: int) -> Stored | int:  # type: ignore[no-untyped-def]
    try:
        return Stored(*session.execute(mine.where(_R.c.id == response_id)).one())
    except (DBAPIError, ValueError):
        return response_id


def _answers(session: DbSession, ids) -> dict[int, Answered]:  # type: ignore[no-untyped-def]
    found: dict[int, Answered] = {}
    columns = (_A.c.response_id, _A.c.question_id, _A.c.item_id, _A.c.option_id, _A.c.number, _A.c.text)
    rows = session.execute(select(*columns).where(_A.c.response_id.in_(ids)).order_by(_A.c.response_id, _A.c.position))
    for response_id, question_id, *said in rows:
        values = found.setdefault(response_id, {}).setdefault(question_id, [])
        if not (value := Value(*said)).empty:
            values.append(value)
    return found


@dataclass
class Recount:
    """Counters as they must be, from the ballots that were `add`ed."""

    poll: FrozenPoll
    cells: Counter[str] = field(default_factory=Counter)
    comments: Counter[int] = field(default_factory=Counter)  # by question
    released: int = 0

    def add(self, row: Stored) -> str:
        """Count a ballot. Returns what is wrong with it, "" for nothing."""
        self.released += row.released
        if row.withdrawn_at is not None:
            return _("it is withdrawn and still has answers") if row.answers else ""
        moved = cells_of(self.poll, row.answers, way_of(row.source, row.link_id))
        self.cells.update(counters.apart(moved) if row.set_aside else moved)
        for question in self.poll.questions if not row.set_aside else ():
            kind = kind_of(question.kind)
            if kind.has_comments(question) and kind.comment(row.answers.get(question.id, [])):
                self.comments[question.id] += 1
        return half(self.poll, row)

    def wrong_counters(self, stored: Mapping[str, int]) -> Iterator[str]:
        """Where the counters on disk are others, a sentence each."""
        copies = {cell: n for cell, n in stored.items() if cell.startswith(counters.PUBLISHED)}
        present = {cell: n for cell, n in stored.items() if n and cell not in copies}
        for cell in sorted(self.cells.keys() | present.keys()):
            if self.cells.get(cell, 0) != present.get(cell, 0):
                words = _("Counter %(cell)s is %(is)s, the recount gives %(right)s.")
                yield words % {"cell": cell, "is": present.get(cell, 0), "right": self.cells.get(cell, 0)}
        yield from self._wrong_copies(copies, stored.get("n", 0))

    def _wrong_copies(self, copies: Mapping[str, int], n: int) -> Iterator[str]:
        """What is shown of an anonymous poll is a step behind, so only its bounds are known."""
        shown = copies.get(f"{counters.PUBLISHED}n", 0)
        behind = self.poll.anonymous and (n - shown >= counters.K or shown > self.released)
        if behind or (copies and not self.poll.anonymous):
            words = _("The counters that are shown stand at %(shown)s responses, which no step of %(k)s can be.")
            yield words % {"shown": shown, "k": counters.K}
        for cell, copied in sorted(copies.items()):
            if copied > shown and not cell.startswith(counters.PUBLISHED + counters.APART):
                words = _("Counter %(cell)s is %(is)s, more than the %(n)s responses it was copied with.")
                yield words % {"cell": cell, "is": copied, "n": shown}

    def wrong_comments(self, session: DbSession) -> Iterator[str]:
        """Questions whose open texts are more or fewer than the comments that are read into themes."""
        kept = select(_C.c.question_id, func.count()).where(_C.c.poll_id == self.poll.id, _C.c.response_id.is_not(None))
        stored: dict[int, int] = dict(session.execute(kept.group_by(_C.c.question_id)).all())
        for question in self.poll.questions:
            if (n := stored.get(question.id, 0)) != self.comments[question.id]:
                words = _("“%(wording)s” has %(is)s comments, and %(right)s ballots say something there.")
                yield words % {"wording": question.wording, "is": n, "right": self.comments[question.id]}


def half(poll: FrozenPoll, row: Stored) -> str:
    """What no rule allows in a ballot that stands, "" when it is whole. Imports may leave required questions empty. Pure."""
    said = {question: values for question, values in row.answers.items() if values}
    asked = set(visible(poll.questions, said))
    if missing := asked - row.answers.keys():
        words = _("it has nothing for %(names)s, not even that it was left empty")
        return words % {"names": ", ".join(f"q{question}" for question in sorted(missing))}
    if more := row.answers.keys() - asked:
        words = _("it answers %(names)s, which it was not asked")
        return words % {"names": ", ".join(f"q{question}" for question in sorted(more))}
    for question in poll.questions:
        if question.id not in asked or question.id in said or not question.required:
            continue
        if row.source != "import" and not kind_of(question.kind).takes_own_words(question):
            return _("it leaves out q%(id)s, which needs an answer") % {"id": question.id}
    try:
        check(poll, said, complete=False)
    except BadInput as refusal:
        return "; ".join(f"{name}: {why}" for name, why in sorted(refusal.fields.items())) or refusal.message
    return ""
