"""Pages: templates, security headers, forms, cookies, redirects. No word of the domain.

Two template environments: HTML, where everything is escaped always, and text (mail bodies, subjects), whose output
never goes into HTML.
"""

import hashlib
import re
import secrets
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.routing import APIRoute
from markupsafe import Markup

from heard.kit import i18n, zones
from heard.kit.colour import accent_colours
from heard.kit.errors import BadInput, Forbidden
from heard.kit.i18n import _
from heard.kit.settings import settings

if TYPE_CHECKING:
    from jinja2 import Environment

_HERE = Path(__file__).resolve()
TEMPLATES = [p for p in (_HERE.parents[1] / "templates", _HERE.parents[2] / "templates") if p.is_dir()]
LARGEST_FORM = 256 * 1024
FIELDS = 2000
JOINS = "+"


@cache
def html_environment() -> "Environment":
    """Autoescape is on for every name: select_autoescape() leaves .txt, .svg and .j2 unescaped (trust.md, D10)."""
    return _environment(autoescape=True)


@cache
def text_environment() -> "Environment":
    """For .txt templates: plain text, nothing escaped, never put into HTML."""
    return _environment(autoescape=False)


def _environment(*, autoescape: bool) -> "Environment":
    # Loaded with the first page (see `heard.app.lifespan`): what only starts or works for later has no pages.
    from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=ChoiceLoader([FileSystemLoader(p) for p in TEMPLATES]), autoescape=autoescape, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.i18n"],
    )  # fmt: skip
    made.install_gettext_callables(i18n._, i18n.ngettext, newstyle=True)  # type: ignore[attr-defined]
    made.filters |= {"number": i18n.number, "percent": i18n.percent, "day": i18n.day, "moment": zones.in_words}
    made.filters |= {"http_only": http_only}
    made.globals |= {
        "asset": asset,
        "script": script,
        "language": i18n.language,
        "native_names": i18n.NATIVE_NAMES,
        "base_url": lambda: settings().base_url,
        "accent_colours": accent_colours,
    }
    return made


def http_only(address: str) -> str:
    """An address for href: http, https or a path of ours; anything else becomes "#". Escaping does not stop javascript:."""
    parts = urlsplit(address.strip())
    return address if parts.scheme in ("http", "https") or (not parts.scheme and address.startswith("/")) else "#"


@cache
def asset(*names: str) -> str:
    """The address of files in templates/assets, with their content's hash so that browsers may keep them for ever.

    Several are one file, one after the other: a page that somebody opens once, on a telephone, asks for few things.
    """
    found = [read_asset(name) for name in names]
    if None in found:
        raise LookupError(f"no asset among {names}")
    return f"/assets/{version_of(joined(found))}/{JOINS.join(names)}"  # type: ignore[arg-type]


def version_of(content: bytes) -> str:
    """Of an asset, in its address."""
    return tag_of(content)[1:11]


def read_asset(name: str) -> bytes | None:
    """A file in templates/assets, or None."""
    if "/" in name or name.startswith(".") or len(name) > 100:  # file systems refuse longer ones with an error
        return None
    return next((file.read_bytes() for folder in TEMPLATES if (file := folder / "assets" / name).is_file()), None)


def joined(files: Sequence[bytes]) -> bytes:
    """Several files as one."""
    return b"\n".join(files)


@cache
def script(name: str) -> Markup:
    """A script of templates/assets to stand inside a page, without its comments and indentation: in a frame of another site
    every request and every byte is one too many. Lines that begin with // and what follows " // " are comments."""
    text = (read_asset(name) or b"").decode()
    return Markup(re.sub(r"(?m)^\s*//.*\n|^\s+| // .*$", "", text))  # ours, as it stands in the package


def render(template: str, context: Any = None, **more: Any) -> str:
    """A template of either environment (by its ending) with a context dataclass or a mapping, in the current language."""
    environment = text_environment() if template.endswith(".txt") else html_environment()
    return environment.get_template(template).render(**_flat(context), **more)


