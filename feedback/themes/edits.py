"""What a person asks of the themes, and changes in them. Every run keeps the changes (feedback/themes/refreshing.py)."""

from feedback.models import Theme, ThemeEdit
from heard.accounts import audit
from heard.accounts.models import Account
from heard.kit import work
from heard.kit.clock import now
from heard.kit.db import DbSession
from heard.kit.errors import BadInput
from heard.kit.i18n import _
from heard.kit.web import clean_text
from polls.models import Poll

LONGEST_LABEL = 120


def ask_for_run(session: DbSession, poll: Poll, *, full: bool = False, by: Account) -> None:
    """Have the worker read a poll's comments now; `full` finds all themes anew. Asked twice, it happens once."""
    # Keys of their own: the reading that votes asked for waits a little, and keeps its hour when it is asked for again.
    if full:
        work.due(session, "themes", f"{poll.id}:full", poll_id=poll.id, full=True)
        audit.record(session, by, "themes.refit", poll.slug, community_id=poll.community_id)
    else:
        work.due(session, "themes", f"{poll.id}:now", poll_id=poll.id)


def rename(session: DbSession, theme: Theme, label: str, *, by: Account) -> None:
    """Give a theme the name a person chose; no run changes it again. The same name twice changes nothing.

    Raises BadInput for an empty name or one beyond 120 characters.
    """
    label = " ".join(clean_text(label).split())
    if not 0 < len(label) <= LONGEST_LABEL:
        raise BadInput(
            _("A theme's name has 1 to %(n)s characters.") % {"n": LONGEST_LABEL},
            hint=_("Two or three words are easiest to read."),
            fields={"label": _("1 to %(n)s characters.") % {"n": LONGEST_LABEL}},
        )
    session.refresh(theme, with_for_update=True)
    if theme.label == label and theme.named_by == "person":
        return
    before, theme.label, theme.named_by = theme.label, label, "person"
    session.add(theme)
    edit = ThemeEdit(poll_id=theme.poll_id, kind="rename", theme_id=theme.id, account_id=by.id, at=now())
    edit.details = {"before": before, "after": label}
    session.add(edit)
    session.flush()
    community = session.get_one(Poll, theme.poll_id).community_id
    audit.record(session, by, "theme.renamed", str(theme.id), community_id=community)
