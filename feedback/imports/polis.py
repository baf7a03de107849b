"""A Polis conversation: votes.csv with comments.csv, participants-votes.csv and summary.csv beside it, in a folder or a zip.

It becomes one question of statements, and each voter a response. Votes are a log: of several votes of one person on one
statement the last counts. Which sign means "agree" depends on the program that wrote the file; authors agree with their own
statements, Polis casts that vote for them, so the sign that authors mostly gave their own is "agree". Numbers of statements
have gaps. Statements that were moderated out are taken only where the matrix of participants has votes on them, and stay
moderated out. Counts in comments.csv often differ from the votes: the votes count, and the difference is told. Without
votes.csv the matrix is read.

Source: the conversations in compdemocracy/openData; compdemocracy/polis, server/src/server.ts.
"""

import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from feedback.imports.parsed import Field, Incoming, Layout, RefusedRow
from heard.kit.clock import now
from heard.kit.csvio import Sheet
from heard.kit.errors import BadInput
from heard.kit.i18n import _, ngettext, number

NAME = "polis"
FIELD = "polis"
A_ROUND = 1_000_000  # votes that are gathered at once
_VOTES, _COMMENTS = {"comment-id", "voter-id", "vote"}, {"comment-id", "comment-body"}
_MATRIX = ("participant", "group-id", "n-votes")
_STANCES = {"1": 1, "-1": -1, "0": 0, "1.0": 1, "-1.0": -1, "0.0": 0}


def fits(sheets: Sequence[Sheet]) -> bool:
    """By the heads of the votes, or of the matrix."""
    return _with(sheets, _VOTES) is not None or _with(sheets, {*_MATRIX}) is not None


def survey(sheets: Sequence[Sheet]) -> Layout:
    """One question with the statements of the conversation. Raises BadInput without votes."""
    if not fits(sheets):
        raise BadInput(
            _("This is not the “%(form)s” format: there are no votes in it.") % {"form": NAME},
            hint=_("Bring votes.csv with the other files beside it, their folder, or a zip of them."),
        )
    said = _Conversation(sheets)
    found = Field(FIELD, "statements", _("What do you think of these statements?"))
    layout = Layout({FIELD: found}, notes=[one for sheet in sheets for one in sheet.told], title=said.topic)
    layout.rounds = 1 + said.events // A_ROUND
    for comment in said.taken():
        words = said.bodies.get(comment) or _("Statement %(n)s") % {"n": comment}
        layout.items[_item(comment)] = (FIELD, found.see_item(_item(comment), words[:480]))
        if comment in said.out:
            layout.moderated.add(found.items[_item(comment)])
    layout.rows = said.voters
    layout.notes += said.notes()
    return layout


def responses(sheets: Sequence[Sheet], layout: Layout) -> Iterator[Incoming | RefusedRow]:
    """A response a voter, in the order of their first votes."""
    sign = -1 if _Conversation(sheets).flipped else 1
    for found in _voters(sheets, layout.rounds):
        if isinstance(found, RefusedRow):
            yield found
            continue
        cells = {
            item: [str(sign * vote)]
            for comment, (_at, vote) in sorted(found.votes.items())
            if (item := _item(comment)) in layout.items
        }
        time = max(at for at, _vote in found.votes.values())
        yield Incoming(found.line, f"polis-{found.id}", _moment(time), "", cells)


def _item(comment: int) -> str:
    return f"comment {comment}"


@dataclass
class _Voter:
    id: str
    line: int
    votes: dict[int, tuple[int, int]] = field(default_factory=dict)  # time and vote, by statement
    events: int = 0


