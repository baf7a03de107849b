"""What the page of a proposal shows: each theme now and then, and where its answers come from and would go.

Of an anonymous poll no figure below k is told: `Told` gives None for it, and leaves such flows out.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlmodel import col

from feedback.answer.durations import ago
from feedback.models import Theme, ThemeRefit
from feedback.themes import queries as theme_queries
from feedback.themes import refits
from feedback.themes.queries import K
from heard.accounts.access import Member
from heard.kit.clock import now
from heard.kit.db import DbSession
from heard.kit.i18n import _, ngettext, number
from polls.models import Poll


class Flow(NamedTuple):
    """Answers that come from a theme, or would go to one. label "": none, they stand alone."""

    label: str
    n: int


@dataclass
class Pair:
    """A theme now and then. kind: kept, new or gone. Counts None: hidden. `taken_in`: themes that are gone and mostly here."""

    id: int
    kind: str
    was: str
    name: str
    now: int | None
    then: int | None
    stay: int | None
    come: int | None
    go: int | None
    fresh: int | None
    came_from: list[Flow]
    goes_to: list[Flow]
    taken_in: list[str]
    quote: str = ""
    parts: list["Pair"] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        """Whether anything is another one than before, its name or an answer."""
        return self.kind != "kept" or self.was != self.name or self.come != 0 or self.go != 0

    @property
    def says(self) -> list[str]:
        """What happens to its answers, in a few words each."""
        if self.kind != "kept":
            return []
        return [
            words
            for words in (
                _told(self.stay, lambda n: ngettext("%(n)s answer stays", "%(n)s answers stay", n)),
                _told(self.come, lambda n: ngettext("%(n)s comes", "%(n)s come", n)),
                _told(self.go, lambda n: ngettext("%(n)s goes", "%(n)s go", n)),
            )
            if words
        ]


def _told(n: int | None, words: Callable[[int], str]) -> str:
    if n is None:
        return words(2) % {"n": _("fewer than %(k)s") % {"k": K}}
    return words(n) % {"n": number(n)} if n else ""


@dataclass
class RefitPage:
    """templates/feedback/theme_refit.html. `state`: "", making, ready, taking, stale; `since`: answers that came after it was
    made; `keep`: names that people gave or pinned; `themes`: whether there are any to find anew."""

    member: Member
    poll: Poll
    at: str
    state: str
    finding: str
    lead: str
    pairs: list[Pair]
    largest: int
    made_ago: str
    since: int
    held: int | None
    keep: list[str]
    themes: bool
    k: int = K


def refit_page(session: DbSession, member: Member, poll: Poll) -> RefitPage:
    """The proposal of a poll, or that there is none; of one that is being made, that it is."""
    poll_id, held_back = poll.id or 0, theme_queries.held_back(session, poll)
    refit = None if held_back else session.get(ThemeRefit, poll_id)
    state = refits.state_of(session, refit) if refit else ""
    result = refit.result if refit and refit.result else None
    shown = RefitPage(
        member, poll, f"/m/{member.community.slug}/polls/{poll.slug}/themes", state, _waits(state), "", [], 1,
        made_ago=ago(now() - refit.made_at) if refit else "", since=0, held=0, keep=[],
        themes=not held_back and refits.has_themes(session, poll_id),
    )  # fmt: skip
    if refit is None or result is None:
        return shown
    told = Told(poll.anonymous)
    shown.pairs = _with_quotes(session, poll_id, pairs(result, told), result)
    shown.largest = max([n for pair in shown.pairs for n in (pair.now or 0, pair.then or 0)], default=1) or 1
    shown.finding, shown.lead = _finding(result, told), _lead(shown.pairs)
    shown.held = told.figure(result["held"])
    shown.keep = _kept_names(session, poll_id)
    all_of_them = theme_queries.read_of(session, poll_id) + theme_queries.unread_of(session, poll)
    shown.since = max(0, all_of_them - result["n"])
    return shown


@dataclass(frozen=True)
class Told:
    """Which figures may be told."""

    anonymous: bool

    def figure(self, n: int) -> int | None:
        """The number, or None where it is too small to be told."""
        return None if self.anonymous and 0 < n < K else n

    def flows(self, flows: Sequence[Sequence[int]]) -> list[tuple[int, int]]:
        """(theme, answers) of those that may be told."""
        return [(theme, n) for theme, n in flows if self.figure(n) is not None]


def pairs(result: Mapping[str, Any], told: Told) -> list[Pair]:
    """Coarse themes with their fine ones below: those that would be, the largest first, then those that go."""
    stood, would = {row["id"]: row for row in result["now"]}, {row["id"]: row for row in result["then"]}
    all_of_them = {id: _pair(id, stood, would, told) for id in [*would, *[id for id in stood if id not in would]]}
    above = {id: (would.get(id) or stood[id])["parent"] for id in all_of_them}
    for id, pair in all_of_them.items():
        if (parent := above[id]) is not None:
            all_of_them[parent].parts.append(pair)
    return [pair for id, pair in all_of_them.items() if above[id] is None]


def _pair(id: int, stood: Mapping[int, Any], would: Mapping[int, Any], told: Told) -> Pair:
    old, new = stood.get(id), would.get(id)
    n_old, n_new = (old["n"] if old else 0), (new["n"] if new else 0)
    stay, fresh = (new["stay"], new["fresh"]) if new else (0, 0)
    came = told.flows(new["from"]) if new else []
    goes = told.flows(old["to"]) if old else []
    return Pair(
        id, "kept" if old and new else "new" if new else "gone", old["label"] if old else "", new["label"] if new else "",
        now=told.figure(n_old), then=told.figure(n_new), stay=told.figure(stay), come=told.figure(n_new - stay),
        go=told.figure(n_old - stay), fresh=told.figure(fresh),
        came_from=[Flow(stood[theme]["label"] if theme else "", n) for theme, n in came],
        goes_to=[Flow(would[theme]["label"] if theme else "", n) for theme, n in goes],
        taken_in=[
            stood[theme]["label"] for theme, n in came if theme and theme not in would and 2 * n >= stood[theme]["n"]
        ],
    )  # fmt: skip


def _with_quotes(session: DbSession, poll_id: int, made: list[Pair], result: Mapping[str, Any]) -> list[Pair]:
    """A theme that is new says what it is about by its first quote."""
    quoted = {row["id"]: row["quotes"] for row in result["then"]}
    new = [pair for branch in made for pair in (branch, *branch.parts) if pair.kind == "new"]
    first = theme_queries.first_quotes(
        session, [Theme(id=pair.id, poll_id=poll_id, label="-", quotes=quoted[pair.id], born_at=now()) for pair in new]
    )
    for pair in new:
        pair.quote = first[pair.id]
    return made


def _kept_names(session: DbSession, poll_id: int) -> list[str]:
    stays = (col(Theme.named_by) == "person") | col(Theme.pinned)
    query = select(col(Theme.label)).where(col(Theme.poll_id) == poll_id, stays, col(Theme.merged_into).is_(None))
    return list(session.scalars(query.order_by(col(Theme.id))))


def _waits(state: str) -> str:
    return _("All themes are being found anew") if state == "making" else _("Find all themes anew")


def _finding(result: Mapping[str, Any], told: Told) -> str:
    moves, n = told.figure(result["moves"]), result["n"]
    if moves == 0:
        return _("No answer would move")
    words = ngettext("%(moves)s of %(n)s answer would move", "%(moves)s of %(n)s answers would move", n)
    return words % {"moves": _("Fewer than %(k)s") % {"k": K} if moves is None else number(moves), "n": number(n)}


def _lead(made: Sequence[Pair]) -> str:
    counts = {kind: sum(pair.kind == kind for pair in made) for kind in ("kept", "new", "gone")}
    said = [
        (counts["kept"], ngettext("%(n)s theme stays", "%(n)s themes stay", counts["kept"])),
        (counts["new"], ngettext("%(n)s is new", "%(n)s are new", counts["new"])),
        (counts["gone"], ngettext("%(n)s goes", "%(n)s go", counts["gone"])),
    ]
    return ", ".join(words % {"n": number(n)} for n, words in said if n) + "." if made else ""
