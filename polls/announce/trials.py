"""The versions of a trial, and the check-in that is asked again at each of them.

Version 1 is published with the trial, and its participants are asked when the manager says so. A later version is
published with what was heard and what was changed; the same check-in is then asked again, as a new edition.
"""

from sqlmodel import col, func, select

from heard.accounts.models import Account, Community
from heard.kit import work
from heard.kit.clock import now
from heard.kit.db import DbSession
from heard.kit.errors import BadInput, NotFound, Refused
from heard.kit.i18n import _, speaking
from heard.kit.i18n import number as in_figures
from polls.announce import announcing
from polls.frozen import phase_of
from polls.models import Announcement, Poll, Version
from polls.publish import editions, links, publishing
from polls.publish.links import Target
from polls.write import authoring, gallery

CHECK_IN = "trial_checkin"  # its name in the gallery
LONGEST = {"name": 120, "heard": 4000, "changed": 4000}


class VersionPublished(Refused):
    """People have read it: its words stay."""

    code, status = "version_published", 409

    def __init__(self, version: Version) -> None:
        super().__init__(
            _("Version %(n)s is published, so its words stay as they are.") % {"n": version.number},
            hint=_("Say what is new in the next version."),
        )


class DraftVersion(Refused):
    """One version at a time: the last one is not published yet."""

    code, status = "draft_version", 409

    def __init__(self, version: Version) -> None:
        super().__init__(
            _("Version %(n)s is not published yet.") % {"n": version.number},
            hint=_("Publish it first; then begin the next one."),
        )


class NothingToAsk(Refused):
    """The trial has no check-in poll, or it was asked already."""

    code, status = "nothing_to_ask", 409


def versions_of(session: DbSession, announcement: Announcement) -> list[Version]:
    """All versions, the first one first."""
    return list(
        session.exec(select(Version).where(Version.announcement_id == announcement.id).order_by(col(Version.number)))
    )


def version_of(session: DbSession, announcement: Announcement, number: int) -> Version:
    """One version by its number. Raises NotFound."""
    for version in versions_of(session, announcement):
        if version.number == number:
            return version
    raise NotFound()


def begin_version(session: DbSession, announcement: Announcement, *, by: Account | None) -> Version:
    """The next version, as a draft. Raises DraftVersion, and what announcing.must_run raises."""
    session.refresh(announcement, with_for_update=True)
    announcing.must_run(announcement)
    if announcement.kind != "trial":
        raise NotFound()
    last = versions_of(session, announcement)[-1]
    if last.published_at is None:
        raise DraftVersion(last)
    version = Version(announcement_id=announcement.id or 0, number=last.number + 1, created_at=now())
    session.add(version)
    announcing.record(session, by, "version.begun", announcement, version=version.number)
    return version


def edit_version(
    session: DbSession, announcement: Announcement, version: Version, *, name: str, heard: str, changed: str,
    revision: int, by: Account | None,
) -> None:  # fmt: skip
    """Replace a draft's words. `revision`: that of the announcement when the editor began.

    Raises VersionPublished, SavedElsewhere, BadInput naming each field that is too long.
    """
    session.refresh(announcement, with_for_update=True)
    session.refresh(version)
    if version.published_at is not None:
        raise VersionPublished(version)
    if announcement.revision != revision:
        raise announcing.SavedElsewhere(announcement, announcing.last_editor(session, announcement))
    texts = {"name": " ".join(name.split()), "heard": heard.strip(), "changed": changed.strip()}
    if wrong := {
        part: _("At most %(n)s characters.") % {"n": in_figures(LONGEST[part])}
        for part, text in texts.items() if len(text) > LONGEST[part]
    }:  # fmt: skip
        raise _refused(wrong)
    for part, text in texts.items():
        setattr(version, part, text)
    announcement.revision += 1
    session.add(version)
    session.add(announcement)
    announcing.record(session, by, "version.edited", announcement, version=version.number)


def publish_version(
    session: DbSession, announcement: Announcement, version: Version, *, ask: bool, by: Account | None
) -> None:
    """Show a version. `ask`: the check-in of the last one is closed and asked again, and the participants are told.

    Raises BadInput when what was heard or changed is missing, VersionPublished, and what must_run raises.
    """
    session.refresh(announcement, with_for_update=True)
    session.refresh(version)
    announcing.must_run(announcement)
    if version.published_at is not None:
        raise VersionPublished(version)
    words = {
        "heard": _("Say what you heard from those who tried the last version."),
        "changed": _("Say what you changed, or why nothing was."),
    }
    if missing := {part: why for part, why in words.items() if not getattr(version, part)}:
        raise _refused(missing)
    version.published_at = now()
    session.add(version)
    links.make_links(session, session.get_one(Community, announcement.community_id), Target(version=version))
    last = last_check_in(session, announcement)
    if last is not None:
        _close(session, last, by)
        if ask:
            version.poll_id = _asked_again(session, announcement, last, by).id
            session.add(version)
    announcement.revision += 1
    session.add(announcement)
    session.flush()
    work.due(session, "trial_version", version.id, version_id=version.id)
    announcing.record(session, by, "version.published", announcement, version=version.number)


