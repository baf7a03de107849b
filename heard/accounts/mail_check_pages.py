"""The page on which a community sees whether its mail will be believed, and what to add where."""

from dataclasses import dataclass, field
from email.message import EmailMessage

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from heard.accounts import mail_check
from heard.accounts.access import Member, SignedIn, access_community
from heard.accounts.mail_check import Row
from heard.accounts.mail_lines import Sending, sending_of
from heard.accounts.mail_lookups import look_up
from heard.kit import limits, mail, tokens
from heard.kit.db import Session, release
from heard.kit.dns import Asking
from heard.kit.errors import BadInput, TooMany
from heard.kit.headers import shown_domain
from heard.kit.i18n import _
from heard.kit.settings import settings
from heard.kit.smtp import Outcome
from heard.kit.web import page

router = APIRouter(prefix="/m/{community}/mail", include_in_schema=False)


@dataclass
class MailPage:
    """`asked`: the rows say what the DNS answered. `sent`: what became of a test mail that was just sent."""

    member: Member
    sending: Sending
    shown_domain: str
    rows: list[Row]
    outbox: str
    asked: bool = False
    sent: Outcome | None = None
    to_forward: str = field(default="")

    def __post_init__(self) -> None:
        instead = _("in place of the record that stands there now")
        lines = [(f"; {instead}\n" if row.instead else "") + row.line.zone for row in self.rows if row.line]
        self.to_forward = "\n\n".join(lines)


@router.get("")
def mail_page(request: Request, account: SignedIn, session: Session, community: str) -> HTMLResponse:
    """How mail goes out, and the lines it needs. Nothing is asked of the network."""
    member = access_community(session, account, community, to="publish")
    sending = sending_of(member.community)
    return page(request, "account/mail_check.html", _shown(member, sending, mail_check.rows(sending, None)))


@router.post("/checks")
def check_mail(request: Request, account: SignedIn, session: Session, community: str) -> HTMLResponse:
    """Ask the DNS, and say what it answered. Nothing is stored."""
    member = access_community(session, account, community, to="publish")
    limits.spend("mail check", str(account.id), "10/minute")
    sending = sending_of(member.community)
    release(session)  # no transaction is open while the network is asked
    found = look_up(sending, Asking()) if sending.domain else None
    shown = _shown(member, sending, mail_check.rows(sending, found))
    shown.asked = found is not None
    return page(request, "account/mail_check.html", shown)


@router.post("/tests")
def send_test_mail(request: Request, account: SignedIn, session: Session, community: str) -> HTMLResponse:
    """A mail to oneself, made and sent as every other mail; what the mail server said to it."""
    member = access_community(session, account, community, to="publish")
    sending = sending_of(member.community)
    release(session)  # as above
    shown, status = _shown(member, sending, mail_check.rows(sending, None)), 200
    try:
        limits.spend("test mail", str(account.id), "5/hour")
        shown.sent = mail.send(_test_mail(member))
    except (TooMany, BadInput) as refusal:
        said = (
            _("Five test mails an hour are enough. Try again later.")
            if isinstance(refusal, TooMany)
            else refusal.message
        )
        shown.sent, status = Outcome("never", said), refusal.status
    return page(request, "account/mail_check.html", shown, status=status)


def _test_mail(member: Member) -> EmailMessage:
    to, community = member.account.email, member.community
    context = {"community": community.name, "address": f"{settings().base_url}/m/{community.slug}/mail"}
    return mail.compose(
        "probe", context, to=to, message_id=mail.message_id(tokens.fresh()), sender=community.sender,
        sender_name=community.name, reply_to=to,
    )  # fmt: skip


def _shown(member: Member, sending: Sending, rows: list[Row]) -> MailPage:
    return MailPage(member, sending, shown_domain(sending.domain), rows, str(settings().data_folder / "outbox"))
