"""Opinion groups as a page shows them: who they are, what each says, what they share, what divides them, and a map."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from feedback.groups.figure import figure_of
from feedback.groups.map import Map, map_of
from feedback.groups.queries import letter, people_of, questions_of, shown_of
from heard.accounts.access import Member
from heard.kit.db import DbSession
from heard.kit.i18n import _, ngettext, number, percent
from polls.frozen import FrozenPoll, frozen_poll
from polls.kinds.kind import FrozenQuestion
from polls.kinds.statements import asked_in
from polls.models import Poll

FEWEST = 10  # people who take part, before groups are looked for: two groups of five
OVERLAP = 0.5  # mean silhouette below which groups are said to run into each other (Kaufman and Rousseeuw 1990, ch. 2)


class Side(NamedTuple):
    """What one group says to a statement. n None: hidden."""

    group: str
    place: int
    agree: int
    disagree: int
    passed: int
    n: int | None

    def said(self, stance: int) -> int:
        """How many of it say so."""
        return self.agree if stance == 1 else self.disagree

    @property
    def parts(self) -> list[tuple[str, float, float]]:
        """Its bar: name, start and width of each part, in percent."""
        made, at = [], 0.0
        for name, count in (("agree", self.agree), ("pass", self.passed), ("disagree", self.disagree)):
            wide = 100 * count / self.n if self.n else 0.0
            if wide:
                made.append((name, round(at, 2), round(wide, 2)))
            at += wide
        return made


class Row(NamedTuple):
    """A statement with what each group says. `stance`: 1 they agree, -1 they disagree; `mark`: its number on the map, or 0."""

    item: int
    label: str
    stance: int
    z: float
    sides: list[Side]
    mark: int = 0


class Group(NamedTuple):
    """A group in words. `share` of those who take part, 0..1; `rows`: what it stands for; `people`: who they are, in statements
    about themselves."""

    name: str
    place: int
    n: int
    share: float
    rows: list[Row]
    people: list[Row]


@dataclass
class Reading:
    """The groups of one question. `why`: why there are none, in words."""

    question: FrozenQuestion
    why: str
    n: int = 0
    made_at: datetime | None = None
    groups: list[Group] = field(default_factory=list)
    shared: list[Row] = field(default_factory=list)
    dividing: list[Row] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)  # all statements
    left_out: int = 0  # statements that were moderated out
    map: Map | None = None
    figure: dict[str, Any] = field(default_factory=dict)  # the same for Plotly
    notes: list[str] = field(default_factory=list)
    measured: list[tuple[str, str]] = field(default_factory=list)

    @property
    def divided_else(self) -> list[Row]:
        """What divides the groups beside what stands with one of them."""
        listed = {row.item for group in self.groups for row in group.rows}
        return [row for row in self.dividing if row.item not in listed]


@dataclass
class GroupsPage:
    """What templates/feedback/groups.html shows."""

    member: Member
    poll: FrozenPoll
    finding: str
    readings: list[Reading]


def groups_page(session: DbSession, member: Member, poll: Poll) -> GroupsPage:
    """The groups of every question with statements."""
    frozen = frozen_poll(session, poll.slug)
    found = readings_of(session, poll, frozen)
    return GroupsPage(member, frozen, finding_of(found), found)


def readings_of(session: DbSession, poll: Poll, frozen: FrozenPoll) -> list[Reading]:
    """What was found in each question with statements."""
    runs = shown_of(session, poll)
    return [
        reading_of(question, runs[question.id].result, runs[question.id].made_at)
        if question.id in runs
        else Reading(question, _("Groups are looked for about a minute after somebody has voted."))
        for question in questions_of(frozen)
    ]


def finding_of(readings: list[Reading]) -> str:
    """How many groups there are and how much they share: the page's heading."""
    found = next((one for one in readings if one.groups), None)
    if found is None:
        return _("No opinion groups yet") if readings else _("This poll has no statements to vote on")
    shared, groups = len(found.shared), len(found.groups)
    if not shared:
        words = ngettext("%(n)s group, and no statement in common", "%(n)s groups, and no statement in common", groups)
        return words % {"n": number(groups)}
    words = ngettext(
        "%(groups)s groups, and %(n)s statement in common", "%(groups)s groups, and %(n)s statements in common", shared
    )
    return words % {"groups": number(groups), "n": number(shared)}


