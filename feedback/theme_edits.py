"""What a person changes in the themes. Every run keeps it (feedback/themes.py)."""

from feedback.models import Theme, ThemeEdit
from heard.accounts import audit
from heard.accounts.models import Account
from heard.kit.clock import now
from heard.kit.db import DbSession
from heard.kit.errors import BadInput
from heard.kit.i18n import _
from heard.kit.web import clean_text

LONGEST_LABEL = 120


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
    session.add(
        ThemeEdit(
            poll_id=theme.poll_id,
            kind="rename",
            theme_id=theme.id,
            account_id=by.id,
            at=now(),
            details={"before": before, "after": label},
        )  # fmt: skip
    )
    session.flush()
    audit.record(session, by, "theme.renamed", str(theme.id))