class _Conversation:
    """What all files together say, before any response is made."""

    def __init__(self, sheets: Sequence[Sheet]) -> None:
        self.bodies, self.authors, self.out, self.counted = _comments(_with(sheets, _COMMENTS))
        self.topic = _topic(sheets)
        self.in_matrix = _in_matrix(_with(sheets, {*_MATRIX}))
        self.events = self.voters = self.last_votes = self.own_agree = self.own_disagree = 0
        self.counts: dict[int, Counter[int]] = {}
        votes = _with(sheets, _VOTES)
        rounds = 1 + (0 if votes is None else sum(1 for _row in votes.rows())) // A_ROUND
        for voter in _voters(sheets, rounds):
            if isinstance(voter, RefusedRow):
                continue
            self.voters += 1
            self.events += voter.events
            self.last_votes += len(voter.votes)
            for comment, (_at, vote) in voter.votes.items():
                self.counts.setdefault(comment, Counter())[vote] += 1
                if vote and self.authors.get(comment) == voter.id:
                    self.own_agree += vote == 1
                    self.own_disagree += vote == -1

    @property
    def flipped(self) -> bool:
        """Whether -1 is agreement in these files."""
        return self.own_disagree > self.own_agree

    def taken(self) -> list[int]:
        """The statements that become part of the poll, by their numbers."""
        kept = {c for c in self.bodies if c not in self.out} | {c for c in self.counts if c not in self.bodies}
        return sorted(kept | (self.out & self.in_matrix))

    def notes(self) -> list[str]:
        """What was told from what."""
        taken = self.taken()
        again = self.events - self.last_votes
        words = _("%(events)s votes of %(voters)s voters on %(statements)s statements.")
        figures = {"events": number(self.events), "voters": number(self.voters), "statements": number(len(taken))}
        made = [words % figures]
        if again:
            many = ngettext(
                "%(n)s of them was changed by a later one: the last one counts.",
                "%(n)s of them were changed by later ones: the last one counts.",
                again,
            )
            made.append(many % {"n": number(again)})
        return [*made, self._signs(), *self._left_out(), *self._gaps(taken), *self._differences()]

    def _signs(self) -> str:
        own = {"agree": number(self.own_agree), "disagree": number(self.own_disagree)}
        if self.own_agree == self.own_disagree:
            return _("No author's own vote tells which sign is agreement, so 1 was read as “agree”.")
        if self.flipped:
            words = _(
                "Of authors' votes on their own statements %(disagree)s are -1 and %(agree)s are 1: "
                "so -1 is “agree” in this file, and all signs were turned."
            )
        else:
            words = _(
                "Of authors' votes on their own statements %(agree)s are 1 and %(disagree)s are -1: so 1 is “agree”."
            )
        return words % own

    def _left_out(self) -> list[str]:
        gone = self.out - self.in_matrix
        votes = sum(self.counts[c].total() for c in gone if c in self.counts)
        kept = len(self.out & self.in_matrix)
        if not self.out:
            return []
        words = _(
            "%(out)s statements were moderated out. %(kept)s of them are taken, because the matrix has votes on them, and "
            "stay moderated out; %(votes)s votes on the others are not."
        )
        return [words % {"out": number(len(self.out)), "kept": number(kept), "votes": number(votes)}]

    def _gaps(self, taken: Sequence[int]) -> list[str]:
        missing = taken[-1] - taken[0] + 1 - len(taken) if taken else 0
        words = _("The numbers of the statements have gaps: %(n)s between %(first)s and %(last)s are not there.")
        figures = {"n": number(missing), "first": taken[0], "last": taken[-1]} if taken else {}
        return [words % figures] if missing else []

    def _differences(self) -> list[str]:
        off = 0
        for comment, said in self.counted.items():
            there = self.counts.get(comment, Counter())
            off += said not in ((there[1], there[-1]), (there[-1], there[1]))
        words = _(
            "In comments.csv the counts of %(n)s of %(all)s statements differ from the votes. The votes were counted."
        )
        return [words % {"n": number(off), "all": number(len(self.counted))}] if off else []


def _voters(sheets: Sequence[Sheet], rounds: int) -> Iterator[_Voter | RefusedRow]:
    """Everybody who voted, with the last vote on each statement; rows that are no votes come first."""
    votes = _with(sheets, _VOTES)
    if votes is None:
        matrix = _with(sheets, {*_MATRIX})
        yield from _from_matrix(matrix) if matrix is not None else ()
        return
    at_voter, at_comment, at_vote = (votes.head.index(name) for name in ("voter-id", "comment-id", "vote"))
    at_time = votes.head.index("timestamp") if "timestamp" in votes.head else None
    for turn in range(rounds):
        found: dict[str, _Voter] = {}
        for line, cells, problem in votes.rows():
            voter, comment, vote = (
                cells[at_voter].strip(),
                _whole(cells[at_comment]),
                _STANCES.get(cells[at_vote].strip()),
            )
            if problem or not voter or comment is None or vote is None:
                if turn == 0:
                    yield RefusedRow(
                        line, problem or _("This is no vote: a voter, a number of a statement, and 1, 0 or -1.")
                    )
                continue
            if rounds > 1 and zlib.crc32(voter.encode()) % rounds != turn:
                continue
            time = 0 if at_time is None else _whole(cells[at_time]) or 0
            if (one := found.get(voter)) is None:
                one = found[voter] = _Voter(voter, line)
            one.events += 1
            before = one.votes.get(comment)
            if before is None or time >= before[0]:
                one.votes[comment] = (time, vote)
        yield from found.values()


