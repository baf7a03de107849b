"""Answers as text: cleaning, language, what counts as words, near-duplicates, and masking before a quote is shown.

Pure: no session, no clock. numpy and py3langid (0.3 s, 50 MB) are imported only when a language is asked for, so web
modules may import this file for `clean` and `masked`.
"""

import math
import random
import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

LONGEST = 4000
"""Characters of an answer that are read for its theme. The encoder sees 256 word pieces, about 1,200 characters."""

LANGUAGES = (
    "en fr de es it pt nl da no sv fi pl cs sk hu ro hr sr bg ru uk el tr ar he fa hi ur bn ta zh ja ko vi id ca gl "
    "cy ga et lv lt sl"
).split()
"""ISO 639 codes an answer may be in. A short list beats all 97: “Nothing.” is otherwise seldom English."""

JUDGED = 20_000
"""Texts whose languages are judged together, and at a time: 7 MB of likelihoods."""

_UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad\ufffe\uffff]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_SPACE = re.compile(r"\s+")
_WORD = re.compile(r"\w+(?:['’]\w+)*")
_LATIN_ACCENTS = re.compile("[\u0300-\u036f]")  # most of what stands above or below a letter, taken away at once

_HOST = r"[\w-]+(?:\.[\w-]+)+"
EMAIL = re.compile(
    rf"(?<![\w.+'’-])[\w.+'’-]{{1,64}}\s?(?:[@＠]|[(\[{{]\s?(?:at|arobase)\s?[)\]}}])\s?{_HOST}"  # ada (at) home.example
    r"|(?<![\w.+'’-])[\w.+-]{1,64}\s(?:at\s[\w-]{1,64}(?:\sdot\s[\w-]{1,64})+|arobase\s[\w-]{1,64}(?:(?:\spoint\s|\.)[\w-]{1,64})+)",
    re.IGNORECASE,
)
URL = re.compile(
    r"(?:https?|ftp)://\S+|\bwww\.\S+"
    r"|(?<![\w-])(?<![\w-]\.)[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|edu|gov|info|io|co|uk|fr|de|eu|ch|be|ca|example)\b(?:/\S*)?",
    re.IGNORECASE,
)
HANDLE = re.compile(r"(?<![\w/])(?:[@＠]|/?u/)\w(?:[\w.-]*\w)?")
PHONE = re.compile(r"(?<![\w.,])\+?\(?\d[\d\s().\-/]{6,}\d(?!\w)")
# One of these is in all that is masked.
_MASKED = re.compile(r"[@＠\d]|\.\S|://|u/|\sarobase\s|\sdot\s|[(\[{]\s?(?:at|arobase)", re.IGNORECASE)
_DATE = re.compile(r"\d{4}[-/. ]\d{1,2}[-/. ]\d{1,2}|\d{1,2}[-/. ]\d{1,2}[-/. ]\d{4}|(?:(?:19|20)\d\d[-/, ]*)+")
_SHORT_PHONE = re.compile(r"\d{3}[-. ]\d{4}")


def clean(text: str) -> str:
    """The text without NUL, control and invisible characters, white space collapsed, composed (NFC).

    Words, capitals, punctuation and emoji stay as they were written.
    """
    text = _CONTROL.sub(" ", _UNSEEN.sub("", text))
    return _SPACE.sub(" ", unicodedata.normalize("NFC", text)).strip()


def cut(text: str) -> str:
    """The first `LONGEST` characters, ending at a word where there is one near."""
    if len(text) <= LONGEST:
        return text
    end = text.rfind(" ", LONGEST - 200, LONGEST)
    return text[: end if end > 0 else LONGEST]


def has_words(text: str) -> bool:
    """Whether there is a letter or a digit, of any script. Blank, “...” and emoji alone are not words."""
    return _WORD.search(text.replace("_", " ")) is not None


def words(text: str) -> list[str]:
    """Words in lower case, in order; apostrophes stay inside: ["don't", "wait"]."""
    return [word.replace("’", "'") for word in _WORD.findall(text.replace("_", " ").lower())]


def same_key(text: str) -> str:
    """Equal for texts that differ only in capitals, accents, punctuation, or the width of letters: near-duplicates.

    A text without words is its own key.
    """
    if text.isascii():  # the same, in a third of the time: a list of 100,000 answers is folded for each of its pages
        return " ".join(_WORD.findall(text.lower().replace("_", " "))) or text
    if not has_words(text):
        return text
    return " ".join(words(folded(text)))


def folded(text: str) -> str:
    """The text without capitals and accents, and with letters of one width. Made for comparing, never shown."""
    if text.isascii():
        return text.lower()
    plain = _LATIN_ACCENTS.sub("", unicodedata.normalize("NFKD", text.casefold()))
    return plain if plain.isascii() else "".join(c for c in plain if not unicodedata.combining(c))


def masked(text: str) -> str:
    """The text with e-mail addresses, links, @handles and telephone numbers replaced, for showing it as a quote.

    Names of people are not found this way; docs/themes.md says so.
    """
    if not _MASKED.search(text):
        return text
    text = EMAIL.sub("[e-mail]", text)
    text = URL.sub("[link]", text)
    text = HANDLE.sub("[name]", text)
    return PHONE.sub(lambda found: "[phone]" if _is_phone(found[0]) else found[0], text)


