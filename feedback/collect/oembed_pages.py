"""GET /oembed: what other sites show in place of a link to a poll. Public, cached, without a cookie; errors are plain text."""

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse, PlainTextResponse

from feedback.collect import oembed
from feedback.collect.ballot_pages import published
from feedback.collect.oembed import Answer, Asked, Shown
from heard.kit.db import DbSession, Session
from heard.kit.errors import NotFound
from heard.kit.i18n import _
from heard.kit.settings import settings
from polls.preview.heights import height_in_frame
from polls.publish import links

router = APIRouter(include_in_schema=False)
FOR_ALL = {"Access-Control-Allow-Origin": "*"}
KEPT = {**FOR_ALL, "Cache-Control": "public, max-age=300"}


@router.get("/oembed")
def describe(
    session: Session, url: str = "", format: str = "json", maxwidth: str = "", maxheight: str = ""
) -> Response:
    """The poll at `url`, as JSON or XML, at most as wide and high as asked."""
    if format.lower() not in ("", "json", "xml"):
        return _refused(501, _("Only the formats json and xml are offered. Ask again with format=json."))
    if not url:
        return _refused(400, _("Say which page: /oembed?url= and the address of a poll, URL-encoded."))
    path = oembed.own_path(url, settings().base_url)
    if path is not None and path.startswith(oembed.PRIVATE):
        return _refused(401, _("This page is private. Link to it instead: whoever may see it can sign in there."))
    asked = oembed.asked_for(path) if path else None
    made = _answer(session, asked, _pixels(maxwidth), _pixels(maxheight)) if asked else None
    if made is None:
        return _refused(404, _("No poll is shown at this address. Check it, and ask with the address of a poll."))
    if format.lower() == "xml":
        return Response(oembed.as_xml(made), media_type="text/xml; charset=utf-8", headers=KEPT)
    return JSONResponse(made, headers=KEPT)


def _answer(session: DbSession, asked: Asked, maxwidth: int | None, maxheight: int | None) -> Answer | None:
    try:
        asked = _followed(session, asked) if asked.link else asked
        poll = published(session, asked.slug).in_language(asked.language)
    except NotFound:
        return None
    above = poll.title if len(poll.questions) > 1 else ""
    width = min(oembed.WIDEST, maxwidth or oembed.WIDEST)
    height = height_in_frame(poll.questions, title=above, intro=poll.intro, width=width)
    shown = Shown(poll.slug, poll.title, poll.community_name, bool(poll.embed_on), height)
    via = asked.via if asked.via and links.link_to(session, asked.via, poll.series_id) else ""
    language = poll.locale if poll.written_in else ""
    base = settings().base_url
    return oembed.answer(shown, base, via=via, language=language, maxwidth=maxwidth, maxheight=maxheight)


def _followed(session: DbSession, asked: Asked) -> Asked:
    """Where a tracked link leads now. Raises NotFound; also when that is no poll."""
    _link, path = links.leads_to(session, asked.link)
    if (found := oembed.asked_for(path)) is None:
        raise NotFound
    return found._replace(language=asked.language)


def _pixels(text: str) -> int | None:
    """A limit; what is no number is none, as the specification leaves unknown arguments aside."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else None


def _refused(status: int, words: str) -> Response:
    return PlainTextResponse(words + "\n", status, headers={**FOR_ALL, "Cache-Control": "no-store"})
