"""The two mails of this package: a brief to its reader, and the question whether an address wants briefs."""

from collections.abc import Sequence
from email.message import EmailMessage

from heard.accounts import contacts, unsubscribing
from heard.accounts.contacts import BRIEFS
from heard.accounts.models import Account, Community, Contact
from heard.kit import mail, tokens
from heard.kit.db import DbSession
from heard.kit.i18n import _, speaking
from heard.kit.settings import settings
from insights.decide import asked
from insights.decide.asked import Button
from insights.models import Brief, Delivery
from insights.send import deliveries, readers, shortening
from insights.write import briefs, shown
from insights.write.shown import Tree


def brief_mail(session: DbSession, delivery: Delivery) -> EmailMessage | None:
    """The brief as a mail to its reader, from its frozen wording; None when the reader may no longer be written to."""
    brief = session.get_one(Brief, delivery.brief_id)
    contact = session.get(Contact, delivery.contact_id) if delivery.contact_id else None
    if contact is None or not contacts.may_write_to(session, contact, BRIEFS):
        return None
    community = session.get_one(Community, brief.community_id)
    by = session.get(Account, brief.approved_by or brief.created_by or 0)  # whom an answer reaches
    address = briefs.address_of(brief, deliveries.token_of(brief.id, delivery.recipient))
    tree = shown.to_readers(session, brief, quotes=delivery.quotes)
    with speaking(brief.locale):
        answers = asked.buttons(asked.asked_of(tree), address)
    return composed(
        brief, community, tree, to=delivery.recipient, message_id=delivery.message_id, address=address,
        unsubscribe=unsubscribing.address_of(contact, BRIEFS), reply_to=by.email if by else "",
        rhythm=readers.own_page(contact), answers=answers,
    )  # fmt: skip


def composed(
    brief: Brief,
    community: Community,
    tree: Tree,
    *,
    to: str,
    message_id: str,
    address: str,
    unsubscribe: str = "",
    reply_to: str = "",
    rhythm: str = "",
    answers: Sequence[Button] = (),
) -> EmailMessage:
    """A brief as a mail, with its two texts. `tree`: its wording as it is shown; `answers`: what its reader can answer."""
    with speaking(brief.locale):
        reason = _("You get this because you are a reader of the briefs of %(name)s.") % {"name": community.name}
        context = {
            "audience": brief.audience, "facts": brief.facts, "facts_hash": brief.facts_hash, "address": address,
            "reason": reason, "unsubscribe": unsubscribe, "community": community.name, "rhythm": rhythm,
            "answers": answers,
        }  # fmt: skip
        for part in shortening.shorter(tree):
            made = mail.compose(
                "brief", context | {"brief": part}, to=to, message_id=message_id, sender=community.sender,
                sender_name=community.name, reply_to=reply_to, unsubscribe=unsubscribe,
                list_id=f"briefs.{community.slug}.{mail.mail_host()}",
            )  # fmt: skip
            if mail.html_bytes(made) <= shortening.MOST_BYTES:
                break
        return made


def confirm_mail(session: DbSession, contact: Contact, about: int, by: Account | None) -> EmailMessage:
    """The question to an address that nobody has confirmed yet, for the sake of a brief (its id) or none (0). `by`: who would
    like to send."""
    community = session.get_one(Community, contact.community_id)
    with speaking(contact.locale):
        context = {
            "community": community.name,
            "person": by.name if by else "",
            "address": f"{settings().base_url}/subscriptions/{readers.confirm_token(contact)}",
        }
        return mail.compose(
            "confirm", context, to=contact.address, message_id=question_id(contact, about),
            sender=community.sender, sender_name=community.name, reply_to=by.email if by else "",
        )  # fmt: skip


def question_id(contact: Contact, about: int) -> str:
    """The Message-ID of the question: the same for the same brief, however often it is made."""
    return mail.message_id(tokens.derived("confirm", contact.id, about or f"reader {contact.created_at}"))
