"""The mail to whoever approved a brief: a reader has answered it. Once for each answer, and for each change of one."""

from email.message import EmailMessage

from heard.accounts.access import who_may
from heard.accounts.models import Account, Community
from heard.kit import mail, tokens
from heard.kit.db import DbSession
from heard.kit.i18n import _, speaking
from heard.kit.settings import settings
from insights.decide import answers
from insights.decide.queries import DecisionRow, decisions_of
from insights.models import Brief, Decision


def decision_mails(session: DbSession, decision_id: int, told: str = "", to: int = 0) -> dict[int, EmailMessage]:
    """To who approved the brief or wrote it, else to all who may approve, by account; `to`: to this one of them alone.

    `told`: what was told before (answers.said). None when the answer is gone, or says again what was told.
    """
    decision = session.get(Decision, decision_id)
    if decision is None or answers.said(decision) == told:
        return {}
    brief = session.get_one(Brief, decision.brief_id)
    community = session.get_one(Community, brief.community_id)
    (row,) = decisions_of(session, community.id or 0, ids=[decision_id])
    return {
        account.id or 0: _mail(community, row, account, changed=bool(told))
        for account in _whom(session, brief)
        if to in (0, account.id)
    }


def _mail(community: Community, row: DecisionRow, account: Account, *, changed: bool) -> EmailMessage:
    with speaking(account.locale):
        context = {
            "community": community.name, "row": row, "changed": changed,
            "address": f"{settings().base_url}/m/{community.slug}/decisions/{row.id}",
            "reason": _("You get this because you may approve the briefs of %(name)s.") % {"name": community.name},
        }  # fmt: skip
        token = tokens.derived("decision", row.id, account.id, row.at.isoformat())  # each change is a mail of its own
        return mail.compose(
            "decision", context, to=account.email, reply_to=row.reader, sender=community.sender,
            sender_name=community.name, message_id=mail.message_id(token),
        )  # fmt: skip


def _whom(session: DbSession, brief: Brief) -> list[Account]:
    """Members only, as they are now."""
    may = [account for account, _role in who_may(session, brief.community_id, "publish")]
    return [one for one in may if one.id in (brief.approved_by, brief.created_by)] or may