def reading_of(question: FrozenQuestion, result: Mapping[str, Any], made_at: datetime | None = None) -> Reading:
    """Out of what was stored; statements that are no longer there, or moderated out since, are left out."""
    left_out = result.get("left_out", 0)
    if not result["groups"]:
        return Reading(question, _why(result), result["n"], made_at, left_out=left_out)
    labels = {option.id: option.label for option in asked_in(question)}
    result = {**result, "statements": [one for one in result["statements"] if one["item"] in labels]}
    sides = {s["item"]: [_side(g, counts) for g, counts in enumerate(s["counts"])] for s in result["statements"]}
    marks: dict[tuple[int, int], int] = {}

    def row(said: Mapping[str, Any]) -> Row:
        item, stance = said["item"], said["stance"]
        return Row(item, labels[item], stance, said["z"], sides[item], marks.get((item, stance), 0))

    def rows(several: list[dict[str, Any]]) -> list[Row]:
        return [row(one) for one in several if one["item"] in labels]

    for own in result["representative"]:
        for one in [one for one in own if one["item"] in labels][:3]:  # more numbers would lie over one another
            marks.setdefault((one["item"], one["stance"]), len(marks) + 1)
    sizes = [group["n"] for group in result["groups"]]
    groups = [
        Group(letter(g), g, n, n / sum(sizes), rows(result["representative"][g]), rows(people_of(result, g)))
        for g, n in enumerate(sizes)
    ]
    drawn = map_of(result, marks)
    return Reading(
        question, "", result["n"], made_at, groups, rows(result["bridging"]), rows(result["dividing"]),
        [Row(i, labels[i], 0, 0.0, own) for i, own in sides.items()], left_out, drawn, figure_of(drawn, labels),
        _notes(result), _measured(result),
    )  # fmt: skip


def _side(place: int, counts: list[int] | None) -> Side:
    agree, disagree, passed = counts or (0, 0, 0)
    return Side(letter(place), place, agree, disagree, passed, sum(counts) if counts else None)


def _why(result: Mapping[str, Any]) -> str:
    """Why there are no groups."""
    if not result["voted"]:
        return _("Nobody has voted on these statements yet.")
    if result["why"] == "few_statements":
        return _("Groups are found from two statements on.")
    if result["why"] == "few_people":
        words = ngettext(
            "Groups are found from %(fewest)s people on who have voted on %(need)s statement. So far there are %(n)s.",
            "Groups are found from %(fewest)s people on who have voted on %(need)s statements or more. So far there are %(n)s.",
            result["need"],
        )
        return words % {"fewest": number(FEWEST), "need": number(result["need"]), "n": number(result["n"])}
    if result["why"] == "alike":
        return _("All vote alike: there is one group, and everybody is in it.")
    return _(
        "No two groups of five people or more can be told apart. Smaller ones are not shown: they would show who they are."
    )


def _notes(result: Mapping[str, Any]) -> list[str]:
    """What somebody should know before they read on."""
    notes = []
    if result["silhouette"] < OVERLAP:
        notes.append(
            _("The groups run into each other: some people stand between them. Read them as leanings, not as camps.")
        )
    if result["apart"]:
        words = ngettext(
            "%(n)s person votes like nobody else, and is counted with the group nearest to them.",
            "%(n)s people vote like hardly anybody else, and are counted with the group nearest to them.",
            result["apart"],
        )
        notes.append(words % {"n": number(result["apart"])})
    return notes


def _measured(result: Mapping[str, Any]) -> list[tuple[str, str]]:
    base = _("%(n)s of %(voted)s people who voted: those with %(need)s votes or more")
    return [
        (_("Base"), base % {"n": number(result["n"]), "voted": number(result["voted"]), "need": number(result["need"])}),
        (
            _("Groups"),
            _("the method of Polis: people who vote alike stand near each other; what somebody did not vote on moves them nowhere"),
        ),
        (
            _("How many"),
            _("as few as tell people apart about as well as more would (silhouette %(s)s of 1)") % {"s": number(result["silhouette"], 2)},
        ),
        (_("The map"), _("its two directions hold %(share)s of all differences between people") % {"share": percent(result["explained"])}),
        (
            _("What a group stands for, what all share"),
            _(
                "more than half by a test at the 90 percent level, for a group also more than elsewhere; the tests sort statements and "
                "prove nothing about others"
            ),
        ),
        (
            _("Who they are"),
            _("statements in which people speak of themselves (“I live in a town”) are told by their words, and are no opinions"),
        ),
        (
            _("Hidden"),
            _(
                "what fewer than five people of a group said, and what would let it be reckoned; who is in a group is "
                "stored nowhere"
            ),
        ),
    ]  # fmt: skip
