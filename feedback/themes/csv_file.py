"""`heard themes FILE.csv --column text`: themes of a table of texts, without a database.

Reads what spreadsheets write, finds the themes, writes a report. Loads the whole of the analysis (1.5 s, 350 MB
for 3,000 answers): for the command line only.
"""

import csv
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from feedback.themes import report
from feedback.themes.clustering import EXACT, Clustering, cluster
from feedback.themes.embedding import Encoder, Progress, encoder
from feedback.themes.labelling import READ, Label, named, read_words
from feedback.themes.similarity import Answers, Kept
from feedback.themes.text import clean, language
from feedback.themes.vector_file import VectorFile, encode_into
from heard.kit.errors import BadInput
from heard.kit.i18n import _, ngettext

WORDS_ONLY = "words"
"""The engine's name where the model package is absent."""

_LARGEST_FIELD = 50_000_000  # characters; csv's own limit of 131,072 cuts long answers off
_DELIMITERS = ",;\t"
_BLOCK = 1 << 20  # characters


@dataclass(frozen=True)
class Named:
    """A theme with how many answers it has."""

    label: str
    count: int


@dataclass(frozen=True)
class Summary:
    """What was found: n rows, `alone` of them in no theme; themes by size, at the fine and the coarse level.

    engine: the encoder's name, or "words". seconds: from opening the file to the last line written.
    """

    n: int
    alone: int
    fine: list[Named]
    coarse: list[Named]
    engine: str
    seconds: float

    def lines(self) -> list[str]:
        """What to print: one line on the whole, then the ten largest themes, largest first."""
        kinds = ngettext("%(count)d theme", "%(count)d themes", len(self.fine)) % {"count": len(self.fine)}
        lines = [
            _("%(n)d answers, %(kinds)s in %(groups)d groups, %(alone)d answers alone; %(engine)s, %(seconds).1f s")
            % {
                "n": self.n,
                "kinds": kinds,
                "groups": len(self.coarse),
                "alone": self.alone,
                "engine": self.engine,
                "seconds": self.seconds,
            }
        ]
        if self.engine == WORDS_ONLY and self.n:
            lines.append(_("The language model is not installed: answers were compared by their words alone."))
        width = len(str(self.fine[0].count)) if self.fine else 0
        return lines + [f"{theme.count:{width}d}  {theme.label}" for theme in self.fine[:10]]


def themes_of_file(
    path: Path,
    column: str,
    output: Path | None,
    model_folder: Path,
    progress: Progress | None = None,
    placing: Progress | None = None,
) -> Summary:
    """Find the themes of the texts in one column; with `output`, write them to it (feedback/themes/report.py).

    `model_folder` keeps the encoder's file. progress(texts read by the encoder, texts in all); of very many, placing is
    told afterwards how many have their theme.
    Raises BadInput if the file is not there, not a table, without the column, or if `output` cannot be written.
    """
    began = time.monotonic()
    if output is not None:
        report.must_fit(output)
    texts = [clean(text) for text in read_column(path, column)]
    with VectorFile(model_folder) as kept:
        found, fine, coarse, vectors, engine = _find(texts, model_folder, kept, progress, placing)
        if output is not None:
            report.write(report.report(path.name, engine, texts, vectors, found, fine, coarse), output)
    return Summary(
        n=len(texts),
        alone=int((found.theme < 0).sum()),
        fine=_counted(fine, found.theme),
        coarse=_counted(coarse, found.coarse),
        engine=engine,
        seconds=time.monotonic() - began,
    )


def _find(
    texts: list[str], model_folder: Path, kept: VectorFile, progress: Progress | None, placing: Progress | None
) -> tuple[Clustering, list[Label], list[Label], np.ndarray | Kept | None, str]:
    """(themes, names of the fine ones, names of the coarse ones, vectors, the engine's name)."""
    model = encoder(model_folder) if texts else None
    with ThreadPoolExecutor(1) as pool:  # the encoder leaves a part of a core free: read the words meanwhile
        pending = pool.submit(_vectors, model, texts, kept, progress) if model else None
        spoken, said = language(texts), read_words(texts) if len(texts) <= READ else None
        vectors = pending.result() if pending else None
    found = cluster(Answers(texts, vectors, spoken), progress=placing)
    fine, coarse = named(texts, [found.theme, found.coarse], vectors, model, said=said)
    return found, fine, coarse, vectors, model.name if model else WORDS_ONLY


