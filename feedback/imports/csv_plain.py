"""A plain table: each row a response, each column a question, its head the wording.

Columns named submission_id, submitted_at (or collected_at), language and mark are read as such, so that our own CSV
comes back in. Without submission_id a row is known again by its content: importing twice changes nothing.

A column's kind follows from its values, predictably: whole numbers 0 to 10 are a rating; at most 12 different short
values, each used twice on average, are a single choice; everything else is long text.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence

from feedback.imports.parsed import Field, Incoming, Layout, RefusedRow, moment
from heard.kit.csvio import Sheet
from heard.kit.errors import BadInput
from heard.kit.i18n import _
from heard.kit.web import clean_text

TIMES = ("submitted_at", "collected_at")
OWN = ("submission_id", *TIMES, "language", "mark")
MOST_CHOICES, LONGEST_CHOICE = 12, 60


NAME = "csv"


def fits(sheets: Sequence[Sheet]) -> bool:
    """Any table is one."""
    return len(sheets) == 1


def survey(sheets: Sequence[Sheet]) -> Layout:
    """The questions of the file. Raises BadInput when no column could be a question."""
    head = sheets[0].head
    asked = _asked(head)
    if not asked:
        raise BadInput(
            _("The file has no column that could be a question."),
            hint=_("Columns in the file: %(names)s.") % {"names": ", ".join(head)[:300]},
        )
    if doubled := [name for name, n in Counter(asked.values()).items() if n > 1]:
        raise BadInput(
            _("The column “%(name)s” is there twice.") % {"name": doubled[0][:80]},
            hint=_("Give each column a name of its own."),
        )
    layout = Layout({name[:200]: Field(name[:200], "", name) for name in asked.values()})
    values: dict[str, list[str]] = {name: [] for name in layout.fields}
    for response in responses(sheets, layout):
        if isinstance(response, RefusedRow):
            continue
        layout.rows += 1
        for name, cells in response.cells.items():
            for value in cells:
                layout.fields[name].see(value)
                values[name].append(value)
    for name, found in layout.fields.items():
        found.kind = _kind(values[name], len(found.labels))
    return layout


def responses(sheets: Sequence[Sheet], layout: Layout) -> Iterator[Incoming | RefusedRow]:
    """A response a row."""
    head = sheets[0].head
    asked, at = _asked(head), {name: head.index(name) for name in OWN if name in head}
    seen: Counter[str] = Counter()
    for line, cells in sheets[0].rows():
        try:
            given = {name: clean_text(cells[i]).strip() for i, name in asked.items()}
            row = {name: clean_text(cells[i]).strip() for name, i in at.items()}
            time = moment(next((row[name] for name in TIMES if row.get(name)), ""))
        except BadInput as refusal:
            yield RefusedRow(line, refusal.message)
            continue
        said = {name[:200]: [value] if value else [] for name, value in given.items()}
        submission = row.get("submission_id") or _by_content(given, seen)
        yield Incoming(line, submission, time, row.get("language", "")[:8], said)


def _asked(head: Sequence[str]) -> dict[int, str]:
    return {i: name for i, name in enumerate(head) if name not in OWN and name}


def _by_content(given: dict[str, str], seen: Counter[str]) -> str:
    """The same row gives the same id; the second row with the same content gives the second id."""
    content = hashlib.sha256("\x1f".join(f"{k}\x1e{v}" for k, v in given.items()).encode()).hexdigest()[:32]
    seen[content] += 1
    return f"row-{content}-{seen[content]}"


def _kind(values: list[str], different: int) -> str:
    if values and all(v.isascii() and v.isdigit() and int(v[:4]) <= 10 for v in values):
        return "rating"
    short = all(len(v) <= LONGEST_CHOICE and "\n" not in v for v in values)
    return "single" if 2 <= different <= MOST_CHOICES and short and different * 2 <= len(values) else "long_text"
