"""The record of a theme: what readers of briefs decided about it (feedback/themes/records.py asks)."""

from sqlmodel import select

from feedback.models import Theme
from feedback.themes import records
from feedback.themes.records import Line
from heard.kit.db import DbSession
from heard.kit.i18n import _
from insights.decide.queries import decisions_of
from polls.models import Poll


@records.holds
def lines_of(session: DbSession, theme_id: int) -> list[Line]:
    """A line for each answer, newest first."""
    of_community = select(Poll.community_id).join(Theme, Theme.poll_id == Poll.id).where(Theme.id == theme_id)  # type: ignore[arg-type]
    community_id = session.exec(of_community).first()
    words = {"leadership": _("Leadership decided"), "product": _("Product decided")}
    asked = {"leadership": _("Leadership asked"), "product": _("Product asked")}
    return [
        Line(
            (asked if row.kind == "ask" else words)[row.audience],
            row.note,
            row.who,
            row.due_on,
            row.at,
            f"decisions/{row.id}",
        )
        for row in decisions_of(session, community_id or 0, theme_id=theme_id)
    ]
