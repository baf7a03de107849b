"""How many ballots one network counts in an hour: the one thing of the panel that looks ahead."""

from heard.accounts import audit
from heard.accounts.models import Account
from heard.kit.db import DbSession
from heard.kit.errors import BadInput
from heard.kit.i18n import _, number
from polls.models import Poll

MOST = 100_000


def set_limit(session: DbSession, poll: Poll, limit: int, *, by: Account) -> None:
    """Ballots an hour and network, from the next one on. Raises BadInput outside 1..MOST."""
    if not 1 <= limit <= MOST:
        words = _("A whole number from 1 to %(most)s.") % {"most": number(MOST)}
        raise BadInput(_("The limit was not saved."), fields={"limit": words})
    poll.network_limit = limit
    session.add(poll)
    audit.record(session, by, "integrity.limit", poll.slug, community_id=poll.community_id, limit=limit)
    session.flush()
