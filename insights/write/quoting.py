"""The quotes of a brief: a person reads each and ticks those that may go. None goes without."""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import delete
from sqlmodel import col

from heard.accounts import audit
from heard.accounts.models import Account
from heard.kit.clock import now
from heard.kit.db import DbSession
from heard.kit.errors import BadInput
from heard.kit.i18n import _
from insights.models import Brief, BriefQuote
from insights.write import personal
from insights.write.freezing import draft
from insights.write.shown import quotes_in, ticked


class QuoteRow(NamedTuple):
    """A quote to be read. `found`: what of a person was found in it and is masked (insights/write/personal.py)."""

    comment: str
    text: str
    found: tuple[str, ...]
    let_in: bool

    @property
    def found_words(self) -> str:
        """What was found, in the reader's language."""
        return personal.in_words(self.found)


def quotes_of(session: DbSession, brief: Brief) -> list[QuoteRow]:
    """Every quote of the wording once, in reading order, as it would be shown."""
    quotes = list({quote["comment"]: quote for quote in quotes_in(brief.text)}.values())
    if not quotes:
        return []
    chosen = ticked(session, brief)
    seen = personal.look([quote["text"] for quote in quotes])
    return [
        QuoteRow(quote["comment"], one.text, one.found, quote["comment"] in chosen)
        for quote, one in zip(quotes, seen, strict=True)
    ]


def let_in(session: DbSession, brief: Brief, comments: Collection[str], *, by: Account | None) -> int:
    """These quotes and no others may go. How many. Raises BriefApproved, and BadInput for a quote that is not in the brief."""
    draft(session, brief)
    known = {quote["comment"] for quote in quotes_in(brief.text)}
    if strange := set(comments) - known:
        raise BadInput(
            _("“%(comment)s” is no quote of this brief.") % {"comment": min(strange)[:40]},
            hint=_("Choose among the quotes that the brief lists."),
            fields={"comments": _("Not in this brief.")},
        )
    before = ticked(session, brief)
    out = before - set(comments)
    session.execute(delete(BriefQuote).where(col(BriefQuote.brief_id) == brief.id, col(BriefQuote.comment).in_(out)))
    for comment in sorted(set(comments) - before):
        session.add(
            BriefQuote(brief_id=brief.id or 0, comment=comment, ticked_by=by.id if by else None, ticked_at=now())
        )
    if before != set(comments):
        audit.record(
            session,
            by,
            "brief.quotes_chosen",
            str(brief.id),
            community_id=brief.community_id,
            quotes=len(set(comments)),
        )
    session.flush()
    return len(set(comments))


def choose(session: DbSession, brief: Brief, which: str, *, by: Account | None) -> None:
    """For who approves without a page. which: all (beside the ticked ones, those in which nothing of a person was found),
    ticked, none. Nothing, where it is approved already."""
    if brief.approved_at is not None or which == "ticked":
        return
    found = personal.harmless(list(quotes_in(brief.text))) | ticked(session, brief) if which == "all" else set()
    let_in(session, brief, found, by=by)
