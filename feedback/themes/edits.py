"""What a person asks of the themes, and changes in them: names and marks here, comments in feedback/themes/moving.py.

An edit takes effect at once, is one row, and is kept by every run (feedback/themes/refreshing.py) until somebody takes it
back (feedback/themes/undoing.py). All themes of the poll are locked in the order of their ids, by edits and by runs alike,
so of two that come together the second one sees what the first one did.
"""

from typing import Any

from sqlalchemy import select
from sqlmodel import col

from feedback.models import Theme, ThemeEdit
from feedback.themes.followed_quotes import follow_quotes, parts_of, quoted_by
from feedback.themes.readings import go_on
from feedback.themes.shaped import where_it_went
from heard.accounts import audit
from heard.accounts.models import Account, Community
from heard.kit import work
from heard.kit.clock import now
from heard.kit.db import DbSession
from heard.kit.errors import BadInput, NotFound, Refused
from heard.kit.i18n import _
from heard.kit.web import clean_text
from polls.models import Poll

LONGEST_LABEL = 120


class ThemeMergedAway(Refused):
    """The theme was merged into another one, where its answers are now."""

    code, status = "theme_merged_away", 409


def ask_for_run(session: DbSession, poll: Poll, *, full: bool = False, by: Account) -> None:
    """Have the worker read a poll's comments now; `full` finds all themes anew. Asked twice, it happens once."""
    go_on(session, poll.id or 0)
    # Keys of their own: the reading that votes asked for waits a little, and keeps its hour when it is asked for again.
    if full:
        work.due(session, "themes", f"{poll.id}:full", poll_id=poll.id, full=True)
        audit.record(session, by, "themes.refit", poll.slug, community_id=poll.community_id)
    else:
        work.due(session, "themes", f"{poll.id}:now", poll_id=poll.id)


def rename(session: DbSession, theme: Theme, label: str, *, by: Account) -> ThemeEdit | None:
    """Give a theme the name a person chose; no run changes it again. The same name twice changes nothing.

    Raises BadInput for an empty name or one beyond 120 characters, ThemeMergedAway.
    """
    label = named(label)
    theme = standing(session, locked(session, theme.poll_id), theme)
    if theme.label == label and theme.named_by == "person":
        return None
    details = {"theme": theme.label, "before": theme.label, "after": label, "named_by": theme.named_by}
    theme.label, theme.named_by = label, "person"
    session.add(theme)
    return recorded(session, theme, "rename", details, by=by, what="theme.renamed")


def pin(session: DbSession, theme: Theme, *, on: bool, by: Account) -> ThemeEdit | None:
    """Hold a theme as it is, or let it go: a full reading moves none of its comments. Twice changes nothing."""
    theme = standing(session, locked(session, theme.poll_id), theme)
    if theme.pinned == on:
        return None
    theme.pinned = on
    session.add(theme)
    return recorded(session, theme, "pin", {"on": on}, by=by, what="theme.pinned" if on else "theme.let_go")


def hide(session: DbSession, theme: Theme, *, on: bool, by: Account) -> ThemeEdit | None:
    """Take a theme off public pages, briefs and what viewers see, or show it again. Twice changes nothing.

    A coarse theme whose finer ones are all hidden is hidden too; one that is shown again is shown with what is below.
    """
    themes = locked(session, theme.poll_id)
    theme = standing(session, themes, theme)
    above, below = themes.get(theme.parent_id or 0), parts_of(themes, theme)
    changed = [t for t in [theme, *([] if on else [*below, above])] if t is not None and t.hidden != on]
    if not changed:
        return None
    if on and above is not None and not above.hidden and all(t.hidden or t is theme for t in parts_of(themes, above)):
        changed.append(above)
    for one in changed:
        one.hidden = on
        session.add(one)
    details = {"on": on, "themes": [t.id for t in changed]}
    edit = recorded(session, theme, "hide", details, by=by, what="theme.hidden" if on else "theme.shown")
    follow_quotes(session, themes, quoted_by(themes, edit))
    return edit


def named(label: str) -> str:
    """A name as it is kept. Raises BadInput."""
    label = " ".join(clean_text(label).split())
    if not 0 < len(label) <= LONGEST_LABEL:
        raise BadInput(
            _("A theme's name has 1 to %(n)s characters.") % {"n": LONGEST_LABEL},
            hint=_("Two or three words are easiest to read."),
            fields={"label": _("1 to %(n)s characters.") % {"n": LONGEST_LABEL}},
        )
    return label


def locked(session: DbSession, poll_id: int) -> dict[int, Theme]:
    """All themes of a poll as they are now, {id: theme}, locked until the commit."""
    rows = session.scalars(
        select(Theme)
        .where(col(Theme.poll_id) == poll_id)
        .order_by(col(Theme.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {theme.id or 0: theme for theme in rows}


def standing(session: DbSession, themes: dict[int, Theme], theme: Theme) -> Theme:
    """The theme as it is under the lock. Raises NotFound when a run dropped it, ThemeMergedAway with where it went."""
    found = themes.get(theme.id or 0)
    if found is None:
        raise NotFound()
    if found.merged_into is not None:
        into = where_it_went(session, found)
        home = session.get_one(Community, session.get_one(Poll, found.poll_id).community_id)
        raise ThemeMergedAway(
            _("“%(theme)s” was merged into “%(into)s”. Nothing was changed.")
            % {"theme": found.label, "into": into.label},
            hint=_("Open “%(into)s”, where its answers are now, or take the merging back first.")
            % {"into": into.label},
            link=f"/m/{home.slug}/themes/{into.id}",
        )
    return found


def recorded(
    session: DbSession, theme: Theme | None, kind: str, details: dict[str, Any], *, by: Account | None, what: str, poll_id: int = 0
) -> ThemeEdit:  # fmt: skip
    """The edit's row, with the theme's name as it was said then; and a line of the log, without words. Without a theme, of
    answers from anywhere in a poll."""
    poll_id = theme.poll_id if theme else poll_id
    edit = ThemeEdit(
        poll_id=poll_id, kind=kind, theme_id=theme.id if theme else None, account_id=by.id if by else None, at=now()
    )
    edit.details = ({"theme": theme.label} if theme else {}) | details
    session.add(edit)
    session.flush()
    poll = session.get_one(Poll, poll_id)
    audit.record(session, by, what, str(theme.id) if theme else poll.slug, community_id=poll.community_id)
    return edit
