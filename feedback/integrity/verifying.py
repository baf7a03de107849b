"""Recount: a poll's counters as they must be by its stored responses, compared with those on disk."""

from collections import Counter
from dataclasses import dataclass, field

from feedback.collect import counters
from feedback.collect.queries import snapshot, standing, stored_responses
from feedback.collect.receipts import mark_of, receipt_of
from feedback.collect.tallies import cells_of, way_of
from heard.kit.i18n import _, number
from polls.frozen import frozen_poll


@dataclass
class Verified:
    """What a recount found; sound when nothing differs."""

    slug: str
    n: int
    differences: list[str] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """Whether every counter is the recount."""
        return not self.differences

    def lines(self) -> list[str]:
        """For the terminal."""
        if self.sound:
            words = _("%(slug)s: %(n)s responses recounted; every counter is right, every mark belongs to its ballot.")
            return [words % {"slug": self.slug, "n": number(self.n)}]
        return [
            _("%(slug)s: %(n)s differences.") % {"slug": self.slug, "n": number(len(self.differences))},
            *self.differences,
        ]


def verify(slug: str) -> Verified:
    """Recount the poll at /p/<slug>. Raises NotFound. One reading transaction, so votes may go on."""
    with snapshot() as session:
        poll = frozen_poll(session, slug)
        stored = counters.cells(session, poll.id)
        report = Verified(slug, standing(session, poll.id))
        rows = list(stored_responses(session, poll.id, set_aside=True))
    right = Counter[str]()
    for row in rows:
        moved = cells_of(poll, row.answers, way_of(row.source, row.link_id))
        right.update(counters.apart(moved) if row.set_aside else moved)
    present = {cell: n for cell, n in stored.items() if n and not cell.startswith(counters.PUBLISHED)}
    for cell in sorted(right.keys() | present.keys()):
        if right.get(cell, 0) != present.get(cell, 0):
            words = _("Counter %(cell)s is %(is)s, the recount gives %(right)s.")
            report.differences.append(words % {"cell": cell, "is": present.get(cell, 0), "right": right.get(cell, 0)})
    for row in rows:
        if row.mark != mark_of(receipt_of(poll.id, row.submission_id)):
            report.differences.append(_("Mark %(mark)s does not belong to its ballot.") % {"mark": row.mark})
    return report
