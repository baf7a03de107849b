"""The support check: no sentence without something behind it, no figure that is not there, no quote that nobody said.

A brief that does not pass is refused, with the sentence named. Pure; it reads a sentence as its reader does, so it
holds for words we wrote, for words a manager edited, and for words that a model may write later. What stands behind a sentence
is read by insights/write/grounds.py.
"""

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from heard.kit.errors import Refused
from heard.kit.i18n import _, day, language
from insights.measure.measures import Facts
from insights.write.grounds import Grounds, grounds_of
from polls.publish.links import PLACES, label_of_place

SUBJECT_CHARACTERS = 60
BOTTOM_LINE_WORDS = 25
LEADERSHIP_WORDS = 300

# Nobody can tell from a poll why people think so; and a margin of error needs a random sample (AAPOR).
NEVER = re.compile(
    r"\b(?:because|due to|owing to|thanks to|caused? by|causes?|causing|leads? (?:people )?to|led to|results? in|resulting"
    r"|as a result|as a consequence|consequently|therefore|hence|which is why|explains?|driven by|drives|makes people|made people"
    r"|margins? of error|à cause d|en raison d|grâce à|dûe?s? (?:à|au)|du fait d|parce qu|puisque?|car\b|donc\b|par conséquent"
    r"|c[’']est pourquoi|explique\w*|entraîne(?:nt)?|provoqu\w+|caus(?:e|ent|é)\b|mène(?:nt)? à|résulte\w*|marges? d[’']erreur)|±|\+/[-–−]",
    re.IGNORECASE,
)
# Words that say where something moved, and what the facts must have found: `change` (changes.py) or `sure` (trials.py).
DIRECTIONS = {
    "new": re.compile(r"\b(?:new|nouveau|nouvelle)\b", re.I),
    "grew": re.compile(r"\b(?:grew|grown|up from|more often than before|en hausse|a augmenté|progresse)\b", re.I),
    "faded": re.compile(r"\b(?:faded|down from|less often than before|en baisse|a diminué|recule)\b", re.I),
    "same": re.compile(r"\b(?:no change beyond chance|moved beyond chance|sans changement|au-delà du hasard)", re.I),
    "higher": re.compile(r"\b(?:improved|rose|moved towards|s[’']est améliorée?|a monté|s[’']est rapprochée?)\b", re.I),
    "lower": re.compile(r"\b(?:got worse|fell|moved away|s[’']est dégradée?|a baissé|s[’']est éloignée?)\b", re.I),
    "none": re.compile(r"\b(?:no clear change|pas de changement net)\b", re.I),
}  # fmt: skip
# The same in words that a person may choose, of whatever kind the change is.
UP, DOWN = {"new", "grew", "higher"}, {"faded", "lower"}
MOVED = (
    (UP, re.compile(r"\b(?:increased|surged|soared|climbed|jumped|risen|(?:went|gone|going) up|more than before|a bondi|a explosé"
                    r"|a grimpé|a progressé|plus qu[’']avant)\b", re.I)),
    (DOWN, re.compile(r"\b(?:decreased|declined|dropped|plummeted|shrunk|shrank|worsened|(?:went|gone|going) down|less than before"
                      r"|fewer than before|a chuté|a reculé|s[’']est effondrée?|moins qu[’']avant)\b", re.I)),
)  # fmt: skip
# Capitals that are no names of people.
_OURS = frozenset("NPS V API Cramér Leadership Direction A B C D E F G H I".split())
_ADDRESS = re.compile(r"https?://\S+")
_N = r"\d(?:[\d.,\u202f\u00a0]*\d)?"
_BEGINS = (
    r"(?<!\d)(?<!\d[.,\u202f\u00a0])"  # and not in the middle of a figure: that would be looked at from each digit
)
_SIGNED = rf"[+−-]?{_N}"
_FIGURE = re.compile(rf"((?<![^\s(])[+−-])?({_N})(?=([\u202f\u00a0 ]?%)?)")
_PART = re.compile(
    rf"{_BEGINS}({_N}) (?:of|out of|sur|des) (?:the |les )?({_N})(?: [\w\u202f\u00a0 ]{{1,20}})?(?: ?\(({_N})[\u202f\u00a0 ]?%\))?"
)
_SPAN = re.compile(
    rf"\b(?:from|between|de|entre) ({_SIGNED})([\u202f\u00a0 ]?%)? (?:to|and|à|et) ({_SIGNED})([\u202f\u00a0 ]?%)?"
)
_GROUP = re.compile(rf"{_BEGINS}({_N})(?:[\u202f\u00a0 ]?%| (?:of|sur|des) {_N}) (?:of|du|dans le) groupe? ([A-I])\b")
_OPEN, _CLOSE = re.compile(r"“|«[\s\u202f\u00a0]*"), re.compile(r"(?<!\s)\s*(?:”|»)")
_HELD = "\ue000"  # stands where something was quoted
_CAPITAL = re.compile(r"(?<![.!?:;(\n\ue000])(?<=\S)[ \u00a0]((?:[A-ZÀ-Þ])[\w’'-]*)")


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
    try:
        grounds = grounds_of(facts, sentence.evidence)
    except LookupError as error:
        raise Unsupported(
            sentence.text, _("what it rests on is not in the facts (%(path)s).") % {"path": error}
        ) from error
    rest, quotes = _without_quotes(sentence, grounds.texts)
    if found := NEVER.search(rest):
        raise Unsupported(sentence.text, _("a poll cannot say “%(words)s”.") % {"words": found[0]})
    for old in [day(when) for when in [*days, *(_as_day(k) for k in grounds.texts)] if when]:
        rest = re.sub(rf"(?<!\d){re.escape(old)}(?!\d)", " ", rest)
    rest = _ADDRESS.sub(" ", rest)
    for look in (_figures, _parts, _spans, _groups, _counts_beside, _moves, _names):
        if why := look(rest, quotes, grounds):
            raise Unsupported(sentence.text, why)


