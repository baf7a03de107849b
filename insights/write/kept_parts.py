"""What other words for a sentence must leave as it is: its figures, its quotations, its names. Pure.

The support check asks whether the facts bear a sentence; this asks whether it is still the same one. A person may add words
and leave some out. A language model is held to more, because nobody has read what it writes (`strict`).
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import NamedTuple

from heard.kit.i18n import _, language
from insights.write.first_names import FIRST_NAMES

# With its sign, its % and what is glued to it: 37k is not 37, and −20 is not 20.
_FIGURE = re.compile(r"(?:(?<![^\s(])[+−–-](?=\d))?\d(?:[\d.,\u202f\u00a0]*\d)?(?:[\u202f\u00a0 ]?%|[^\W\d_]+)?")
_BASE = re.compile(
    r"\b(?:of|among|from|sur|des|parmi) (?:(?:the|all|les|ces) )?([+−–-]?\d(?:[\d.,\u202f\u00a0]*\d)?)(?!\S?%)",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"(?:https?://|www\.)\S+|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}", re.IGNORECASE
)
_STRAIGHT = re.compile(
    r"[\"„‟❝❞＂‹›「」『』〝〞〟″‶`❛❜]|''|(?<!\w)[‘‚‛′]|(?<!\w)'(?=\w)[^']{1,200}(?<=\w)[.!?]?'(?!\w)"
)
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
        "third thirds quarter quarters twice double doubled triple tripled majority minority percent cent percentage fifth fifths sixth "
        "seventh eighth ninth tenth tenths hundredth zero billion billions millions trillion thrice couple handful unanimous "
        "unanimously".split()
    ),
    "fr": frozenset(
        "deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize vingt trente quarante cinquante "
        "soixante septante huitante nonante cent cents centaine centaines mille millier milliers million douzaine dizaine dizaines "
        "moitié tiers quart quarts double doublé triple triplé majorité minorité pourcent pourcentage cinquième cinquièmes sixième "
        "septième huitième neuvième dixième dixièmes centième zéro milliard milliards millions demi demie douzaines vingtaine trentaine "
        "poignée unanime unanimes unanimité unanimement".split()
    ),
}
_ALL = frozenset(
    "all every everyone everybody always nobody never none no not without cannot most few many only hardly "
    "tous toutes tout chaque toujours personne jamais aucun aucune ne pas sans non plupart peu beaucoup seulement guère".split()
)
"""What turns a sentence round or widens it: a model neither adds nor drops one."""
_NOT = re.compile(r"n[’']t\b|\bn[’'](?=\w)", re.IGNORECASE)
# What makes another figure of the one behind it.
_BOUNDS = {
    "en": {
        "less": r"(?:fewer|less) than|under|below", "more": r"more than|over|above", "least": r"at least", "most": r"at most|up to",
        "near": r"nearly|almost|hardly|barely|minus",
    },
    "fr": {
        "less": r"moins de|sous|au-dessous de", "more": r"plus de|au-dessus de", "least": r"au moins", "most": r"au plus|jusqu[’']à",
        "near": r"près de|presque|à peine|moins",
    },
}  # fmt: skip
_BOUND = {
    code: re.compile("|".join(rf"(?P<{kind}>\b(?:{words}){_BLANK}(?=[+−-]?\d))" for kind, words in kinds.items()), re.I)
    for code, kinds in _BOUNDS.items()
}
_TURNS = re.compile(
    r"\b(?:not(?! only\b)|never|nobody|none|neither|nor|cannot|pas|jamais|aucune?|ni)\b|n[’']t\b", re.IGNORECASE
)
_GROUP = re.compile(r"\bgroupe? ([A-I])\b", re.IGNORECASE)
_ROMAN = re.compile(r"(?=[XVILC]{2})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
_LOOKALIKES = str.maketrans("аеіјοорсуѕхһԁԝνιυτ", "aeijoopcysxhdwviut")
"""Letters of other alphabets that look like ours."""
MOST_LONGER = 1.6
"""How many times as long a model's sentence may be, in words."""


