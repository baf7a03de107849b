"""What is a slip of the pen: a spelling that is put right without a change of what was asked. Pure.

People answered the words they saw, so after the first vote only this much may change, and everything else is a new
edition. A change is a slip when all of this holds:

- word by word: both texts have the same number of words, but for a word written twice in a row ("the the");
- at most three words differ, beyond accents, capitals and punctuation, and four letters in all;
- of a word of four to six letters one letter was put in, left out, replaced or swapped with its neighbour, of a longer
  one two at the most; of a shorter one only neighbours were swapped ("teh" → "the"): "one" and "two" are other words;
- no figure, sign, currency or comparison differs;
- no negation comes or goes, in English or French ("can" → "can't", "ne … pas"), and no word turns into its opposite by
  its beginning ("happy" → "unhappy", "content" → "mécontent");
- an option does not become the label of another option of its question.
"""

import re
import unicodedata
from collections.abc import Sequence

from polls.write.drafts import folded

MOST_WORDS, MOST_LETTERS = 3, 4
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
# with its sign and its currency, but not the comma or full stop behind it
_FIGURE = re.compile(r"[-+−–±]?\d+(?:[.,:/\u202f\u00a0 ]\d+)*|[<>≤≥=≠%€$£¥°+×÷]")
_NEGATIONS = frozenset(
    "no not never none nobody nothing nowhere neither nor without cannot hardly barely except but only "
    "ne n non ni pas plus jamais aucun aucune aucuns aucunes rien personne sans guère sauf".split()
)
_BARE = frozenset(
    "cant wont dont doesnt didnt isnt arent wasnt werent shouldnt couldnt wouldnt hasnt havent hadnt".split()
)
_OPPOSITES = tuple("un in im il ir dis de dés dé non mis mal mé més anti a ab".split())


def is_slip(before: str, after: str, others: Sequence[str] = ()) -> bool:
    """Whether `after` only puts a slip of the pen in `before` right. `others`: the labels of the other options."""
    if before == after or not after.strip() or folded(after) in {folded(label) for label in others}:
        return False
    old, new = unicodedata.normalize("NFC", before), unicodedata.normalize("NFC", after)
    if _FIGURE.findall(old) != _FIGURE.findall(new) or _symbols(old) != _symbols(new):
        return False
    words, changed = _words(old), _words(new)
    if len(words) != len(changed) or _negations(words) != _negations(changed):
        return False
    distances = [_letters(a, b) for a, b in zip(words, changed, strict=True) if _plain(a) != _plain(b)]
    if len(distances) > MOST_WORDS or any(d is None for d in distances):
        return False
    return sum(d or 0 for d in distances) <= MOST_LETTERS


def _words(text: str) -> list[str]:
    """The words without capitals; one that is written twice in a row counts once."""
    found = [word.casefold().replace("’", "'") for word in _WORD.findall(text)]
    return [word for at, word in enumerate(found) if at == 0 or word != found[at - 1]]


def _symbols(text: str) -> list[str]:
    """What is neither letter, figure, space nor punctuation: emoji and signs, which may be all that an option is."""
    return [c for c in text if unicodedata.category(c)[0] not in "LNZPMC"]


def _negations(words: Sequence[str]) -> list[str]:
    """The negations in order: n't and the French n' as well."""
    parts = [part for word in words for part in (["n't"] if word.endswith("n't") or word in _BARE else word.split("'"))]
    return [part for part in parts if part == "n't" or part in _NEGATIONS]


def _plain(word: str) -> str:
    """Without accents and apostrophes."""
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c) and c != "'")


def _letters(before: str, after: str) -> int | None:
    """In how many letters two words differ; None when that is more than a slip."""
    a, b = _plain(before), _plain(after)
    shorter, longer = sorted((a, b), key=len)
    if any(longer == _plain(opposite) + shorter for opposite in _OPPOSITES):
        return None
    distance = _distance(a, b)
    if len(shorter) < 4:
        return distance if distance == 1 and len(a) == len(b) and sorted(a) == sorted(b) else None
    return distance if distance <= (1 if len(longer) < 7 else 2) else None


def _distance(a: str, b: str) -> int:
    """Letters put in, left out, replaced, or swapped with their neighbour (optimal string alignment)."""
    rows = [list(range(len(b) + 1))]
    for i, one in enumerate(a, 1):
        row = [i]
        for j, other in enumerate(b, 1):
            best = min(rows[-1][j] + 1, row[j - 1] + 1, rows[-1][j - 1] + (one != other))
            if i > 1 and j > 1 and one == b[j - 2] and a[i - 2] == other:
                best = min(best, rows[-2][j - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]