def _not_there(figure: str) -> str:
    return _("%(figure)s is not in the facts.") % {"figure": figure}


def _figures(text: str, _quotes: list[str], grounds: Grounds) -> str:
    """Every figure is one that stands behind the sentence; a percentage is a share of its own base."""
    for found in _FIGURE.finditer(text):
        pool = grounds.percents if found[3] else grounds.signed if found[1] else grounds.figures
        if not _is_one(found[0], pool):
            return _not_there(found[0] + (found[3] or ""))
    return ""


def _parts(text: str, _quotes: list[str], grounds: Grounds) -> str:
    """“37 of 60 (62%)”: a count with its own base, and the share of just these."""
    for found in _PART.finditer(text):
        (part, _d), (whole, _e) = _read(found[1]), _read(found[2])
        if not any(_same(found[1], a) and _same(found[2], b) for a, b in grounds.pairs):
            return _not_there(found[0])
        if found[3] and whole and not _same(found[3], 100 * part / whole):
            return _not_there(f"{found[3]} %")
    return ""


def _spans(text: str, _quotes: list[str], grounds: Grounds) -> str:
    """“from 3.1 to 3.7”: before and after, or the lower and the upper end, in this order."""
    for found in _SPAN.finditer(text):
        pool = grounds.percent_spans if found[2] or found[4] else grounds.spans
        if not any(_same(found[1], a) and _same(found[3], b) for a, b in pool):
            return _not_there(found[0])
    return ""


def _groups(text: str, _quotes: list[str], grounds: Grounds) -> str:
    """“82% of group A”: a share of just this group."""
    for found in _GROUP.finditer(text):
        if not any(name == found[2] and (_same(found[1], count) or _same(found[1], 100 * count / n))
                   for name, count, n in grounds.groups):  # fmt: skip
            return _not_there(found[0])
    return ""


def _counts_beside(text: str, quotes: list[str], grounds: Grounds) -> str:
    """A count beside a name is the count of what is called so: “Sunday” (12). Where several names with counts stand in a
    sentence, a part of a whole belongs to the nearest one."""
    places = [found.start() for found in re.finditer(_HELD, text)]
    named = {at: grounds.counts_of(quote) for at, quote in zip(places, quotes, strict=True)}
    for at, counts in named.items():
        found = re.match(rf"{_HELD} \(({_N})\)", text[at:])
        if found and counts and not _is_one(found[1], counts):
            return _not_there(found[1])
    for found in _PART.finditer(text):
        begins, ends = max(text.rfind(". ", 0, found.start()), 0), text.find(". ", found.end())
        near = {at: c for at, c in named.items() if c and begins <= at <= (ends if ends >= 0 else len(text))}
        if len({quotes[places.index(at)] for at in near}) > 1:
            nearest = min(near, key=lambda at: min(abs(at - found.start()), abs(at - found.end())))
            if not _is_one(found[1], near[nearest]):
                return _not_there(found[0])
    return ""


