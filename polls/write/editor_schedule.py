"""When a poll opens and closes, as the editor's fields say it: local times of the community, and days. Pure.

Fields: `opens_at` (empty: when it is published), `closes` (in_days | at | never), `closes_in_days`, `closes_at`.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from heard.kit.errors import BadInput
from heard.kit.i18n import _
from heard.kit.web import Form, first
from heard.kit.zones import comes_twice, local_text, moment
from polls.write.drafts import PollDraft

USUAL_DAYS = 7
CLOSES = ("in_days", "at", "never")


@dataclass
class Schedule:
    """The fields as they stand. A poll that somebody begins closes by itself after a week."""

    opens_at: str = ""
    closes: str = "in_days"
    closes_in_days: str = str(USUAL_DAYS)
    closes_at: str = ""


def schedule_of(draft: PollDraft, zone: str) -> Schedule:
    """The fields of a stored draft."""
    closes = "at" if draft.closes_at else "in_days" if draft.closes_in_days else "never"
    days = str(draft.closes_in_days or USUAL_DAYS)
    return Schedule(local_text(draft.opens_at, zone), closes, days, local_text(draft.closes_at, zone))


def schedule_from(sent: Form) -> Schedule:
    """The fields as they were sent; a form without them never closes by itself."""
    closes = first(sent, "closes", "never")
    return Schedule(
        first(sent, "opens_at"), closes if closes in CLOSES else "never",
        first(sent, "closes_in_days", str(USUAL_DAYS)), first(sent, "closes_at"),
    )  # fmt: skip


def moments_of(typed: Schedule, zone: str) -> tuple[datetime | None, datetime | None, int | None]:
    """Opening, closing, and the days until closing. What cannot be is none: `problems` says so."""
    days = int(typed.closes_in_days) if typed.closes == "in_days" and _is_count(typed.closes_in_days) else None
    return _moment(typed.opens_at, zone), _moment(typed.closes_at if typed.closes == "at" else "", zone), days


def _moment(text: str, zone: str) -> datetime | None:
    with suppress(BadInput):
        return moment(text, zone) if text else None
    return None


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 6


def problems(typed: Schedule, zone: str) -> dict[str, str]:
    """What is wrong with the times, by field: no time at all, one that the clocks jump over, no number of days."""
    found: dict[str, str] = {}
    for name, text in (("opens_at", typed.opens_at), ("closes_at", typed.closes_at if typed.closes == "at" else "")):
        if text:
            try:
                moment(text, zone, field=name)
            except BadInput as refused:
                found[name] = f"{refused.message} {refused.hint}"
    if typed.closes == "at" and not typed.closes_at:
        found["closes_at"] = _("Say when it closes, or let it close by itself after some days.")
    if typed.closes == "in_days" and not _is_count(typed.closes_in_days):
        found["closes_in_days"] = _("Say after how many days it closes, in figures.")
    return found


def notes(typed: Schedule, zone: str) -> dict[str, str]:
    """What is worth knowing about times that are all right: an hour that the clocks show twice, by field."""
    found: dict[str, str] = {}
    for name, text in (("opens_at", typed.opens_at), ("closes_at", typed.closes_at if typed.closes == "at" else "")):
        with suppress(BadInput):
            if text and moment(text, zone) and comes_twice(text, zone):
                words = _("The clocks go back that night, so %(time)s comes twice. The first one counts.")
                found[name] = words % {"time": text[11:16]}
    return found