def check_in_of(session: DbSession, version: Version) -> Poll | None:
    """The check-in of a version, or None. Was it given other words meanwhile, that is the edition that opened last
    before the next version asked again."""
    poll = session.get(Poll, version.poll_id) if version.poll_id else None
    if poll is None:
        return None
    later = (
        select(func.min(Poll.edition))
        .join(Version, col(Version.poll_id) == col(Poll.id))
        .where(Version.announcement_id == version.announcement_id, col(Version.number) > version.number)
    )
    newer = select(Poll).where(
        Poll.series_id == poll.series_id, col(Poll.edition) > poll.edition, col(Poll.status).not_in(editions.UNSEEN)
    )
    bound = session.exec(later).one()
    if bound is not None:
        newer = newer.where(col(Poll.edition) < bound)
    return session.exec(newer.order_by(col(Poll.edition).desc())).first() or poll


def last_check_in(session: DbSession, announcement: Announcement) -> Poll | None:
    """The newest check-in of a trial, or None."""
    last = session.exec(
        select(Version)
        .where(Version.announcement_id == announcement.id, col(Version.poll_id).is_not(None))
        .order_by(col(Version.number).desc())
    ).first()
    return check_in_of(session, last) if last else None


def make_check_in(session: DbSession, announcement: Announcement, version: Version, *, by: Account | None) -> Poll:
    """A draft of the trial's check-in from the gallery: only its participants answer, each by a link of their own.

    Raises NothingToAsk when the trial has one already.
    """
    session.refresh(announcement, with_for_update=True)
    announcing.must_run(announcement)
    if version.poll_id is not None or last_check_in(session, announcement) is not None:
        raise NothingToAsk(
            _("This trial has its check-in already."), hint=_("It is asked again when the next version is published.")
        )
    with speaking(announcement.locale):
        begun = gallery.starter(CHECK_IN)
        title = _("%(trial)s: how is it going?") % {"trial": announcement.title[:150]}
    poll = authoring.create_poll(
        session, session.get_one(Community, announcement.community_id), title, begun.questions, by=by, intro=begun.intro,
        locale=announcement.locale, voter_rule="link", results_rule="after_close", listed=False,
    )  # fmt: skip
    poll.trial_id, announcement.series_id, version.poll_id = announcement.id, poll.series_id, poll.id
    session.add_all([poll, announcement, version])
    announcing.record(session, by, "trial.check_in", announcement, poll=poll.id)
    return poll


def ask_now(session: DbSession, announcement: Announcement, version: Version, *, by: Account | None) -> None:
    """Open the check-in of a published version, and tell the participants.

    Raises NothingToAsk when there is none or it was opened before, PollNotReady when it lacks something.
    """
    session.refresh(announcement, with_for_update=True)
    announcing.must_run(announcement)
    poll = check_in_of(session, version)
    if poll is None or version.published_at is None:
        raise NothingToAsk(_("There is no check-in to ask."), hint=_("Make the check-in poll first."))
    if poll.status == "draft":
        publishing.open_now(session, poll, by=by)
    elif is_asked(poll):
        pass  # opened by its own page: the participants do not know yet
    else:
        raise NothingToAsk(_("This check-in is closed."), hint=_("Publish the next version to ask again."))
    session.flush()
    work.due(session, "trial_version", version.id, version_id=version.id)
    announcing.record(session, by, "trial.asked", announcement, version=version.number)


def is_asked(poll: Poll | None) -> bool:
    """Whether a check-in takes answers now."""
    return poll is not None and phase_of(poll.status, poll.opens_at, poll.closes_at, now()) == "open"


def end(session: DbSession, announcement: Announcement, outcome: str, reason: str, *, by: Account | None) -> None:
    """News ends; a trial ends with what becomes of it and why, and nobody is asked any more. Raises as announcing.conclude."""
    if announcement.kind == "news":
        announcing.end_news(session, announcement, by=by)
    else:
        announcing.conclude(session, announcement, outcome, reason, by=by)
        close_check_in(session, announcement, by=by)


def close_check_in(session: DbSession, announcement: Announcement, *, by: Account | None) -> None:
    """When a trial has ended, nobody is asked any more."""
    last = last_check_in(session, announcement)
    if last is not None:
        _close(session, last, by)


def _asked_again(session: DbSession, announcement: Announcement, last: Poll, by: Account | None) -> Poll:
    poll = editions.again(session, last, by=by, same_series=True)
    poll.trial_id = announcement.id
    session.add(poll)
    session.flush()
    publishing.open_now(session, poll, by=by)
    return poll


def _close(session: DbSession, poll: Poll, by: Account | None) -> None:
    if poll.status == "open":
        publishing.close_now(session, poll, by=by)


def _refused(wrong: dict[str, str]) -> BadInput:
    return BadInput(next(iter(wrong.values())), hint=_("Change it and send it again. Nothing was lost."), fields=wrong)
