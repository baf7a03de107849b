"""An approved brief no longer moves: what its first reader got is what its last one gets."""

from heard.kit.db import DbSession
from heard.kit.errors import Refused
from heard.kit.i18n import _
from insights.models import Brief


class BriefApproved(Refused):
    """Somebody approved it, so its words stay. Nothing was changed."""

    code, status = "brief_approved", 409

    def __init__(self) -> None:
        super().__init__(
            _("This brief is approved, so its words and quotes stay as they are."),
            hint=_("Write a new one for other words."),
        )


def draft(session: DbSession, brief: Brief) -> None:
    """It is ours to change until the commit: nobody edits or approves it meanwhile. Raises BriefApproved."""
    session.flush()
    session.refresh(brief, with_for_update=True)
    if brief.approved_at is not None:
        raise BriefApproved()
