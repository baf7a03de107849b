"""What every request passes on its way in and out: host, size, origin, language, security headers."""

import secrets
from typing import Any

from fastapi import FastAPI, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from heard.accounts.contact_files import LARGEST
from heard.failures import answer_to, fault
from heard.kit import i18n
from heard.kit.errors import BadInput, NotFound, Refused
from heard.kit.i18n import _
from heard.kit.settings import settings
from heard.kit.web import check_same_origin

LARGEST_BODY = 1024 * 1024
LARGEST_VOTE = 64 * 1024
LARGEST_DRAFT = 4 * 1024 * 1024  # a manager's paste of 1 MB, each letter sent as up to three: %C3
LARGEST_FILE = LARGEST + LARGEST_BODY  # of contacts, with the form around it
LARGEST_IMPORT = 20 * 1024 * 1024 + LARGEST_BODY  # feedback.imports.uploads.LARGEST, with the form around it
ALWAYS_KNOWN = ("127.0.0.1", "localhost", "[::1]")
# Routes that other sites may post to: votes in an embed, RFC 8058 unsubscribes, and the API with its bearer tokens.
FROM_ANYWHERE = ("/api/", "/e/", "/u/")


class UnknownHost(BadInput):
    """The request names a host that is not ours, so links in the answer could lead elsewhere."""

    code, status = "unknown_host", 400


class TooLarge(BadInput):
    """The body is larger than anything we take here."""

    code, status = "too_large", 413


def guard(app: FastAPI) -> None:
    """Put the guards around the application."""
    app.add_middleware(Edge)


class Edge:
    """One pure ASGI middleware: Starlette's decorator kind would buffer streams and cost a task a request."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        head_only = scope["method"] == "HEAD"
        if head_only:
            scope = {**scope, "method": "GET"}
        request = Request(scope, receive)
        request.state.id = secrets.token_hex(6)
        request.state.method = "HEAD" if head_only else request.method
        wish = request.cookies.get(i18n.LANGUAGE_COOKIE) or i18n.choose(request.headers.get("accept-language", ""))

        begun = False

        async def out(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                message = {**message, "headers": [*message["headers"], *_missing(message["headers"], request)]}
            elif head_only and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        with i18n.speaking(wish):
            try:
                _check(request)
                await self.app(scope, _limited(receive, request), out)
            except (
                Exception
            ) as error:  # here, so that a fault too is told in the reader's language and with our headers
                if begun:
                    raise
                await (answer_to(request, error) if isinstance(error, Refused) else fault(request, error))(
                    scope, receive, out
                )


def _check(request: Request) -> None:
    if "\0" in request.scope["path"]:
        raise NotFound()  # PostgreSQL would refuse the character with an error of its own
    host = request.headers.get("host", "")
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    if host != settings().host and name not in ALWAYS_KNOWN and name != settings().host.rsplit(":", 1)[0]:
        raise UnknownHost(
            _("This server does not know the host “%(host)s”.") % {"host": host[:100]},
            hint=_("Its address is %(url)s (HEARD_BASE_URL).") % {"url": settings().base_url},
        )
    length = request.headers.get("content-length", "0")
    if not (length.isascii() and length.isdigit()) or len(length) > 12 or int(length) > _largest(request.url.path):
        raise _too_large(request.url.path)
    if request.method not in ("GET", "OPTIONS") and not request.url.path.startswith(FROM_ANYWHERE):
        check_same_origin(request)


def _largest(path: str) -> int:
    vote = path.startswith(("/p/", "/e/", "/r/")) or path.endswith("/responses")
    if path.startswith("/m/") and path.endswith(("/polls/imports", "/file")) and "/polls/imports" in path:
        return LARGEST_IMPORT
    if path.startswith("/m/") and "/polls/" in path:
        return LARGEST_DRAFT
    if path.startswith("/m/") and "/contacts/" in path and path.endswith("/upload"):
        return LARGEST_FILE
    return LARGEST_VOTE * 4 if vote and not path.endswith("/responses") else LARGEST_VOTE if vote else LARGEST_BODY


def _too_large(path: str) -> TooLarge:
    return TooLarge(
        _("This is larger than %(n)s kB, so nothing was stored.") % {"n": _largest(path) // 1024},
        hint=_("Split the file, and upload the parts one after the other.")
        if path.endswith("/upload")
        else _("Shorten the longest text and send it again."),
    )


def _limited(receive: Receive, request: Request) -> Receive:
    """A chunked body has no length to look at beforehand: count what arrives."""
    got = 0

    async def counted() -> Message:
        nonlocal got
        message = await receive()
        got += len(message.get("body", b""))
        if got > _largest(request.url.path):
            raise _too_large(request.url.path)
        return message

    return counted


def _missing(there: Any, request: Request) -> list[tuple[bytes, bytes]]:
    names = {name.lower() for name, _value in there}
    always = {
        b"x-content-type-options": b"nosniff",
        # "no-referrer" would turn the Origin of our own forms into null
        b"referrer-policy": b"same-origin",
        b"permissions-policy": b"camera=(), microphone=(), geolocation=(), payment=()",
        b"x-request-id": request.state.id.encode(),
    }
    if not request.url.path.startswith("/assets/"):
        always[b"x-robots-tag"] = (
            b"noindex"  # a page that may be found says so itself: heard.kit.web.page(findable=True)
        )
    if not request.url.path.startswith("/e/"):
        always[b"cross-origin-opener-policy"] = b"same-origin"
    if settings().https:
        always[b"strict-transport-security"] = b"max-age=31536000"
    return [(name, value) for name, value in always.items() if name not in names]
