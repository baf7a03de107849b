"""Local times of a community, as people type them, and moments of the one clock. Safe at both ends of summer time. Pure."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from heard.kit.errors import BadInput
from heard.kit.i18n import _, day

FORMAT = "%Y-%m-%dT%H:%M"  # what <input type=datetime-local> sends


def zone_of(name: str) -> ZoneInfo:
    """The zone of this name, chosen long ago perhaps; UTC when the time zone data of this machine know it no more."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown; no name at all; a folder of the data
        return ZoneInfo("UTC")


def moment(text: str, zone: str, *, field: str = "") -> datetime:
    """The moment of a local time "2026-03-29T14:30" in a zone such as Europe/Paris, in UTC.

    An hour that comes twice, when the clocks go back, means its first time (see `comes_twice`). Raises BadInput for what
    is no time, and for one that the clocks jump over: zoneinfo would quietly move it.
    """
    try:
        local = datetime.strptime(text.strip()[:16], FORMAT)
        if not 2000 <= local.year <= 2200:  # a slip, and near the ends of the calendar no zone can be reckoned with
            raise ValueError(text)
        at = local.replace(tzinfo=zone_of(zone)).astimezone(UTC)
    except ValueError as error:
        words = _("“%(text)s” is not a date and time.") % {"text": text.strip()[:40]}
        raise BadInput(
            words, hint=_("It looks like 2026-03-29T14:30."), fields={field: words} if field else None
        ) from error
    if (lands := at.astimezone(zone_of(zone)).replace(tzinfo=None)) != local:
        words = _(
            "On %(day)s the clocks in %(zone)s jump over %(time)s: that time does not exist. The next one is %(next)s."
        )
        values = {"day": local.date().isoformat(), "zone": zone, "time": f"{local:%H:%M}", "next": f"{lands:%H:%M}"}
        raise BadInput(
            words % values, hint=_("Choose another time. Nothing else was lost."), fields={field: words % values}
        )
    return at


def comes_twice(text: str, zone: str) -> bool:
    """Whether the clocks show this local time twice that night, an hour (or half of one) apart."""
    local = datetime.strptime(text.strip()[:16], FORMAT).replace(tzinfo=zone_of(zone))
    first, second = (local.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    return second > first


def local_text(at: datetime | None, zone: str) -> str:
    """A moment as a field of a form holds it, in local time; "" for none."""
    return f"{at.astimezone(zone_of(zone)):{FORMAT}}" if at else ""


def in_words(at: datetime | None, zone: str) -> str:
    """A moment as a person of that zone says it: 3 March 2026, 14:30; "" for none."""
    if at is None:
        return ""
    there = at.astimezone(zone_of(zone))
    return _("%(day)s, %(time)s") % {"day": day(there.date()), "time": f"{there:%H:%M}"}


def days_later(at: datetime, days: int, zone: str) -> datetime:
    """The moment that many local days later at the same time on the wall; when the clocks jump over it, just after.

    By local days, so that a week is a week on the wall even when the clocks change in between.
    """
    there = at.astimezone(zone_of(zone)).replace(tzinfo=None) + timedelta(days=days)
    return there.replace(tzinfo=zone_of(zone)).astimezone(UTC)


def day_in(at: datetime, zone: str) -> date:
    """The local day of a moment."""
    return at.astimezone(zone_of(zone)).date()
