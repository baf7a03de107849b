"""Words, pairs and triples of words in answers, counted by theme, each with the form it is written in most often.

Pure. A *key* is what forms share: (stem,), two stems in alphabetical order, three in the order said, or `SAID` and three
or four words with function words among them (“can't think of anything”), for answers that hold little else. Addresses,
mentions, e-mail addresses and numbers are no words here, so they cannot get into a label.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from feedback.themes.stop_words import (
    ARTICLES,
    BEING,
    BEING_FRENCH,
    COPULAS,
    EDGES,
    LINKS,
    MODALS,
    MOODS,
    NEGATIONS,
    NOTHING,
    PARTICLES,
    PRAISE,
    STOP,
    stem,
)
from feedback.themes.text import EMAIL, HANDLE, PHONE, URL, cut

Key = tuple[str, ...]

SAID, ANY_PRAISE = "", "+"

_TOKEN = re.compile(r"\w+(?:['/-]\w+)*'?|[^\w\s]")
_ELISION = re.compile(r"\b([ldjmnstc]|qu)'(?=\w\w)", re.IGNORECASE)
_ELIDED = re.compile(r"(?:[ldjmnstc]|qu)'", re.IGNORECASE)
_BREAK = ""  # stands between words that do not belong together: punctuation, something masked


@dataclass
class Phrases:
    """within[theme][key]: answers of the theme with the key. total[key]: answers in all. sizes, answers: how many."""

    within: list[Counter[Key]]
    total: Counter[Key]
    sizes: list[int]
    answers: int
    forms: list[dict[Key, Counter[str]]]

    def surface(self, theme: int, key: Key) -> str:
        """The form most frequent in the theme; of equally frequent ones the shorter, then the first in the alphabet."""
        forms = self.forms[theme][key]
        return min(forms, key=lambda form: (-forms[form], len(form), form))


Said = list[dict[Key, Counter[str]]]
"""For each text its keys, each with the forms it has there."""


def read(texts: Sequence[str]) -> Said:
    """The keys of each text. The slow half (0.1 ms a text), so read once and count for each level."""
    rows = [tokens(text) for text in texts]
    capitals = written(rows)
    together = _verbs_with_particles(rows)
    return [_keys(row, capitals, together) for row in rows]


def count(said: Said, themes: np.ndarray, themes_in_all: int) -> Phrases:
    """Add the keys up by theme; those of theme −1 count in `total` only."""
    empty: list[Counter[Key]] = [Counter() for _ in range(themes_in_all)]
    found = Phrases(empty, Counter(), [0] * themes_in_all, len(said), [{} for _ in range(themes_in_all)])
    for theme, keys in zip(themes.tolist(), said, strict=True):
        found.total.update(keys.keys())
        if theme < 0:
            continue
        found.sizes[theme] += 1
        found.within[theme].update(keys.keys())
        for key, forms in keys.items():
            found.forms[theme].setdefault(key, Counter()).update(forms)
    return found


def tokens(text: str) -> list[str]:
    """Words as written, with a break for every punctuation mark; “d'attente” is two; a shouted text is lowered."""
    text = cut(text)
    for pattern in (EMAIL, URL, HANDLE, PHONE):
        text = pattern.sub(" . ", text)
    if text.isupper():
        text = text.lower()
    text = _ELISION.sub(r"\1' ", text.replace("’", "'").replace("_", " "))
    row = [token if _ELIDED.fullmatch(token) else token.rstrip("'") for token in _TOKEN.findall(text)]
    return [token if token[:1].isalnum() else _BREAK for token in row]


def written(rows: list[list[str]]) -> dict[str, str]:
    """{word in lower case: as written} for those mostly written with capitals inside a sentence: NHS, Apple."""
    seen: dict[str, Counter[str]] = {}
    for row in rows:
        for before, word in zip([_BREAK, *row], row, strict=False):
            if word and (before or word[1:] != word[1:].lower()):
                seen.setdefault(word.lower(), Counter())[word] += 1
    found = {}
    for low, forms in seen.items():
        form, times = min(forms.items(), key=lambda pair: (-pair[1], pair[0]))
        if form != low and times > sum(forms.values()) / 2 and low != "i":
            found[low] = form
    return found


def _verbs_with_particles(rows: list[list[str]]) -> set[tuple[str, str]]:
    """(“top”, “up”), (“log”, “in”): pairs where half of the first word's uses have the second behind it."""
    first: Counter[str] = Counter()
    both: Counter[tuple[str, str]] = Counter()
    for row in rows:
        low = [word.lower() for word in row]
        first.update(low)
        both.update((one, two) for one, two in pairwise(low) if two in PARTICLES and one not in STOP)
    return {pair for pair, times in both.items() if pair[0] and times >= 5 and 2 * times >= first[pair[0]]}


@dataclass
class _Word:
    """A word that may name something: where it stands, its stem, its form, whether it is praise."""

    place: int
    end: int
    stem: str
    form: str
    praise: bool
    nothing: bool


