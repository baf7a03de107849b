"""Looking for words in answers: without capitals and accents, on either database. Pure."""

from feedback.themes.text import folded, has_words, masked, words

LONGEST = 200
"""Characters of a search."""


class Words:
    """What is looked for. Each word stands somewhere in the text, as a word or a part of one; of what has no letters, such
    as an emoji, the very signs do.

    What would be masked is not found: whoever tries numbers or addresses one by one learns nothing.
    """

    def __init__(self, wished: str) -> None:
        wished = wished[:LONGEST]
        self._signs = "" if has_words(wished) else wished.strip()
        self._words = [] if self._signs else list(dict.fromkeys(words(folded(wished))))

    def are_in(self, text: str) -> bool:
        """Whether an answer holds them."""
        if self._signs or not self._words:
            return bool(self._signs) and self._signs in masked(text)
        return self._stand_in(text) and self._stand_in(masked(text))

    def _stand_in(self, text: str) -> bool:
        plain = folded(text).replace("’", "'")
        return all(word in plain for word in self._words)
