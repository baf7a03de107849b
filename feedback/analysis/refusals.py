"""What a table or a view is refused for."""

from feedback.collect.counters import K
from heard.kit.errors import BadInput, Refused
from heard.kit.i18n import _


class SmallGroup(Refused):
    """A filter that leaves, or sets apart, fewer than k people."""

    code, status = "small_group", 409

    def __init__(self, why: str = "") -> None:
        super().__init__(
            why or _("This filter would tell of fewer than %(k)s people, or set so few apart.") % {"k": K},
            hint=_("Choose an answer that more people gave, or no filter."),
        )


class UnknownField(BadInput):
    """A side of a table that the poll does not have."""

    code = "unknown_field"


class TooMuchBeside(BadInput):
    """A view that looks at more than two things beside a question, or at one twice."""

    code = "too_much_beside"
