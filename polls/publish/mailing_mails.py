"""The mail of a mailing: a few words, the first question with a link for each answer, and how to stop.

A link opens the ballot with that answer chosen; only sending the ballot counts. Scanners may open them all.
"""

from dataclasses import dataclass, replace
from email.message import EmailMessage
from urllib.parse import quote, urlencode

from sqlmodel import col, select

from heard.accounts import contact_lists, contacts, unsubscribing
from heard.accounts.models import Account, Community, Contact, ContactList
from heard.kit import mail, tokens, web
from heard.kit.clock import now
from heard.kit.db import DbSession
from heard.kit.i18n import _, day, language, speaking
from heard.kit.settings import settings
from polls.frozen import FrozenPoll, frozen_poll
from polls.kinds.kind import FrozenQuestion, kind_of
from polls.kinds.taps import Taps
from polls.logic import ordered
from polls.models import Invitation, Mailing, MailingDelivery, Poll
from polls.publish import invitations, mailings

MOST_TAPS = 12  # with more answers than these a mail is no place to choose


@dataclass(frozen=True)
class Letter:
    """What a mailing says, before it is made out to somebody."""

    kind: str  # invitation, reminder
    subject: str
    words: str
    poll: FrozenPoll
    list_name: str


@dataclass
class LetterContext:
    """templates/mail/invitation and templates/mail/reminder. `taps`: (address, label); `unsubscribe`: "" in a test."""

    subject: str
    words: str
    community: str
    title: str
    question: FrozenQuestion
    alone: bool
    taps: list[tuple[str, str]]
    scale: Taps
    address: str
    closes: str
    anonymous: bool
    personal: bool
    reason: str
    unsubscribe: str
    test: bool = False


def mail_of(session: DbSession, delivery: MailingDelivery) -> EmailMessage | str:
    """The mail of this delivery; or the word for why it is not sent after all: asked anew at the last moment."""
    mailing = session.get_one(Mailing, delivery.mailing_id)
    row = session.get_one(Poll, mailing.poll_id)
    poll = frozen_poll(session, row.slug)
    if mailing.stopped_at is not None or poll.phase != "open":
        return "stopped"
    contact = session.get(Contact, delivery.contact_id) if delivery.contact_id else None
    the_list = session.get(ContactList, mailing.list_id) if mailing.list_id else None
    if contact is None or the_list is None or not contacts.may_write_to(session, contact, the_list.purpose):
        return "suppressed"
    invitation = session.get_one(Invitation, delivery.invitation_id)
    if invitation.turned_in:
        return "answered"
    community = session.get_one(Community, poll.community_id)
    letter = Letter(mailing.kind, mailing.subject, mailing.words, poll, the_list.name)
    by = session.get(Account, mailing.created_by) if mailing.created_by else None
    locale = contact.locale if contact.locale in poll.languages else poll.locale
    consent = contact_lists.consent_of(session, contact.id or 0, the_list.purpose)
    unsubscribe = unsubscribing.address_of(contact, the_list.purpose)
    with speaking(locale):
        reason = _(
            "You get this because you are on the list “%(list)s” of %(name)s. Your consent is on record since %(day)s."
        )
        since = day(consent[1] if consent else mailing.created_at)
        context = context_of(
            letter, token=invitations.token_of(poll.id, invitation.number), unsubscribe=unsubscribe,
            reason=reason % {"list": the_list.name, "name": community.name, "day": since},
        )  # fmt: skip
        return mail.compose(
            mailing.kind, context, to=contact.address, message_id=mailings.message_id(delivery.id),
            sender=community.sender, sender_name=community.name, reply_to=by.email if by else "",
            list_id=f"list-{the_list.id}.{community.slug}.{mail.mail_host()}", unsubscribe=unsubscribe,
        )  # fmt: skip


def sample_mail(letter: Letter, community: Community, account: Account) -> EmailMessage:
    """The same to the manager themselves, with links that cannot vote."""
    with speaking(letter.poll.locale):
        reason = _(
            "This is a test: only you got it, and its links do not vote. In the real mail, the link to stop stands here."
        )
        context = context_of(letter, token=invitations.TEST, reason=reason)
        context.test = True
        message_id = mail.message_id(tokens.derived("mailing test", letter.poll.id, account.id, now().isoformat()))
        return mail.compose(
            letter.kind, context, to=account.email, message_id=message_id, sender=community.sender,
            sender_name=community.name, reply_to=account.email,
        )  # fmt: skip


def preview(letter: Letter, community: Community) -> str:
    """The mail as HTML, as somebody of the list sees it."""
    with speaking(letter.poll.locale):
        reason = _(
            "You get this because you are on the list “%(list)s” of %(name)s. Your consent is on record since %(day)s."
        )
        words = {"list": letter.list_name, "name": community.name, "day": day(now())}
        unsubscribe = f"{settings().base_url}/u/{invitations.TEST}"
        context = context_of(letter, token=invitations.TEST, reason=reason % words, unsubscribe=unsubscribe)
        return mail.inlined(web.render(f"mail/{letter.kind}/body.html", context))


def context_of(letter: Letter, *, token: str, reason: str, unsubscribe: str = "") -> LetterContext:
    """What the templates show, in the language of this context where the poll speaks it."""
    poll = letter.poll.in_language(language())
    said = letter.poll.translations.get(language(), {})
    first = poll.questions[0]
    # In an order of their own where the ballot shuffles, so that no option stands on top of every mail.
    first = replace(first, options=ordered(first, int(tokens.hashed(token)[:8], 16)))
    offered = kind_of(first.kind).taps(first)
    taps = offered.each if len(offered.each) <= MOST_TAPS else ()
    return LetterContext(
        subject=said.get(letter.subject, letter.subject), words=letter.words, community=poll.community_name,
        title=poll.title, question=first, alone=len(poll.questions) == 1,
        taps=[(_address(poll, token, value), label) for value, label in taps], scale=offered,
        address=_address(poll, token), closes=day(poll.closes_at), anonymous=poll.anonymous,
        personal=poll.voter_rule not in ("open", "sign_in"), reason=reason, unsubscribe=unsubscribe,
    )  # fmt: skip


def _address(poll: FrozenPoll, token: str, answer: str = "") -> str:
    query = {"t": token} | ({"lang": poll.locale} if poll.translations else {}) | ({"q1": answer} if answer else {})
    return f"{settings().base_url}/p/{poll.slug}?{urlencode(query, quote_via=quote, safe='~')}"


def first_words(poll: FrozenPoll) -> str:
    """A subject to begin with: the first question, as far as a subject reaches."""
    asked = " ".join((poll.questions[0].wording or poll.title).split()) if poll.questions else poll.title
    return asked if len(asked) <= mailings.LONGEST_SUBJECT else asked[: mailings.LONGEST_SUBJECT - 1].rstrip() + "…"


def was_sent(session: DbSession, delivery_id: int) -> None:
    """Write down when the invitation first went out."""
    delivery = session.get_one(MailingDelivery, delivery_id)
    invitation = session.exec(select(Invitation).where(col(Invitation.id) == delivery.invitation_id)).one()
    if delivery.status == "sent" and invitation.sent_at is None:
        invitation.sent_at = delivery.sent_at
        session.add(invitation)
