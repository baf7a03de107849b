"""What is done about themes, over the API: the themes that wait, answers given and taken back."""

from datetime import timedelta

from fastapi import APIRouter

from feedback.access import access_action_by_key, access_theme_by_key
from feedback.answer import actions, views
from feedback.answer.schemas import ActionIn, ActionOut, ActionsPart, UnansweredOut, UnansweredPart
from feedback.answer.views import Given, Waiting
from heard.accounts.access import Bearer
from heard.accounts.api_route import ApiRoute
from heard.kit import paging
from heard.kit.db import Session
from heard.kit.paging import Paged, part_of
from polls.access import access_community_by_key

router = APIRouter(prefix="/api/v1", tags=["themes"], route_class=ApiRoute)


@router.get("/communities/{slug}/unanswered")
def list_unanswered(slug: str, key: Bearer, session: Session, part: Paged) -> UnansweredPart:
    """The themes of all polls that wait for an answer, the longest waiting first."""
    member = access_community_by_key(session, key, slug, to="read")
    rows = views.waiting_of(session, member.community.id or 0)
    found, following = part_of(rows, part, _longest_first, types=(int, int, int))
    return UnansweredPart(themes=[UnansweredOut.of(row) for row in found], next=following)


def _longest_first(row: Waiting) -> tuple[int, int, int]:
    return -(row.since // timedelta(days=1)), -row.count, row.theme.id


@router.get("/communities/{slug}/actions")
def list_actions(slug: str, key: Bearer, session: Session, part: Paged) -> ActionsPart:
    """What was done about themes and told in public, newest first."""
    member = access_community_by_key(session, key, slug, to="read")
    rows = views.given_of(session, member.community.id or 0)
    found, following = part_of(rows, part, _newest_first, types=(int, int))
    return ActionsPart(actions=[ActionOut.of(row.action, slug) for row in found], next=following)


def _newest_first(row: Given) -> tuple[int, int]:
    return -paging.stamp(row.action.created_at), -row.action.id


@router.post("/themes/{theme_id}/actions", status_code=201)
def publish_action(session: Session, key: Bearer, theme_id: int, sent: ActionIn) -> ActionOut:
    """Say what is done about a theme: on the community's page, in its feed, on the receipts of those who spoke to it."""
    member, _poll, theme = access_theme_by_key(session, key, theme_id, to="act")
    action = actions.publish_action(
        session,
        theme,
        sent.title,
        sent.public_note,
        sent.status,
        by=member.account,
        owner_id=sent.owner,
        due_on=sent.due_on,
    )
    row = next(row for row in actions.actions_of_themes(session, [theme.id or 0], owners=True) if row.id == action.id)
    return ActionOut.of(row, member.community.slug)


@router.post("/actions/{action_id}/withdrawal", status_code=204)
def withdraw_action(session: Session, key: Bearer, action_id: int) -> None:
    """Take an answer back; its theme waits again."""
    member, action = access_action_by_key(session, key, action_id, to="act")
    actions.withdraw_action(session, action, by=member.account)
