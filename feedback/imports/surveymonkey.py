"""SurveyMonkey's CSV or XLSX: two rows of heads. The first names the question where its columns begin, the second says
Response, Open-Ended Response, or the option or row of each column; "Other (please specify)" holds words of one's own.

Addresses, names and custom data of people are never read.

Source: public scripts that clean these files; the fixed heads of 2015 and of today.
"""

from collections.abc import Sequence

from feedback.imports import tables
from feedback.imports.parsed import OTHER, folded
from feedback.imports.tables import Asked, Plan
from feedback.imports.times import is_day_first, local_moment
from heard.kit.csvio import Sheet

NAME = "surveymonkey"
_ID, _SENT = ("respondent id", "respondentid"), ("end date", "enddate", "date modified")
_OTHERS = ("collector id", "collectorid", "start date", "startdate", "date created", "start")
_PERSONAL = (
    "ip address",
    "email address",
    "first name",
    "last name",
    "lastname",
    "firstname",
    "custom data",
    "emailaddress",
)
_WHOLE = ("", "response", "open-ended response", "réponse", "réponse ouverte", "antwort", "offene antwort", "respuesta")


def fits(sheets: Sequence[Sheet]) -> bool:
    """By its ids of respondent and collector."""
    heads = {folded(h) for h in sheets[0].head} if len(sheets) == 1 else set()
    return bool(heads & {*_ID}) and bool(heads & {"collector id", "collectorid"})


def plan_of(sheet: Sheet) -> Plan:
    """Which column is what."""
    heads = [folded(h) for h in sheet.head]
    second = next((row.cells for row in sheet.rows()), [""] * len(heads))
    fixed = [i for i, h in enumerate(heads) if h in (*_ID, *_SENT, *_OTHERS) or _is_personal(h)]
    number = next((i for i in fixed if heads[i] in _ID), None)
    sent = next((i for i in fixed if heads[i] in _SENT), None)
    begins = [i for i, h in enumerate(heads) if h and i not in fixed]
    ends = [next((j for j in range(i + 1, len(heads)) if heads[j]), len(heads)) for i in begins]
    day_first = sent is not None and is_day_first(row.cells[sent] for row in sheet.rows() if not row.problem) is True
    plan = Plan(
        [_question(sheet.head[i], i, second[i:j]) for i, j in zip(begins, ends, strict=True)],
        time=() if sent is None else (sent,), skip=1, moment=lambda text: local_moment(text, day_first=day_first),
        notes=tables.not_taken(sheet.head[i] for i in fixed if _is_personal(heads[i])),
    )  # fmt: skip
    if number is not None:
        plan.submission = lambda cells: cells[number].strip()
    return plan


def _is_personal(head: str) -> bool:
    return head in _PERSONAL or head.startswith("custom data")


def _question(head: str, first: int, second: Sequence[str]) -> Asked:
    labels = {first + at: "" if folded(text) in _WHOLE else tables.label(text) for at, text in enumerate(second)}
    own = next((i for i, label in labels.items() if folded(label) in OTHER), None) if len(labels) > 1 else None
    columns = {i: label for i, label in labels.items() if i != own}
    if len(columns) > 1:
        columns = {i: label or str(at) for at, (i, label) in enumerate(columns.items(), 1)}
    elif own is None:
        columns = {first: ""}  # one open field with a label of its own
    return Asked(head, tables.wording(head), columns, own)
