"""The mail to owners and managers: drafts wait to be read.

It tells members of work of theirs, as the mail about a paused webhook does: no list, and nothing to stop.
"""

from email.message import EmailMessage
from typing import Any

from heard.accounts.access import who_may
from heard.accounts.models import Account, Community
from heard.kit import mail, tokens, zones
from heard.kit.db import DbSession
from heard.kit.i18n import _, day, speaking
from heard.kit.settings import settings
from insights.models import Brief
from insights.send import turning


def drafts_mails(session: DbSession, community_id: int, first: int, to: int = 0) -> dict[int, EmailMessage]:
    """One to each person who may approve, by account; none where no draft waits any more. `to`: to this one of them alone."""
    community = session.get(Community, community_id)
    waiting = turning.drafts_waiting(session, community_id, first) if community else []
    if community is None or not waiting:
        return {}
    return {
        account.id or 0: _mail(session, community, waiting, account)
        for account, _role in who_may(session, community_id, "publish")
        if to in (0, account.id)
    }


def _mail(session: DbSession, community: Community, waiting: list[Brief], account: Account) -> EmailMessage:
    with speaking(account.locale):
        context = {
            "community": community.name, "drafts": [_line(session, community, brief) for brief in waiting],
            "reason": _("You get this because you may approve the briefs of %(name)s.") % {"name": community.name},
        }  # fmt: skip
        its_id = mail.message_id(tokens.derived("drafts wait", waiting[0].id, len(waiting), account.id))
        return mail.compose(
            "drafts_wait", context, to=account.email, message_id=its_id, sender=community.sender,
            sender_name=community.name,
        )  # fmt: skip


def _line(session: DbSession, community: Community, brief: Brief) -> dict[str, Any]:
    goes = turning.hour_of(session, brief)
    return {
        "kind": _("Brief for leadership") if brief.audience == "leadership" else _("Brief for product"),
        "period": _("%(since)s to %(until)s") % {"since": day(brief.since), "until": day(brief.until)},
        "subject": brief.subject,
        "goes": zones.in_words(goes, community.zone),
        "address": f"{settings().base_url}/m/{community.slug}/briefs/{brief.id}",
    }
