"""Statements that a manager takes out of a poll after people have voted on them, and puts back.

Nobody is asked about such a statement any more, no public page shows it, and opinion groups are found without it. The votes
on it stay, and members of the community go on seeing them.
"""

from feedback.groups import asking as groups
from feedback.groups.queries import questions_of
from heard.accounts import audit
from heard.accounts.models import Account
from heard.kit.db import DbSession
from heard.kit.errors import NotFound, Refused
from heard.kit.i18n import _
from polls.frozen import freeze
from polls.kinds.kind import FrozenQuestion
from polls.kinds.statements import asked_in
from polls.models import Option, Poll


class LastStatement(Refused):
    """Without this statement a question would ask nothing."""

    code, status = "last_statement", 409

    def __init__(self, label: str) -> None:
        super().__init__(
            _("“%(statement)s” is the only statement that is asked, so it stays.") % {"statement": label},
            hint=_("Close the poll instead, or put another statement back first."),
        )


def take_out(session: DbSession, poll: Poll, option_id: int, *, by: Account) -> None:
    """Ask nobody about this statement any more. Done already: nothing happens. Raises NotFound, LastStatement."""
    question, option = _statement(session, poll, option_id)
    if asked_in(question) == [question.option(option_id)] and not question.its_kind.takes_own_words(question):
        raise LastStatement(option.label)
    _mark(session, poll, option, "statement.moderated_out", by, moderated=True)


def put_back(session: DbSession, poll: Poll, option_id: int, *, by: Account) -> None:
    """Ask about it again. Done already: nothing happens. Raises NotFound."""
    _question, option = _statement(session, poll, option_id)
    _mark(session, poll, option, "statement.put_back", by, moderated=False)


def _statement(session: DbSession, poll: Poll, option_id: int) -> tuple[FrozenQuestion, Option]:
    """The statement, its poll's row ours until the commit: of two that are left, two managers do not take one each."""
    session.refresh(poll, with_for_update=True)
    for question in questions_of(freeze(session, poll)):
        if any(option.id == option_id for option in question.options):
            return question, session.get_one(Option, option_id, populate_existing=True)
    raise NotFound()


def _mark(session: DbSession, poll: Poll, option: Option, action: str, by: Account, *, moderated: bool) -> None:
    if option.moderated == moderated:
        return
    option.moderated = moderated
    poll.revision += 1  # ballots are made from the poll as it is now
    session.add_all([option, poll])
    audit.record(session, by, action, poll.slug, community_id=poll.community_id, option_id=option.id)
    session.flush()
    groups.ask(session, [freeze(session, poll)])
