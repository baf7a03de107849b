"""Imports over the API: what their pages can do."""

import io
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from feedback.imports import choosing, looking, mapping, uploads
from feedback.imports.models import Import
from feedback.imports.schemas import (
    ImportIn,
    ImportLine,
    ImportOut,
    ImportPatch,
    ImportsPart,
    RecordingIn,
    RefusalOut,
    RefusalsPart,
)
from feedback.imports.uploads import ImportRow, access_import_by_key, imports_of
from heard.accounts.access import Bearer, access_community_by_key, needed_key
from heard.accounts.api_route import ApiRoute
from heard.kit.db import DbSession, Session, reading, release, writing
from heard.kit.paging import Paged, with_next
from polls.access import access_poll_by_key
from polls.frozen import freeze
from polls.models import Poll


class FileRoute(ApiRoute):
    """Who may not send a file has none read: every other body is small."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Around that of any call."""
        handle = super().get_route_handler()

        async def checked(request: Request) -> Response:
            if request.method == "POST" and "slug" in request.path_params:
                await run_in_threadpool(
                    _may_send, request.headers.get("authorization", ""), request.path_params["slug"]
                )
            return await handle(request)

        return checked


def _may_send(header: str, community: str) -> None:
    with reading() as session:  # its own: before the body is read there is no session of the call
        access_community_by_key(session, needed_key(session, header), community, to="publish")


router = APIRouter(prefix="/api/v1", tags=["imports"], route_class=FileRoute)


@router.get("/communities/{slug}/imports")
def list_imports(slug: str, key: Bearer, session: Session, part: Paged) -> ImportsPart:
    """What was brought in and what is on its way, newest first."""
    member, after = access_community_by_key(session, key, slug, to="publish"), part.after(int)
    rows = imports_of(session, member.community.id or 0, part.limit + 1, before=after[0] if after else None)
    found, following = with_next(rows, part, lambda row: (row.found.id,))
    return ImportsPart(imports=[ImportLine.of(row) for row in found], next=following)


@router.post("/communities/{slug}/imports", status_code=201)
def begin_import(slug: str, sent: ImportIn, key: Bearer, session: Session) -> ImportOut:
    """Keep a file and look it through; nothing is recorded. A file over 2 MB is `uploaded` until a worker has read it."""
    member = access_community_by_key(session, key, slug, to="publish")
    uploads.must_be_a_file(len(sent.content), "content")
    poll = access_poll_by_key(session, key, sent.poll, to="publish")[1] if sent.poll else None
    release(session)  # a file is taken in without keeping votes from being written
    with writing() as own:  # committed before its pieces are
        found = uploads.begin(
            own, member.community, sent.file_name, poll=poll, title="" if poll else sent.title, by=member.account,
            form=sent.format,
        )  # fmt: skip
    looking.take_in(found.id or 0, io.BytesIO(sent.content), listed=sent.listed)
    return _told(session, found.id or 0)


@router.get("/imports/{import_id}")
def read_import(import_id: int, key: Bearer, session: Session) -> ImportOut:
    """What a file holds and what would become of it; later how far it is, and what became of it."""
    access_import_by_key(session, key, import_id)
    return _told(session, import_id)


@router.patch("/imports/{import_id}")
def change_import(import_id: int, sent: ImportPatch, key: Bearer, session: Session) -> ImportOut:
    """Look at it again with other choices. 409 import_ended once it is recorded."""
    _member, found = access_import_by_key(session, key, import_id)
    uploads.must_be_open(found)
    form, targets = sent.format or found.form, [to for to, _words in _targets(session, found)]
    choices = choosing.chosen(found, form, [one.said() for one in sent.questions], targets)
    listed = bool(found.mapping.get("listed")) if sent.listed is None else sent.listed
    looking.look_again(session, found, form=form, choices=choices, listed=listed)
    return _told(session, import_id)


@router.post("/imports/{import_id}/recording")
def record_import(import_id: int, sent: RecordingIn, key: Bearer, session: Session) -> ImportOut:
    """Bring in what was looked at; a worker does it. 409 changed_file, import_not_ready, import_ended."""
    _member, found = access_import_by_key(session, key, import_id)
    uploads.must_be_ready(found)
    uploads.start(session, found, sent.hash, by=key.account)
    return _told(session, import_id)


@router.post("/imports/{import_id}/stopping")
def stop_import(import_id: int, key: Bearer, session: Session) -> ImportOut:
    """The worker ends after the batch it is in. What is recorded stays."""
    _member, found = access_import_by_key(session, key, import_id)
    uploads.stop(session, found)
    return _told(session, import_id)


@router.delete("/imports/{import_id}", status_code=204)
def remove_import(import_id: int, key: Bearer, session: Session) -> None:
    """Out of the list, with its file. What it brought in stays."""
    _member, found = access_import_by_key(session, key, import_id)
    uploads.remove(session, found)


@router.get("/imports/{import_id}/refusals")
def list_refusals(import_id: int, key: Bearer, session: Session, part: Paged) -> RefusalsPart:
    """Rows that were not taken, with their line and the reason; before it is recorded, the first of those that would not."""
    _member, found = access_import_by_key(session, key, import_id)
    after = max(0, (part.after(int) or (0,))[0])
    rows = uploads.refusals_told(session, found, after=after, limit=part.limit + 1)
    given, following = with_next(list(enumerate(rows, after + 1)), part, lambda numbered: (numbered[0],))
    return RefusalsPart(refusals=[RefusalOut.of(row) for _number, row in given], next=following)


def _told(session: DbSession, import_id: int) -> ImportOut:
    """As it is now: others have written since this session read it."""
    session.flush()
    session.expire_all()
    found = session.get_one(Import, import_id)
    poll = session.get(Poll, found.poll_id) if found.poll_id else None
    row = ImportRow(found, poll.title if poll else found.title, poll.slug if poll else "")
    return ImportOut.of(row, targets=_targets(session, found))


def _targets(session: DbSession, found: Import) -> list[tuple[str, str]]:
    poll = session.get(Poll, found.poll_id) if found.poll_id and found.status in ("uploaded", "ready") else None
    return mapping.targets(freeze(session, poll)) if poll else []
