"""All themes found anew, as a proposal: asked for, looked at beside the themes that stand, then taken over or thrown away.

The row stands from the asking on; it is filled by the worker (feedback/themes/refitting.py). A proposal holds while nobody
changes or answers a theme and no full reading comes between. Readings of new answers change none of what it compares: what
they placed joins anew, right after the proposal is taken over.
"""

from typing import Any

from sqlalchemy import delete, func, select
from sqlmodel import col

from feedback.models import Action, Theme, ThemeEdit, ThemeRefit
from feedback.themes.queries import held_back, run_of
from feedback.themes.readings import go_on
from heard.accounts import audit
from heard.accounts.models import Account
from heard.kit import work
from heard.kit.clock import now
from heard.kit.db import DbSession, upsert
from heard.kit.errors import NotFound, Refused
from heard.kit.i18n import _
from polls.models import Poll

_R = ThemeRefit.__table__  # type: ignore[attr-defined]


class NothingToCompare(Refused):
    """All themes shall be found anew, and there are none yet."""

    code, status = "no_themes_yet", 409


class RefitNotReady(Refused):
    """The proposal is still being made, or being taken over already."""

    code, status = "refit_not_ready", 409


class RefitStale(Refused):
    """The themes were changed after the proposal was made."""

    code, status = "refit_stale", 409


def ask(session: DbSession, poll: Poll, *, by: Account) -> ThemeRefit:
    """Have the worker find all themes anew, beside those that stand. Another proposal that was there goes.

    Raises NothingToCompare before the first reading, NotFound while an anonymous poll holds its comments back.
    """
    if held_back(session, poll):
        raise NotFound()
    poll_id = poll.id or 0
    if not has_themes(session, poll_id):
        raise NothingToCompare(
            _("There are no themes yet, so there is nothing to find anew."),
            hint=_("Have the comments read first."),
        )
    go_on(session, poll_id)
    last = run_of(session, poll_id)
    put = upsert(session, _R).values(poll_id=poll_id, base=last.number if last else 0, result={}, made_at=now())
    anew = {name: put.excluded[name] for name in ("base", "result", "made_at")}
    session.execute(put.on_conflict_do_update(index_elements=["poll_id"], set_=anew))
    work.due(session, "propose_refit", poll_id, poll_id=poll_id)
    audit.record(session, by, "themes.refit_asked", poll.slug, community_id=poll.community_id)
    session.flush()
    return proposal_of(session, poll)


def proposal_of(session: DbSession, poll: Poll) -> ThemeRefit:
    """The proposal of a poll. Raises NotFound where there is none, and while an anonymous poll holds its comments back."""
    found = session.get(ThemeRefit, poll.id, populate_existing=True)
    if found is None or held_back(session, poll):
        raise NotFound()
    return found


def take(session: DbSession, poll: Poll, *, by: Account) -> ThemeRefit:
    """Have the worker write the themes as the proposal shows them. Twice changes nothing.

    Raises RefitStale where themes were changed since, RefitNotReady while it is being made, NotFound.
    """
    found = proposal_of(session, poll)
    state = state_of(session, found)
    if state == "making":
        raise RefitNotReady(_("The proposal is still being made."), hint=_("Open the page again in a moment."))
    if state == "stale":
        raise RefitStale(
            _("The themes were changed after this proposal was made, so it was not taken over."),
            hint=_("Find all themes anew once more, and look at what would change now."),
        )
    if state == "ready":
        found.result = found.result | {"taken": True}
        session.add(found)
        work.due(session, "take_refit", poll.id, poll_id=poll.id)
        audit.record(session, by, "themes.refit_taken", poll.slug, community_id=poll.community_id)
        session.flush()
    return found


def leave(session: DbSession, poll: Poll, *, by: Account) -> None:
    """Throw the proposal away, or call off its making: the themes stay as they are. Where there is none, nothing is done."""
    if not is_there(session, poll.id or 0):
        return
    drop(session, poll.id or 0)
    audit.record(session, by, "themes.refit_left", poll.slug, community_id=poll.community_id)
    session.flush()


def state_of(session: DbSession, refit: ThemeRefit) -> str:
    """making, ready, taking (the worker writes it), or stale."""
    if not refit.result:
        return "making"
    if refit.result["stand"] != stand_of(session, refit.poll_id):
        return "stale"
    return "taking" if refit.result.get("taken") else "ready"


def stand_of(session: DbSession, poll_id: int) -> dict[str, Any]:
    """What a proposal rests on: the last full reading, how many changes were made and taken back, how many answers given."""
    full = run_of(session, poll_id, kind="full")
    edits = select(func.count(), func.count(col(ThemeEdit.undone_at))).where(col(ThemeEdit.poll_id) == poll_id)
    answers = select(func.count()).select_from(Action).where(col(Action.poll_id) == poll_id)
    return {
        "full": full.number if full else 0,
        "edits": list(session.execute(edits).one()),
        "answers": session.scalar(answers),
    }


def has_themes(session: DbSession, poll_id: int) -> bool:
    """Whether there is anything to find anew. Before, a reading finds all themes by itself."""
    return session.scalars(select(col(Theme.id)).where(col(Theme.poll_id) == poll_id).limit(1)).first() is not None


def is_there(session: DbSession, poll_id: int) -> bool:
    """Whether a proposal waits, is made or is taken over."""
    return session.scalar(select(_R.c.poll_id).where(_R.c.poll_id == poll_id)) is not None


def drop(session: DbSession, poll_id: int) -> None:
    """It is over."""
    session.execute(delete(_R).where(_R.c.poll_id == poll_id))
