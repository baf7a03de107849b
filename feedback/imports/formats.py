"""The import formats: one file each, asked in this order which of them a file is."""

from collections.abc import Sequence
from pathlib import Path

from feedback.imports import csv_plain, formbricks, google, jsonl, limesurvey, long, polis, surveymonkey, typeform
from feedback.imports.files import beside, sheets_of
from feedback.imports.own_table import own_table
from feedback.imports.parsed import Format
from feedback.imports.tables import OneTable
from heard.kit.csvio import Sheet
from heard.kit.errors import BadInput
from heard.kit.i18n import _
from polls.frozen import FrozenPoll

_TABLES = (limesurvey, typeform, surveymonkey, formbricks, google, csv_plain)  # the plain table last: it takes any
_ALL: tuple[Format, ...] = (polis, jsonl, long, *(OneTable(of.NAME, of.fits, of.plan_of) for of in _TABLES))
FORMATS: dict[str, Format] = {form.NAME: form for form in _ALL}


def opened(
    source: Path | bytes, form: str = "auto", name: str = "", poll: FrozenPoll | None = None
) -> tuple[Format, list[Sheet]]:
    """The format of a file (a folder, its bytes) and its tables. A file of Polis brings those that lie beside it. `poll`: the
    one that the answers go to, None for a new one; a table that was made of it is known by it.

    Raises BadInput: it cannot be read, or there is no such format.
    """
    sheets = sheets_of(source, name)
    if poll and form in ("auto", csv_plain.NAME) and (own := own_table(poll, sheets)):
        return own, sheets
    found = format_of(sheets, form)
    if found is polis and isinstance(source, Path) and len(sheets) == 1:
        sheets = [one for path in beside(source) for one in sheets_of(path)]
    return found, sheets


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
