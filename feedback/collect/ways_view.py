"""Where a poll's answers came from, as its manager reads it: for each way the answers, and the visits of its link."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from feedback.collect import counters, queries, ways
from feedback.collect.tallies import WAY
from feedback.models import SOURCES
from heard.kit import visits
from heard.kit.db import DbSession
from heard.kit.i18n import _
from polls.frozen import FrozenPoll
from polls.models import Link, Poll
from polls.publish import links, mailing_queries
from polls.publish.links import Target


@dataclass(frozen=True)
class WayRow:
    """A way with its answers. `persons` and `machines`: visits of its link, or by its mails; None where it has none."""

    label: str
    answers: int
    persons: int | None = None
    machines: int | None = None


@dataclass(frozen=True)
class WaysTable:
    """The largest first. `anonymous`: no link is remembered, and few are not told."""

    rows: list[WayRow]
    anonymous: bool

    @property
    def n(self) -> int:
        """All answers."""
        return sum(row.answers for row in self.rows)


def ways_table(session: DbSession, poll: FrozenPoll) -> WaysTable:
    """Of a poll that is not anonymous also links that were opened and brought no answer."""
    cells = counters.shown(
        counters.cells(session, poll.id), anonymous=poll.anonymous, closed=queries.is_closed(poll)
    )  # fmt: skip
    counted = ways.ways_of(cells)
    if poll.anonymous:
        return WaysTable([WayRow(label_of(way, {}), n) for way, n in ways.folded(counted)], anonymous=True)
    there = {f"l{link.id}": link for link in links.links_of(session, Target(session.get_one(Poll, poll.id)))}
    seen = visits.visits_of(session, [f"link:{link.id}" for link in there.values()])
    mailed = sum(visits.visits_of(session, mailing_queries.subjects_of(session, poll.id)).values(), Counter[str]())
    found = []
    for way, n in [*counted, *((way, 0) for way in there if not cells.get(WAY + way))]:
        link = there.get(way)
        opened = seen[f"link:{link.id}"] if link else mailed if way == "email" else {}
        if n or opened.get("person"):
            machines = opened.get("preview", 0) + opened.get("scanner", 0)
            visited = (opened.get("person", 0), machines) if link or way == "email" else (None, None)
            found.append(WayRow(label_of(way, there), n, *visited))
    return WaysTable(sorted(found, key=lambda row: (-row.answers, -(row.persons or 0))), anonymous=False)


def words_for_ways(session: DbSession, poll: FrozenPoll) -> dict[str, str]:
    """The words for each way by which somebody may have come, no two of them the same. Links of an anonymous poll are not
    remembered, so none is named."""
    there = {f"l{link.id}": link for link in links.links_of(session, Target(session.get_one(Poll, poll.id)))}
    found: dict[str, str] = {}
    for way in (*there, *SOURCES, ways.REST):
        words = label_of(way, there)
        found[way] = words if words not in found.values() else f"{words} ({way})"
    return found


def label_of(way: str, there: Mapping[str, Link]) -> str:
    """A way in words; of a link that is gone, "A link that is gone"."""
    if way in there:
        return links.label_of(there[way])
    ours = {
        "page": _("Ballot page without a tracked link"), "embed": _("In a frame, without a tracked link"),
        "email": _("E-mail invitation"), "api": _("API"), "import": _("Import"), ways.REST: _("Other ways"),
    }  # fmt: skip
    return ours.get(way) or _("A link that is gone")
