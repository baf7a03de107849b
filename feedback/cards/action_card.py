"""The card of one “we asked, you said, we did”."""

from feedback.answer.actions import WeDid
from feedback.cards.card import Card, Preview, preview_of, sentence
from heard.accounts.models import Community
from heard.kit.i18n import _, day, ngettext, number, speaking
from heard.kit.settings import settings


def action_card(did: WeDid, community: Community) -> Card:
    """What may be told, in the community's language."""
    action = did.action
    with speaking(community.locale):
        said = _("“%(text)s”") % {"text": did.quote} if did.quote else action.theme
        done = _("We did") if action.status == "done" else action.status_word
        of_you = ngettext("%(n)s of you said this", "%(n)s of you said this", did.said) % {"n": number(did.said)}
        parts = ((_("We asked"), did.question), (_("You said"), said), (done, action.title))
        return Card(
            community.name, action.title, community.locale, community.accent, before_head=_("You said") if said else "", before=said,
            head=done, foot=" · ".join(filter(None, (of_you if did.said else "", day(action.created_at)))),
            alt=" ".join(sentence(f"{name}: {words}") for name, words in parts if words),
        )  # fmt: skip


def action_preview(did: WeDid, community: Community) -> Preview:
    """The tags of its page."""
    card = action_card(did, community)
    at = f"{settings().base_url}/c/{community.slug}/answers/{did.anchor}"
    with speaking(community.locale):
        said = _("You said: %(theme)s.") % {"theme": did.action.theme} if did.action.theme else ""
        of_whom = _("An answer of %(community)s.") % {"community": community.name}
        told = list(filter(None, [did.action.public_note, said, of_whom]))
    return preview_of(card, title=did.action.title, told=told, address=at, image=f"{at}/card.png", kind="article")
