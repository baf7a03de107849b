"""A draft at the manager's desk: other words, quotes let in, rewording by a model, approval, and the mail as it will look."""

from dataclasses import dataclass, field
from itertools import groupby
from typing import Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from heard.accounts.access import Member, SignedIn
from heard.kit import language_model
from heard.kit.db import DbSession, Session
from heard.kit.errors import Refused
from heard.kit.i18n import _, ngettext
from heard.kit.web import first, page, see_other
from insights.access import access_brief
from insights.models import Brief
from insights.send import approving
from insights.write import edits, quoting, rendering, rewording, shown
from insights.write.edits import SentenceRow
from insights.write.quoting import QuoteRow
from insights.write.rewording import Rewording
from polls.write.forms import TypedForm

router = APIRouter(prefix="/m/{community}/briefs/{brief_id}", include_in_schema=False)
# A mail has styles in its elements, and none of our scripts; its links lead nowhere from here.
_FRAMED = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'; sandbox"


@dataclass
class QuotesPage:
    """templates/insights/brief_quotes.html. `groups`: the quotes in reading order, each run under what they stand under."""

    member: Member
    row: Brief
    at: str
    quotes: list[QuoteRow]
    groups: list[tuple[str, list[QuoteRow]]]


@dataclass
class WordsPage:
    """templates/insights/brief_words.html. `host`: where the language model is, "" for none; `typed`: words that were refused, by
    position."""

    member: Member
    row: Brief
    at: str
    sentences: list[SentenceRow]
    reworded: Rewording
    host: str
    typed: dict[int, str] = field(default_factory=dict)
    message: str = ""
    errors: dict[str, str] = field(default_factory=dict)


@dataclass
class MailPage:
    """templates/insights/brief_mail.html. `kilobytes`: of its HTML."""

    member: Member
    row: Brief
    at: str
    dark: bool
    subject: str
    text: str
    kilobytes: int


@router.get("/words")
def see_words(request: Request, community: str, brief_id: int, account: SignedIn, session: Session) -> Response:
    """The sentences of a draft, each with a form for other words."""
    member, brief = access_brief(session, account, community, brief_id, to="publish")
    return _words(request, session, member, brief)


def _words(
    request: Request, session: DbSession, member: Member, brief: Brief, *, typed: dict[int, str] | None = None,
    refused: Refused | None = None,
) -> Response:  # fmt: skip
    if brief.approved_at is not None and refused is None:
        return see_other(f"/m/{member.community.slug}/briefs/{brief.id}")  # where it says that they stay
    seen = WordsPage(
        member, brief, f"/m/{member.community.slug}/briefs/{brief.id}", edits.sentences_of(session, brief),
        rewording.state_of(session, brief), language_model.host() if language_model.is_set() else "", typed or {},
    )  # fmt: skip
    if refused:
        seen.message = f"{refused.message} {refused.hint}"
        seen.errors = {f"text-{position}": refused.message for position in seen.typed}
    return page(request, "insights/brief_words.html", seen, status=refused.status if refused else 200)


@router.post("/sentences/{position}")
def edit_sentence(
    request: Request,
    community: str,
    brief_id: int,
    position: int,
    account: SignedIn,
    session: Session,
    typed: TypedForm,
) -> Response:
    """Other words for a sentence of a draft; an empty field brings ours back."""
    _member, brief = access_brief(session, account, community, brief_id, to="publish")
    text, began = first(typed.form, "text"), first(typed.form, "began")
    try:
        finding = edits.edit(session, brief, position, text, began=began, by=account)
    except (edits.WordingRefused, edits.WordingMoved) as refused:
        session.rollback()
        member, brief = access_brief(session, account, community, brief_id, to="publish")
        return _words(request, session, member, brief, typed={position: text}, refused=refused)
    word = _("The sentence is changed.") if finding.edited else _("The sentence is ours again.")
    return see_other(f"/m/{community}/briefs/{brief_id}/words#sentence-{position}", flash=word)