def _flat(context: Any) -> dict[str, Any]:
    if is_dataclass(context) and not isinstance(context, type):
        return {f.name: getattr(context, f.name) for f in fields(context)}
    return dict(context or {})


def page(
    request: Request, template: str, context: Any = None, *, status: int = 200, cache: str = "private, no-store",
    frames: str = "'none'", shows_frames: bool = False, plotly: bool = False, findable: bool = False,
    headers: Mapping[str, str] | None = None,
) -> HTMLResponse:  # fmt: skip
    """An HTML answer with its security headers. `frames`: who may frame it; `shows_frames`: it frames pages of ours;
    `findable`: search engines may name it, which no page says by itself. One that caches keep has a tag, and 304.

    The template gets, beside its context: request, path, nonce, findable, flash, account (or None).
    """
    nonce = secrets.token_urlsafe(12)
    # a page that caches keep for everybody shows nobody's own words
    flash = "" if cache.startswith("public") else request.cookies.get("heard-flash", "")
    findable = findable and status == 200
    html = render(
        template, context, request=request, path=request.url.path, nonce=nonce, findable=findable,
        flash=_unquoted(flash), account=getattr(request.state, "account", None),
    )  # fmt: skip
    told = dict(headers or {}) | ({"X-Robots-Tag": "all"} if findable else {})
    if cache.startswith("public") and status == 200:
        told |= {"ETag": f"W/{tag_of(html.replace(nonce, '').encode())}"}
        if is_known(request, told["ETag"]):  # the kept page stays as it is, with the nonce of its own policy
            return HTMLResponse(status_code=304, headers=told | {"Cache-Control": cache})
    answer = HTMLResponse(html, status_code=status, headers=told)
    answer.headers["Content-Security-Policy"] = policy(nonce, frames=frames, shows_frames=shows_frames, plotly=plotly)
    answer.headers["Cache-Control"] = cache
    answer.headers["Content-Language"] = i18n.language()
    if frames == "'none'":
        answer.headers["X-Frame-Options"] = "DENY"
    if flash:
        answer.delete_cookie("heard-flash")
    return answer


def tag_of(content: bytes) -> str:
    """A name for exactly these bytes, for the header ETag."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def is_known(request: Request, tag: str) -> bool:
    """Whether the reader has what this tag names (If-None-Match), so that 304 is enough."""
    known = {one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")}
    return tag.removeprefix("W/") in known or known == {"*"}


def policy(nonce: str, *, frames: str = "'none'", shows_frames: bool = False, plotly: bool = False) -> str:
    """The Content-Security-Policy of a page. Plotly writes its own style elements: manager pages that draw with it only."""
    return "; ".join(
        [
            "default-src 'none'", f"script-src 'nonce-{nonce}'", f"style-src 'self' 'nonce-{nonce}'", "connect-src 'self'",
            "img-src 'self' data:", "font-src 'self'", "form-action 'self'", "base-uri 'none'", f"frame-ancestors {frames}",
            *(["frame-src 'self'"] if shows_frames else []),
        ]
    )  # fmt: skip


def nonce_of(answer: Response) -> str:
    """The nonce of a page that `page` made."""
    return answer.headers["Content-Security-Policy"].partition("'nonce-")[2].partition("'")[0]


def see_other(path: str, *, flash: str = "") -> RedirectResponse:
    """303 to one of our own pages, with a word that is shown there once."""
    answer = RedirectResponse(
        path if path.startswith("/") and not path.startswith(("//", "/\\")) else "/", status_code=303
    )
    if flash:
        answer.set_cookie(
            "heard-flash", quote(flash[:300]), max_age=60, httponly=True, samesite="lax", secure=settings().https
        )
    return answer


def _unquoted(text: str) -> str:
    from urllib.parse import unquote

    return unquote(text, errors="replace")[:300]


def own_path(text: str, fallback: str = "/") -> str:
    """`text` when it is a path of this site; //evil, \\\\evil and https:evil are not."""
    safe = (
        text.startswith("/")
        and not text.startswith(("//", "/\\"))
        and "\\" not in text
        and not any(c < " " for c in text)
    )
    return text if safe else fallback