def _vectors(model: Encoder, texts: list[str], kept: VectorFile, progress: Progress | None) -> np.ndarray | Kept:
    """In memory for as many answers as are clustered whole (30 MB), else in a file."""
    if len(texts) <= EXACT:
        return model.encode(texts, progress)
    encode_into(kept, model, texts, progress)
    return kept


def read_column(path: Path, column: str) -> list[str]:
    """The texts of one column, exactly as they stand: “NA” and “None” are answers, a missing cell is "".

    UTF-8 with or without mark, UTF-16 with mark, else Windows-1252; delimiter comma, semicolon or tab, whichever the
    first line has most of. Blank lines are no rows. Raises BadInput.
    """
    content = _decoded(path)
    first = content.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=lambda mark: (first.count(mark), mark == ","))
    before = csv.field_size_limit(_LARGEST_FIELD)
    try:
        rows = csv.reader(_lines(content), delimiter=delimiter, strict=False)
        head = next(rows, [])
        place = _place(head, column, path)
        return [row[place] if place < len(row) else "" for row in rows if row]
    except csv.Error as fault:
        raise BadInput(
            _("%(file)s is not a table that can be read: %(fault)s.") % {"file": path, "fault": fault},
            hint=_("Save it as CSV (UTF-8) and try again."),
        ) from None
    finally:
        csv.field_size_limit(before)


def _lines(content: str) -> Iterator[str]:
    """Its lines with their ends, a block at a time: a list of a million takes more memory than what they say."""
    start = 0
    while start < len(content):
        end = content.find("\n", start + _BLOCK) + 1 or len(content)
        yield from content[start:end].splitlines(keepends=True)
        start = end


def _decoded(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError as fault:
        raise BadInput(
            _("%(file)s cannot be read: %(fault)s.") % {"file": path, "fault": fault.strerror or fault},
            hint=_("Check the name of the file."),
        ) from None
    if not raw.strip():
        raise BadInput(
            _("%(file)s is empty.") % {"file": path},
            hint=_("The first line names the columns, each further line is an answer."),
        )
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        content = raw.decode("utf-16", "replace")
    else:
        try:
            content = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            content = raw.decode("cp1252", "replace")
    if "\0" in content or _is_noise(content[:4000]):
        raise BadInput(
            _("%(file)s is not a CSV file: it holds bytes that are no text.") % {"file": path},
            hint=_("Save it as CSV (UTF-8) and try again."),
        )
    return content.replace("\r\n", "\n").replace("\r", "\n")


def _is_noise(content: str) -> bool:
    """Whether more than one character in fifty is a control character: a picture, an archive, random bytes."""
    control = sum(c < " " and c not in "\t\r\n\f" for c in content)
    return control * 50 > len(content)


def _place(head: list[str], column: str, path: Path) -> int:
    names = [name.strip() for name in head]
    if column.strip() in names:
        return names.index(column.strip())
    lower = [name.casefold() for name in names]
    if lower.count(column.strip().casefold()) == 1:
        return lower.index(column.strip().casefold())
    raise BadInput(
        _("%(file)s has no column “%(column)s”.") % {"file": path, "column": column},
        hint=_("Its columns are: %(columns)s. Name one of them with --column.")
        % {"columns": ", ".join(name[:40] for name in names[:30] if name) or "–"},
    )


def _counted(labels: list[Label], themes: np.ndarray) -> list[Named]:
    sizes = np.bincount(themes[themes >= 0], minlength=len(labels))
    return [Named(label.text, int(size)) for label, size in zip(labels, sizes, strict=True)]
