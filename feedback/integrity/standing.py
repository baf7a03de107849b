"""How much of a poll is counted, in figures and in the one sentence that results, frames and briefs carry."""

from collections.abc import Mapping
from dataclasses import dataclass

from feedback.collect import counters, queries
from feedback.collect.counters import APART, K
from feedback.collect.tallies import PollResults, results_of
from feedback.integrity import effects, noticing
from heard.kit.db import DbSession
from heard.kit.i18n import _, number
from polls.frozen import FrozenPoll
from polls.models import Poll


@dataclass(frozen=True)
class Standing:
    """How much of a poll is counted. `aside`: set aside, of an anonymous poll in steps of K; `changed`: the questions that
    would come out otherwise with them; `looked_at`: something was noticed and nobody has decided about it."""

    counted: int
    aside: int
    changed: tuple[int, ...]
    looked_at: bool

    @property
    def sentence(self) -> str:
        """ "412 counted, 37 set aside, result unchanged"; "" where there is nothing to say."""
        values = {"counted": number(self.counted), "aside": number(self.aside)}
        if not self.aside:
            return (
                _("An unusual number of votes came at once or alike; the organisers look at it.")
                if self.looked_at
                else ""
            )
        if self.changed:
            return _("%(counted)s counted, %(aside)s set aside; with them the result would be another.") % values
        return _("%(counted)s counted, %(aside)s set aside, result unchanged.") % values


def standing_of(session: DbSession, poll: FrozenPoll) -> Standing:
    """How much is counted, from counters and a row or two of the log."""
    cells = counters.cells(session, poll.id)
    shown = counters.shown(cells, anonymous=poll.anonymous, closed=queries.is_closed(poll))
    aside = _aside(poll, cells)
    changed: list[int] = []
    if aside and (not poll.anonymous or queries.is_closed(poll)):
        changed = effects.changes(results_of(poll, shown), everything(poll, cells))
    noticed = not poll.anonymous and bool(noticing.waiting(session, session.get_one(Poll, poll.id)))
    return Standing(shown.get("n", 0), aside, tuple(changed), noticed)


def _aside(poll: FrozenPoll, cells: Mapping[str, int]) -> int:
    n = cells.get(f"{APART}n", 0)
    return n - n % K if poll.anonymous else n


def everything(poll: FrozenPoll, cells: Mapping[str, int]) -> PollResults:
    """What would come out if nothing were set aside."""
    own = counters.shown(cells, anonymous=poll.anonymous, closed=queries.is_closed(poll))
    apart = {cell.removeprefix(APART): n for cell, n in cells.items() if cell.startswith(APART)}
    return results_of(poll, {cell: own.get(cell, 0) + apart.get(cell, 0) for cell in own.keys() | apart.keys()})
