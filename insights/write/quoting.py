"""The quotes of a brief: a person reads each and ticks those that may go. None goes without."""

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from sqlalchemy import delete
from sqlmodel import col

from heard.accounts import audit
from heard.accounts.models import Account
from heard.kit.clock import now
from heard.kit.db import DbSession
from heard.kit.errors import BadInput
from heard.kit.i18n import _
from insights.models import Brief, BriefQuote
from insights.write import personal, shown
from insights.write.findings import at
from insights.write.freezing import draft
from insights.write.shown import quotes_in


class QuoteRow(NamedTuple):
    """A quote to be read. `about`: the theme or question it stands under; `text`: with what was `found` masked
    (insights/write/personal.py); `written`: with its names; as_written: a person says that these are no names, so it goes so."""

    comment: str
    about: str
    text: str
    written: str
    found: tuple[str, ...]
    let_in: bool
    as_written: bool

    @property
    def found_words(self) -> str:
        """What was found, in the reader's language."""
        return personal.in_words(self.found)


def quotes_of(session: DbSession, brief: Brief) -> list[QuoteRow]:
    """Every quote of the wording once, in reading order; those withdrawn since are missing."""
    every = {quote["comment"]: quote for quote in quotes_in(brief.text)}
    standing = shown.still_said(session, every)
    quotes = [quote for comment, quote in every.items() if comment in standing]
    if not quotes:
        return []
    chosen = shown.let_in(session, brief)
    seen = personal.look([quote["text"] for quote in quotes])
    return [
        QuoteRow(
            comment := quote["comment"], _about(brief.facts, quote["path"]), one.text, quote["text"], one.found,
            comment in chosen, chosen.get(comment, False),
        )
        for quote, one in zip(quotes, seen, strict=True)
    ]  # fmt: skip


def _about(facts: Mapping[str, Any], path: str) -> str:
    """Of “themes/0/quotes/2” the theme's label, of “polls/0/questions/1/voices/0” the question."""
    over = at(facts, path.rsplit("/", 2)[0])
    return str(over.get("label") or over.get("wording", ""))


def let_in(
    session: DbSession, brief: Brief, comments: Collection[str], as_written: Collection[str] = (), *, by: Account | None
) -> int:
    """These quotes and no others may go. How many. as_written: those of them in which what looks like a name is none.
    Raises BriefApproved, and BadInput for a quote that is not in the brief."""
    draft(session, brief)
    known = {quote["comment"] for quote in quotes_in(brief.text)}
    if strange := (set(comments) | set(as_written)) - known:
        raise BadInput(
            _("“%(comment)s” is no quote of this brief.") % {"comment": min(strange)[:40]},
            hint=_("Choose among the quotes that the brief lists."),
            fields={"comments": _("Not in this brief.")},
        )
    before, after = shown.let_in(session, brief), {comment: comment in as_written for comment in comments}
    other = {comment for comment in {**before, **after} if before.get(comment) != after.get(comment)}
    session.execute(delete(BriefQuote).where(col(BriefQuote.brief_id) == brief.id, col(BriefQuote.comment).in_(other)))
    who, at = by.id if by else None, now()
    for comment in sorted(other & set(after)):
        session.add(
            BriefQuote(brief_id=brief.id or 0, comment=comment, as_written=after[comment], ticked_by=who, ticked_at=at)
        )
    if other:
        audit.record(
            session, by, "brief.quotes_chosen", str(brief.id), community_id=brief.community_id, quotes=len(after),
            as_written=sum(after.values()),
        )  # fmt: skip
    session.flush()
    return len(after)


def choose(session: DbSession, brief: Brief, which: str, *, by: Account | None) -> None:
    """For who approves without a page. which: all (beside the ticked ones, those in which nothing of a person was found),
    ticked, none. Nothing, where it is approved already."""
    if brief.approved_at is not None or which == "ticked":
        return
    found = shown.let_in(session, brief) if which == "all" else {}
    harmless = personal.harmless(list(quotes_in(brief.text))) if which == "all" else set()
    let_in(session, brief, harmless | set(found), {comment for comment, plain in found.items() if plain}, by=by)