class Direct(APIRoute):
    """A route whose function takes the request, with the names of its path, and gives the response itself. What FastAPI does
    around others (dependencies, validation, encoding) costs as much as a vote."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The function itself."""

        async def handled(request: Request) -> Response:
            return await self.endpoint(request=request, **request.path_params)

        return handled


Form = dict[str, list[str]]


async def read_form(request: Request) -> Form:
    """The fields of a submitted form, in order, several values each. Raises BadInput for what is no form of ours.

    Refuses NUL and lone surrogates: SQLite stores them, PostgreSQL does not.
    """
    if int(request.headers.get("content-length") or 0) > LARGEST_FORM:
        raise BadInput(_("This is more than the form can take."), hint=_("Shorten the longest text and send it again."))
    async with request.form(max_files=0, max_fields=FIELDS, max_part_size=LARGEST_FORM) as sent:
        form: Form = {}
        for name, value in sent.multi_items():
            form.setdefault(name, []).append(clean_text(str(value)))
    return form


_HALF = re.compile("[\ud800-\udfff]")  # of a surrogate pair


def clean_text(text: str) -> str:
    """Text that both databases hold, with plain line ends. Raises BadInput for NUL and lone surrogates."""
    if "\0" in text or (not text.isascii() and _HALF.search(text)):
        raise BadInput(
            _("The text holds a character that cannot be stored (NUL, or half of a surrogate pair)."),
            hint=_("Remove it, or paste the text as plain text, and send it again."),
        )
    return text.replace("\r\n", "\n").replace("\r", "\n")


def first(form: Form, name: str, default: str = "") -> str:
    """The first value of a field, stripped."""
    return (form.get(name) or [default])[0].strip()


def day_typed(text: str, name: str) -> date | None:
    """The day in a field of this name, None where it is empty. Raises BadInput."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise BadInput(
            _("“%(text)s” is not a day.") % {"text": text[:40]}, hint="2026-11-23",
            fields={name: _("Write it like 2026-11-23.")},
        ) from error  # fmt: skip


def check_same_origin(request: Request) -> None:
    """CSRF: a write must come from our own pages. Raises Forbidden. No tokens: browsers tell where a request is from."""
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if site is not None:
        allowed = site in ("same-origin", "none")
    else:
        allowed = (
            origin is None or origin == settings().base_url or origin.partition("://")[2] == request.headers.get("host")
        )
    if not allowed:
        raise Forbidden(
            _("This form was sent from another site, so nothing was changed."),
            hint=_("Open the page here and send it again."),
        )


def wants_json(request: Request) -> bool:
    """Errors under /api are JSON, everywhere else pages."""
    return request.url.path == "/api" or request.url.path.startswith("/api/")


def secure_cookie(answer: Response, name: str, value: str, *, days: int) -> None:
    """A cookie that scripts cannot read and other sites do not send."""
    answer.set_cookie(
        name, value, max_age=days * 86400, path="/", httponly=True, samesite="lax", secure=settings().https
    )


def framed_cookie(answer: Response, name: str, value: str, *, days: int) -> None:
    """A cookie for a page of ours inside a frame of another site: browsers keep one for each site that frames us (CHIPS).

    Written by hand: http.cookies does not know Partitioned before Python 3.14.
    """
    kept = f"Max-Age={days * 86400}; Path=/; HttpOnly; Secure; SameSite=None; Partitioned"
    answer.headers.append("Set-Cookie", f"{name}={quote(value, safe='~')}; {kept}")


def keeps_framed_cookies(request: Request) -> bool:
    """Whether a browser would keep one: it is Secure, and needs https or this very machine."""
    return settings().https or request.url.hostname in ("127.0.0.1", "localhost")