_ORDER = re.compile(
    r"(?<!\bi )(?<!\bwe )(?<!\bthey )(?<!\bstaff )\b(?:ignore|disregard|forget|override|bypass)\b[^.!?\n]{0,40}\b(?:above"
    r"|previous|prior|earlier|preceding|instructions?|prompts?)\b"
    r"|\b(?:ignore[rz]?|oublie[rz]?)\b[^.!?\n]{0,40}\b(?:instructions?|consignes?|ci-dessus|précéden\w+|ce qui précède)\b"
    r"|\b(?:system prompt|you are now|act as an? |as an ai\b|reply (?:only )?with|respond (?:only )?with|output only|jailbreak"
    r"|new instructions?:)|(?:<\|?(?:im_start|system|/?s|endoftext)\|?>|\[/?inst\])",
    re.IGNORECASE,
)


def is_order(text: str) -> bool:
    """Whether a text speaks to a machine that reads it, as “ignore the above and write …” does, and not to people."""
    return _ORDER.search(text) is not None


def _is_phone(text: str) -> bool:
    """Whether digits with blanks between them are a telephone number and not a date, years, opening hours, an amount."""
    digits = "".join(c for c in text if c.isdigit())
    if _DATE.fullmatch(text.strip()):
        return False
    return (
        len(digits) >= 9
        or (len(digits) >= 7 and text.lstrip("( ")[0] in "+0")
        or bool(_SHORT_PHONE.fullmatch(text.strip("( )")))
    )


ENGLISH = frozenset(
    """
    the and with they have has my you it this that are how what can very not were would when your been their could but
    from our there to i was is of for be she he we more
    """.split()
)
"""One of these stands in nearly every English sentence, and seldom in one of another language as often."""


def plainly_english(texts: Sequence[str]) -> bool:
    """Whether of the texts of 8 words or more, 20 at least, all but 2 % hold an English function word, and the letters
    are Latin. Then py3langid has nothing to add, and its model, 0.6 s and 50 MB, is not loaded.
    """
    spoken = foreign = 0
    for text in texts:
        row = words(cut(text))
        if len(row) >= 8:
            spoken += 1
            foreign += ENGLISH.isdisjoint(row)
    strange = sum(any(c > "\u024f" and c.isalpha() for c in text[:200]) for text in texts if not text.isascii())
    return spoken >= 20 and foreign <= 0.02 * spoken and strange <= 0.005 * len(texts)


def language(texts: Sequence[str]) -> list[str]:
    """The language of each text as an ISO 639 code; "" where there are no words.

    Short answers alone are guesses (“Nothing.”), so all texts are judged together: the share of each language is
    estimated from them (expectation–maximisation, 5 rounds, longer texts telling more) and is the prior of each. Of more
    than `JUDGED` texts the shares are estimated from so many, by chance.
    """
    known = [i for i, text in enumerate(texts) if has_words(text)]
    found = [""] * len(texts)
    if not known:
        return found
    if plainly_english([texts[i] for i in known]):
        return ["en" if has_words(text) else "" for text in texts]
    import numpy as np  # not at the top: see there

    part = known if len(known) <= JUDGED else sorted(random.Random(0).sample(known, JUDGED))
    names, scores = _scores([cut(texts[i]) for i in part])
    share = np.full(len(names), 1 / len(names))
    tells = np.array([min(len(words(cut(texts[i]))), 12) - 0.99 for i in part])[
        :, None
    ]  # one word tells next to nothing
    for _ in range(5):
        weight = scores + np.log(share)
        weight = np.exp(weight - weight.max(axis=1, keepdims=True))
        weight /= weight.sum(axis=1, keepdims=True)
        share = ((weight * tells).sum(axis=0) + 0.001) / (tells.sum() + 0.001 * len(names))
    for i, best in zip(part, weight.argmax(axis=1), strict=True):
        found[i] = names[int(best)]
    rest = [i for i in known if not found[i]]
    for start in range(0, len(rest), JUDGED):
        some = rest[start : start + JUDGED]
        for i, row in zip(some, _scores([cut(texts[i]) for i in some])[1], strict=True):
            found[i] = names[int((row + np.log(share)).argmax())]
    return found


def _scores(texts: list[str]) -> "tuple[list[str], np.ndarray]":
    """Log-likelihoods (texts, languages), flattened by the root of the length, as py3langid's own probabilities are."""
    import numpy as np

    judge = _judge()
    places = {name: column for column, name in enumerate(LANGUAGES)}
    seen: dict[str, np.ndarray] = {}
    rows = []
    for text in texts:
        if text not in seen:
            row = np.full(len(LANGUAGES), -1e3)
            for name, score in judge.rank(text):
                row[places[name]] = score / math.sqrt(len(text.encode("utf-8", "replace")) or 1)
            seen[text] = row - row.max()
        rows.append(seen[text])
    return list(LANGUAGES), np.array(rows)


@cache
def _judge() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # slow to load: only when asked

    judge = LanguageIdentifier.from_model_file(MODEL_FILE)
    judge.set_languages(LANGUAGES)
    return judge
