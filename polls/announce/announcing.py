"""Writing an announcement: news, or a trial; publishing it, and saying what became of it.

A trial begins with its version 1 (polls/announce/trials.py). Two editors never overwrite each other: every edit names the
revision it began with.
"""

import re
from dataclasses import dataclass, fields
from datetime import date

from sqlmodel import select

from heard.accounts import audit
from heard.accounts.models import Account, AuditEntry, Community
from heard.kit import work, zones
from heard.kit.clock import now
from heard.kit.db import DbSession
from heard.kit.errors import BadInput, Refused
from heard.kit.i18n import LANGUAGES, _
from heard.kit.i18n import number as in_figures
from heard.kit.slugs import add_with_slug, free_slug, slug_of
from polls.announce import participants
from polls.models import ANNOUNCEMENT_KINDS, OUTCOMES, Announcement, Version
from polls.publish import links
from polls.publish.links import Target

LONGEST = {"title": 200, "what": 4000, "audience": 1000, "how": 2000, "consent": 2000}
MOST_PLACES = 100_000
RESERVED = {"new"}  # /m/<community>/announcements/new is the editor of what is not stored yet


class SavedElsewhere(Refused):
    """Another editor saved first; nothing was overwritten."""

    code, status = "edited_elsewhere", 409

    def __init__(self, announcement: Announcement, who: str) -> None:
        known = _("%(who)s saved “%(title)s” while you were editing it.")
        unknown = _("“%(title)s” was saved elsewhere while you were editing it.")
        super().__init__(
            (known if who else unknown) % {"who": who, "title": announcement.title},
            hint=_(
                "Nothing was overwritten. See what is different; save again to replace it, or reload to take it over."
            ),
        )


class AnnouncementEnded(Refused):
    """What has ended is history: it stays as people read it."""

    code, status = "announcement_ended", 409

    def __init__(self, announcement: Announcement) -> None:
        super().__init__(
            _("“%(title)s” has ended, so it stays as it is.") % {"title": announcement.title},
            hint=_("Announce something new to go on."),
        )


class NotPublished(Refused):
    """A draft has no participants, no versions and no end."""

    code, status = "not_published", 409

    def __init__(self, announcement: Announcement) -> None:
        super().__init__(
            _("“%(title)s” is not published.") % {"title": announcement.title}, hint=_("Publish it first.")
        )


@dataclass(frozen=True)
class AnnouncementForm:
    """Everything that can be written, as its fields stand; days as YYYY-MM-DD, places as figures, both may be empty."""

    kind: str = "trial"
    title: str = ""
    what: str = ""
    audience: str = ""
    how: str = ""
    starts_on: str = ""
    ends_on: str = ""
    places: str = ""
    consent: str = ""
    locale: str = "en"


def usual_consent(community: Community) -> str:
    """Words to begin with, in the language of this context."""
    return _(
        "I take part in this trial of %(name)s. You may write to me about it by e-mail. I can leave at any time, with one click."
    ) % {"name": community.name}


def form_of(announcement: Announcement) -> AnnouncementForm:
    """What is stored, as fields."""
    return AnnouncementForm(
        announcement.kind, announcement.title, announcement.what, announcement.audience, announcement.how,
        announcement.starts_on.isoformat() if announcement.starts_on else "",
        announcement.ends_on.isoformat() if announcement.ends_on else "",
        str(announcement.places or ""), announcement.consent, announcement.locale,
    )  # fmt: skip


def create(session: DbSession, community: Community, form: AnnouncementForm, *, by: Account | None) -> Announcement:
    """A draft; a trial with its version 1. Raises BadInput naming each field that cannot be stored."""
    made = Announcement(
        community_id=community.id or 0, slug="", kind=form.kind, title=form.title, created_at=now(),
        created_by=by.id if by else None,
    )  # fmt: skip
    _take(made, form)
    _add_with_slug(session, made)
    if made.kind == "trial":
        session.add(Version(announcement_id=made.id or 0, number=1, created_at=now()))
    record(session, by, "announcement.created", made)
    return made


