"""What the test of a table says, in words. Pure.

A test is reckoned from the cells that are shown and from nothing else: of a table with a hidden cell, V and p would help to
find it. So there is none for such a table, and none can tell more than the page tells already.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from feedback.statistics.tables import Association, association
from heard.kit.i18n import _, number

CHANCE = 0.05


@dataclass(frozen=True)
class Contrast:
    """`finding`: "Differs clearly: V 0.31, p < 0.001, n 412.", or "" where there is none; `note`: how, or why not.

    `test`: the same in figures. `why`: why there is none: hidden (cells are), several (answers of one person), little (fewer
    than two rows or columns with anybody); "" where there is one.
    """

    finding: str = ""
    note: str = ""
    test: Association | None = None
    why: str = "little"


def contrast_in(cells: Sequence[Sequence[int | None]]) -> Contrast:
    """The test of a table in which each person is in one cell; None is a hidden cell."""
    shown = [[n for n in row if n is not None] for row in cells]
    if any(len(some) < len(row) for some, row in zip(shown, cells, strict=True)):
        return Contrast(note=_("Not tested: cells are hidden, and a test would help to reckon them."), why="hidden")
    found = association(shown)
    return Contrast(_words(found), _how(found), found, "") if found else Contrast()


def _words(found: Association) -> str:
    """The strength in words by Cohen's w, see tables.Association."""
    if found.p >= CHANCE:
        words = _("No difference beyond chance: V %(v)s, %(p)s, n %(n)s.")
    elif found.w >= 0.5:
        words = _("Differs strongly: V %(v)s, %(p)s, n %(n)s.")
    elif found.w >= 0.3:
        words = _("Differs clearly: V %(v)s, %(p)s, n %(n)s.")
    elif found.w >= 0.1:
        words = _("Differs a little: V %(v)s, %(p)s, n %(n)s.")
    else:
        words = _("Differs, but hardly: V %(v)s, %(p)s, n %(n)s.")
    return words % {"v": number(found.v, 2), "p": chance(found.p), "n": number(found.n)}


def chance(p: float) -> str:
    """“p < 0.001” or “p = 0.03”, never broken between two lines."""
    words = f"p < {number(0.001, 3)}" if p < 0.001 else f"p = {number(p, 3 if p < 0.01 else 2)}"
    return words.replace(" ", "\u00a0")


def _how(found: Association) -> str:
    parts = [
        _("V is how much, from 0 to 1; p is how often chance alone would give a table as uneven, if these were a random sample."),
        _("Fisher’s exact test.") if found.exact else _("Chi-square test."),
    ]  # fmt: skip
    if found.rough:
        parts.append(_("Some cells are thin, so p is rough."))
    parts.append(_("Of twenty tables looked at, chance alone makes about one differ."))
    return " ".join(parts)
