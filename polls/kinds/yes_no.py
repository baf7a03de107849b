"""Yes, no, or abstain."""

from collections.abc import Mapping
from typing import Any, ClassVar

from heard.kit.i18n import _
from polls.kinds.single import Single


class YesNo(Single):
    """One choice among three options that the kind brings itself, in the poll's language."""

    name, has_options = "yes_no", False
    nominal = False
    place = 30
    seconds, judged = 3, "wording"
    height, height_per_item = -8, 56
    default_settings: ClassVar[Mapping[str, Any]] = {}

    def label(self) -> str:
        """Its name in the editor."""
        return _("Yes, no or abstain")

    def purpose(self) -> str:
        """What it is for, where the editor lets one choose."""
        return _("A plain decision.")

    def setting_labels(self) -> Mapping[str, str]:
        """None."""
        return {}

    def fixed_options(self, settings: Mapping[str, Any] | None = None) -> tuple[str, ...]:
        """An abstention is an answer: it is counted and shown."""
        return (_("Yes"), _("No"), _("Abstain"))
