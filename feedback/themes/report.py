"""What `heard themes` found, as a file: a table (.csv), data for a program (.json), a page for people (.html).

The whole file or none, and of the same input the same bytes. What people wrote is masked in quotes; the rows say only where
they stand in the file that was read.
"""

import csv
import io
import json
import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np

from feedback.themes.clustering import Clustering
from feedback.themes.labelling import Label
from feedback.themes.quotes import nearest, quotes
from feedback.themes.similarity import Kept
from feedback.themes.text import masked
from heard.kit import web
from heard.kit.errors import BadInput
from heard.kit.i18n import _

HEAD = ("row", "theme", "label", "score", "parent", "parent_label")
ENDINGS = ("csv", "json", "html")
_PORTION = 20_000


@dataclass(frozen=True)
class ThemeFound:
    """A theme by its number at its level. `share` in 0..1 of all answers; `parent`: number of the coarse one, None there."""

    theme: int
    label: str
    count: int
    share: float
    keywords: list[str]
    quotes: list[str]
    parent: int | None = None


@dataclass(frozen=True)
class Report:
    """All that was found in n answers, `alone` of them in no theme; themes by size at both levels, a row for each answer."""

    source: str
    engine: str
    n: int
    alone: int
    coarse: list[ThemeFound]
    fine: list[ThemeFound]
    places: Clustering

    def rows(self) -> Iterator[tuple[int, int, float, int]]:
        """(place in the file, theme, score in 0..1, coarse theme) of each answer; −1: in none. Made as they are written."""
        for start in range(0, self.n, _PORTION):
            here, parent = slice(start, start + _PORTION), np.append(self.places.parent, -1)
            theme, score = self.places.theme[here], self.places.score[here].tolist()
            yield from zip(
                range(start, self.n),
                theme.tolist(),
                score,
                np.where(theme < 0, -1, parent[theme]).tolist(),
                strict=False,
            )


def report(
    source: str, engine: str, texts: Sequence[str], vectors: np.ndarray | Kept | None, found: Clustering,
    fine: Sequence[Label], coarse: Sequence[Label],
) -> Report:  # fmt: skip
    """Put together what `write` writes."""
    parents = found.parent.tolist()
    lower = [
        _theme(number, label, texts, vectors, found.theme, found.score, parents[number])
        for number, label in enumerate(fine)
    ]
    upper = [
        _theme(number, label, texts, vectors, found.coarse, found.score, None) for number, label in enumerate(coarse)
    ]
    return Report(source, engine, len(texts), int((found.theme < 0).sum()), upper, lower, found)


def _theme(
    number: int, label: Label, texts: Sequence[str], vectors: np.ndarray | Kept | None, level: np.ndarray, score: np.ndarray,
    parent: int | None,
) -> ThemeFound:  # fmt: skip
    members = np.flatnonzero(level == number)
    near = members[nearest([texts[i] for i in members.tolist()], score[members])]
    near.sort()  # of two that are equally fit the first in the file is taken
    said = [texts[i] for i in near.tolist()]
    chosen = quotes(said, score[near], vectors[near] if vectors is not None else None)
    share = round(len(members) / max(1, len(texts)), 4)
    return ThemeFound(
        number, label.text, len(members), share, label.keywords, [masked(said[i]) for i in chosen], parent
    )


def must_fit(output: Path) -> None:
    """Whether such a file can be written, before hours of work. Raises BadInput."""
    if output.suffix.lower().lstrip(".") not in ENDINGS:
        raise BadInput(
            _("A report cannot be written as “%(name)s”.") % {"name": output.name},
            hint=_("Choose a name that ends in %(endings)s.") % {"endings": ", ".join(f".{e}" for e in ENDINGS)},
        )
    if not output.absolute().parent.is_dir():
        raise BadInput(
            _("There is no folder %(folder)s to write to.") % {"folder": output.absolute().parent},
            hint=_("Make the folder first, or name another file with --output."),
        )


def write(made: Report, output: Path) -> None:
    """The form goes by the ending of `output`. Raises BadInput when it cannot be written."""
    pieces = {"csv": _as_csv, "json": _as_json, "html": _as_html}[output.suffix.lower().lstrip(".")](made)
    try:
        with tempfile.NamedTemporaryFile(dir=output.absolute().parent, prefix=f".{output.name}-", delete=False) as file:
            file.writelines(piece.encode("utf-8", "replace") for piece in pieces)
        Path(file.name).chmod(0o644)
        os.replace(file.name, output)
    except OSError as fault:
        raise BadInput(
            _("%(file)s cannot be written: %(fault)s.") % {"file": output, "fault": fault.strerror or fault},
            hint=_("Name another file with --output."),
        ) from None


def _as_csv(made: Report) -> Iterator[str]:
    out = io.StringIO(newline="")
    table = csv.writer(out)
    table.writerow(HEAD)
    for row, theme, score, parent in made.rows():
        named = (made.fine[theme].label, made.coarse[parent].label) if theme >= 0 else ("", "")
        table.writerow((row, theme, _plain(named[0]), f"{score:.4f}", parent, _plain(named[1])))
        if out.tell() > _PORTION:
            yield out.getvalue()
            out.seek(out.truncate(0))
    yield out.getvalue()


def _plain(label: str) -> str:
    """A label that no spreadsheet takes for a formula."""
    return f"'{label}" if label.startswith(("=", "+", "-", "@")) else label


def _as_json(made: Report) -> Iterator[str]:
    """As `json.dumps(…, indent=1)` writes it, the rows last and one by one."""
    said = {each.name: getattr(made, each.name) for each in fields(made) if each.name != "places"}
    said |= {"coarse": [asdict(theme) for theme in made.coarse], "fine": [asdict(theme) for theme in made.fine]}
    yield json.dumps(said, ensure_ascii=False, indent=1).removesuffix("\n}") + ',\n "rows": ['
    between = "\n"
    for row, theme, score, parent in made.rows():
        yield (
            f'{between}  {{\n   "row": {row},\n   "theme": {theme},\n   "score": {round(score, 4)},\n'
            f'   "parent": {parent}\n  }}'
        )
        between = ",\n"
    yield "\n ]\n}\n" if made.n else "]\n}\n"


def _as_html(made: Report) -> list[str]:
    """A page that needs nothing beside it."""
    return [web.render("feedback/themes_report.html", {"found": made})]
