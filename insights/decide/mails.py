"""The mail to whoever approved a brief: a reader has answered it. Once for each answer."""

from email.message import EmailMessage

from sqlmodel import col, select

from heard.accounts.access import MAY
from heard.accounts.models import Account, Community, Membership
from heard.kit import mail, tokens
from heard.kit.db import DbSession
from heard.kit.i18n import _, speaking
from heard.kit.settings import settings
from insights.decide.queries import decisions_of
from insights.models import Brief, Decision


def decision_mails(session: DbSession, decision_id: int) -> list[EmailMessage]:
    """To who approved the brief or wrote it, else to all who may approve. None when the answer is gone."""
    decision = session.get(Decision, decision_id)
    brief = session.get(Brief, decision.brief_id) if decision else None
    if decision is None or brief is None:
        return []
    community = session.get_one(Community, brief.community_id)
    (row,) = decisions_of(session, community.id or 0, ids=[decision_id])
    made = []
    for account in _whom(session, brief):
        with speaking(account.locale):
            context = {
                "community": community.name, "row": row,
                "address": f"{settings().base_url}/m/{community.slug}/decisions/{row.id}",
                "reason": _("You get this because you may approve the briefs of %(name)s.") % {"name": community.name},
            }  # fmt: skip
            made.append(
                mail.compose(
                    "decision", context, to=account.email, reply_to=row.reader, sender=community.sender,
                    message_id=mail.message_id(tokens.derived("decision", decision_id, account.id)), sender_name=community.name,
                )
            )  # fmt: skip
    return made


def _whom(session: DbSession, brief: Brief) -> list[Account]:
    """Members only, as they are now."""
    query = (
        select(Account, Membership.role)
        .join(Membership, col(Membership.account_id) == col(Account.id))
        .where(Membership.community_id == brief.community_id)
        .order_by(col(Account.id))
    )
    may = [account for account, role in session.exec(query) if "publish" in MAY[role]]
    return [one for one in may if one.id in (brief.approved_by, brief.created_by)] or may
