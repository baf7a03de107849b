"""The card of news or a trial: what it is, which version, and how to take part, or what became of it."""

from dataclasses import replace

from feedback.cards.card import Card, Preview, preview_of, sentence
from heard.accounts.models import Community
from heard.kit.db import DbSession
from heard.kit.i18n import _, day, number, speaking
from heard.kit.settings import settings
from polls.announce import announcing, participants, trials
from polls.models import Announcement


def announcement_card(session: DbSession, it: Announcement, community: Community) -> Card:
    """What is on it at this moment, in the language of the announcement."""
    with speaking(it.locale):
        outcome = announcing.outcome_words().get(it.outcome, "")
        card = Card(
            community.name, it.title, it.locale, community.accent, state=_state(session, it), head=outcome,
            text=it.outcome_reason if outcome else it.what, foot=_how(session, it, community),
        )  # fmt: skip
        parts = (card.state, card.title, card.head, card.text[:200], card.foot)
        return replace(card, alt=" – ".join(filter(None, parts)))


def announcement_preview(session: DbSession, it: Announcement, community: Community) -> Preview:
    """The tags of its page."""
    card = announcement_card(session, it, community)
    at = f"{settings().base_url}/t/{it.slug}"
    with speaking(it.locale):
        news = _("News of %(community)s.") % {"community": community.name}
        told = [sentence(card.head), card.text, sentence(card.foot), news]
    return preview_of(card, title=it.title, told=told, address=at, image=f"{at}/card.png", kind="article")


def _state(session: DbSession, it: Announcement) -> str:
    if it.kind != "trial":
        parts = (_("News"), day(it.published_at))
    elif it.outcome:
        parts = (_("The trial has ended"), day(it.outcome_at))
    else:
        version = max((v.number for v in trials.versions_of(session, it) if v.published_at), default=1)
        parts = (_("Trial"), _("Version %(n)s") % {"n": version} if version > 1 else "")
    return " · ".join(filter(None, parts))


def _how(session: DbSession, it: Announcement, community: Community) -> str:
    if it.kind != "trial":
        return ""
    if it.outcome:
        return _("How it went, version by version")
    if announcing.is_over(it, community.zone):
        return _("Nobody can sign up any more. What comes of it will stand here.")
    left = participants.places_of(session, it).left
    if left is None:
        how = _("Take part: for everybody who likes")
    elif left == 0:
        how = _("All places are taken: join the waiting list")
    else:
        how = _("Take part: %(n)s of %(all)s places are free") % {"n": number(left), "all": number(it.places or 0)}
    until = _("until %(day)s") % {"day": day(it.ends_on)} if it.ends_on else ""
    return " · ".join(filter(None, (how, until)))
