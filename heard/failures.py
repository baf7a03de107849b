"""How failures are told: a page for people, one JSON shape for the API, and a log line for the operator."""

from dataclasses import dataclass

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from heard.kit import logs, web
from heard.kit.errors import BadInput, Forbidden, NotFound, NotSignedIn, Refused, Unavailable
from heard.kit.i18n import _, speaking
from heard.migrations.run import database_away

log = logs.logger("heard")


@dataclass
class ErrorPage:
    """What templates/errors/error.html shows."""

    status: int
    message: str
    hint: str
    link: str
    fields: dict[str, str]
    request_id: str


class WrongMethod(Refused):
    """The address exists, the method does not."""

    code, status = "wrong_method", 405


class Fault(Refused):
    """Our fault: logged with its traceback, told without it."""

    code, status = "fault", 500


def handle(app: FastAPI) -> None:
    """Register the handlers."""
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    for kind in (DBAPIError, PoolTimeout):
        app.add_exception_handler(kind, _database)


def failed(request: Request, error: Exception) -> Response:
    """What is answered where no handler stands in between: a refusal, a database that is away, a fault."""
    if isinstance(error, Refused):
        return answer_to(request, error)
    if isinstance(error, HTTPException):  # a form that is none, for one
        return _told(request, error)
    return database_fault(request, error) if isinstance(error, DBAPIError | PoolTimeout) else fault(request, error)


def answer_to(request: Request, refusal: Refused) -> Response:
    """JSON under /api, a page elsewhere; sign-in instead of 401 for a person who opened a page."""
    headers = {"Retry-After": str(refusal.retry_after)} if refusal.retry_after else {}
    if web.wants_json(request):
        if isinstance(refusal, NotSignedIn):
            headers["WWW-Authenticate"] = "Bearer"
        return JSONResponse(refusal.as_json(), refusal.status, {**headers, "Cache-Control": "no-store"})
    if isinstance(refusal, NotSignedIn) and request.method == "GET":
        return RedirectResponse(web.own_path(refusal.link, "/sign-in"), 302)
    shown = ErrorPage(
        refusal.status, refusal.message, refusal.hint, refusal.link, refusal.fields, getattr(request.state, "id", "")
    )
    with speaking(refusal.language):
        return web.page(request, "errors/error.html", shown, status=refusal.status, headers=headers)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    return answer_to(request, error)


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    fields = {".".join(str(p) for p in e["loc"] if p != "body") or "body": str(e["msg"]) for e in error.errors()}
    name, why = next(iter(fields.items()), ("", ""))
    return answer_to(
        request,
        BadInput(
            _("The request cannot be understood: %(name)s: %(why)s.") % {"name": name[:80], "why": why[:200]},
            hint=_("The fields and their form are described at /api/openapi.json."),
            fields={k[:80]: v[:200] for k, v in list(fields.items())[:20]},
        ),
    )


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return _told(request, error)


def _told(request: Request, error: HTTPException) -> Response:
    if error.status_code == 404:
        return answer_to(request, NotFound())
    if error.status_code == 405:
        words = _("This address does not take %(method)s.") % {"method": request.method}
        answer = answer_to(request, WrongMethod(words))
        answer.headers.update({name: value for name, value in (error.headers or {}).items() if name == "Allow"})
        return answer
    if error.status_code == 403:
        return answer_to(request, Forbidden(_("This is not allowed.")))
    return answer_to(request, BadInput(str(error.detail)[:300]))


async def _database(request: Request, error: Exception) -> Response:
    return database_fault(request, error)


def database_fault(request: Request, error: Exception) -> Response:
    """The database is away, or what it refused is a fault of ours."""
    if isinstance(error, DBAPIError) and database_away(error) is None and not error.connection_invalidated:
        return fault(request, error)
    log.error("database.away", request=getattr(request.state, "id", ""), path=_path(request), why=logs.reason(error))
    return answer_to(
        request,
        Unavailable(
            _("The database cannot be used at the moment, so nothing was stored."),
            hint=_("Wait a few seconds and send it again; what you typed is still in the form when you go back."),
        ),
    )


def fault(request: Request, error: Exception) -> Response:
    """A fault of ours: the log gets the traceback, the reader a number."""
    log.error("fault", request=getattr(request.state, "id", ""), path=_path(request), exc_info=error)
    return answer_to(
        request,
        Fault(
            _("Something on our side failed; nothing you sent was stored."),
            hint=_("Go back and try again. If it happens again, tell the operator this number: %(id)s.")
            % {"id": getattr(request.state, "id", "–")},
        ),
    )


def _path(request: Request) -> str:
    """The path for the log, without the secret in it."""
    path = request.url.path
    for name in ("token", "receipt"):
        path = path.replace(str(request.path_params.get(name) or "\0"), "…")
    return path