@router.get("/quotes")
def see_quotes(request: Request, community: str, brief_id: int, account: SignedIn, session: Session) -> Response:
    """The quotes of a draft, each with its tick."""
    member, brief = access_brief(session, account, community, brief_id, to="publish")
    at = f"/m/{community}/briefs/{brief_id}"
    if brief.approved_at is not None:
        return see_other(at)
    quotes = quoting.quotes_of(session, brief)
    groups = [(about, list(some)) for about, some in groupby(quotes, key=lambda quote: quote.about)]
    return page(request, "insights/brief_quotes.html", QuotesPage(member, brief, at, quotes, groups))


@router.post("/quotes")
def choose_quotes(
    community: str, brief_id: int, account: SignedIn, session: Session, typed: TypedForm
) -> RedirectResponse:
    """The ticked quotes may go, and no others; those said to hold no name, as they were written."""
    _member, brief = access_brief(session, account, community, brief_id, to="publish")
    chosen, plain = (set(typed.form.get(name, [])) for name in ("comment", "as_written"))
    n = quoting.let_in(session, brief, chosen, plain, by=account)
    word = ngettext("%(n)s quote goes with the brief.", "%(n)s quotes go with the brief.", n) % {"n": n}
    return see_other(
        f"/m/{community}/briefs/{brief_id}/quotes", flash=word if n else _("The brief goes without quotes.")
    )


@router.post("/approval")
def approve(community: str, brief_id: int, account: SignedIn, session: Session) -> RedirectResponse:
    """Somebody has read it: its words and quotes stay, and readers with a rhythm get it as it is."""
    _member, brief = access_brief(session, account, community, brief_id, to="publish")
    approving.approve(session, brief, by=account)
    return see_other(f"/m/{community}/briefs/{brief_id}", flash=_("Approved. Its words stay as they are now."))


@router.post("/rewording")
def reword(community: str, brief_id: int, account: SignedIn, session: Session) -> RedirectResponse:
    """Have the operator's language model reword the draft."""
    _member, brief = access_brief(session, account, community, brief_id, to="publish")
    rewording.ask(session, brief, by=account)
    word = _("The sentences are being reworded. Open this page again in a moment.")
    return see_other(f"/m/{community}/briefs/{brief_id}/words", flash=word)


@router.post("/rewording/undoing")
def undo_rewording(community: str, brief_id: int, account: SignedIn, session: Session) -> RedirectResponse:
    """Our own words again wherever the model's stand."""
    _member, brief = access_brief(session, account, community, brief_id, to="publish")
    n = rewording.undo(session, brief, by=account)
    word = ngettext("%(n)s sentence is ours again.", "%(n)s sentences are ours again.", n) % {"n": n}
    return see_other(f"/m/{community}/briefs/{brief_id}/words", flash=word)


@router.get("/mail")
def see_mail(
    request: Request, community: str, brief_id: int, account: SignedIn, session: Session,
    scheme: Literal["light", "dark"] = Query("light"),
) -> HTMLResponse:  # fmt: skip
    """The mail as it will look, on a wide screen and on a phone, light or dark, and as plain text."""
    member, brief = access_brief(session, account, community, brief_id, to="read")
    sample = rendering.sample_of(brief, member.community, shown.to_readers(session, brief))
    text = sample.get_body(("plain",))
    seen = MailPage(
        member, brief, f"/m/{community}/briefs/{brief_id}", scheme == "dark", str(sample["Subject"]),
        text.get_content() if text else "", round(len(rendering.html_in(sample).encode()) / 1000),
    )  # fmt: skip
    return page(request, "insights/brief_mail.html", seen, shows_frames=True)


@router.get("/mail/frame")
def mail_frame(
    community: str,
    brief_id: int,
    account: SignedIn,
    session: Session,
    scheme: Literal["light", "dark"] = Query("light"),
) -> HTMLResponse:
    """The mail's HTML for the frames of that page."""
    member, brief = access_brief(session, account, community, brief_id, to="read")
    sample = rendering.sample_of(brief, member.community, shown.to_readers(session, brief))
    html = rendering.in_scheme(rendering.html_in(sample), dark=scheme == "dark")
    html = html.replace(
        "<head>", '<head>\n<meta name="robots" content="noindex">', 1
    )  # as on every page but the public ones
    headers = {
        "Content-Security-Policy": _FRAMED,
        "Cache-Control": "private, no-store",
        "X-Frame-Options": "SAMEORIGIN",
    }
    return HTMLResponse(html, headers=headers)
