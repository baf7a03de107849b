"""`heard verify`: whether a poll's counters, marks, seals and ballots are what they must be. Reads in pieces, however many."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from feedback.collect import counters
from feedback.collect.queries import snapshot
from feedback.collect.receipts import mark_of, receipt_of
from feedback.integrity import chain
from feedback.integrity.recount import Recount, Stored, stored_ballots
from heard.kit import tokens
from heard.kit.db import DbSession
from heard.kit.i18n import _, ngettext, number
from polls.frozen import FrozenPoll, frozen_poll

TOLD = 20  # differences of one kind


@dataclass
class Verified:
    """What was found; sound when nothing differs. `differences`: a sentence each, at most TOLD of a kind."""

    slug: str
    n: int = 0
    seals: int = 0
    last: str = ""  # hash of the last seal
    unsealed: int = 0
    differences: list[str] = field(default_factory=list)
    found: Counter[str] = field(default_factory=Counter)  # how many, by kind: ballots, counters, marks, seals

    @property
    def sound(self) -> bool:
        """Whether everything is what it must be."""
        return not self.found

    def tell(self, kind: str, sentences: Iterable[str]) -> None:
        """Keep what differs."""
        for sentence in sentences:
            self.found[kind] += 1
            if self.found[kind] <= TOLD:
                self.differences.append(sentence)
            elif self.found[kind] == TOLD + 1:
                self.differences.append("…")

    def lines(self) -> list[str]:
        """For the terminal: what is wrong, and what to do."""
        if self.sound:
            words = _("%(slug)s: %(n)s responses recounted; every counter is right, every mark belongs to its ballot.")
            return [words % {"slug": self.slug, "n": number(self.n)}, self._of_seals()]
        count = sum(self.found.values())
        head = ngettext("%(slug)s: %(n)s difference.", "%(slug)s: %(n)s differences.", count)
        advice = _advice()
        return [
            head % {"slug": self.slug, "n": number(count)},
            *self.differences,
            *(advice[kind] for kind in advice if self.found[kind]),
        ]

    def _of_seals(self) -> str:
        if not self.seals:
            return _("Nothing is sealed yet; the worker does it each minute, of an anonymous poll each day.")
        words = ngettext("%(n)s seal holds. Last hash: %(hash)s", "%(n)s seals hold. Last hash: %(hash)s", self.seals)
        waits = ngettext("%(n)s ballot waits for the next one.", "%(n)s ballots wait for the next one.", self.unsealed)
        told = words % {"n": number(self.seals), "hash": self.last}
        return f"{told}. {waits % {'n': number(self.unsealed)}}" if self.unsealed else told


def verify(slug: str) -> Verified:
    """Look over the poll at /p/<slug>. Raises NotFound. One reading transaction, so votes may go on."""
    report = Verified(slug)
    with snapshot() as session:
        poll = frozen_poll(session, slug)
        sealed = chain.chain_of(session, poll.id)
        report.seals, report.last, report.unsealed = sealed.seals, sealed.last, chain.unsealed(session, poll.id)
        report.tell("seals", sealed.faults)
        recount = Recount(poll)
        read_all = _ballots(session, poll, sealed, recount, report)
        report.n = recount.cells["n"]
        if read_all:
            report.tell("counters", recount.wrong_counters(counters.cells(session, poll.id)))
            report.tell("counters", recount.wrong_comments(session))
    return report


def _ballots(session: DbSession, poll: FrozenPoll, sealed: chain.Chain, recount: Recount, report: Verified) -> bool:
    """Look at every ballot. Returns whether all could be read; without one of them a recount says nothing."""
    count, total, read_all = 0, 0, True
    for row in stored_ballots(session, poll.id):
        if isinstance(row, int):
            report.tell("marks", [_("Ballot number %(id)s cannot be read.") % {"id": row}])
            read_all = False
            continue
        if wrong := recount.add(row):
            report.tell("ballots", [_("Ballot %(mark)s: %(why)s.") % {"mark": row.mark, "why": wrong}])
        if not _is_its_own(poll, row):
            report.tell("marks", [_("Mark %(mark)s does not belong to its ballot.") % {"mark": row.mark}])
        if row.sealed:
            count, total = count + 1, total + chain.number_of(row.mark)
        if row.sealed == 1 and not sealed.faults and (row.mark in sealed.gone) != (row.withdrawn_at is not None):
            words = _("Ballot %(mark)s is not as it was sealed: withdrawn there or here, and not in both.")
            report.tell("seals", [words % {"mark": row.mark}])
    if (count, total) != (sealed.added, sealed.total) and not report.found["marks"] and not sealed.faults:
        report.tell("seals", chain.strangers(session, poll.id))
    return read_all


def _is_its_own(poll: FrozenPoll, row: Stored) -> bool:
    receipt = receipt_of(poll.id, row.submission_id)
    return row.mark == mark_of(receipt) and row.receipt_hash == tokens.hashed(receipt)


def _advice() -> dict[str, str]:
    return {
        "ballots": _(
            "Ballots are written whole or not at all. Look in a backup for how these were, and who else writes "
            "to the database."
        ),
        "counters": _(
            "The stored ballots are right and the counters are not: until they are mended, count from heard export."
        ),
        "marks": _(
            "Marks are made with the secret in HEARD_DATA or HEARD_SECRET. If all are wrong, the secret is another "
            "one: bring it back from the backup. If some are, somebody wrote to the database."
        ),
        "seals": _(
            "What was sealed was changed later. Seals before the first one named still hold; compare the rest with "
            "a backup, and the hash with the one on the page of marks."
        ),
    }  # fmt: skip