def edit(
    session: DbSession, announcement: Announcement, form: AnnouncementForm, *, revision: int, by: Account | None
) -> None:
    """Replace its words. What is published keeps its kind and lacks nothing; more places let in who waits longest.

    Raises BadInput as above, SavedElsewhere when somebody saved since, AnnouncementEnded.
    """
    session.refresh(announcement, with_for_update=True)
    if announcement.status == "ended":
        raise AnnouncementEnded(announcement)
    if announcement.revision != revision:
        raise SavedElsewhere(announcement, last_editor(session, announcement))
    published = announcement.status == "published"
    if published and form.kind != announcement.kind:
        raise _refused({"kind": _("What is published stays what it is: news, or a trial.")})
    first_version = announcement.kind == "news" and form.kind == "trial"
    _take(announcement, form, complete=published)
    announcement.revision += 1
    session.add(announcement)
    if first_version and not session.exec(select(Version.id).where(Version.announcement_id == announcement.id)).first():
        session.add(Version(announcement_id=announcement.id or 0, number=1, created_at=now()))
    if published:
        participants.fill_places(session, announcement)
    record(session, by, "announcement.edited", announcement, revision=announcement.revision)


def publish(session: DbSession, announcement: Announcement, *, by: Account | None) -> None:
    """Show it to everybody; people can sign up for a trial from now on. Twice changes nothing.

    Raises BadInput naming what is missing, AnnouncementEnded.
    """
    session.refresh(announcement, with_for_update=True)
    if announcement.status == "ended":
        raise AnnouncementEnded(announcement)
    if announcement.status == "published":
        return
    if missing := _missing(form_of(announcement)):
        raise _refused(missing)
    _settle_address(session, announcement)
    announcement.status, announcement.published_at = "published", now()
    announcement.revision += 1
    session.add(announcement)
    community = session.get_one(Community, announcement.community_id)
    links.make_links(session, community, Target(announcement=announcement))
    if announcement.kind == "trial":
        first = session.exec(
            select(Version).where(Version.announcement_id == announcement.id, Version.number == 1)
        ).one()
        first.published_at = now()
        session.add(first)
        links.make_links(session, community, Target(version=first))
    record(session, by, "announcement.published", announcement)


def end_news(session: DbSession, announcement: Announcement, *, by: Account | None) -> None:
    """News that is old. Raises NotPublished, AnnouncementEnded."""
    session.refresh(announcement, with_for_update=True)
    must_run(announcement)
    announcement.status = "ended"
    announcement.revision += 1
    session.add(announcement)
    record(session, by, "announcement.ended", announcement)


def conclude(session: DbSession, announcement: Announcement, outcome: str, reason: str, *, by: Account | None) -> None:
    """End a trial: adopt, adapt or drop, and why. Everybody who takes part is told by mail.

    Raises BadInput for an outcome without a reason, NotPublished, AnnouncementEnded.
    """
    session.refresh(announcement, with_for_update=True)
    must_run(announcement)
    reason, wrong = reason.strip(), {}
    if not outcome or outcome not in OUTCOMES or announcement.kind != "trial":
        wrong["outcome"] = _("Choose what becomes of it.")
    if not 0 < len(reason) <= 4000:
        wrong["reason"] = _("Say why, in 1 to %(n)s characters. People gave their time for it.") % {
            "n": in_figures(4000)
        }
    if wrong:
        raise _refused(wrong)
    announcement.status, announcement.outcome, announcement.outcome_reason = "ended", outcome, reason
    announcement.outcome_at = now()
    announcement.revision += 1
    session.add(announcement)
    work.due(session, "trial_outcome", announcement.id, announcement_id=announcement.id)
    record(session, by, "trial.concluded", announcement, outcome=outcome)


def must_run(announcement: Announcement) -> None:
    """Raises NotPublished or AnnouncementEnded unless it is published and goes on."""
    if announcement.status == "ended":
        raise AnnouncementEnded(announcement)
    if announcement.status != "published":
        raise NotPublished(announcement)


def outcome_words() -> dict[str, str]:
    """What becomes of a trial, in a word."""
    return {"adopt": _("We keep it"), "adapt": _("We keep it, changed"), "drop": _("We drop it")}


def is_over(announcement: Announcement, zone: str) -> bool:
    """Whether nobody can sign up any more: it has ended, or its last day is gone where the community lives."""
    if announcement.status != "published":
        return True
    return announcement.ends_on is not None and zones.day_in(now(), zone) > announcement.ends_on


def differences(announcement: Announcement, form: AnnouncementForm) -> list[str]:
    """What is stored and was typed differently, a line for each field."""
    theirs, words = form_of(announcement), field_words()
    found = []
    for field in fields(form):
        stored = getattr(theirs, field.name)
        if stored != getattr(form, field.name):
            found.append(_("%(part)s is now: %(text)s") % {"part": words[field.name], "text": stored[:300] or "–"})
    return found