def _keys(row: list[str], capitals: dict[str, str], together: set[tuple[str, str]]) -> dict[Key, Counter[str]]:
    """{key: its forms in this answer}."""
    keys: dict[Key, Counter[str]] = {}
    words = _content(row, capitals, together)
    only_praise = all(word.praise for word in words)
    for word in words:
        if not word.praise or only_praise:
            keys.setdefault((word.stem,), Counter())[_with_before(row, word).removesuffix("'s")] += 1
    for one, two in pairwise(words):
        form = _joined(row, one, two)
        if form and one.stem != two.stem:
            keys.setdefault(tuple(sorted((one.stem, two.stem))), Counter())[form] += 1
    for one, two, three in zip(words, words[1:], words[2:], strict=False):
        touching = one.end == two.place and two.end == three.place
        if touching and len({one.stem, two.stem, three.stem}) == 3:
            keys.setdefault((one.stem, two.stem, three.stem), Counter())[f"{one.form} {two.form} {three.form}"] += 1
    for wording in _wordings(row, {word.place for word in words if not word.praise and not word.nothing}):
        keys.setdefault((SAID, *map(stem, wording)), Counter())[" ".join(wording)] += 1
    return keys


def _wordings(row: list[str], content: set[int]) -> list[tuple[str, ...]]:
    """Runs of three or four words with one content word at the most: longer ones are pairs already."""
    low = [token.lower() for token in row]
    runs = []
    for start, first in enumerate(low):
        if not first or first in EDGES:
            continue
        for size in (3, 4):
            run = low[start : start + size]
            if len(run) < size or _BREAK in run:
                break
            if run[-1] not in EDGES and sum(start + step in content for step in range(size)) <= 1:
                runs.append(tuple(run))
    return runs


def _with_before(row: list[str], word: _Word) -> str:
    """The word with what turns it round: “no complaints”, “couldn't fault”, “very good”."""
    earlier, before = [_BREAK, _BREAK, *(token.lower() for token in row[: word.place])][-2:]
    if word.praise:
        return f"{before} {word.form}" if before in ("very", "très") else word.form
    if before in NEGATIONS - {"not"} or before.endswith("n't"):
        return f"{before} {word.form}"
    return f"{earlier} not {word.form}" if before == "not" and earlier in ("can", "could") else word.form


def _content(row: list[str], capitals: dict[str, str], together: set[tuple[str, str]]) -> list[_Word]:
    words = []
    place = 0
    while place < len(row):
        token = row[place]
        low = token.lower()
        following = row[place + 1].lower() if place + 1 < len(row) else ""
        praise = low in PRAISE
        named = praise or low in NOTHING or low not in STOP
        worded = not any(c.isdigit() for c in token) and (len(low) > 1 or not low.isascii())
        if token and named and worded and not _ELIDED.fullmatch(token):
            form, end = capitals.get(low, low), place + 1
            if (low, following) in together:
                form, end = f"{form} {following}", place + 2
            words.append(_Word(place, end, ANY_PRAISE if praise else stem(low), form, praise, low in NOTHING))
            place = end
        else:
            place += 1
    return words


def _joined(row: list[str], one: _Word, two: _Word) -> str:
    """How two neighbouring words read together: “waiting time”, “quality of care”, “friendly staff” from “staff were
    friendly”; "" where they do not belong together."""
    between = [token.lower() for token in row[one.end : two.place]]
    if _BREAK in between or len(between) > 4:
        return ""
    denied = any(word in NEGATIONS or word.endswith("n't") for word in between)
    if one.nothing or two.nothing:
        said = one.nothing and between and not denied and all(word in COPULAS | MODALS for word in between)
        return f"{one.form} {' '.join(between)} {two.form}" if said else ""
    if denied:
        short = len(between) <= 2 and all(word in NEGATIONS | COPULAS or word.endswith("n't") for word in between)
        return f"{one.form} {' '.join(between)} {two.form}" if short else ""
    if between and all(word in COPULAS for word in between):
        return _said_of(one, two, between)
    between = [word for word in between if word not in ARTICLES]
    if two.praise and between not in (["and"], ["et"]):
        return "" if between or one.praise else f"{two.form} {one.form}"
    if not between:
        return f"{_with_before(row, one)} {two.form}"
    if len(between) == 1 and between[0] in LINKS:
        return f"{one.form} {between[0]} {two.form}".replace("d' ", "d'")
    return ""


def _said_of(one: _Word, two: _Word, between: list[str]) -> str:
    """“staff were very friendly” → friendly staff; “employ more staff” stays; “card is working” → card working; “repas
    sont froids” → repas froids, for in French most of what is said of a thing stands behind it."""
    if any(word in BEING_FRENCH for word in between):
        return f"{one.form} {two.form}"
    if any(word in BEING for word in between):
        doing = two.form.endswith("ing") and not two.praise and two.form not in MOODS
        return f"{one.form} {two.form}" if doing else f"{two.form} {one.form}"
    return f"{one.form} more {two.form}" if between == ["more"] else f"{one.form} {two.form}"
