"""What opinion groups say to statements: what each stands for, what they have in common, what divides them. Pure.

As Polis does it (C. Small and others, Recerca 26 (2021); https://compdemocracy.org/representative-comments,
https://compdemocracy.org/group-informed-consensus): a statement represents a group when more than half of its votes there
agree (or disagree), and a larger share than elsewhere, both by a test at the 90 % level. It bridges when that half is
passed in every group, most first by the product of the groups' shares.

Ours: statements about oneself (about_self.py) are no opinions that a group stands for, and neither bridge nor divide. What
more of a group than of the others say of themselves is listed apart.

Groups are found in the same votes that are tested, so that a test sorts statements and proves nothing about anybody else.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from feedback.groups.finding import UNSEEN, Found, K, Votes
from feedback.statistics.distributions import Z90
from feedback.statistics.proportions import z_of_half, z_of_two

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]
_z_of_half, _z_of_two = np.vectorize(z_of_half, otypes=[float]), np.vectorize(z_of_two, otypes=[float])
AGREE, DISAGREE = 0, 1  # places in counts, beside passes
MOST = 5  # statements of a kind that are listed


class Finding(NamedTuple):
    """A statement that says something about groups; statement: its column of the votes."""

    statement: int
    stance: int  # 1: they agree, -1: they disagree (of a statement that divides: the group that says so most)
    value: float  # representativeness; group-informed consensus 0..1; of dividing ones and people the difference of shares 0..1
    z: float  # of its weakest test


@dataclass(frozen=True)
class Read:
    """All that is said of the groups."""

    counts: Counts  # (groups, statements, 3): agree, disagree, pass
    shown: Truths  # (groups, statements): which of these may be shown
    representative: list[list[Finding]]  # by group, at most MOST, strongest first
    people: list[list[Finding]]  # by group, what more of it than of the others say of themselves, surest first
    bridging: list[Finding]
    dividing: list[Finding]


def read(votes: Votes, found: Found, about_self: Truths | None = None) -> Read:
    """Everything about the groups that were found in these votes; only of counts that may be shown. about_self:
    (statements,) which of them say who somebody is."""
    counts = counts_of(votes, found.group, len(found.sizes))
    shown = may_be_shown(counts, totals_of(votes))
    if not len(counts):
        return Read(counts, shown, [], [], [], [])
    opinion = np.ones(votes.shape[1], bool) if about_self is None else ~about_self
    whole: Truths = np.asarray(shown.all(axis=0) & opinion)
    return Read(
        counts, shown, representative(counts, shown & opinion), who_they_are(counts, shown & ~opinion),
        bridging(counts, whole), dividing(counts, whole),
    )  # fmt: skip


def totals_of(votes: Votes) -> Counts:
    """(statements,) how many voted on each."""
    return (votes != UNSEEN).sum(axis=0).astype(np.int64)


def counts_of(votes: Votes, group: Counts, groups: int) -> Counts:
    """(groups, statements, 3): how many of each group agree, disagree, pass."""
    if not groups:
        return np.zeros((0, votes.shape[1], 3), np.int64)
    return np.stack(
        [np.stack([(votes[group == g] == said).sum(axis=0) for said in (1, -1, 0)], axis=1) for g in range(groups)]
    ).astype(np.int64)


def may_be_shown(counts: Counts, totals: Counts, k: int = K) -> Truths:
    """(groups, statements) where at least k of a group voted; and, of each statement, so many that what is hidden, which
    anybody can reckon from the counts of all, adds up to no votes or to at least k."""
    n = counts.sum(axis=2)
    shown = n >= k
    for _group in range(len(n)):
        hidden = totals - np.where(shown, n, 0).sum(axis=0)
        few = np.flatnonzero((hidden > 0) & (hidden < k) & shown.any(axis=0))
        if not len(few):
            break
        smallest = np.where(shown, n, np.iinfo(np.int64).max).argmin(axis=0)
        shown[smallest[few], few] = False
    return shown


def share(counts: Counts, side: int) -> Floats:
    """(said + 1) / (votes + 2): a group's share, so that one vote is not everybody."""
    return (counts[..., side] + 1) / (counts.sum(axis=-1) + 2)


