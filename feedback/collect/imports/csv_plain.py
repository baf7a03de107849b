"""A plain table: each row a response, each column a question, its head the wording.

Columns named submission_id, submitted_at (or collected_at), language and mark are read as such, so that our own CSV
comes back in. Without submission_id a row is known again by its content: importing twice changes nothing.

A column's kind follows from its values, predictably: whole numbers 0 to 10 are a rating; at most 12 different short
values, each used twice on average, are a single choice; everything else is long text.
"""

import hashlib
from collections import Counter

from feedback.collect.imports.parsed import Field, Incoming, Parsed, RefusedRow, moment
from heard.kit.csvio import Table
from heard.kit.errors import BadInput
from heard.kit.i18n import _
from heard.kit.web import clean_text

TIMES = ("submitted_at", "collected_at")
OWN = ("submission_id", *TIMES, "language", "mark")
MOST_CHOICES, LONGEST_CHOICE = 12, 60


def parse(table: Table) -> Parsed:
    """The questions and responses of the file. Raises BadInput when no column could be a question."""
    asked = {i: name for i, name in enumerate(table.head) if name not in OWN and name}
    if not asked:
        raise BadInput(
            _("The file has no column that could be a question."),
            hint=_("Columns in the file: %(names)s.") % {"names": ", ".join(table.head)[:300]},
        )
    if doubled := [name for name, n in Counter(asked.values()).items() if n > 1]:
        raise BadInput(
            _("The column “%(name)s” is there twice.") % {"name": doubled[0][:80]},
            hint=_("Give each column a name of its own."),
        )
    at = {name: table.head.index(name) for name in OWN if name in table.head}
    parsed = Parsed({name: Field(name[:200], "", name) for name in asked.values()}, [], [])
    seen: Counter[str] = Counter()
    values: dict[str, list[str]] = {name: [] for name in asked.values()}
    for line, cells in table.rows:
        try:
            given = {name: clean_text(cells[i]).strip() for i, name in asked.items()}
            row = {name: clean_text(cells[i]).strip() for name, i in at.items()}
            time = moment(next((row[name] for name in TIMES if row.get(name)), ""))
        except BadInput as refusal:
            parsed.refused.append(RefusedRow(line, refusal.message))
            continue
        response = Incoming(
            line, row.get("submission_id") or _by_content(given, seen), time, row.get("language", "")[:8]
        )
        for name, value in given.items():
            response.cells[name[:200]] = [value] if value else []
            if value:
                parsed.fields[name].see(value)
                values[name].append(value)
        parsed.responses.append(response)
    for name, found in parsed.fields.items():
        found.kind = _kind(values[name], len(found.labels))
    parsed.fields = {f.id: f for f in parsed.fields.values()}
    return parsed


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
