"""A mailing as a test wants it: a list, a poll, what was sent, and its links."""

import html
import re
from email.message import EmailMessage

from sqlmodel import select

from heard.accounts import contact_lists
from heard.accounts.contact_files import Person
from heard.accounts.models import Contact, ContactList
from heard.kit import work
from heard.kit.db import reading, writing
from polls.models import Mailing, MailingDelivery
from polls.publish import mailing_jobs  # noqa: F401  (registers its jobs)
from tests.browser_client import Client
from tests.world import PollHandle, World

ADA, BO, CLEO = (f"{name}@readers.example" for name in ("ada", "bo", "cleo"))
AGREED = "They ticked the box at the open day, 3 May."


def a_list(world: World, *people: str | Person, name: str = "Newsletter") -> ContactList:
    """A list of the garden with these people on it, whose consent is recorded."""
    taken = [Person(p) if isinstance(p, str) else p for p in people or (ADA, BO, CLEO)]
    with writing() as session:
        home = world.the_community(session)
        made = contact_lists.new_list(session, home, name, by=world.people["maya"])
        for piece in contact_lists.pieces(taken):
            contact_lists.put(session, home, made, piece, consent=AGREED)
        return made


def contact(address: str) -> Contact:
    with reading() as session:
        return session.exec(select(Contact).where(Contact.address == address)).one()


def invite(maya: Client, poll: PollHandle, to: ContactList, *, of: int = 0, people: int = 3, **form: str) -> int:
    """Send it by the pages, and let the worker work. The id of the mailing."""
    sent = {
        "list": str(to.id),
        "subject": "Which one suits you?",
        "words": "",
        "of": str(of),
        "count": str(people),
        **form,
    }
    answer = maya.post(f"{poll.page}/mailings", data=sent)
    assert answer.status_code == 303, re.sub(r"<[^>]+>|\s+", " ", answer.text)[:1500]
    work.run_due()
    return int(answer.headers["location"].rpartition("/")[2])


def statuses(mailing_id: int) -> dict[str, str]:
    """What became of the mail to each address."""
    with reading() as session:
        rows = session.execute(
            select(Contact.address, MailingDelivery.status)
            .join(Contact, Contact.id == MailingDelivery.contact_id)
            .where(MailingDelivery.mailing_id == mailing_id)
        )
        return dict(iter(rows))


def mailing(mailing_id: int) -> Mailing:
    with reading() as session:
        return session.get_one(Mailing, mailing_id)


def text_of(mail: EmailMessage) -> str:
    return mail.get_body(("plain",)).get_content()


def html_of(mail: EmailMessage) -> str:
    return mail.get_body(("html",)).get_content()


def links_in(mail: EmailMessage) -> list[str]:
    """The paths of every link, of both bodies and of the header, each once."""
    found = re.findall(r'href="([^"]+)"', html_of(mail)) + re.findall(r"http://\S+", text_of(mail))
    found.append(str(mail["List-Unsubscribe"]).strip("<>"))
    return list(dict.fromkeys(html.unescape(link).removeprefix("http://127.0.0.1:8000") for link in found))