def representative(counts: Counts, shown: Truths) -> list[list[Finding]]:
    """For each group the statements that it stands for: share × share beside that of all other groups × both tests, as
    Polis sorts them. Only where both tests pass."""
    n, everybody = counts.sum(axis=2), counts.sum(axis=0)
    listed = []
    for g in range(len(counts)):
        rest = everybody - counts[g]
        found = []
        for side, stance in ((AGREE, 1), (DISAGREE, -1)):
            half = _z_of_half(counts[g, :, side], n[g])
            two = _z_of_two(counts[g, :, side], n[g], rest[:, side], rest.sum(axis=1))
            weight = share(counts[g], side) ** 2 / share(rest, side) * half * two
            passed = (half > Z90) & (two > Z90) & shown[g]
            found += [
                Finding(int(s), stance, float(weight[s]), float(min(half[s], two[s]))) for s in np.flatnonzero(passed)
            ]
        listed.append(_strongest(found))
    return listed


def who_they_are(counts: Counts, shown: Truths) -> list[list[Finding]]:
    """For each group the statements about oneself that a larger share of it agrees with than of all others, by the test of
    two shares; not more than half need to: few are under 30 in any group."""
    said, n = counts[:, :, AGREE], counts.sum(axis=2)
    listed = []
    for g in range(len(counts)):
        rest_said, rest = said.sum(axis=0) - said[g], n.sum(axis=0) - n[g]
        z = _z_of_two(said[g], n[g], rest_said, rest)
        apart = share(counts[g], AGREE) - share(counts.sum(axis=0) - counts[g], AGREE)
        found = [Finding(int(s), 1, float(apart[s]), float(z[s])) for s in np.flatnonzero((z > Z90) & shown[g])]
        listed.append(sorted(found, key=lambda one: (-one.z, one.statement))[:MOST])
    return listed


def bridging(counts: Counts, whole: Truths) -> list[Finding]:
    """Statements that more than half of every group agree with, or disagree with; by group-informed consensus, the product
    over groups of (said + 1) / (votes + 2)."""
    found = []
    for side, stance in ((AGREE, 1), (DISAGREE, -1)):
        z = _z_of_half(counts[:, :, side], counts.sum(axis=2)).min(axis=0)
        together = share(counts, side).prod(axis=0)
        found += [Finding(int(s), stance, float(together[s]), float(z[s])) for s in np.flatnonzero((z > Z90) & whole)]
    return _strongest(found, most=2 * MOST)


def dividing(counts: Counts, whole: Truths) -> list[Finding]:
    """Statements that more than half of one group agree with (or disagree with) and less than half of another one, the
    surest difference first."""
    at, n = np.arange(counts.shape[1]), counts.sum(axis=2)
    found: dict[int, Finding] = {}
    for side, stance in ((AGREE, 1), (DISAGREE, -1)):
        shares = share(counts, side)
        high, low = shares.argmax(axis=0), shares.argmin(axis=0)
        z = _z_of_two(counts[high, at, side], n[high, at], counts[low, at, side], n[low, at])
        passed = (z > Z90) & whole & (shares[high, at] > 0.5) & (shares[low, at] < 0.5)
        for s in np.flatnonzero(passed):
            one = Finding(int(s), stance, float(shares[high[s], s] - shares[low[s], s]), float(z[s]))
            found[one.statement] = max(found.get(one.statement, one), one, key=lambda f: f.z)
    return sorted(found.values(), key=lambda one: (-one.z, one.statement))[:MOST]


def _strongest(found: list[Finding], most: int = MOST) -> list[Finding]:
    return sorted(found, key=lambda one: (-one.value, one.statement, -one.stance))[:most]
