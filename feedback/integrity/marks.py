"""The public list of a closed poll's marks: every ballot that was acknowledged is in it, and nothing else is."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from feedback.collect import counters
from feedback.collect.queries import is_closed, snapshot, standing
from feedback.collect.visibility import is_public
from feedback.integrity.chain import unsealed
from feedback.integrity.models import Seal
from feedback.models import Response
from heard.kit.db import DbSession
from polls.frozen import FrozenPoll

_R, _S = Response.__table__, Seal.__table__  # type: ignore[attr-defined]
WITHDRAWN, SET_ASIDE = "withdrawn", "set aside"


@dataclass
class MarksPage:
    """What templates/feedback/marks.html shows. `state`: "open" (the list comes when the poll has closed), "few" (an
    anonymous poll that shows nothing of so few) or "closed"."""

    poll: FrozenPoll
    state: str
    counted: int = 0
    withdrawn: int = 0
    set_aside: int = 0
    seal: int = 0  # number of the last one; 0: nothing is sealed yet
    sealed_at: datetime | None = None
    hash: str = ""
    unsealed: int = 0
    few: int = counters.K
    results: bool = False  # anybody may see them
    community_name: str = ""
    community_slug: str = ""
    accent: str = ""


def marks_page(session: DbSession, poll: FrozenPoll) -> MarksPage:
    """How many marks the list has, and the last seal over them."""
    shown = MarksPage(
        poll, _state(session, poll), community_name=poll.community_name,
        community_slug=poll.community if poll.listed else "", accent=poll.accent, results=is_public(poll),
    )  # fmt: skip
    if shown.state != "closed":
        return shown
    listed = select(func.count()).where(*_listed(poll))
    gone, aside = _R.c.withdrawn_at.is_not(None), _R.c.set_aside != ""
    shown.withdrawn = session.scalar(listed.where(gone)) or 0
    shown.set_aside = session.scalar(listed.where(~gone, aside)) or 0
    shown.counted = (session.scalar(listed) or 0) - shown.withdrawn - shown.set_aside
    shown.unsealed = unsealed(session, poll.id)
    last = select(_S.c.number, _S.c.at, _S.c.hash).where(_S.c.poll_id == poll.id).order_by(_S.c.number.desc()).limit(1)
    if seal := session.execute(last).first():
        shown.seal, shown.sealed_at, shown.hash = seal
    return shown


def marks_text(poll: FrozenPoll) -> Iterator[str]:
    """The list in pieces: what it is in lines that begin with #, then a mark a line, sorted, with a word behind that of a
    ballot which is not counted. In a session of its own; one moment, however long it takes."""
    with snapshot() as session:
        shown = marks_page(session, poll)
        yield (
            f"# marks of all ballots of /p/{poll.slug}\n# counted: {shown.counted}\n# {WITHDRAWN}: {shown.withdrawn}\n"
            f"# {SET_ASIDE}: {shown.set_aside}\n# not sealed yet: {shown.unsealed}\n"
        )
        if shown.sealed_at:
            yield f"# seal {shown.seal} of {shown.sealed_at.isoformat()}: {shown.hash}\n"
        rows = select(_R.c.mark, _R.c.withdrawn_at, _R.c.set_aside).where(*_listed(poll)).order_by(_R.c.mark)
        with session.execute(rows.execution_options(yield_per=1000)) as found:
            for piece in found.partitions():
                yield "".join(f"{mark}{_word(gone, aside)}\n" for mark, gone, aside in piece)


def _word(withdrawn_at: datetime | None, set_aside: str) -> str:
    return f" {WITHDRAWN}" if withdrawn_at else f" {SET_ASIDE}" if set_aside else ""


def _state(session: DbSession, poll: FrozenPoll) -> str:
    if not is_closed(poll):
        return "open"
    return "few" if poll.anonymous and standing(session, poll.id) < counters.K else "closed"


def _listed(poll: FrozenPoll):  # type: ignore[no-untyped-def]
    """The last ballots of an anonymous poll, fewer than a step, join the others a moment after it has closed."""
    return (_R.c.poll_id == poll.id, *([_R.c.released] if poll.anonymous else []))
