"""What the cells of one column say of its question. The first rule that fits gives the kind:

1. whole numbers 0 to 10: a rating; a recommendation (0 to 10) where the head asks for one (NPS, recommend);
2. numbers as programs write them: a number. "0012", "1e5" and "1,5" are texts: reading them as numbers would change them;
3. days as 2026-11-23: a date;
4. several answers in one cell, joined by ";" or by ", ": several choices. Its options are the parts that come twice at
   least, short ones, at most MOST_PARTS; parts that are always together (Fast, cheap) are one. There must be fewer of them
   than different cells (for ";": not more), they make up six tenths of what was said, and what is left is "Other";
5. at most MOST_CHOICES different short cells, each used twice on average: one choice;
6. everything else, an empty column too: long text.

"Other" and "Don't know" of a choice become the options of that name. Cells are seen in batches, and only as many different
ones are remembered as could still matter: a column of a million texts takes no memory.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from feedback.imports.parsed import MOST_SEEN, Field, folded

MOST_CHOICES, LONGEST_CHOICE, MOST_PARTS = 12, 60, 60
_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,11})(?:\.\d{0,5}[1-9])?", re.ASCII)
_DAY = re.compile(r"[12]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])", re.ASCII)
_STEPS = frozenset(str(n) for n in range(11))
_RECOMMENDS = re.compile(r"\bnps\b|recommend|recommand|empfehl|recomend|raccomand|consigli", re.IGNORECASE)


class Column:
    """The values of a column, as far as they tell its kind."""

    def __init__(self) -> None:
        self.n = 0  # cells that are not empty
        self.different: Counter[str] = Counter()  # in order of appearance; stops at MOST_SEEN
        self.steps = self.numbers = self.days = True
        self.joined = {";": Parts(";"), ", ": Parts(", ")}

    @property
    def full(self) -> bool:
        """Whether it holds more different cells than any choice has."""
        return len(self.different) >= MOST_SEEN

    def see(self, cells: Iterable[str]) -> None:
        """A batch of cells."""
        counts = Counter(cells)
        counts.pop("", None)
        self.n += counts.total()
        if self.full and not (self.numbers or self.days or self.joined):
            return
        for cell, n in counts.items():
            text = cell.strip()
            if not text:
                self.n -= n
                continue
            if not self.full or text in self.different:
                self.different[text] += n
            self.steps = self.steps and text in _STEPS
            self.numbers = self.numbers and _NUMBER.fullmatch(text) is not None
            self.days = self.days and _DAY.fullmatch(text) is not None
            for between, parts in [*self.joined.items()]:
                if not parts.see(text, n):
                    del self.joined[between]

    def field(self, name: str, wording: str) -> Field:
        """The question that this column holds the answers of."""
        found = Field(name, self._kind(wording), wording)
        if found.kind == "multiple":
            found.between = next(b for b, parts in self.joined.items() if parts.fit(self))
            labels: Sequence[str] = self.joined[found.between].options()
            found.other = len(labels) < len(self.joined[found.between].counts)
        else:
            labels = list(self.different) if found.kind in ("single", "rating") else []
        for label in labels:
            found.see(label)
        return found

    def _kind(self, wording: str) -> str:
        if not self.n:
            return "long_text"
        if self.steps:
            return "nps" if _RECOMMENDS.search(wording) else "rating"
        if self.numbers:
            return "number"
        if self.days:
            return "date"
        if any(parts.fit(self) for parts in self.joined.values()):
            return "multiple"
        return "single" if self.chosen else "long_text"

    @property
    def chosen(self) -> bool:
        """Whether its cells look like those of a choice."""
        short = all(_short(v) for v in self.different)
        return 2 <= len(self.different) <= MOST_CHOICES and short and len(self.different) * 2 <= self.n


class Parts:
    """The cells of a column, taken apart. Stays small: it gives up as soon as it can be no list of options."""

    def __init__(self, between: str) -> None:
        self.between = between
        self.counts: Counter[str] = Counter()
        self.pairs: Counter[tuple[str, str]] = Counter()  # neighbours
        self.total = 0

    def see(self, cell: str, n: int) -> bool:
        """One cell, there n times. False: these are no options."""
        parts = [part.strip() for part in cell.split(self.between)]
        for part in parts:
            self.counts[part] += n
        for pair in pairwise(parts):
            self.pairs[pair] += n
        self.total += n * len(parts)
        return len(self.counts) < MOST_SEEN and len(self.pairs) < MOST_SEEN

    def options(self) -> list[str]:
        """What is chosen, in order of appearance; parts that never come alone are put together again."""
        usual = {part: n for part, n in self.counts.items() if n > 1}
        follows = {
            a: b for (a, b), n in self.pairs.items()
            if self.between != ";" and a in usual and b in usual and usual[a] == usual[b] == n and a != b
        }  # fmt: skip
        options = []
        for part in usual:
            if part in follows.values():
                continue
            whole = [part]
            while whole[-1] in follows and len(whole) < 20:
                whole.append(follows[whole[-1]])
            options.append(self.between.join(whole))
        return options

    def fit(self, column: Column) -> bool:
        """Whether they are the options of several choices."""
        if not self.pairs:
            return False
        options = self.options()
        said = sum(n for part, n in self.counts.items() if n > 1)
        few = len(options) <= len(column.different) if self.between == ";" else len(options) < len(column.different)
        nearly_all = said * 10 >= self.total * 6
        return 2 <= len(options) <= MOST_PARTS and all(_short(o) for o in options) and few and nearly_all


def taken_apart(cell: str, between: str, options: Iterable[str]) -> list[str]:
    """The options in one cell, the longest first where one holds another; what is none of them is one "Other: …"."""
    known, parts = {folded(o): o for o in options}, [part.strip() for part in cell.split(between)]
    found, rest, at = list[str](), list[str](), 0
    while at < len(parts):
        for end in range(min(len(parts), at + 20), at, -1):
            label = known.get(folded(between.join(parts[at:end])))
            if label is not None:
                found += [label] if label not in found else []
                at = end
                break
        else:
            rest += [parts[at]] if parts[at] else []
            at += 1
    return [*found, f"Other: {between.join(rest)}"] if rest else found


def _short(text: str) -> bool:
    return len(text) <= LONGEST_CHOICE and "\n" not in text
