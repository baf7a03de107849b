"""What every request passes on its way in and out: host, size, origin, language, security headers."""

import re
import secrets
from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple

from fastapi import Request, Response
from starlette.requests import ClientDisconnect, cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from heard.accounts.contact_files import LARGEST
from heard.failures import failed
from heard.kit import i18n
from heard.kit.errors import BadInput, NotFound
from heard.kit.i18n import _
from heard.kit.settings import settings
from heard.kit.web import check_same_origin

LARGEST_BODY = 1024 * 1024
LARGEST_VOTE = 64 * 1024
LARGEST_DRAFT = 4 * 1024 * 1024  # a manager's paste of 1 MB, each letter sent as up to three: %C3
LARGEST_FILE = LARGEST + LARGEST_BODY  # of contacts, with the form around it
LARGEST_IMPORT = 20 * 1024 * 1024 + LARGEST_BODY  # feedback.imports.uploads.LARGEST, with the form around it
LARGEST_SENT = 20 * 1024 * 1024 * 4 // 3 + LARGEST_BODY  # the same in base64, in JSON
ALWAYS_KNOWN = ("127.0.0.1", "localhost", "[::1]")
# Routes that other sites may post to: votes in an embed, RFC 8058 unsubscribes, and the API with its bearer tokens.
FROM_ANYWHERE = ("/api/", "/e/", "/u/")


class UnknownHost(BadInput):
    """The request names a host that is not ours, so links in the answer could lead elsewhere."""

    code, status = "unknown_host", 400


class TooLarge(BadInput):
    """The body is larger than anything we take here."""

    code, status = "too_large", 413


class Straight(NamedTuple):
    """A call that comes in thousands: it goes to its function from here. The way through the framework costs as much as
    the vote itself. The function takes the request and the names in `path`, and is a route of the application too."""

    method: str
    path: re.Pattern[str]
    call: Callable[..., Awaitable[Response]]


class Edge:
    """One pure ASGI middleware: Starlette's decorator kind would buffer streams and cost a task a request. It reads the bare
    scope: every vote passes here, and objects for headers, cookies and addresses cost more than the checks."""

    def __init__(self, app: ASGIApp, straight: Sequence[Straight] = ()) -> None:
        self.app, self.straight = app, straight

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        method, headers = scope["method"], _first_of_each(scope["headers"])
        if method == "HEAD":
            scope = {**scope, "method": "GET"}
        state = scope.setdefault("state", {})
        state["id"], state["method"] = secrets.token_hex(6), method
        begun = False

        async def out(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                message["headers"] = [*message["headers"], *_missing(message["headers"], scope)]
            elif method == "HEAD" and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        with i18n.speaking(_language(headers)):
            try:
                _check(scope, headers)
                receive = _limited(receive, scope["path"])
                for method, path, call in self.straight:
                    if method == scope["method"] and (found := path.fullmatch(scope["path"])):
                        answer = await call(request=Request(scope, receive), **found.groupdict())
                        await answer(scope, receive, out)
                        return
                await self.app(scope, receive, out)
            except ClientDisconnect:
                return  # in the middle of what they sent: there is nobody to answer, and it is no fault of ours
            except (
                Exception
            ) as error:  # here, so that a fault too is told in the reader's language and with our headers
                if begun:
                    raise
                await failed(Request(scope, receive), error)(scope, receive, out)


Headers = dict[bytes, bytes]


def _first_of_each(headers: Sequence[tuple[bytes, bytes]]) -> Headers:
    """By lower-case name; of one that was sent twice the first, as Starlette reads it."""
    return dict(reversed(headers))


def _language(headers: Headers) -> str:
    if i18n.LANGUAGE_COOKIE.encode() in headers.get(b"cookie", b""):
        wish = cookie_parser(headers[b"cookie"].decode("latin-1")).get(i18n.LANGUAGE_COOKIE)
        if wish:
            return wish
    return i18n.choose(headers.get(b"accept-language", b"").decode("latin-1"))


def _check(scope: Scope, headers: Headers) -> None:
    path: str = scope["path"]
    if "\0" in path:
        raise NotFound()  # PostgreSQL would refuse the character with an error of its own
    host = headers.get(b"host", b"").decode("latin-1")
    if host != settings().host:
        _check_host(host)
    length = headers.get(b"content-length", b"0")
    if not length.isdigit() or len(length) > 12 or int(length) > _largest(path):
        raise _too_large(path)
    if scope["method"] not in ("GET", "OPTIONS") and not path.startswith(FROM_ANYWHERE):
        check_same_origin(Request(scope))


def _check_host(host: str) -> None:
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    if name not in ALWAYS_KNOWN and name != settings().host.rsplit(":", 1)[0]:
        raise UnknownHost(
            _("This server does not know the host “%(host)s”.") % {"host": host[:100]},
            hint=_("Its address is %(url)s (HEARD_BASE_URL).") % {"url": settings().base_url},
        )


def _largest(path: str) -> int:
    if path.endswith("/responses"):
        return LARGEST_VOTE
    if path.startswith(("/p/", "/e/", "/r/")):
        return LARGEST_VOTE * 4
    if path.startswith("/m/") and path.endswith(("/polls/imports", "/file")) and "/polls/imports" in path:
        return LARGEST_IMPORT
    if path.startswith("/api/v1/communities/") and path.endswith("/imports"):
        return LARGEST_SENT
    if path.startswith("/m/") and "/polls/" in path:
        return LARGEST_DRAFT
    if path.startswith("/m/") and "/contacts/" in path and path.endswith("/upload"):
        return LARGEST_FILE
    return LARGEST_BODY


def _too_large(path: str) -> TooLarge:
    return TooLarge(
        _("This is larger than %(n)s kB, so nothing was stored.") % {"n": _largest(path) // 1024},
        hint=_("Split the file, and upload the parts one after the other.")
        if path.endswith(("/upload", "/imports"))
        else _("Shorten the longest text and send it again."),
    )


def _limited(receive: Receive, path: str) -> Receive:
    """A chunked body has no length to look at beforehand: count what arrives."""
    got, most = 0, _largest(path)

    async def counted() -> Message:
        nonlocal got
        message = await receive()
        got += len(message.get("body", b""))
        if got > most:
            raise _too_large(path)
        return message

    return counted


_ALWAYS = (
    (b"x-content-type-options", b"nosniff"),
    # "no-referrer" would turn the Origin of our own forms into null
    (b"referrer-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), payment=()"),
)
_NOINDEX = (b"x-robots-tag", b"noindex")  # a page that may be found says so itself: heard.kit.web.page(findable=True)
_OPENER = (b"cross-origin-opener-policy", b"same-origin")
_HTTPS = (b"strict-transport-security", b"max-age=31536000")


def _missing(there: Sequence[tuple[bytes, bytes]], scope: Scope) -> list[tuple[bytes, bytes]]:
    path: str = scope["path"]
    always = [*_ALWAYS, (b"x-request-id", scope["state"]["id"].encode())]
    if not path.startswith("/assets/"):
        always.append(_NOINDEX)
    if not path.startswith("/e/"):
        always.append(_OPENER)
    if settings().https:
        always.append(_HTTPS)
    names = {name.lower() for name, _value in there}
    return [header for header in always if header[0] not in names]