def _moves(text: str, _quotes: list[str], grounds: Grounds) -> str:
    """Words that say where something moved stand on a change that was found."""
    for kind, words_for in DIRECTIONS.items():
        found = words_for.search(text)
        if found and grounds.moves and kind not in grounds.moves:
            return _("the facts do not say “%(words)s”.") % {"words": found[0]}
        if found and not grounds.moves and kind not in ("new",):
            return _("the facts do not say “%(words)s”.") % {"words": found[0]}
    for kinds, words_for in MOVED:
        if (found := words_for.search(text)) and not kinds & grounds.moves:
            return _("the facts do not say “%(words)s”.") % {"words": found[0]}
    return ""


def _names(text: str, _quotes: list[str], grounds: Grounds) -> str:
    """Nobody is named but in quotation marks, where the words are those of the answers."""
    places = {word for place in PLACES for word in label_of_place(place).split()}
    for found in _CAPITAL.finditer(" ".join(text.split(" "))):
        word = found[1].rstrip("’'")
        if (
            word not in _OURS
            and not re.fullmatch(r"L[0-4]", word)
            and word not in places
            and not grounds.holds_word(word)
        ):
            return _("nobody behind this sentence said “%(words)s”.") % {"words": word}
    return ""


def _is_one(figure: str, pool: Iterable[float]) -> bool:
    return any(_same(figure, one) for one in pool)


def _same(figure: str, value: float) -> bool:
    """Whether a printed figure is this value, rounded as it is printed. One without a sign is its size."""
    read, decimals = _read(figure)
    signed = figure[:1] in "+−-"
    return abs(read - (value if signed else abs(value))) <= 0.5 * 10**-decimals + 1e-9


def _without_quotes(sentence: Sentence, known: Iterable[str]) -> tuple[str, list[str]]:
    """The sentence with a mark for each thing it quotes, and these. Raises Unsupported for a quotation that is nowhere in
    the evidence."""
    text, place = _plain(sentence.text).replace(_HELD, " "), 0
    out: list[str] = []
    quotes: list[str] = []
    while opened := _OPEN.search(text, place):
        out.append(text[place : opened.start()])
        ends = [c for c in _CLOSE.finditer(text, opened.end()) if _said(text[opened.end() : c.start()], known)]
        if not ends:
            raise Unsupported(sentence.text, _("the words in quotation marks are not those of the answers."))
        end = ends[-1] if len(ends) == 1 else ends[0]
        quotes.append(" ".join(text[opened.end() : end.start()].split()))
        out.append(_HELD)
        place = end.end()
    return "".join(out) + text[place:], quotes


def _said(text: str, known: Iterable[str]) -> bool:
    """Exactly one of the known texts, with or without its full stop, or its beginning with “…” behind. Kinds of white space are
    all the same."""
    text = " ".join(text.split())
    return bool(text) and (
        text in known
        or f"{text}." in known
        or (text.endswith("…") and len(text) > 1 and any(k.startswith(text[:-1]) for k in known))
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
    minus, figure = figure[:1] in "−-", figure.lstrip("+−-")
    if language() == "fr":
        figure = re.sub(r"[\u202f\u00a0]", "", figure).replace(".", "").replace(",", ".")
    else:
        figure = re.sub(r",(?=\d{3}(?!\d))|[\u202f\u00a0]", "", figure)
    if "," in figure:
        return math.nan, 0  # no figure as it is written in this language
    whole, _dot, rest = figure.partition(".")
    value = float(f"{whole}.{rest or 0}" if rest.isdigit() or not rest else whole)
    return -value if minus else value, len(rest) if rest.isdigit() else 0


def figures_in(text: str) -> Iterator[str]:
    """The figures of a text as they are printed, addresses left out."""
    return (found[2] for found in _FIGURE.finditer(_ADDRESS.sub(" ", text)))
