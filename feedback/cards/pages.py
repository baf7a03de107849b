"""The pictures under links: for everybody, without cookies. What is on one is read first; no transaction is open while it
is drawn."""

from fastapi import APIRouter, Request, Response

from feedback.answer import actions
from feedback.answer.trial_public_pages import published
from feedback.cards.action_card import action_card
from feedback.cards.announcement_card import announcement_card
from feedback.cards.card import Card
from feedback.cards.community_card import community_card
from feedback.cards.poll_card import poll_card
from heard.accounts.communities import community_by_slug
from heard.kit import pictures
from heard.kit.db import DbSession, Session, release
from heard.kit.errors import NotFound
from polls.frozen import frozen_poll

router = APIRouter(include_in_schema=False)


@router.get("/p/{slug}/card.png")
def of_poll(request: Request, session: Session, slug: str) -> Response:
    """The question, with the live bars where anybody may see them. ?lang= for a poll that speaks several languages."""
    poll = frozen_poll(session, slug)
    if poll.status == "draft":
        raise NotFound
    return _picture(request, session, poll_card(session, poll.in_language(request.query_params.get("lang", ""))))


@router.get("/t/{slug}/card.png")
def of_announcement(request: Request, session: Session, slug: str) -> Response:
    """News, or a trial with its version and how to take part."""
    return _picture(request, session, announcement_card(session, *published(session, slug)))


@router.get("/c/{community}/card.png")
def of_community(request: Request, session: Session, community: str) -> Response:
    """The community and what is open."""
    return _picture(request, session, community_card(session, community_by_slug(session, community)))


@router.get("/c/{community}/answers/{anchor}/card.png")
def of_action(request: Request, session: Session, community: str, anchor: str) -> Response:
    """You said, we did."""
    at = community_by_slug(session, community)
    return _picture(request, session, action_card(actions.did_at(session, at, anchor), at))


def _picture(request: Request, session: DbSession, card: Card) -> Response:
    release(session)
    return pictures.answer(request, card.version, card.draw)
