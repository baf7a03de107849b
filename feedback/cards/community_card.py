"""The card of a community: who it is, and what is open at this moment."""

from dataclasses import replace

from sqlmodel import col, select

from feedback.cards.card import Card, Preview, Row, preview_of, sentence
from heard.accounts.models import Community
from heard.kit.db import DbSession
from heard.kit.i18n import _, ngettext, number, speaking
from heard.kit.settings import settings
from polls.models import Announcement
from polls.queries import findable_polls

MOST_ROWS = 3


def community_card(session: DbSession, community: Community) -> Card:
    """What is on it at this moment, in the community's language."""
    with speaking(community.locale):
        titles = _open(session, community)
        foot = ngettext("%(n)s thing to take part in", "%(n)s things to take part in", len(titles))
        card = Card(
            "", community.name, community.locale, community.accent, text=community.mission,
            mark="dot", rows=tuple(map(Row, titles[:MOST_ROWS])), of=len(titles),
            foot=foot % {"n": number(len(titles))} if titles else _("What we ask, what you say, what is done about it"),
        )  # fmt: skip
        return replace(card, alt=" ".join(map(sentence, (card.title, card.foot, *titles[:MOST_ROWS]))))


def community_preview(session: DbSession, community: Community) -> Preview:
    """The tags of its page."""
    card = community_card(session, community)
    at = f"{settings().base_url}/c/{community.slug}"
    with speaking(community.locale):
        told = [
            community.mission,
            _("What %(community)s asks, what came out, and what is done about it.") % {"community": community.name},
        ]
    return preview_of(card, title=community.name, told=told, address=at, image=f"{at}/card.png")


def _open(session: DbSession, community: Community) -> list[str]:
    """Titles of listed polls that take answers, and of trials that run, newest first."""
    polls = [poll.title for poll in findable_polls(session, community.id, phase="open")]
    trials = session.exec(
        select(Announcement.title)
        .where(
            Announcement.community_id == community.id, Announcement.status == "published", Announcement.kind == "trial"
        )
        .order_by(col(Announcement.published_at).desc(), col(Announcement.id).desc())
    ).all()
    return [*polls, *trials]
