"""Who sees the results of a poll: the one rule that every surface calls (trust.md, D3)."""

from dataclasses import dataclass
from typing import Protocol

from heard.kit.errors import Refused
from heard.kit.i18n import _
from polls.frozen import FrozenPoll


@dataclass(frozen=True)
class Viewer:
    """Somebody who looks. `may_read`: a member of the community; `voted`: shown by cookie, account or receipt."""

    may_read: bool = False
    voted: bool = False


ANYBODY = Viewer()


class Ruled(Protocol):
    """What the rule asks of a poll: a frozen one, or a row of a list."""

    @property
    def phase(self) -> str:
        """not_yet | open | closed, at this moment."""

    @property
    def results_rule(self) -> str:
        """always | after_vote | after_close | never"""


class ResultsHidden(Refused):
    """The results are not for this viewer, or not yet."""

    code, status = "results_hidden", 403

    def __init__(self, poll: FrozenPoll) -> None:
        open_now = poll.phase == "open"
        hints = {
            "after_vote": _("They are shown to those who have answered. The page with your receipt leads to them."),
            "after_close": _("They are shown when the poll has closed."),
            "never": _("Only the organisers see them. What they make of them comes to the community's page."),
        }
        super().__init__(
            _("The results of this poll are not shown here."),
            hint=hints.get(poll.results_rule, ""),
            link=f"/p/{poll.slug}" if open_now else "",
        )


def can_see_results(viewer: Viewer, poll: Ruled) -> bool:
    """Whether this viewer may see counts. Members always; others by the poll's rule; nobody before a poll has opened."""
    if viewer.may_read:
        return True
    if poll.phase == "not_yet":
        return False
    return (
        poll.results_rule == "always"
        or (poll.results_rule == "after_vote" and viewer.voted)
        or (poll.results_rule == "after_close" and poll.phase == "closed")
    )


def is_public(poll: Ruled) -> bool:
    """Whether anybody may see the results, so that the page may be cached for everybody."""
    return can_see_results(ANYBODY, poll)
