"""Google Forms' CSV, from the form or from its sheet: the time first, then a column for each question.

Several choices are joined by ";" (from the form) or by ", " (from the sheet, where commas inside an option look the same);
columns.py takes them apart. "Question [Row]" is a row of a grid. The time is written as the form's language does: which of
day and month comes first tells the first stamp with a number above 12; where none has one, the head does: English ones
write the month first. Times without a zone count as UTC. There are no ids: a row is known again by its content.
Addresses, names and scores are never read.
"""

from collections.abc import Sequence
from functools import partial
from itertools import groupby

from feedback.imports import tables
from feedback.imports.parsed import folded
from feedback.imports.tables import Asked, Plan
from feedback.imports.times import is_day_first, local_moment
from heard.kit.csvio import Sheet
from heard.kit.i18n import _

NAME = "google"
_STAMPS = (
    "timestamp", "horodateur", "zeitstempel", "marca temporal", "carimbo de data/hora", "informazioni cronologiche", "tijdstempel",
    "sygnatura czasowa", "отметка времени", "позначка часу", "タイムスタンプ", "时间戳记", "時間戳記", "타임스탬프", "tidsstämpel",
    "tidsstempel", "tidsmerke", "aikaleima", "časové razítko", "časová pečiatka", "zaman damgası", "marcaj de timp", "időbélyeg",
    "טביעת זמן", "طابع زمني", "marca de temps",
)  # fmt: skip
_PERSONAL = (
    "username", "email address", "email", "score", "nom d'utilisateur", "adresse e-mail", "score total", "e-mail-adresse", "nutzername",
    "punktzahl", "dirección de correo electrónico", "nombre de usuario", "puntuación", "endereço de e-mail", "pontuação",
    "indirizzo email", "punteggio", "e-mailadres", "gebruikersnaam",
)  # fmt: skip


def fits(sheets: Sequence[Sheet]) -> bool:
    """By the head of the first column, in the languages of the forms."""
    return len(sheets) == 1 and folded(sheets[0].head[0]) in _STAMPS and len(sheets[0].head) > 1


def plan_of(sheet: Sheet) -> Plan:
    """Which column is what."""
    heads = [folded(h) for h in sheet.head]
    personal = [i for i, h in enumerate(heads) if h in _PERSONAL]
    day_first = is_day_first(row.cells[0] for row in sheet.rows() if not row.problem)
    notes = tables.not_taken(sheet.head[i] for i in personal)
    if day_first is None:
        day_first = heads[0] != "timestamp"
    elif day_first and heads[0] == "timestamp":
        notes.append(_("In its times the day comes before the month."))
    columns = [(i, *tables.stem_and_item(h)) for i, h in enumerate(sheet.head) if i and h and i not in personal]
    groups = [[*group] for _stem, group in groupby(columns, key=lambda column: column[1])]
    asked = list[Asked]()
    for group in groups:
        _i, stem, _item = group[0]
        if len(group) > 1 and all(item for _i, _stem, item in group):
            asked.append(Asked(stem, tables.wording(stem), {i: tables.label(item) for i, _stem, item in group}))
        else:
            asked += [Asked(sheet.head[i], tables.wording(sheet.head[i]), {i: ""}) for i, _stem, _item in group]
    return Plan(asked, time=(0,), moment=partial(local_moment, day_first=day_first), notes=notes)
