"""The mail that tells of a webhook that was paused.

It tells members what became of a thing of theirs, as the test of mail does: no list, and nothing to stop.
"""

from email.message import EmailMessage

from heard.accounts.access import who_may
from heard.accounts.models import Account, Community, Webhook
from heard.kit import mail, tokens
from heard.kit.db import DbSession
from heard.kit.i18n import _, speaking
from heard.kit.settings import settings


def paused_mails(session: DbSession, webhook: Webhook, why: str) -> list[EmailMessage]:
    """To whoever made it, while that is somebody who may change it; else to the owners of the community."""
    community = session.get_one(Community, webhook.community_id)
    return [_mail(community, webhook, account, why) for account in _readers(session, webhook)]


def _readers(session: DbSession, webhook: Webhook) -> list[Account]:
    may = who_may(session, webhook.community_id, "publish")
    made = [account for account, _role in may if account.id == webhook.created_by]
    return made or [account for account, role in may if role == "owner"]


def _mail(community: Community, webhook: Webhook, account: Account, why: str) -> EmailMessage:
    with speaking(account.locale):
        context = {
                "community": community.name, "name": webhook.name, "gone": why == "gone",
            "address": f"{settings().base_url}/m/{community.slug}/webhooks/{webhook.id}",
            "reason": _("You get this because the webhook is yours, or you own %(name)s.") % {"name": community.name},
        }  # fmt: skip
        its_id = mail.message_id(tokens.derived("webhook paused", webhook.id, webhook.paused_at, account.id))
        return mail.compose(
            "webhook_paused", context, to=account.email, message_id=its_id, sender=community.sender,
            sender_name=community.name,
        )  # fmt: skip
