"""The no to mails, behind /u/{token}: for one purpose, or for all invitations of a community. And the way back.

The link carries its own proof and works for as long as the contact is known. What rooms above do about a no, they do in
a job of kind "unsubscribed"; every mail asks contacts.may_write_to when it is sent, so nothing waits for that.
"""

from heard.accounts import contacts
from heard.accounts.contacts import BRIEFS, INVITATIONS
from heard.accounts.erasing import was_erased
from heard.accounts.models import Community, Contact, ContactList, Suppression
from heard.kit import tokens, work
from heard.kit.db import DbSession, row_id
from heard.kit.errors import NotFound
from heard.kit.i18n import _
from heard.kit.settings import settings


def token_of(contact: Contact, purpose: str) -> str:
    """The secret of /u/{token}: purpose, contact, proof."""
    return f"{purpose}.{contact.id}.{tokens.derived('unsubscribe', purpose, contact.id, contact.address)}"


def address_of(contact: Contact, purpose: str) -> str:
    """The whole address, for the foot and the header of a mail."""
    return f"{settings().base_url}/u/{token_of(contact, purpose)}"


def contact_of(session: DbSession, token: str) -> tuple[Contact, str]:
    """Whom the link is for, and what it stops. Raises NotFound."""
    purpose, _dot, rest = token.partition(".")
    number = rest.partition(".")[0]
    known = number.isascii() and number.isdigit() and len(number) < 11
    contact = session.get(Contact, row_id(int(number))) if known else None
    if contact is None or not _fits(session, token, contact, purpose):
        raise NotFound(_("This link is not complete."), hint=_("Copy the whole address from the mail."))
    return contact, purpose


def _fits(session: DbSession, token: str, contact: Contact, purpose: str) -> bool:
    if tokens.same(token, token_of(contact, purpose)):
        return True
    # Mails of earlier versions: the proof did not hold the address, so it must not fit whoever has the number now.
    old = f"{purpose}.{contact.id}.{tokens.derived('unsubscribe', purpose, contact.id)}"
    return purpose == BRIEFS and tokens.same(token, old) and not was_erased(session, contact.id or 0)


def stop(session: DbSession, contact: Contact, purpose: str, *, everything: bool = False) -> None:
    """No more mail for this purpose, from now on; `everything`: nor from any list. Twice changes nothing."""
    contacts.suppress(session, contact, purpose)
    if everything:
        contacts.suppress(session, contact, INVITATIONS)
    work.due(session, "unsubscribed", f"{contact.id}:{purpose}", contact_id=contact.id, purpose=purpose)


def take_back(session: DbSession, contact: Contact, purpose: str) -> None:
    """It was a slip: the person's own yes, kept with its words."""
    contacts.say_yes(session, contact, purpose, yes_words(session.get_one(Community, contact.community_id), purpose))


def is_stopped(session: DbSession, contact: Contact, purpose: str) -> bool:
    """Whether mails for this purpose are stopped."""
    return any(session.get(Suppression, (contact.id, one)) is not None for one in contacts.stops(purpose))


def list_name(session: DbSession, contact: Contact, purpose: str) -> str:
    """How the list is called that this purpose is about, or ""."""
    number = purpose.removeprefix("list:")
    known = number != purpose and number.isascii() and number.isdigit() and len(number) < 11
    found = session.get(ContactList, row_id(int(number))) if known else None
    return found.name if found and found.community_id == contact.community_id else ""


def yes_words(community: Community, purpose: str) -> str:
    """What somebody agrees to who says yes (again) to this purpose."""
    if purpose == BRIEFS:
        words = _("Yes, send me briefs of %(name)s by e-mail. I can stop them with one click in each mail.")
    else:
        words = _(
            "Yes, send me invitations to polls of %(name)s by e-mail. I can stop them with one click in each mail."
        )
    return words % {"name": community.name}
