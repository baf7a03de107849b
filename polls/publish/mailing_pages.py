"""Manager pages of mailings: what was sent, writing one, looking at it and who gets it, sending it, stopping it."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from heard.accounts import contact_lists
from heard.accounts.access import Member, SignedIn, signed_in
from heard.accounts.contact_lists import ListRow
from heard.accounts.models import Account
from heard.kit import limits, mail
from heard.kit.db import DbSession, Session, reading, writing
from heard.kit.errors import BadInput, Refused
from heard.kit.i18n import _, ngettext, number, speaking
from heard.kit.settings import settings
from heard.kit.web import first, page, see_other
from polls.access import access_poll
from polls.frozen import freeze
from polls.models import Poll
from polls.publish import mailing_letters, mailing_mails, mailing_queries, mailings
from polls.publish.mailing_letters import Chosen
from polls.publish.mailing_plans import Plan
from polls.publish.mailing_queries import Failed, MailingRow
from polls.write.forms import TypedForm

router = APIRouter(prefix="/m/{community}/polls/{slug}/mailings", include_in_schema=False)
# A mail has styles in its elements, and none of our scripts; its links lead nowhere from here.
_PREVIEW = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'; sandbox"


@dataclass
class MailingsPage:
    """templates/polls/mailings.html. `why_not`: the poll takes none now."""

    member: Member
    poll: Poll
    at: str
    rows: list[MailingRow]
    zone: str
    why_not: str


@dataclass
class LetterPage:
    """templates/polls/mailing_letter.html: to write one (`plan` None), or to look at it before it is sent."""

    member: Member
    poll: Poll
    at: str
    lists: list[ListRow]
    list_id: int
    of: int
    subject: str
    words: str
    sent_before: bool = False
    plan: Plan | None = None
    list_name: str = ""
    no_server: bool = False
    good_subject: int = mailings.GOOD_SUBJECT
    said: str = ""
    message: str = ""
    hint: str = ""
    errors: dict[str, str] = field(default_factory=dict)


@dataclass
class MailingPage:
    """templates/polls/mailing.html"""

    member: Member
    poll: Poll
    at: str
    row: MailingRow
    words: dict[str, str]
    failed: list[Failed]
    zone: str
    no_server: bool
    why_not: str
    number: Callable[[float], str] = number


def _visitor(request: Request) -> Account:
    with reading() as session:  # its own: counting a long list keeps no vote from being written
        return signed_in(request, session)


Visitor = Annotated[Account, Depends(_visitor)]


@router.get("")
def list_mailings(request: Request, community: str, slug: str, account: SignedIn, session: Session) -> Response:
    """What was sent about a poll; where nothing was, the first one is written at once."""
    member, poll = access_poll(session, account, community, slug, to="publish")
    rows, why_not = mailing_queries.mailings_of(session, poll), _why_not(session, poll)
    if not rows and not why_not:
        return see_other(f"{_at(member, poll)}/new")
    shown = MailingsPage(member, poll, _at(member, poll), rows, member.community.zone, why_not)
    return page(request, "polls/mailings.html", shown)


@router.get("/new")
def write_letter(
    request: Request, community: str, slug: str, account: SignedIn, session: Session,
    of: int = Query(0, ge=0), to: int = Query(0, alias="list", ge=0),
) -> Response:  # fmt: skip
    """Choose a list, a subject and a few words; or, with `of`, a reminder of that mailing."""
    member, poll = access_poll(session, account, community, slug, to="publish")
    if _why_not(session, poll):
        return see_other(_at(member, poll))
    earlier = mailings.mailing_of(session, poll, of) if of else None
    subject = mailing_mails.first_words(freeze(session, poll))
    if earlier is not None:
        with speaking(poll.locale):
            subject = (_("Reminder: %(subject)s") % {"subject": earlier.subject})[: mailings.LONGEST_SUBJECT]
    chosen = (earlier.list_id if earlier else to) or 0
    return page(request, "polls/mailing_letter.html", _letter(session, member, poll, chosen, of, subject, ""))


@router.get("/preview")
def preview_letter(
    community: str, slug: str, account: SignedIn, session: Session, to: int = Query(0, alias="list", ge=0),
    of: int = Query(0, ge=0), subject: str = Query("", max_length=200), words: str = Query("", max_length=1000),
) -> HTMLResponse:  # fmt: skip
    """The mail as it will be read, for a frame."""
    member, poll = access_poll(session, account, community, slug, to="publish")
    letter, _planned = mailing_letters.letter_of(session, member.community, poll, Chosen(to, of, subject, words))
    html = mailing_mails.preview(letter, member.community)
    return HTMLResponse(html, headers={"Content-Security-Policy": _PREVIEW, "Cache-Control": "private, no-store"})


@router.post("/check")
def check_letter(request: Request, community: str, slug: str, account: Visitor, typed: TypedForm) -> HTMLResponse:
    """The mail, who gets it and who is held back. Nothing is stored or sent."""
    with reading() as session:  # see above
        return _looked_at(request, session, account, community, slug, typed)


@router.post("/test")
def send_test(request: Request, community: str, slug: str, account: Visitor, typed: TypedForm) -> HTMLResponse:
    """The mail to the manager's own address, at once, so that what the server says can be told."""
    with reading() as session:  # see above; and none is open while the mail is on its way
        member, poll = access_poll(session, account, community, slug, to="publish")
        letter, _planned = mailing_letters.clean_letter(session, member.community, poll, _chosen(typed))
    limits.spend("mailing test", str(account.id), "20/hour")
    outcome = mail.send(mailing_mails.sample_mail(letter, member.community, account))
    said = _("Sent to %(address)s.") if outcome.state == "sent" else _("Not sent to %(address)s: %(why)s")
    words = said % {"address": account.email, "why": outcome.detail}
    with reading() as session:  # see above
        return _looked_at(request, session, account, community, slug, typed, said=words)


