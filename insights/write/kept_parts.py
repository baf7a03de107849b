"""What other words for a sentence must leave as it is: its figures, its quotations, its names. Pure.

The support check asks whether the facts bear a sentence; this asks whether it is still the same one. A person may add words
and leave some out. A language model is held to more, because nobody has read what it writes (`strict`).
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from heard.kit.i18n import _, language

_FIGURE = re.compile(r"\d(?:[\d.,\u202f\u00a0]*\d)?(?:[\u202f\u00a0 ]?%)?")
_ADDRESS = re.compile(
    r"(?:https?://|www\.)\S+|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}", re.IGNORECASE
)
_STRAIGHT = re.compile(r"[\"„‟❝❞＂]")
_CAPITAL = re.compile(r"(?<![.!?:;(\n\ue000])(?<=\S)[ \u00a0]([A-ZÀ-ÖØ-Þ][\w’'-]*)")
_WORD = re.compile(r"[^\W\d_][\w’'-]*")
_MONTHS = {
    "en": "January February March April May June July August September October November December".split(),
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(),
}
_ENGLISH, _FRENCH = "|".join(_MONTHS["en"]), "|".join(_MONTHS["fr"])
_BLANK = "[ \u00a0\u202f]"
_DAY = {
    "en": re.compile(rf"\b(\d{{1,2}}){_BLANK}({_ENGLISH}){_BLANK}(\d{{4}})\b", re.IGNORECASE),
    "fr": re.compile(rf"\b(\d{{1,2}})(?:er)?{_BLANK}({_FRENCH}){_BLANK}(\d{{4}})\b", re.IGNORECASE),
}
_PROTECTED = {
    "en": re.compile(f"{_DAY['en'].pattern}|{_ADDRESS.pattern}|{_FIGURE.pattern}", re.IGNORECASE),
    "fr": re.compile(f"{_DAY['fr'].pattern}|{_ADDRESS.pattern}|{_FIGURE.pattern}", re.IGNORECASE),
}
# Figures that are written as words; “one” is too often none.
_NUMERALS = {
    "en": frozenset(
        "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen "
        "twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds thousand thousands million dozen dozens half halves "
        "third thirds quarter quarters twice double doubled triple tripled majority minority percent".split()
    ),
    "fr": frozenset(
        "deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize vingt trente quarante cinquante "
        "soixante septante huitante nonante cent cents centaine centaines mille millier milliers million douzaine dizaine dizaines "
        "moitié tiers quart quarts double doublé triple triplé majorité minorité pourcent".split()
    ),
}
_ALL = frozenset(
    "all every everyone everybody always nobody never none no not without cannot most few many only hardly "
    "tous toutes tout chaque toujours personne jamais aucun aucune ne pas sans non plupart peu beaucoup seulement guère".split()
)
"""What turns a sentence round or widens it: a model neither adds nor drops one."""
_NOT = re.compile(r"n[’']t\b|\bn[’'](?=\w)", re.IGNORECASE)
MOST_LONGER = 1.6
"""How many times as long a model's sentence may be, in words."""


class Parts(NamedTuple):
    """What is in a sentence: figures and quotations in their order, names, days, figures in words."""

    figures: tuple[str, ...]
    quotes: tuple[str, ...]
    names: frozenset[str]
    words: frozenset[str]  # all of them outside quotations: where a name may stand as well
    days: tuple[date, ...]
    numerals: Counter[str]


def parts_of(text: str) -> Parts:
    """The parts of a sentence in the language of this context."""
    rest, quotes = without_quotations(text)
    days = tuple(days_in(rest))
    rest = _ADDRESS.sub(" ", _DAY[_code()].sub(" \ue000 ", rest))
    figures = tuple(_plain(found[0]) for found in _FIGURE.finditer(rest))
    low = [word.casefold() for word in _WORD.findall(rest)]
    odd = [c for c in rest if unicodedata.category(c) in ("No", "Nl")]  # ½, ², Ⅳ
    numerals = Counter(part for word in low for part in re.split(r"[-’']", word) if part in _NUMERALS[_code()])
    return Parts(
        figures,
        quotes,
        frozenset(_CAPITAL.findall(rest)),
        frozenset(_WORD.findall(rest)),
        days,
        numerals + Counter(odd),
    )