class Parts(NamedTuple):
    """What is in a sentence: figures and quotations in their order, names, days, figures in words. `bases`: figures that others
    are a part of; `order`: all other figures but shares, with what turns round and the groups of opinion; `bounds`: “fewer than”."""

    figures: tuple[str, ...]
    quotes: tuple[str, ...]
    names: frozenset[str]
    words: frozenset[str]  # all of them outside quotations: where a name may stand as well
    days: tuple[date, ...]
    numerals: Counter[str]
    bases: frozenset[str]
    order: tuple[str, ...]
    shares: tuple[str, ...]
    bounds: Counter[str]


def parts_of(text: str) -> Parts:
    """The parts of a sentence in the language of this context."""
    rest, quotes = without_quotations(text)
    rest = "".join(c for c in rest if unicodedata.category(c) != "Cf")  # what nobody sees
    days = tuple(days_in(rest))
    rest = _ADDRESS.sub(" ", _DAY[_code()].sub(" \ue000 ", rest))
    figures = tuple(_plain(found[0]) for found in _FIGURE.finditer(rest))
    bases = frozenset(_plain(found[1]) for found in _BASE.finditer(rest))
    words = frozenset(_WORD.findall(rest))
    return Parts(
        figures,
        quotes,
        frozenset(_CAPITAL.findall(rest)) | {w for w in words if w[0].isupper() and w.casefold() in FIRST_NAMES},
        words,
        days,
        Counter(_numerals(rest)),
        bases,
        tuple(_order(rest, bases)),
        tuple(figure for figure in figures if figure.endswith("%")),
        Counter(found.lastgroup or "" for found in _BOUND[_code()].finditer(rest)),
    )


def _numerals(text: str) -> Iterator[str]:
    """Figures that are written with no digit of ours: words, Roman ones, ½, ², 三."""
    for letter in text:
        if letter in "‰‱" or (not letter.isdecimal() and unicodedata.numeric(letter, None) is not None):
            yield letter
    for word in _WORD.findall(_like_ours(text)):
        if _ROMAN.fullmatch(word):
            yield word
        for part in re.split(r"[-’']", word.casefold()):
            if part.removesuffix("fold") in _NUMERALS[_code()]:
                yield part


def _like_ours(text: str) -> str:
    """The text in plain letters, whatever alphabet they were borrowed from."""
    return unicodedata.normalize("NFKC", text).translate(_LOOKALIKES)


def _order(text: str, bases: Collection[str]) -> Iterator[str]:
    """Figures but bases and shares, words that turn round, and groups of opinion, as they follow each other."""
    found = [(m.start(), _plain(m[0])) for m in _FIGURE.finditer(text)]
    found = [(place, figure) for place, figure in found if figure not in bases and not figure.endswith("%")]
    found += [(m.start(), "not") for m in _TURNS.finditer(text)] + [(m.start(1), m[1]) for m in _GROUP.finditer(text)]
    return (what for _place, what in sorted(found))


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
    if before.bounds != after.bounds:
        return _("a figure became another one, by words such as “more than” before it.")
    if Counter(before.order)["not"] != Counter(after.order)["not"]:
        return _("a word was added or dropped that turns the sentence round.")
    if after.bases - before.bases or (before.order, before.shares) != (after.order, after.shares):
        return _("figures and quotations stand in another order.")
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
    rest = _NOT.sub(" not ", _DAY[_code()].sub(" ", _like_ours(rest)))
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
    """As it is compared: without marks between thousands, and with one kind of minus."""
    figure = re.sub(r"^[–-]", "−", figure)
    return re.sub(r"[\u202f\u00a0 ]" if language() == "fr" else r",(?=\d{3}(?!\d))|[\u202f\u00a0 ]", "", figure)


def _code() -> str:
    return language() if language() in _MONTHS else "en"
