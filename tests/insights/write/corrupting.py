"""Sentences of true briefs, bent in every way that somebody could bend one: with other figures, quotes, bases, names, causes."""

import re
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from heard.kit.i18n import language, number, speaking
from insights.measure.measures import Facts
from insights.write import composing
from insights.write.support import Sentence

DAY = date(2026, 12, 14)
_FIGURE = re.compile(r"(?<![\w.,])\d[\d,.\u202f]*(?<=\d)")
_QUOTED = re.compile(r"[“«]\s?([^”»]+?)\s?[”»]")
_PAIR = re.compile(r"(\d[\d,\u202f]*) (of|sur|des) (\d[\d,\u202f]*)")
_SPAN = re.compile(
    r"(from|between|de|entre) ([+−]?\d[\d.,]*(?:\u202f?%)?) (to|and|à|et) ([+−]?\d[\d.,]*\d(?:\u202f?%)?)"
)
_MONTHS = (
    "January February March April May June July August September October November December janvier février mars avril mai juin"
    " juillet août septembre octobre novembre décembre"
).split()
CAUSES = {
    "en": (", because of the weather", ", which led to complaints",
           ", due to the staff", ", thanks to the new hours", " as a result of it"),
    "fr": (", à cause du froid", ", grâce à l’équipe", ", ce qui entraîne des plaintes",
           ", en raison des horaires", ", parce que c’est froid"),
}  # fmt: skip
NAMES = {
    "en": (", says Dr Weber", ", as Anna Keller put it", " and Mr Okafor agrees", ", according to Rosa Lind"),
    "fr": (", dit le Dr Weber", ", selon Anna Keller", " et M. Okafor est d’accord", ", d’après Rosa Lind"),
}
TURNED = {
    "Up from": "Down from", "Down from": "Up from", "Grown since": "Faded since", "Faded since": "Grown since",
    "New in": "Grown since then in",
    "improved": "got worse,", "No clear change in": "Clearly improved:", "New:": "Grown:",
    "En hausse": "En baisse", "En baisse": "En hausse", "s’est améliorée": "s’est dégradée", "pas de changement net": "la moyenne a monté",
    "Nouveau": "En baisse",
}  # fmt: skip


def sentences_of(facts: Facts, spoken: str) -> list[Sentence]:
    """Every sentence of both briefs in a language, each once."""
    with speaking(spoken):
        trees = [composing.worded(facts, audience, DAY) for audience in ("leadership", "product")]
    return list({s.text: s for tree in trees for s in composing.sentences_of(tree)}.values())


def corrupted(facts: Facts, spoken: str) -> Iterator[tuple[str, str, Sentence]]:
    """(how, the true text, the bent sentence), in a fixed order."""
    with speaking(spoken):
        sentences = sentences_of(facts, spoken)
        for place, sentence in enumerate(sentences):
            for how, text in _bent(sentence.text, place):
                if text != sentence.text:
                    yield how, sentence.text, Sentence(text, sentence.evidence)
        yield from _lent(sentences)


def _bent(text: str, place: int) -> Iterator[tuple[str, str]]:
    plain = _outside(text)
    for at, found in enumerate(f for f in _FIGURE.finditer(plain) if f[0] not in ("5", "95")):
        if not any(month in plain[found.start() : found.end() + 12] for month in _MONTHS) and not re.fullmatch(
            "20[12]\\d", found[0]
        ):
            yield "figure", _put(text, found.span(), _another(found[0], at))
    for found in list(_QUOTED.finditer(text))[:1]:
        word = found[1].split()[0]
        yield "quote", _put(text, found.span(1), found[1].replace(word, word + "ly", 1))
        yield "quote", _put(text, found.span(1), found[1] + " at once")
    for found in _PAIR.finditer(plain):
        yield "base", _put(text, found.span(), f"{found[3]} {found[2]} {found[1]}")
    for found in _SPAN.finditer(plain):
        yield "span", _put(text, found.span(), f"{found[1]} {found[4]} {found[3]} {found[2]}")
    for before, after in TURNED.items():
        if before in plain:
            yield "turned", text.replace(before, after, 1)
            break
    causes, names = CAUSES[language()], NAMES[language()]
    end = len(text) - 1 if text[-1:] in ".?:" else len(text)
    yield "cause", text[:end].rstrip() + causes[place % len(causes)] + text[end:]
    yield "name", text[:end].rstrip() + names[place % len(names)] + text[end:]


def _lent(sentences: list[Sentence]) -> Iterator[tuple[str, str, Sentence]]:
    """A sentence that is true elsewhere, on the evidence of another one."""
    with_figures = [s for s in sentences if _FIGURE.search(_outside(s.text)) and _QUOTED.search(s.text)]
    for one, other in pairwise(with_figures):
        if not set(one.evidence) & set(other.evidence):
            yield "evidence", one.text, Sentence(one.text, other.evidence)


def _outside(text: str) -> str:
    """The text with what is quoted in it blanked out, of the same length."""
    return _QUOTED.sub(lambda found: "“" + " " * (len(found[0]) - 2) + "”", text)


def _put(text: str, span: tuple[int, int], words: str) -> str:
    return text[: span[0]] + words + text[span[1] :]


def _another(figure: str, at: int) -> str:
    """A figure that is a little off, and never one that rounds to the same."""
    decimals = (
        1
        if re.search(r"[.,]\d$", figure) and not re.search(r",\d{3}", figure)
        else 2
        if re.search(r"[.,]\d\d$", figure)
        else 0
    )
    decimals = 3 if re.search(r"0[.,]\d{3}$", figure) else decimals
    plain = figure.replace("\u202f", "").replace(",", "." if language() == "fr" or decimals else "")
    return number(float(plain) + (1, 3, 7, 2)[at % 4] * 10**-decimals, decimals)
