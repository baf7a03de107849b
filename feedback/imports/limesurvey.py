"""LimeSurvey's CSV of responses (results-survey….csv), with codes or with full texts as heads.

`Q2[SQ001]` and `Q2[SQ002]` are one question; `Q2[other]` holds the words of its "Other", `Q2[comment]` is a text of its own.
Older files have heads such as 12345X67X890SQ001. A response without a date of submission is unfinished and not taken,
unless none has one. In anonymous surveys every date is 1 January 1980: the time is unknown. Token, address, referrer and
timings are never read.

Source: LimeSurvey/LimeSurvey, application/helpers/admin/export/ (CsvWriter.php, Writer.php).
"""

import re
from collections.abc import Sequence
from datetime import datetime

from feedback.imports import tables
from feedback.imports.parsed import OTHER, folded
from feedback.imports.tables import Asked, Plan
from feedback.imports.times import local_moment
from heard.kit.csvio import Sheet
from heard.kit.i18n import _

NAME = "limesurvey"
# What is no question, by its head as `folded` gives it.
_ID = ("id", "response id", "id de la réponse", "antwort id")
_SUBMITTED = ("submitdate", "date submitted", "date de soumission", "datum abgeschickt")
_LANGUAGE = ("startlanguage", "start language", "langue de départ", "start-sprache")
_SEED = ("seed", "tête de série", "zufallsstartwert")
_OTHERS = (
    "lastpage", "last page", "dernière page", "letzte seite", "startdate", "date started", "date de lancement", "datum gestartet",
    "datestamp", "date last action", "date de la dernière action", "datum letzte aktivität",
)  # fmt: skip
_PERSONAL = (
    "token", "access code", "code d'accès", "zugangscode", "ipaddr", "ip address", "adresse ip", "ip-adresse", "refurl", "referrer url",
    "url de référence", "interviewtime", "total time", "durée totale", "gesamtzeit",
)  # fmt: skip
_TIMING = re.compile(r"group ?time.*|question ?time.*|\d+x\d+time|\d+x\d+x\d+time")
_SGQA = re.compile(r"(\d+X\d+X\d+)(\D\w*)?", re.ASCII)


def fits(sheets: Sequence[Sheet]) -> bool:
    """By its fixed heads: id, the day of submission, and the last page or the language."""
    heads = {folded(h) for h in sheets[0].head} if len(sheets) == 1 else set()
    return all(heads & {*names} for names in (_ID, _SUBMITTED, (*_LANGUAGE, *_OTHERS)))


def plan_of(sheet: Sheet) -> Plan:
    """Which column is what."""
    heads = [folded(h) for h in sheet.head]
    number, sent, language, seed = (_column(heads, names) for names in (_ID, _SUBMITTED, _LANGUAGE, _SEED))
    fixed = {*_ID, *_SUBMITTED, *_LANGUAGE, *_SEED, *_OTHERS}
    personal = [i for i, h in enumerate(heads) if h in _PERSONAL or _TIMING.fullmatch(h)]
    plan = Plan(
        _asked([(i, h) for i, h in enumerate(sheet.head) if h and heads[i] not in fixed and i not in personal]),
        time=() if sent is None else (sent,), language=language, moment=_moment,
        notes=tables.not_taken(sheet.head[i] for i in personal),
    )  # fmt: skip
    if number is not None:
        plan.submission = lambda cells: "-".join(c for i in (number, seed) if i is not None and (c := cells[i].strip()))
    if sent is not None and any(row.cells[sent].strip() for row in sheet.rows() if not row.problem):
        plan.why_not = lambda cells: (
            "" if cells[sent].strip() else _("It was not submitted: the day of submission is empty.")
        )
    elif sent is not None:
        plan.notes.append(_("No response has a day of submission, so all of them are taken."))
    return plan


def _column(heads: list[str], names: Sequence[str]) -> int | None:
    return next((heads.index(name) for name in names if name in heads), None)


def _moment(text: str) -> datetime | None:
    return None if text.startswith("1980-01-01") else local_moment(text, day_first=False)


def _asked(heads: list[tuple[int, str]]) -> list[Asked]:
    """The questions: columns with the same stem together, where the first of them stands."""
    stems: dict[str, list[tuple[int, str]]] = {}
    for i, head in heads:
        stem, item = _apart(head)
        if folded(item).endswith("comment"):
            stem, item = head, ""
        stems.setdefault(stem, []).append((i, item))
    asked = list[Asked]()
    for stem, found in stems.items():
        own = next((i for i, item in found if folded(item) in OTHER), None) if len(found) > 1 else None
        columns = {i: tables.label(item) for i, item in found if i != own}
        words = tables.wording(stem)
        if len(columns) > 1 and not all(columns.values()):  # the stem is a question too, and others are called after it
            asked += [
                Asked(
                    f"{stem} [{item}]" if item else stem,
                    f"{words} [{item}]" if item else words,
                    {i: ""},
                    None if item else own,
                )
                for i, item in columns.items()
            ]
        else:
            asked.append(Asked(stem, words, columns, own))
    return asked


def _apart(head: str) -> tuple[str, str]:
    if sgqa := _SGQA.fullmatch(head):
        return sgqa[1], sgqa[2] or ""
    return tables.stem_and_item(head)
