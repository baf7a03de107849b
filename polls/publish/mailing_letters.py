"""A mailing before it is sent: who writes what to whom, put together from what a manager chose, and counted. Reads only."""

from typing import NamedTuple

from heard.accounts import contact_lists
from heard.accounts.models import Community
from heard.kit.db import DbSession
from heard.kit.errors import BadInput, NotFound
from heard.kit.i18n import _
from polls.frozen import freeze
from polls.models import Mailing, Poll
from polls.publish import mailing_plans, mailings
from polls.publish.mailing_mails import Letter
from polls.publish.mailing_plans import Plan, Round


class Chosen(NamedTuple):
    """A list, or with `of` an earlier mailing that this is a reminder of; and the words."""

    to: int
    of: int
    subject: str
    words: str


def letter_of(session: DbSession, community: Community, poll: Poll, chosen: Chosen) -> tuple[Letter, Round]:
    """The letter and whom it goes to; its words as they are. Raises BadInput where no list is chosen, NotFound."""
    earlier: Mailing | None = mailings.mailing_of(session, poll, chosen.of) if chosen.of else None
    try:
        the_list = contact_lists.list_of(session, community, (earlier.list_id or 0) if earlier else chosen.to)
    except NotFound as error:
        wrong = _("Choose the list that it goes to.")
        raise BadInput(wrong, fields={"list": wrong}) from error
    kind = "reminder" if earlier else "invitation"
    letter = Letter(kind, chosen.subject, chosen.words, freeze(session, poll), the_list.name)
    return letter, Round(poll, community, the_list, earlier)


def clean_letter(session: DbSession, community: Community, poll: Poll, chosen: Chosen) -> tuple[Letter, Round]:
    """The same with checked words. Raises BadInput as above and as mailings.clean_words."""
    subject, words = mailings.clean_words(chosen.subject, chosen.words)
    return letter_of(session, community, poll, chosen._replace(subject=subject, words=words))


def counted(session: DbSession, community: Community, poll: Poll, chosen: Chosen) -> tuple[Letter, Round, Plan]:
    """The same with how many it goes to. Raises NotForMailings too."""
    mailings.check_poll(freeze(session, poll))
    letter, planned = clean_letter(session, community, poll, chosen)
    return letter, planned, mailing_plans.plan(session, planned)