def changed(original: str, edited: str, *, decision: bool = False, strict: bool = False) -> str:
    """What is wrong with an edit, as a sentence; "" when nothing is. In the language of this context.

    decision: the manager may ask for another decision, with other names and another day; its figures and quotations are the
    support check's business. strict: a model's words.
    """
    before, after = parts_of(original), parts_of(edited)
    if wrong := _smuggled(original, edited):
        return wrong
    if lost := _more(after.numerals, before.numerals):
        return _("a figure in words was added: %(what)s.") % {"what": lost}
    if decision:
        return ""
    if lost := _more(before.figures, after.figures):
        return _("a figure is missing: %(what)s.") % {"what": lost}
    if lost := _more(after.figures, before.figures):
        return _("a figure was added: %(what)s.") % {"what": lost}
    if lost := _more(before.quotes, after.quotes):
        return _("what stood in quotation marks is missing or was changed: %(what)s.") % {"what": lost}
    if lost := _more(after.quotes, before.quotes):
        return _("words in quotation marks were added: %(what)s.") % {"what": lost}
    if sorted(before.days) != sorted(after.days):
        return _("a day was changed.")
    if lost := _more(before.names - after.words, ()):
        return _("a name is missing: %(what)s.") % {"what": lost}
    if lost := _more(after.names - before.words, ()):
        return _("a name was added: %(what)s.") % {"what": lost}
    # With several quotations, figures in another order stand beside other words.
    if len(before.quotes) > 1 and (before.quotes, before.figures) != (after.quotes, after.figures):
        return _("figures and quotations stand in another order.")
    return _by_a_model(original, edited, before, after) if strict else ""


def days_in(text: str) -> Iterable[date]:
    """The days that a text names as we write them: 7 December 2026, 1er décembre 2026."""
    months = _MONTHS[_code()]
    for found in _DAY[_code()].finditer(text):
        try:
            yield date(int(found[3]), [m.casefold() for m in months].index(found[2].casefold()) + 1, int(found[1]))
        except ValueError:
            continue


def without_quotations(text: str) -> tuple[str, tuple[str, ...]]:
    """The text with a mark for each quotation, and these, white space alike. A quotation may hold others."""
    pieces = pieces_of(text)
    rest = "".join("\ue000" if quoted else piece for piece, quoted in pieces)
    return rest, tuple(" ".join(piece.strip("“«”»").split()) for piece, quoted in pieces if quoted)


def pieces_of(text: str) -> list[tuple[str, bool]]:
    """The text in pieces: each quotation with its marks (True), and what stands between. One that does not end is one."""
    pieces: list[tuple[str, bool]] = []
    begun, depth = 0, 0
    for place, letter in enumerate(text):
        if letter in "“«":
            if not depth:
                pieces.append((text[begun:place], False))
                begun = place
            depth += 1
        elif letter in "”»" and depth:
            depth -= 1
            if not depth:
                pieces.append((text[begun : place + 1], True))
                begun = place + 1
    return [(piece, quoted) for piece, quoted in [*pieces, (text[begun:], depth > 0)] if piece]


def to_protect() -> re.Pattern[str]:
    """What a model gets a mark for: days, addresses, figures. In the language of this context."""
    return _PROTECTED[_code()]


def _by_a_model(original: str, edited: str, before: Parts, after: Parts) -> str:
    """Figures and quotations in their order, as many sentences, no word more that turns it round, the same matter, short."""
    if (before.figures, before.quotes) != (after.figures, after.quotes):
        return _("figures and quotations stand in another order.")
    if _sentences(original) != _sentences(edited):
        return _("there are more or fewer sentences.")
    one, other = (_bare(text) for text in (original, edited))
    if Counter(w for w in one if w in _ALL) != Counter(w for w in other if w in _ALL):
        return _("a word was added or dropped that turns the sentence round.")
    if len(other) > MOST_LONGER * len(one) + 2:
        return _("it is much longer.")
    mine, theirs = ({w[:5] for w in words if len(w) > 3 and w not in _ALL} for words in (one, other))
    if 2 * len(mine & theirs) < len(mine) or len(theirs - mine) > max(2, len(mine)):
        return _("it speaks of something else.")
    return ""


def _bare(text: str) -> list[str]:
    rest, _quotes = without_quotations(text)
    rest = _NOT.sub(" not ", _DAY[_code()].sub(" ", rest))
    return [word.casefold() for word in re.findall(r"[^\W\d_]+", rest)]


def _sentences(text: str) -> int:
    rest, _quotes = without_quotations(text)
    return len(re.findall(r"[.!?…](?=\s|$)", _ADDRESS.sub(" ", rest)))


def _smuggled(original: str, edited: str) -> str:
    """Addresses, and quotation marks that are none of ours."""
    if lost := _more(_ADDRESS.findall(edited), _ADDRESS.findall(original)):
        return _("an address was added: %(what)s.") % {"what": lost}
    outer, own = without_quotations(edited)[0], without_quotations(original)[0]
    if len(_STRAIGHT.findall(outer)) > len(_STRAIGHT.findall(own)):
        return _("words in straight quotation marks were added; quotations stand in “ ” or « ».")
    return ""


def _more(one: Iterable[str], other: Iterable[str]) -> str:
    """What the first has and the second has not, in words; "" for nothing."""
    left = Counter(one) - Counter(other)
    return ", ".join(sorted(left))


def _plain(figure: str) -> str:
    return re.sub(r"[\u202f\u00a0 ]" if language() == "fr" else r"[,\u202f\u00a0 ]", "", figure)


def _code() -> str:
    return language() if language() in _MONTHS else "en"
