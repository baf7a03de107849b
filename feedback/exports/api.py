"""Files of a poll by API."""

from typing import Annotated, Any

from fastapi import APIRouter, Path
from fastapi.responses import StreamingResponse

from feedback.exports import exporting
from feedback.exports.pages import right_for
from heard.accounts.access import Bearer
from heard.accounts.api_route import ApiRoute
from heard.kit.db import Session
from polls.access import access_poll_by_key

router = APIRouter(prefix="/api/v1", tags=["responses"], route_class=ApiRoute)
FORMS = " | ".join(exporting.FORMS)
_FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file, in pieces, as of one moment.",
        "content": {
            exporting.CSV: {"schema": {"type": "string"}},
            exporting.JSONL: {"schema": {"type": "string"}},
            exporting.XLSX: {"schema": {"type": "string", "format": "binary"}},
        },
    }
}


@router.get("/polls/{slug}/exports/{form}", response_class=StreamingResponse, responses=_FILE)
def take_along(
    slug: str, form: Annotated[str, Path(description=FORMS, examples=["csv"])], session: Session, key: Bearer
) -> StreamingResponse:
    """All responses as a file. `set-aside` holds the ballots that are not counted, and needs a token that may write."""
    _member, poll = access_poll_by_key(session, key, slug, to=right_for(form))
    file = exporting.download(poll.slug, form)
    return StreamingResponse(file.pieces, media_type=file.media_type, headers=file.headers)
