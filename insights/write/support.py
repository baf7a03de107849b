"""The support check: no sentence without something behind it, no figure that is not there, no quote that nobody said.

A brief that does not pass is refused, with the sentence named. Pure; it reads a sentence as its reader does, so it
holds for words we wrote, for words a translator wrote, and for words that a model may write later.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from heard.kit.errors import Refused
from heard.kit.i18n import _, day, language
from insights.measure.measures import Facts
from insights.write.findings import at

SUBJECT_CHARACTERS = 60
BOTTOM_LINE_WORDS = 25
LEADERSHIP_WORDS = 300

# Nobody can tell from a poll why people think so; and a margin of error needs a random sample (AAPOR).
NEVER = re.compile(
    r"\b(?:because of|due to|caused? by|causes|leads? to|led to|results? in|margins? of error"
    r"|à cause d|en raison d|grâce à|dûe?s? (?:à|au)|entraînent?|provoquent?|marges? d[’']erreur)|±|\+/[-–−]",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"https?://\S+")
_FIGURE = re.compile(r"\d(?:[\d.,\u202f\u00a0]*\d)?(?=([\u202f\u00a0 ]?%)?)")
_OPEN, _CLOSE = re.compile(r"“|«[\s\u202f\u00a0]*"), re.compile(r"(?<!\s)\s*(?:”|»)")
_NO_FIGURES = ("id", "comment", "parent", "theme", "slug")


class Unsupported(Refused):
    """A sentence of a brief says what the facts do not. The brief was not written."""

    code, status = "unsupported_sentence", 422

    def __init__(self, sentence: str, why: str) -> None:
        super().__init__(
            _("The brief was not written: %(why)s In: “%(sentence)s”") % {"why": why, "sentence": sentence},
            hint=_("Every sentence must rest on the answers; change or remove this one."),
        )
        self.sentence, self.why = sentence, why


@dataclass(frozen=True)
class Sentence:
    """What a brief says, and the paths into its facts that it rests on."""

    text: str
    evidence: tuple[str, ...]


def check(sentences: Iterable[Sentence], facts: Facts, *, days: Iterable[date] = ()) -> None:
    """Raises Unsupported for the first sentence that the facts behind it do not bear.

    days: dates that are no facts but may be named, such as the one by which a decision is asked.
    """
    for sentence in sentences:
        _check(sentence, facts, list(days))


def words(text: str) -> int:
    """How many words a reader counts: addresses, figures and marks are none."""
    return len(re.findall(r"[^\W\d_][\w'’-]*", _ADDRESS.sub(" ", text)))


def _check(sentence: Sentence, facts: Facts, days: list[date]) -> None:
    if not sentence.text.strip() or not sentence.evidence:
        raise Unsupported(sentence.text, _("nothing stands behind this sentence."))
    known: set[str] = set()
    figures: set[float] = set()
    percents: set[float] = set()
    for path in sentence.evidence:
        try:
            value = at(facts, path)
        except LookupError as error:
            raise Unsupported(
                sentence.text, _("what it rests on is not in the facts (%(path)s).") % {"path": path}
            ) from error
        if isinstance(value, list):  # pointing at all themes bears how many there are, not a figure of each
            figures.add(float(len(value)))
            continue
        known |= set(_texts(value))
        bases = _bases(facts, path)
        plain = list(_numbers(value))
        figures |= {abs(n) for n in plain} | bases
        percents |= {100 * n / b for n in plain for b in bases | set(_own_bases(value)) if b and 0 <= n <= b}
        percents |= {100 * n for n in plain if 0 <= n <= 1 and isinstance(n, float)}
    rest = _without_quotes(sentence, known)
    if found := NEVER.search(rest):
        raise Unsupported(sentence.text, _("a poll cannot say “%(words)s”.") % {"words": found[0]})
    for when in [*days, *(_as_day(k) for k in known)]:
        rest = rest.replace(day(when), " ") if when else rest
    for found in _FIGURE.finditer(_ADDRESS.sub(" ", rest)):
        value, decimals = _read(found[0])
        pool = percents if found[1] else figures
        if not any(abs(value - one) <= 0.5 * 10**-decimals + 1e-9 for one in pool):
            raise Unsupported(
                sentence.text, _("%(figure)s is not in the facts.") % {"figure": found[0] + (found[1] or "")}
            )


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield " ".join(value.split())
    elif isinstance(value, dict):
        for child in value.values():
            yield from _texts(child)
    elif isinstance(value, list):
        for child in value:
            yield from _texts(child)


def _numbers(value: Any) -> Iterator[float]:
    if isinstance(value, int | float) and not isinstance(value, bool):
        yield value
    elif isinstance(value, dict):
        for name, child in value.items():
            if name not in _NO_FIGURES:
                yield from _numbers(child)
    elif isinstance(value, list):
        for child in value:
            yield from _numbers(child)


def _own_bases(value: Any) -> Iterator[float]:
    if isinstance(value, dict) and isinstance(value.get("n"), int):
        yield value["n"]


def _bases(facts: Facts, path: str) -> set[float]:
    """The base that a fact stands under: the nearest `n` above it."""
    steps = path.split("/")
    for end in range(len(steps) - 1, 0, -1):
        above = at(facts, "/".join(steps[:end]))
        if isinstance(above, dict) and "n" in above:
            return {float(above["n"])}
    return set()


def _without_quotes(sentence: Sentence, known: set[str]) -> str:
    """The sentence without what it quotes. Raises Unsupported for a quotation that is nowhere in the evidence."""
    text, out, place = _plain(sentence.text), [], 0
    while opened := _OPEN.search(text, place):
        out.append(text[place : opened.start()])
        ends = [c for c in _CLOSE.finditer(text, opened.end()) if _said(text[opened.end() : c.start()], known)]
        if not ends:
            raise Unsupported(sentence.text, _("the words in quotation marks are not those of the answers."))
        place = ends[-1].end() if len(ends) == 1 else ends[0].end()
    return "".join(out) + text[place:]


def _said(text: str, known: set[str]) -> bool:
    """Exactly one of the known texts, or its beginning with “…” behind. Kinds of white space are all the same."""
    text = " ".join(text.split())
    return bool(text) and (
        text in known or (text.endswith("…") and len(text) > 1 and any(k.startswith(text[:-1]) for k in known))
    )


def _plain(text: str) -> str:
    return " ".join(re.split(r"[ \t\r\n\f\v]+", text)).strip()


def _as_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def _read(figure: str) -> tuple[float, int]:
    """The value of a printed figure and its decimals, in the language of this context."""
    if language() == "fr":
        figure = re.sub(r"[\u202f\u00a0]", "", figure).replace(".", "").replace(",", ".")
    else:
        figure = re.sub(r"[,\u202f\u00a0]", "", figure)
    whole, _dot, rest = figure.partition(".")
    return float(f"{whole}.{rest or 0}" if rest.isdigit() or not rest else whole), len(rest) if rest.isdigit() else 0
