"""The import formats: one file each, asked in this order which of them a file is."""

from collections.abc import Sequence

from feedback.imports import csv_plain, long
from feedback.imports.parsed import Format
from heard.kit.csvio import Sheet
from heard.kit.errors import BadInput
from heard.kit.i18n import _

_ALL: tuple[Format, ...] = (long, csv_plain)  # the plain table last: it takes any
FORMATS: dict[str, Format] = {form.NAME: form for form in _ALL}


def format_of(sheets: Sequence[Sheet], name: str = "auto") -> Format:
    """The format of this name, or the first that these sheets look like. Raises BadInput for an unknown one."""
    if name == "auto":
        return next((form for form in _ALL if form.fits(sheets)), _ALL[-1])
    if name not in FORMATS:
        raise BadInput(
            _("There is no import format “%(form)s”.") % {"form": name[:40]},
            hint=_("Formats: %(names)s.") % {"names": ", ".join(["auto", *FORMATS])},
        )
    return FORMATS[name]
