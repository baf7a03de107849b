"""What of a question one tap in a mail can answer. Each kind says so itself (Kind.taps)."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from polls.kinds.kind import FrozenQuestion


@dataclass(frozen=True)
class Taps:
    """What one tap in a mail can answer: (value in the ballot's address, label) for each.

    scale: short steps that stand side by side, with words at both ends.
    """

    each: tuple[tuple[str, str], ...] = ()
    scale: bool = False
    low: str = ""
    high: str = ""


def tapped(question: "FrozenQuestion") -> tuple[tuple[str, str], ...]:
    """Its options for a mail. By their ids, which every language shares; by the label where an id is somebody else's label."""
    options = [o for o in question.options if o.role != "row"]
    labels = {o.label.strip() for o in options}
    return tuple((o.label if str(o.id) in labels else str(o.id), o.label) for o in options)
