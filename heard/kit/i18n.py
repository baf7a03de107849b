"""English and French, chosen for each request, command or mail.

`_()` and `ngettext()` look the words up in the language of the current context (`speaking()`), so that domain code
never passes a locale around. Catalogues live in heard/locale/<language>/LC_MESSAGES/heard.po; the compiled .mo
files are made from them on first use when they are missing, so a checkout needs no build step.
"""

import gettext as _gettext
import io
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path

LANGUAGES = ("en", "fr")
LANGUAGE_COOKIE = "heard-language"  # what was chosen at the foot of a page
NATIVE_NAMES = {"en": "English", "fr": "Français"}
LOCALE_DIR = Path(__file__).resolve().parents[1] / "locale"
_language: ContextVar[str] = ContextVar("language", default="en")


@cache
def catalogue(language: str) -> _gettext.NullTranslations:
    """The catalogue of a language; English is the source and needs none."""
    po = LOCALE_DIR / language / "LC_MESSAGES" / "heard.po"
    if language == "en" or not po.exists():
        return _gettext.NullTranslations()
    mo = po.with_suffix(".mo")
    if mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime:
        return _gettext.GNUTranslations(io.BytesIO(mo.read_bytes()))
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = io.BytesIO()
    write_mo(compiled, read_po(io.BytesIO(po.read_bytes()), locale=language))
    with suppress(OSError):  # an install that cannot be written to: compiled anew in each process
        mo.write_bytes(compiled.getvalue())
    compiled.seek(0)
    return _gettext.GNUTranslations(compiled)


def language() -> str:
    """The language of this context: "en" or "fr"."""
    return _language.get()


@contextmanager
def speaking(chosen: str) -> Iterator[None]:
    """Everything inside is said in this language; unknown ones fall back to English."""
    token = _language.set(chosen if chosen in LANGUAGES else "en")
    try:
        yield
    finally:
        _language.reset(token)


@lru_cache(maxsize=1000)
def choose(accept_language: str, fallback: str = "en") -> str:
    """The first of our languages in an Accept-Language header, in the order of its weights."""
    wishes = []
    for at, part in enumerate(accept_language.split(",")[:20]):
        tag, _sep, weight = part.strip().partition(";q=")
        try:
            wishes.append((-float(weight or 1), at, tag[:2].lower()))
        except ValueError:
            continue
    return next((tag for _w, _at, tag in sorted(wishes) if tag in LANGUAGES), fallback)


def _(message: str) -> str:
    """The message in the language of this context."""
    return catalogue(language()).gettext(message) if message else ""


def ngettext(one: str, many: str, n: int) -> str:
    """The message for n things in the language of this context."""
    return catalogue(language()).ngettext(one, many, n)


def number(value: float, decimals: int = 0) -> str:
    """A figure as the reader writes it: 3,338 in English, 3 338 (with a narrow no-break space) in French."""
    text = f"{value:,.{decimals}f}"
    return text.replace(",", "\u202f").replace(".", ",") if language() == "fr" else text


def percent(share: float, decimals: int = 0) -> str:
    """A share in 0..1 as percent, with the space that French wants."""
    return number(100 * share, decimals) + ("\u202f%" if language() == "fr" else "%")


def day(when: datetime | date | None) -> str:
    """A date in words: 23 November 2026, 23 novembre 2026."""
    if when is None:
        return ""
    from babel.dates import format_date

    text = format_date(when, "d MMMM y", locale=language())
    return "1er" + text[1:] if language() == "fr" and text.startswith("1 ") else text
