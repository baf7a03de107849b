"""What became of a delivery, in words. Pure."""

from heard.accounts.models import WebhookDelivery
from heard.kit.i18n import _


def outcome_of(delivery: WebhookDelivery) -> tuple[str, str, str]:
    """Its state as a word and the kind of badge, and what was answered in words ("" before the first try)."""
    tried = delivery.sent_at is not None
    states = {
        "queued": (_("tried again later"), "waiting") if tried else (_("waiting"), "draft"),
        "sending": (_("being sent"), "draft"),
        "sent": (_("delivered"), "open"),
        "failed": (_("not delivered"), "danger"),
        "stopped": (_("taken back"), "closed"),
    }
    return (*states[delivery.status], answer_words(delivery) if tried else "")


def answer_words(delivery: WebhookDelivery) -> str:
    """What came back to the last try."""
    if delivery.answered is None:
        return _why(delivery.error)
    if 300 <= delivery.answered < 400:
        return _("Answered %(status)s: it leads elsewhere, and that is not followed.") % {"status": delivery.answered}
    return _("Answered %(status)s.") % {"status": delivery.answered}


def _why(error: str) -> str:
    return {
        "timeout": _("No answer within 10 seconds."),
        "unreachable": _("Nobody there: the connection was refused, or not taken in time."),
        "certificate": _("Its certificate is not valid for this name."),
        "broken": _("The connection broke, or the answer was no HTTP."),
        "unknown": _("Its name is not known, or could not be asked for."),
        "private": _("Its name leads to this machine or to a network that is not public, so it was not called."),
        "port": _("Its port is not called."),
        "form": _("It is not an address that can be called."),
    }.get(error, "")