def field_words() -> dict[str, str]:
    """The name of each field."""
    return {
        "kind": _("Kind"), "title": _("Title"), "what": _("What"), "audience": _("For whom"), "how": _("How to answer"),
        "starts_on": _("First day"), "ends_on": _("Last day"), "places": _("Places"), "consent": _("Consent"),
        "locale": _("Language"),
    }  # fmt: skip


def _take(announcement: Announcement, form: AnnouncementForm, *, complete: bool = False) -> None:
    """The checked fields into the row. Raises BadInput."""
    wrong: dict[str, str] = {}
    if form.kind not in ANNOUNCEMENT_KINDS:
        wrong["kind"] = _("It is news, or a trial.")
    if form.locale not in LANGUAGES:
        wrong["locale"] = _("Choose one of the list.")
    if not form.title.strip():
        wrong["title"] = _("Write a title.")
    for name, longest in LONGEST.items():
        if len(getattr(form, name).strip()) > longest:
            wrong[name] = _("At most %(n)s characters.") % {"n": in_figures(longest)}
    starts, ends = _day(wrong, "starts_on", form.starts_on), _day(wrong, "ends_on", form.ends_on)
    if starts and ends and ends < starts:
        wrong["ends_on"] = _("It would end before it starts. Choose a last day on or after the first.")
    places = _places(wrong, form)
    if complete and not wrong:
        wrong = _missing(form)
    if wrong:
        raise _refused(wrong)
    for name in LONGEST:
        setattr(announcement, name, getattr(form, name).strip())
    announcement.title = " ".join(announcement.title.split())
    announcement.kind, announcement.locale = form.kind, form.locale
    announcement.starts_on, announcement.ends_on, announcement.places = starts, ends, places


def _day(wrong: dict[str, str], name: str, text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        wrong[name] = _("“%(text)s” is not a day. It looks like 2026-03-29.") % {"text": text.strip()[:40]}
        return None


def _places(wrong: dict[str, str], form: AnnouncementForm) -> int | None:
    text = form.places.strip()
    if form.kind != "trial" or not text:
        return None
    if not (text.isascii() and text.isdigit()) or len(text) > 9 or not 0 < int(text) <= MOST_PLACES:
        words = _("Places are a whole number from 1 to %(n)s, or left empty.")
        wrong["places"] = words % {"n": in_figures(MOST_PLACES)}
        return None
    return int(text)


def _missing(form: AnnouncementForm) -> dict[str, str]:
    """What has to be written before it can be published."""
    missing = {}
    if not form.what.strip():
        missing["what"] = _("Say what it is before you publish it.")
    if form.kind == "trial" and not form.consent.strip():
        missing["consent"] = _("Write what somebody who signs up agrees to.")
    return missing


def _refused(wrong: dict[str, str]) -> BadInput:
    return BadInput(next(iter(wrong.values())), hint=_("Change it and send it again. Nothing was lost."), fields=wrong)


def _add_with_slug(session: DbSession, announcement: Announcement) -> None:
    add_with_slug(session, announcement, lambda: _free_slug(session, announcement))


def _free_slug(session: DbSession, announcement: Announcement) -> str:
    return free_slug(session, Announcement, slug_of(announcement.title) or announcement.kind, reserved=RESERVED)


def _settle_address(session: DbSession, announcement: Announcement) -> None:
    """The address follows the title a last time before it is shared."""
    stem = slug_of(announcement.title) or announcement.kind
    if not re.fullmatch(re.escape(stem) + r"(-\d+)?", announcement.slug):
        _add_with_slug(session, announcement)


def last_editor(session: DbSession, announcement: Announcement) -> str:
    """The name of who saved it last, or ""."""
    return (
        session.exec(
            select(Account.name)
            .join(AuditEntry, AuditEntry.account_id == Account.id)  # type: ignore[arg-type]
            .where(
                AuditEntry.subject == f"/t/{announcement.slug}", AuditEntry.community_id == announcement.community_id
            )
            .order_by(AuditEntry.id.desc())  # type: ignore[union-attr]
        ).first()
        or ""
    )


def record(session: DbSession, by: Account | None, what: str, announcement: Announcement, **details: object) -> None:
    """A line in the audit log, and a flush."""
    session.flush()
    audit.record(session, by, what, f"/t/{announcement.slug}", community_id=announcement.community_id, **details)
    session.flush()
