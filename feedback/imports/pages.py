"""Imports as people live them: the list, the preview with its mapping, the progress, the report."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response, StreamingResponse

from feedback.imports import formats, looking, mapping, upload_pages, uploads
from feedback.imports.mapping import LEFT_OUT, Choice
from feedback.imports.models import Import
from feedback.imports.parsed import RefusedRow
from feedback.imports.previewing import Found
from feedback.imports.uploads import ChangedFile, ImportRow, access_import, imports_of
from heard.accounts.access import Member, SignedIn, access_community
from heard.kit.db import DbSession, Session
from heard.kit.errors import NotFound
from heard.kit.i18n import _
from heard.kit.web import Form, first, page, see_other
from polls.frozen import FrozenPoll, freeze
from polls.kinds.kind import kinds
from polls.models import Poll
from polls.write.forms import TypedForm

router = APIRouter(include_in_schema=False)
A_PAGE = 100  # rows not taken


@dataclass
class ImportsPage:
    """templates/feedback/imports/list.html"""

    member: Member
    rows: list[ImportRow]


@dataclass
class PreviewPage:
    """templates/feedback/imports/preview.html. `shown` None: the file is still being read, or cannot be."""

    member: Member
    found: Import
    at: str
    poll: FrozenPoll | None
    shown: Found | None
    listed: bool
    title: str
    formats: Sequence[tuple[str, str]]
    kind_labels: dict[str, str]
    targets: list[tuple[str, str]]  # questions of the poll, and items of them
    message: str = ""
    hint: str = ""
    errors: dict[str, str] = field(default_factory=dict)


@dataclass
class ProgressPage:
    """templates/feedback/imports/progress.html"""

    member: Member
    found: Import
    at: str
    percent: int


@dataclass
class ReportPage:
    """templates/feedback/imports/report.html: what became of a file; `refused`: one page of the rows not taken."""

    member: Member
    found: Import
    at: str
    poll: Poll | None
    refused: Sequence[RefusedRow]
    number: int  # of this page, from 1
    pages: int
    notes: list[str]


@router.get("/m/{community}/polls/imports")
def list_imports(request: Request, community: str, account: SignedIn, session: Session) -> HTMLResponse:
    """What was brought in, and what is on its way."""
    member = access_community(session, account, community, to="publish")
    return page(
        request, "feedback/imports/list.html", ImportsPage(member, imports_of(session, member.community.id or 0))
    )


router.include_router(upload_pages.router)  # before {import_id}: "new" is none


@router.get("/m/{community}/polls/imports/{import_id}")
def show_import(
    request: Request, community: str, import_id: int, account: SignedIn, session: Session, number: int = 1
) -> HTMLResponse:
    """Its preview, its progress or its report: wherever it is."""
    member, found = access_import(session, account, community, import_id)
    at = f"/m/{community}/polls/imports/{found.id}"
    if found.status in ("uploaded", "ready"):
        return page(request, "feedback/imports/preview.html", _preview(session, member, found))
    if found.status == "running":
        return page(request, "feedback/imports/progress.html", ProgressPage(member, found, at, _percent(found)))
    return page(request, "feedback/imports/report.html", _report(session, member, found, number))


@router.get("/m/{community}/polls/imports/{import_id}/progress")
def tell_progress(community: str, import_id: int, account: SignedIn, session: Session) -> JSONResponse:
    """The same in figures, for the script of the page."""
    _member, found = access_import(session, account, community, import_id)
    told = {"status": found.status, "done": found.done, "rows": found.rows, "percent": _percent(found)}
    return JSONResponse(told, headers={"Cache-Control": "private, no-store"})


@router.post("/m/{community}/polls/imports/{import_id}", status_code=303)
def map_import(
    request: Request, community: str, import_id: int, account: SignedIn, session: Session, typed: TypedForm
) -> Response:  # fmt: skip
    """Look at it again with other choices; or bring it in, if it is what was looked at."""
    member, found = access_import(session, account, community, import_id)
    at, form = f"/m/{community}/polls/imports/{found.id}", typed.form
    if found.status not in ("uploaded", "ready"):
        return see_other(at)
    choices, listed = _choices(found, form), "listed" in form
    again = first(form, "do") != "import" or _is_new(found, form, choices)
    if again and not looking.look_again(
        session, found, form=first(form, "format")[:20], choices=choices, listed=listed
    ):
        return see_other(at)  # the worker looks
    if first(form, "do") != "import":
        return see_other(f"{at}#questions")
    session.expire_all()
    found = session.get_one(Import, import_id)
    try:
        if not found.mapping or found.mapping["found"]["problem"]:
            return see_other(at)
        uploads.start(session, found, first(form, "hash"), by=account)
    except ChangedFile as changed:
        shown = _preview(session, member, found)
        shown.message, shown.hint = changed.message, changed.hint
        return page(request, "feedback/imports/preview.html", shown, status=changed.status)
    return see_other(at)


@router.post("/m/{community}/polls/imports/{import_id}/stopping", status_code=303)
def stop_import(community: str, import_id: int, account: SignedIn, session: Session) -> RedirectResponse:
    """The worker ends after the batch it is in. What is recorded stays."""
    _member, found = access_import(session, account, community, import_id)
    uploads.stop(session, found)
    return see_other(f"/m/{community}/polls/imports/{found.id}")


@router.post("/m/{community}/polls/imports/{import_id}/removal", status_code=303)
def remove_import(community: str, import_id: int, account: SignedIn, session: Session) -> RedirectResponse:
    """Out of the list, with its file. What it brought in stays."""
    _member, found = access_import(session, account, community, import_id)
    uploads.remove(session, found)
    return see_other(
        f"/m/{community}/polls/imports", flash=_("The import is off the list. Answers it brought in stay.")
    )


@router.get("/m/{community}/polls/imports/{import_id}/refused.csv")
def download_refused(community: str, import_id: int, account: SignedIn, session: Session) -> StreamingResponse:
    """Every row that was not taken, with its line and the reason."""
    _member, found = access_import(session, account, community, import_id)
    headers = {
        "Content-Disposition": f'attachment; filename="import-{found.id}-not-taken.csv"',
        "Cache-Control": "private, no-store",
    }
    lines = (line.encode() for line in uploads.refused_lines(found.id or 0))
    return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=headers)


def _choices(found: Import, form: Form) -> dict[str, Choice] | None:
    """What the form says of each question of the file; None where another format finds others, or there is none."""
    if not found.mapping or "found" not in found.mapping or first(form, "format") != found.form:
        return None
    shown, made = Found.from_json(found.mapping["found"]), {}
    for at, question in enumerate(shown.questions):
        kind = first(form, f"kind-{at}", question.kind)
        to = first(form, f"to-{at}", question.to)
        if found.poll_id is None:
            to = LEFT_OUT if f"take-{at}" not in form else ""
        made[question.id] = Choice(
            first(form, f"wording-{at}", question.wording)[:1000],
            kind if kind in question.kinds else question.kind,
            to[:210],
        )
    return made


def _is_new(found: Import, form: Form, choices: dict[str, Choice] | None) -> bool:
    """Whether the form says something else than what was looked at."""
    return choices != mapping.choices_from(found.mapping) or ("listed" in form) != bool(found.mapping.get("listed"))


def _percent(found: Import) -> int:
    return 100 * found.done // found.rows if found.rows else 0


def _preview(session: DbSession, member: Member, found: Import) -> PreviewPage:
    row = session.get(Poll, found.poll_id) if found.poll_id else None
    poll = freeze(session, row) if row else None
    shown = Found.from_json(found.mapping["found"]) if found.mapping else None
    named = [(name, format_labels().get(name, name)) for name in formats.FORMATS]
    made = PreviewPage(
        member, found, f"/m/{member.community.slug}/polls/imports/{found.id}", poll, shown,
        bool(found.mapping.get("listed")), found.title or found.mapping.get("title", ""),
        [("auto", _("Find out by itself")), *named], {name: kind.label() for name, kind in kinds().items()},
        mapping.targets(poll) if poll else [],
    )  # fmt: skip
    made.message = found.error or (shown.problem if shown else "")
    if shown:
        places = {question.id: at for at, question in enumerate(shown.questions)}
        made.errors = {f"to-{places[name]}": words for name, words in shown.fields.items() if name in places}
    return made


def format_labels() -> dict[str, str]:
    """What the formats are called."""
    return {
        "csv": _("Table: a row for each response"), "long": _("Long format: a row for each answer"),
        "jsonl": _("JSON lines"), "limesurvey": "LimeSurvey", "typeform": "Typeform", "surveymonkey": "SurveyMonkey",
        "google": "Google Forms", "formbricks": "Formbricks", "polis": "Polis",
    }  # fmt: skip


def _report(session: DbSession, member: Member, found: Import, number: int) -> ReportPage:
    pages = max(1, -(-found.refused // A_PAGE))
    if not 1 <= number <= pages:
        raise NotFound()
    return ReportPage(
        member, found, f"/m/{member.community.slug}/polls/imports/{found.id}",
        session.get(Poll, found.poll_id) if found.poll_id else None,
        uploads.refusals(session, found.id or 0, after=(number - 1) * A_PAGE, limit=A_PAGE), number, pages,
        found.mapping.get("notes", []),
    )  # fmt: skip