def _from_matrix(matrix: Sheet) -> Iterator[_Voter | RefusedRow]:
    columns = _statements(matrix)
    for line, cells, problem in matrix.rows():
        voter = cells[0].strip()
        if problem or not voter:
            yield RefusedRow(line, problem or _("The row names no participant."))
            continue
        votes = {c: (0, vote) for i, c in columns if (vote := _STANCES.get(cells[i].strip())) is not None}
        if votes:
            yield _Voter(voter, line, votes, len(votes))


def _comments(sheet: Sheet | None) -> tuple[dict[int, str], dict[int, str], set[int], Mapping[int, tuple[int, int]]]:
    """By statement: its words and its author; which were moderated out; and agreements and disagreements as they are told.

    Some servers write the words without quotes: what a comma or a line break took off is put back.
    """
    bodies: dict[int, str] = {}
    authors: dict[int, str] = {}
    counted: dict[int, tuple[int, int]] = {}
    out = set[int]()
    if sheet is None:
        return bodies, authors, out, counted
    at = {name: i for i, name in enumerate(sheet.head)}
    body, last = at["comment-body"], None
    to_the_end = body == len(sheet.head) - 1
    for _line, cells, _problem in sheet.rows():
        comment = _whole(cells[at["comment-id"]]) if len(cells) > at["comment-id"] else None
        if comment is None or len(cells) <= body:
            if last is not None and to_the_end:  # the rest of a text that had a line break
                bodies[last] = _words(bodies[last] + " " + ",".join(cells).rstrip(","))
            continue
        last = comment
        bodies[comment] = _words((",".join(cells[body:]) if to_the_end else cells[body]).replace("\0", ""))
        if "author-id" in at:
            authors[comment] = cells[at["author-id"]].strip()
        if "moderated" in at and cells[at["moderated"]].strip() == "-1":
            out.add(comment)
        if "agrees" in at and "disagrees" in at:
            counted[comment] = (_whole(cells[at["agrees"]]) or 0, _whole(cells[at["disagrees"]]) or 0)
    return bodies, authors, out, counted


def _in_matrix(matrix: Sheet | None) -> set[int]:
    """The statements that somebody in the matrix voted on."""
    if matrix is None:
        return set()
    left, found = dict(_statements(matrix)), set[int]()
    for _line, cells, problem in matrix.rows():
        if not problem:
            now_seen = [i for i in left if cells[i]]
            found.update(left.pop(i) for i in now_seen)
    return found


def _statements(matrix: Sheet) -> list[tuple[int, int]]:
    """The columns of the matrix that are statements, each with its number."""
    return [(i, comment) for i, h in enumerate(matrix.head) if (comment := _whole(h)) is not None]


def _topic(sheets: Sequence[Sheet]) -> str:
    summary = next((s for s in sheets if s.head[0] == "topic" and len(s.head) > 1), None)
    return _words(summary.head[1])[:200] if summary else ""


def _with(sheets: Sequence[Sheet], heads: set[str]) -> Sheet | None:
    return next((s for s in sheets if heads <= set(s.head)), None)


def _words(text: str) -> str:
    return " ".join(text.split())


def _whole(text: str) -> int | None:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _moment(time: int) -> datetime | None:
    """A time in seconds, or in thousandths of them as 13 digits; None where it is none, or in the future."""
    seconds = time / 1000 if time > 10**11 else time
    if not 0 < seconds < 10**11:
        return None
    at = datetime.fromtimestamp(int(seconds), UTC)
    return at if at <= now() else None
