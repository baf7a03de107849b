"""As much as a person wants to say."""

from heard.kit.i18n import _
from polls.kinds.short_text import ShortText


class LongText(ShortText):
    """At most 10,000 characters, in paragraphs."""

    name = "long_text"
    place = 70
    seconds = 40
    height = 77
    longest = 10_000

    def label(self) -> str:
        """Its name in the editor."""
        return _("Long text")

    def purpose(self) -> str:
        """What it is for, where the editor lets one choose."""
        return _("Room for their own words, which become themes.")
