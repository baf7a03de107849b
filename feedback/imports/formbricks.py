"""Formbricks' CSV or XLSX (export-<name>-<date>): No., Response ID, Timestamp, Finished, what is about the person, then
"1. <question>", "1. <question> - Option ID", "2. <grid> - <row>" and, behind them, variables, hidden fields and attributes.

Only the numbered columns are questions; the ids of options are not read. Columns with one number are the rows of a grid.
Finished = No is not taken, unless all are so. Its other file, submission_id,collected_at,field_id,…, is our long format.

Source: formbricks/formbricks, apps/web/lib/response/service.ts and utils.ts.
"""

import re
from collections.abc import Sequence
from itertools import groupby

from feedback.imports import tables
from feedback.imports.parsed import folded
from feedback.imports.tables import Asked, Plan
from feedback.imports.times import local_moment
from heard.kit.csvio import Sheet
from heard.kit.i18n import _

NAME = "formbricks"
_NEEDED = ("response id", "timestamp", "finished")
_QUESTION = re.compile(r"(\d{1,4})\. (.*)", re.DOTALL | re.ASCII)
_FRAME = ("no.", *_NEEDED, "survey id", "quotas")
_IDS = " - option id"
_YES = ("yes", "true", "1", "ja", "oui")


def fits(sheets: Sequence[Sheet]) -> bool:
    """By its fixed heads."""
    return len(sheets) == 1 and set(_NEEDED) <= {folded(h) for h in sheets[0].head}


def plan_of(sheet: Sheet) -> Plan:
    """Which column is what."""
    heads = [folded(h) for h in sheet.head]
    numbered = [(i, found) for i, h in enumerate(sheet.head) if (found := _QUESTION.fullmatch(h))]
    kept = [(i, found[1], found[2].strip()) for i, found in numbered if not heads[i].endswith(_IDS)]
    others = {i for i, _found in numbered}
    number, sent, done = (heads.index(name) if name in heads else None for name in _NEEDED)
    plan = Plan(
        [_question([*group]) for _number, group in groupby(kept, key=lambda column: column[1])],
        time=() if sent is None else (sent,), moment=lambda text: local_moment(text, day_first=False),
        notes=tables.not_taken(h for i, h in enumerate(sheet.head) if i not in others and heads[i] not in _FRAME),
    )  # fmt: skip
    if number is not None:
        plan.submission = lambda cells: cells[number].strip()
    if done is not None and any(folded(row.cells[done]) in _YES for row in sheet.rows() if not row.problem):
        plan.why_not = lambda cells: "" if folded(cells[done]) in _YES else _("It was not finished.")
    return plan


def _question(columns: list[tuple[int, str, str]]) -> Asked:
    if len(columns) == 1:
        i, _number, head = columns[0]
        return Asked(head, tables.wording(head), {i: ""})
    shared = _shared([head for _i, _number, head in columns])
    stem = shared[: shared.rfind(" - ")] if " - " in shared else shared
    rows = {
        i: tables.label(head[len(stem) :].removeprefix(" - ")) or str(at) for at, (i, _n, head) in enumerate(columns, 1)
    }
    return Asked(stem.strip() or columns[0][2], tables.wording(stem) or tables.wording(columns[0][2]), rows)


def _shared(heads: Sequence[str]) -> str:
    """The letters that all of them begin with."""
    first, last = min(heads), max(heads)
    return first[
        : next((at for at, pair in enumerate(zip(first, last, strict=False)) if pair[0] != pair[1]), len(first))
    ]
