"""Themes and actions over the API."""

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from feedback.access import access_theme_by_key
from feedback.answer import actions
from feedback.answer.actions import LONGEST_NOTE, LONGEST_TITLE
from feedback.themes import edits as theme_edits
from feedback.themes import queries as theme_queries
from heard.accounts.access import Bearer
from heard.kit.db import Session
from heard.kit.settings import settings
from polls.access import access_poll_by_key

router = APIRouter(prefix="/api/v1", tags=["themes"])


class RunAsked(BaseModel):
    """`full`: find all themes anew, instead of reading what is new into the themes there are."""

    model_config = ConfigDict(extra="forbid")
    full: bool = False


class ActionIn(BaseModel):
    """What is done about a theme."""

    model_config = ConfigDict(extra="forbid")
    title: str = Field(max_length=LONGEST_TITLE)
    public_note: str = Field(max_length=LONGEST_NOTE)
    status: str = Field(default="done", description="planned | doing | done | declined")


@router.get("/polls/{slug}/themes")
def themes(session: Session, key: Bearer, slug: str) -> dict[str, Any]:
    """The themes of a poll, coarse ones first (parent null), largest first. `n`: comments read, the base of the shares."""
    _member, poll = access_poll_by_key(session, key, slug, to="read")
    poll_id = poll.id or 0
    held = theme_queries.held_back(session, poll)
    run = theme_queries.run_of(session, poll_id)
    return {
        "n": 0 if held else theme_queries.read_of(session, poll_id),
        "run": {"kind": run.kind, "engine": run.engine, "comments": run.comments, "finished_at": run.finished_at}
        if run and not held
        else None,
        "themes": [] if held else [_as_json(row) for row in theme_queries.themes_of(session, poll_id)],
    }


def _as_json(row: theme_queries.ThemeRow) -> dict[str, Any]:
    return {
        "id": row.id, "label": row.label, "count": row.count, "share": round(row.share, 4), "parent": row.parent,
        "quotes": [q.text for q in row.quotes], "keywords": row.keywords, "named_by": row.named_by, "emerged": row.emerged,
    }  # fmt: skip


@router.post("/polls/{slug}/themes/runs", status_code=202)
def run_themes(session: Session, key: Bearer, slug: str, body: RunAsked | None = None) -> dict[str, Any]:
    """Have the comments read now. The answer comes at once; GET themes shows what was found."""
    member, poll = access_poll_by_key(session, key, slug, to="edit_themes")
    full = bool(body and body.full)
    theme_edits.ask_for_run(session, poll, full=full, by=member.account)
    return {"poll": slug, "full": full, "url": f"{settings().base_url}/api/v1/polls/{slug}/themes"}


@router.post("/themes/{theme_id}/actions", status_code=201)
def publish_action(session: Session, key: Bearer, theme_id: int, body: ActionIn) -> dict[str, Any]:
    """Say what is done about a theme: on the community's page, in its feed, on the receipts of those who spoke to it."""
    member, _poll, theme = access_theme_by_key(session, key, theme_id, to="act")
    action = actions.publish_action(session, theme, body.title, body.public_note, body.status, by=member.account)
    return {
        "id": action.id, "theme": theme.id, "title": action.title, "public_note": action.public_note, "status": action.status,
        "created_at": action.created_at, "url": f"{settings().base_url}/c/{member.community.slug}",
    }  # fmt: skip
