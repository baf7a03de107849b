"""Typeform's CSV, and HeyForm's, which has the same frame: #, questions, hidden fields, Start Date (UTC), Submit Date (UTC).

Several choices come in two layouts: joined by commas in one cell (columns.py takes them apart), or a column for each option,
whose head and cells are the option's words, with a column "Other" behind them. These have no head for the question, so it
is called after its options. Hidden fields stand behind the questions and are named like variables (utm_source): they,
Network ID and Tags are not taken. A response of another type than "completed" is unfinished, unless all are.

Source: files of 2019 and 2024; heyform, packages/server/src/service/export-file.service.ts.
"""

import re
from collections.abc import Sequence
from itertools import islice, takewhile

from feedback.imports import tables
from feedback.imports.parsed import OTHER, folded
from feedback.imports.tables import BATCH, Asked, Plan
from feedback.imports.times import local_moment
from heard.kit.csvio import Sheet
from heard.kit.i18n import _

NAME = "typeform"
_SENT, _STARTED, _TYPE = "submit date (utc)", "start date (utc)", "response type"
_FRAME = (_TYPE, _STARTED, "stage date (utc)", _SENT, "network id", "tags", "ending")
_PERSONAL = ("network id", "tags", "ending")
_VARIABLE = re.compile(r"[a-z][a-z0-9]*(?:[_\-][a-z0-9_\-]*)?", re.ASCII)


def fits(sheets: Sequence[Sheet]) -> bool:
    """By the first head, #, and the day of submission."""
    heads = [folded(h) for h in sheets[0].head] if len(sheets) == 1 else []
    return heads[:1] == ["#"] and _SENT in heads


def plan_of(sheet: Sheet) -> Plan:
    """Which column is what."""
    heads = [folded(h) for h in sheet.head]
    frame = min((i for i, h in enumerate(heads) if h in _FRAME), default=len(heads))
    questions = list(range(1 if heads[:1] == ["#"] else 0, frame))
    hidden = [*takewhile(lambda i: _VARIABLE.fullmatch(sheet.head[i]), reversed(questions))]
    questions = [i for i in questions if i not in hidden and sheet.head[i]]
    personal = [*hidden[::-1], *(i for i, h in enumerate(heads) if h in _PERSONAL)]
    sent, kind = (heads.index(name) if name in heads else None for name in (_SENT, _TYPE))
    plan = Plan(
        _asked(sheet, questions), time=() if sent is None else (sent,),
        moment=lambda text: local_moment(text, day_first=False), notes=tables.not_taken(sheet.head[i] for i in personal),
    )  # fmt: skip
    if heads[:1] == ["#"]:
        plan.submission = lambda cells: cells[0].strip()
    if kind is not None and any(_finished(row.cells[kind]) for row in sheet.rows() if not row.problem):
        plan.why_not = lambda cells: (
            "" if _finished(cells[kind]) else _("It was not finished: %(type)s.") % {"type": cells[kind][:40]}
        )
    return plan


def _finished(kind: str) -> bool:
    return kind.strip().lower() in ("completed", "")


def _asked(sheet: Sheet, questions: list[int]) -> list[Asked]:
    asked, options = list[Asked](), _named_after_themselves(sheet, questions)
    while questions:
        run = [*takewhile(lambda i: i in options, questions)]
        if len(run) < 2:
            i = questions.pop(0)
            asked.append(Asked(sheet.head[i], tables.wording(sheet.head[i]), {i: ""}))
            continue
        questions = questions[len(run) :]
        labels = {i: tables.label(sheet.head[i]) for i in run}
        own = None
        if questions and folded(sheet.head[questions[0]]) in OTHER:
            own = questions.pop(0)
        words = " / ".join([*labels.values(), *([_("Other")] if own is not None else [])])
        asked.append(Asked(sheet.head[run[0]], tables.wording(words)[:300], labels, own))
    return asked


def _named_after_themselves(sheet: Sheet, columns: list[int]) -> set[int]:
    """The columns whose cells hold nothing but their head: options. "Other" ends a question and is none of them."""
    left = {i: {"", sheet.head[i]} for i in columns if folded(sheet.head[i]) not in OTHER}
    rows, filled = (row.cells for row in sheet.rows() if not row.problem), set[int]()
    while left and (batch := [*islice(rows, BATCH)]):
        for i in [*left]:
            cells = {row[i].strip() for row in batch}
            if not cells <= left[i]:
                del left[i]
            elif cells != {""}:
                filled.add(i)
    return {i for i in left if i in filled}
