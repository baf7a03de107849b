"""The words that an answer shares with its theme, compared as names of themes are made: by stems, all praise alike. Pure."""

import re
from collections.abc import Sequence

from feedback.themes.stop_words import NOTHING, PRAISE, STOP, stem

_WORD = re.compile(r"\w+(?:['’]\w+)*")
_PRAISE = "+"  # as phrases.ANY_PRAISE: “friendly staff” is shared by “lovely staff”


def marked(text: str, keywords: Sequence[str]) -> list[tuple[str, bool]]:
    """The text in parts, in order; True for what is shared with a keyword. Neighbours that are shared are one part."""
    wanted = {key for keyword in keywords for key in _keys(keyword)}
    parts: list[tuple[str, bool]] = []
    end = 0
    for word in _WORD.finditer(text):
        if _key(word[0]) not in wanted:
            continue
        between = text[end : word.start()]
        if parts and parts[-1][1] and between.isspace():
            parts[-1] = (parts[-1][0] + between + word[0], True)
        else:
            parts += [(between, False), (word[0], True)] if between else [(word[0], True)]
        end = word.end()
    return [*parts, (text[end:], False)] if text[end:] else parts


def shared(text: str, keywords: Sequence[str]) -> list[str]:
    """The keywords all of whose words stand in the text, in some form."""
    there = set(_keys(text))
    return [keyword for keyword in keywords if (keys := _keys(keyword)) and there.issuperset(keys)]


def _keys(text: str) -> list[str]:
    return [key for word in _WORD.findall(text) if (key := _key(word))]


def _key(word: str) -> str:
    """What forms of a word share; "" for one that names nothing."""
    low = word.lower().replace("’", "'")
    if low in PRAISE:
        return _PRAISE
    return stem(low) if low in NOTHING or (low not in STOP and not low.isdigit()) else ""
