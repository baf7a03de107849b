"""What of a person stands in a quote: addresses, numbers and handles (masked when facts are gathered), and names. Pure.

A name cannot be told from another word with certainty, so it is asked: “a name?”. What is found is masked wherever the quote
is shown. Measured by tests/insights/write/test_personal.py on 500 sentences.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from feedback.themes.text import masked
from heard.kit.i18n import _
from insights.write.first_names import FIRST_NAMES

PLACES = {"[e-mail]": "e-mail", "[link]": "link", "[phone]": "number", "[name]": "handle"}
_WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
_NEXT = re.compile(r"[ -]+((?:(?:de|du|d[’']|le|la|van|von|Mc|O[’'])[ ]?)?[A-ZÀ-ÖØ-Þ][\w’'-]+)")


class Seen(NamedTuple):
    """A quote after looking. `found`: e-mail, link, number, handle, name."""

    text: str
    found: tuple[str, ...]


def look(texts: Sequence[str]) -> list[Seen]:
    """Each text with what was found masked. Together they tell names from words: what is written without a capital elsewhere
    is no name."""
    from feedback.themes.quotes import names_of_few  # brings numpy

    plain = [masked(text) for text in texts]
    return [_seen(text, names) for text, names in zip(plain, names_of_few(plain), strict=True)]


def _seen(text: str, names: set[str]) -> Seen:
    found = [kind for mark, kind in PLACES.items() if mark in text]
    told = names | {word for word in _WORD.findall(text) if _is_first_name(word)}
    hidden = _without(text, told)
    return Seen(hidden, (*found, "name") if hidden != text else tuple(found))


def _is_first_name(word: str) -> bool:
    """A first name that is no word of English or French, with a capital or in capitals; of two joined ones, either."""
    return word[:1].isupper() and any(part.casefold() in FIRST_NAMES for part in re.split(r"[-’']", word))


def _without(text: str, names: Collection[str]) -> str:
    """The names masked, each with the surname that follows it."""
    for name in sorted(names, key=lambda one: (-len(one), one)):
        for found in reversed(list(re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text))):
            end = found.end()
            if follows := _NEXT.match(text, end):
                end = follows.end()
            text = f"{text[: found.start()]}[name]{text[end:]}"
    return re.sub(r"\[name\](?:[ -]\[name\])+", "[name]", text)


def words_of(quotes: Sequence[Mapping[str, Any]], let_in: Mapping[str, bool]) -> dict[str, str]:
    """The words of these comments as they are shown, by comment. let_in: comment → as it was written, names and all."""
    if not let_in:
        return {}
    seen = look([quote["text"] for quote in quotes])
    pairs = [(quote, one) for quote, one in zip(quotes, seen, strict=True) if quote["comment"] in let_in]
    return {quote["comment"]: quote["text"] if let_in[quote["comment"]] else one.text for quote, one in pairs}


def harmless(quotes: Sequence[Mapping[str, Any]]) -> set[str]:
    """The comments of these quotes in which nothing of a person was found."""
    if not quotes:
        return set()
    seen = look([quote["text"] for quote in quotes])
    told = {quote["comment"] for quote, one in zip(quotes, seen, strict=True) if one.found}
    return {quote["comment"] for quote in quotes} - told


def in_words(found: Sequence[str]) -> str:
    """What was found, for the manager: “an address, a name?”."""
    words = {
        "e-mail": _("an e-mail address"), "link": _("a link"), "number": _("a telephone or card number"),
        "handle": _("a handle"), "name": _("a name?"),
    }  # fmt: skip
    return ", ".join(words[kind] for kind in found)
