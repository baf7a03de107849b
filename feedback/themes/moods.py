"""Whether an answer praises, complains or neither, and whether somebody should read it today. Pure.

Words are looked up and a few rules put together: what is denied turns round, what stands before a “but” weighs less, a
wish takes back the praise in its sentence. English and French (feedback/themes/mood_words.py); of other languages only
emoji are read. Single answers may be misread, so show sums of them. docs/themes.md has the measured figures.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from feedback.themes.mood_words import ALARM, GLAD, MOOD_WORDS, SAD, MoodWords
from feedback.themes.text import cut, has_words

_TOKEN = re.compile(r"[+*?]\w+_|\w+(?:'\w+)*'?(?:-\w+)*|[.!?;,:\n]")
_ELISION = re.compile(r"\b([ldjmnstc]|qu)'(?=\w)")
_STOPS = frozenset(".!?;\n")
_PRAISE, _BLAME, _WISH = "+praise_", "*blame_", "?wish_"
_REACH = 3  # words over which a denial reaches


@dataclass
class _Said:
    """What was found: praise and blame as weights, and whether something is wished for."""

    praise: float = 0
    blame: float = 0
    wishes: bool = False
    turns: bool = False  # holds a “but”


def mood_of(text: str, language: str = "", question: str = "") -> int | None:
    """1 praises and asks for nothing, or says that nothing needs to change; −1 complains; 0 neither, or both.

    None where it cannot be told: a language other than English and French, no words. language: an ISO 639 code; "" is
    guessed. question: its wording, for “Nothing” praises where one asks what should change, and not where one asks what
    was good.
    """
    plain = cut(text).casefold().replace("’", "'")
    smiles = sum(c in GLAD for c in plain) - sum(c in SAD for c in plain)
    words = _known(plain, language) if has_words(plain) else None
    if words is None:
        return (smiles > 0) - (smiles < 0) if smiles else None
    said = _read(plain, words, question.casefold())
    if smiles > 0:
        said.praise += 1
    elif smiles < 0:
        said.blame += 1
    return _judged(said)


def mood_of_rating(number: float, low: float, high: float) -> int:
    """The mood of a step on a scale from its low to its high end: the upper three tenths praise, the lower ones complain.

    1 and 2 of five complain, 4 and 5 praise.
    """
    place = (number - low) / (high - low)
    return 1 if place >= 0.7 else -1 if place <= 0.3 else 0


def mood_of_nps(number: float) -> int:
    """0 to 6 complain, 9 and 10 praise: the detractors and promoters of Reichheld, 2003."""
    return 1 if number >= 9 else -1 if number <= 6 else 0


def is_content(text: str, language: str = "") -> bool:
    """Whether an answer praises and asks for nothing, or says that nothing needs to change."""
    return mood_of(text, language) == 1


def is_urgent(text: str, language: str = "") -> bool:
    """Whether somebody should read this today: danger, harm, threats, or the writer says so. By words, so never all."""
    plain = cut(text).casefold().replace("’", "'")
    if any(c in ALARM for c in plain):
        return True
    words = _known(plain, language) if has_words(plain) else None
    if words is None or not words.urgent.search(words.unhurried.sub(" ", plain)):
        return False
    return _judged(_read(plain, words, "")) != 1  # who is glad of a rescue has been rescued


def _known(plain: str, language: str) -> MoodWords | None:
    """The words of the language; without one, of that whose words the text holds more of, or None."""
    if language:
        return MOOD_WORDS.get(language)
    tokens = _tokens(plain)
    found = {
        name: sum(token in words.common or words.tells(token) for token in tokens)
        + 2 * bool(words.nothing.search(plain))
        for name, words in MOOD_WORDS.items()
    }
    best = max(found, key=lambda name: found[name])
    return MOOD_WORDS[best] if found[best] else None


def _tokens(plain: str) -> list[str]:
    return _TOKEN.findall(_ELISION.sub(r"\1' ", plain))


def _read(plain: str, words: MoodWords, question: str) -> _Said:
    said = _Said()
    plain = words.praising.sub(f" {_PRAISE} ", plain)
    plain = words.blaming.sub(f" {_BLAME} ", plain)
    nothing = words.nothing.search(plain)
    if nothing:
        asked_for_good = words.asks_for_good.search(question) is not None
        said.praise, said.blame = float(not asked_for_good), float(asked_for_good)
        plain = plain[nothing.end() :]
    plain = words.wishing.sub(f" {_WISH} ", plain)
    for clause, turned in _clauses(_tokens(plain), words):
        if turned:
            said.praise, said.blame, said.turns = said.praise / 2, said.blame / 2, True
        _add(said, clause, words)
    return said


def _clauses(tokens: Sequence[str], words: MoodWords) -> list[tuple[list[str], bool]]:
    """Runs of words up to a full stop or a “but”, and whether a “but” opens the run."""
    runs: list[tuple[list[str], bool]] = [([], False)]
    for place, token in enumerate(tokens):
        # “only” and “just” turn a sentence round behind a comma alone: “Good, only too late”.
        opens = token in words.contrast and (token not in _SMALL or (place > 0 and not tokens[place - 1].isalnum()))
        if opens:
            runs.append(([], True))
        elif token in _STOPS:
            runs.append(([], False))
        else:
            runs[-1][0].append(token)
    return [run for run in runs if run[0] or run[1]]


_SMALL = frozenset("only just seulement seul dommage".split())


def _add(said: _Said, clause: list[str], words: MoodWords) -> None:
    """A wish takes back what is praised in its clause, and halves its blame: “shorter waits, friendlier staff”."""
    wishes = any(token == _WISH or words.holds("wish", token) for token in clause)
    praise = blame = 0.0
    for place, token in enumerate(clause):
        if token not in words.too and token not in words.missing and not words.tells(token):
            said.praise += 1.5 * (token == _PRAISE)
            said.blame += 1.5 * (token == _BLAME)
            continue
        before = clause[max(0, place - _REACH) : place]
        before = before[len(before) - before[::-1].index(",") :] if "," in before else before
        weight = 1.5 if words.strong & set(before[-2:]) else 0.6 if words.weak & set(before[-2:]) else 1.0
        denied = any(word in words.denial or word.endswith("n't") for word in before)
        if words.holds("blame", token):
            praise, blame = (praise + 0.7, blame) if denied else (praise, blame + weight)  # “no problems” praises
        elif words.holds("praise", token):
            if denied:
                blame += weight
            elif _BLAME not in before[-2:]:  # “could be more helpful”
                praise += weight
        elif not denied and _is_missing(clause, place, words):
            blame += 1
    said.wishes |= wishes
    said.praise += 0 if wishes else praise
    said.blame += blame / 2 if wishes else blame


def _is_missing(clause: list[str], place: int, words: MoodWords) -> bool:
    """“too” with something behind it, or “no” with a thing that has no word of ours behind it: “no parking”."""
    following = clause[place + 1 : place + 1 + _REACH]
    if following[:1] in ([], [","]):
        return False
    if clause[place] in words.too:
        return not words.holds("blame", following[0])
    known = any(t in (_PRAISE, _BLAME) or words.tells(t) for t in following)
    return clause[place] in words.missing and not known and following[0] not in words.idle


def _judged(said: _Said) -> int:
    if said.blame >= (1 if said.wishes else 0.5) and said.blame >= (2.5 if said.turns else 2) * said.praise:
        return -1
    if said.praise and not said.wishes and said.praise >= 2 * said.blame:
        return 0 if said.turns and (said.blame or said.praise < 1) else 1
    return 0