@router.post("", status_code=303)
def send_mailing(request: Request, community: str, slug: str, account: Visitor, typed: TypedForm) -> Response:
    """Send it to the number of people that was named; another number is asked again."""
    with reading() as session:  # see above
        member, poll = access_poll(session, account, community, slug, to="publish")
        try:
            letter, planned, plan = mailing_letters.counted(session, member.community, poll, _chosen(typed))
            mailings.check_count(plan, _whole(first(typed.form, "count")))
        except (BadInput, mailings.NobodyToWriteTo, mailings.OtherCount, mailings.NotForMailings) as refused:
            return _looked_at(request, session, account, community, slug, typed, refused=refused)
    with writing() as session:  # a short one
        made = mailings.begin(session, planned, plan, subject=letter.subject, words=letter.words, by=account)
    sent = ngettext(
        "The mail to %(n)s person is on its way.", "The mails to %(n)s people are on their way.", plan.to_send
    )
    return see_other(f"{_at(member, poll)}/{made.id}", flash=sent % {"n": number(plan.to_send)})


@router.get("/{mailing_id}")
def show_mailing(
    request: Request, community: str, slug: str, mailing_id: int, account: SignedIn, session: Session
) -> HTMLResponse:
    """How far it is, what came of it, and how to stop it."""
    member, poll = access_poll(session, account, community, slug, to="publish")
    mailing = mailings.mailing_of(session, poll, mailing_id)
    shown = MailingPage(
        member, poll, _at(member, poll), mailing_queries.figures_of(session, mailing), mailing_queries.status_words(),
        mailing_queries.failed_of(session, mailing), member.community.zone, not settings().smtp_url, _why_not(session, poll),
    )  # fmt: skip
    return page(request, "polls/mailing.html", shown)


@router.post("/{mailing_id}/stopping", status_code=303)
def stop_mailing(community: str, slug: str, mailing_id: int, account: SignedIn, session: Session) -> RedirectResponse:
    """Send no more of it."""
    member, poll = access_poll(session, account, community, slug, to="publish")
    mailings.stop(session, mailings.mailing_of(session, poll, mailing_id), by=account)
    return see_other(
        f"{_at(member, poll)}/{mailing_id}", flash=_("Stopped. What is out already cannot be called back.")
    )


@router.post("/{mailing_id}/resumption", status_code=303)
def resume_mailing(community: str, slug: str, mailing_id: int, account: SignedIn, session: Session) -> RedirectResponse:
    """Send what has waited for a person to decide."""
    member, poll = access_poll(session, account, community, slug, to="publish")
    mailings.resume(session, mailings.mailing_of(session, poll, mailing_id), by=account)
    return see_other(f"{_at(member, poll)}/{mailing_id}", flash=_("What was waiting is on its way."))


def _looked_at(
    request: Request, session: DbSession, account: Account, community: str, slug: str, typed: TypedForm, *, said: str = "",
    refused: Refused | None = None,
) -> HTMLResponse:  # fmt: skip
    member, poll = access_poll(session, account, community, slug, to="publish")
    shown = _letter(session, member, poll, *_chosen(typed))
    try:
        letter, _planned, plan = mailing_letters.counted(session, member.community, poll, _chosen(typed))
        shown = replace(
            shown, plan=plan, subject=letter.subject, words=letter.words,
            list_name=letter.list_name, said=said,
        )  # fmt: skip
    except (BadInput, mailings.NotForMailings) as wrong:
        refused = wrong
    if refused:
        shown = replace(shown, message=refused.message, hint=refused.hint, errors=refused.fields)
    return page(
        request, "polls/mailing_letter.html", shown, status=refused.status if refused else 200, shows_frames=True
    )


def _chosen(typed: TypedForm) -> Chosen:
    form = typed.form
    return Chosen(_whole(first(form, "list")), _whole(first(form, "of")), first(form, "subject"), first(form, "words"))


def _letter(session: DbSession, member: Member, poll: Poll, to: int, of: int, subject: str, words: str) -> LetterPage:
    lists, before = contact_lists.lists_of(session, member.community), mailings.any_of(session, poll)
    return LetterPage(
        member, poll, _at(member, poll), lists, to, of, subject, words, before, no_server=not settings().smtp_url
    )


def _why_not(session: DbSession, poll: Poll) -> str:
    try:
        mailings.check_poll(freeze(session, poll))
    except mailings.NotForMailings as refused:
        return f"{refused.message} {refused.hint}"
    return ""


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _at(member: Member, poll: Poll) -> str:
    return f"/m/{member.community.slug}/polls/{poll.slug}/mailings"
