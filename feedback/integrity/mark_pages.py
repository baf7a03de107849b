"""The page of a closed poll's marks, and the list itself. Neither depends on who may see the results: a mark tells none."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from feedback.collect import languages
from feedback.integrity import marks
from heard.kit.db import DbSession, Session
from heard.kit.i18n import speaking
from heard.kit.web import page, see_other
from polls.frozen import FrozenPoll, NoPoll, frozen_poll

router = APIRouter(include_in_schema=False)
UNSEEN = ("draft", "scheduled")  # of these the public learns nothing
KEPT = "public, max-age=60"


@router.get("/p/{slug}/marks")
def marks_of_poll(request: Request, session: Session, slug: str) -> Response:
    """How many ballots there are, the last seal, and the way to the list."""
    poll = languages.spoken(request, _seen(session, slug))
    with speaking(poll.locale):
        shown = marks.marks_page(session, poll)
        return page(request, "feedback/marks.html", shown, cache=KEPT, headers=languages.varies(poll))


@router.get("/p/{slug}/marks.txt")
def list_of_marks(session: Session, slug: str) -> Response:
    """All marks, one a line; before the poll has closed the page, which says so."""
    poll = _seen(session, slug)
    if marks.marks_page(session, poll).state != "closed":
        return see_other(f"/p/{slug}/marks")
    return StreamingResponse(marks.marks_text(poll), media_type="text/plain", headers={"Cache-Control": KEPT})


def _seen(session: DbSession, slug: str) -> FrozenPoll:
    poll = frozen_poll(session, slug)
    if poll.status in UNSEEN or poll.phase == "not_yet":
        raise NoPoll
    return poll
