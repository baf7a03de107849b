"""/l/{token}: a tracked link. Counts the visit and leads on; nothing else changes."""

from urllib.parse import unquote_plus

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse

from heard.kit import visits
from heard.kit.db import Session
from polls.publish import links

router = APIRouter(include_in_schema=False)


@router.get("/l/{token}")
def follow(request: Request, token: str, session: Session) -> RedirectResponse:
    """On to the ballot, with what the address says to fill in beforehand; or to the announcement."""
    link, path = links.leads_to(session, token)
    visits.count(f"link:{link.id}", request)
    query = _along(request) if link.poll_id is not None else ""
    return RedirectResponse(
        f"{path}&{query}" if query else path, status_code=303, headers={"Cache-Control": "no-store"}
    )


def _along(request: Request) -> str:
    """What the address says beside; never another link, so that an answer counts for the one whose visit was counted."""
    return "&".join(
        part for part in request.url.query.split("&") if part and unquote_plus(part.partition("=")[0]) != "via"
    )


@router.get("/l/{token}/results")
def follow_to_results(request: Request, token: str, session: Session) -> RedirectResponse:
    """On to what came out, for the post that tells it. Who may see it is that page's question."""
    link, path = links.leads_to(session, token, results=True)
    visits.count(f"link:{link.id}", request)
    return RedirectResponse(path, status_code=303, headers={"Cache-Control": "no-store"})
