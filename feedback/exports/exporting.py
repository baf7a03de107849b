"""Taking a poll's responses along: which files there are, who waits for enough responses, and the file in pieces.

Rows come in the order of random ids, which tells nothing, and from one moment, however long it takes and whoever votes
meanwhile. Of an anonymous poll they have a day instead of a time, and while it is open only those are there that belong to
a published step of K (feedback/collect/counters.py). Ballots that are set aside have a file of their own.
"""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from feedback.collect.counters import K
from feedback.collect.queries import (
    StoredResponse,
    is_closed,
    poll_results,
    set_aside_standing,
    snapshot,
    standing,
    stored_responses,
)
from feedback.exports import codebook, spreadsheet, tables, text_tools
from feedback.exports.codebook import Codebook
from heard.kit import csvio
from heard.kit.db import DbSession, reading
from heard.kit.errors import BadInput, Refused
from heard.kit.i18n import _
from polls.frozen import FrozenPoll, frozen_poll
from polls.publish.corrections import corrections_of
from polls.publish.editions import series_of

CSV, JSONL = "text/csv; charset=utf-8", "application/x-ndjson"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SET_ASIDE = "set-aside"


class TooFewToShow(Refused):
    """An anonymous poll with so few responses that a row could be somebody."""

    code, status = "too_few", 409


class Download(NamedTuple):
    """A file on its way: what it is called, what it is, and its pieces."""

    name: str
    media_type: str
    pieces: Iterator[bytes]

    @property
    def headers(self) -> dict[str, str]:
        """For HTTP. The name holds letters, digits, hyphens and points only."""
        return {"Content-Disposition": f'attachment; filename="{self.name}"', "Cache-Control": "private, no-store"}


def download(slug: str, form: str) -> Download:
    """A file of this poll. Raises NotFound, BadInput for an unknown form, TooFewToShow, and what a form refuses: before the
    first piece."""
    ending, media_type = _form(form).ending, _form(form).media_type
    stem = re.sub(r"[^a-z0-9-]+", "-", slug.lower())[:80].strip("-") or "poll"
    return Download(f"{stem}{ending}", media_type, (_bytes(piece) for piece in _opened(slug, form)))


def export(slug: str, form: str) -> Iterator[str]:
    """The same as pieces of text. Raises the same, and BadInput for a workbook, which is no text."""
    if _form(form).media_type == XLSX:
        raise BadInput(_("A workbook is no text."), hint=_("Name a file with --output."))
    return (str(piece) for piece in _opened(slug, form))


def codebook_of(session: DbSession, poll: FrozenPoll) -> Codebook:
    """What the columns mean, and how many answered, as far as results may be told."""
    series = series_of(session, poll.series_id, poll.edition, unseen=False)
    return codebook.codebook_of(poll, poll_results(session, poll), series, corrections_of(session, poll.id))


def _opened(slug: str, form: str) -> Iterator[str | bytes]:
    """Everything that may refuse comes before the first piece."""
    made = _form(form)
    with reading() as session:
        poll = frozen_poll(session, slug)
        if made.counted and poll.anonymous:
            _enough(session, poll, form)
    made.check(poll)
    return _pieces(poll, made)


def _enough(session: DbSession, poll: FrozenPoll, form: str) -> None:
    apart = form == SET_ASIDE
    if apart and not is_closed(poll):
        raise TooFewToShow(
            _("“%(title)s” is anonymous: what was set aside can be taken along once it is closed.")
            % {"title": poll.title},
            hint=_("While it is open, a single ballot would be seen as it comes in."),
        )
    if (set_aside_standing if apart else standing)(session, poll.id) < K:
        raise TooFewToShow(
            _("“%(title)s” is anonymous: its answers can be taken along from %(k)s responses on.")
            % {"title": poll.title, "k": K},
            hint=_("Wait until more people have answered."),
        )


def _pieces(poll: FrozenPoll, form: "_Form") -> Iterator[str | bytes]:
    with snapshot() as session:
        yield from form.write(session, poll)


def _bytes(piece: str | bytes) -> bytes:
    return piece.encode() if isinstance(piece, str) else piece


def _only_released(poll: FrozenPoll) -> bool:
    return poll.anonymous and not is_closed(poll)


def _rows(session: DbSession, poll: FrozenPoll) -> Iterator[StoredResponse]:
    return stored_responses(session, poll.id, only_released=_only_released(poll))


def _apart(session: DbSession, poll: FrozenPoll) -> Iterator[StoredResponse]:
    return (row for row in stored_responses(session, poll.id, set_aside=True) if row.set_aside)


def _comments(session: DbSession, poll: FrozenPoll) -> Iterator[text_tools.ShownComment]:
    return text_tools.shown_comments(session, poll.id, only_released=_only_released(poll))


def _codebook_lines(session: DbSession, poll: FrozenPoll) -> Iterator[str]:
    lines = [csvio.line(row) for row in codebook.rows_of(codebook_of(session, poll))]
    yield from [tables.MARK, *lines]


def _workbook(session: DbSession, poll: FrozenPoll) -> Iterator[bytes]:
    return spreadsheet.workbook(poll, _rows(session, poll), codebook.rows_of(codebook_of(session, poll)))


def _nothing(poll: FrozenPoll) -> None:
    """Any poll has this file."""


class _Form(NamedTuple):
    ending: str
    media_type: str
    write: Callable[[DbSession, FrozenPoll], Iterator[str] | Iterator[bytes]]
    check: Callable[[FrozenPoll], object] = _nothing
    counted: bool = True  # it holds what people said: an anonymous poll waits for K of them


FORMS: dict[str, _Form] = {
    "csv": _Form(".csv", CSV, lambda s, p: tables.csv_rows(p, _rows(s, p))),
    "long": _Form(".long.csv", CSV, lambda s, p: tables.long_rows(p, _rows(s, p))),
    "jsonl": _Form(".jsonl", JSONL, lambda s, p: tables.json_rows(p, _rows(s, p))),
    "xlsx": _Form(".xlsx", XLSX, _workbook, spreadsheet.check_width),
    "codebook": _Form(".codebook.csv", CSV, _codebook_lines, counted=False),
    "participants": _Form(
        ".participants-votes.csv", CSV, lambda s, p: text_tools.participant_rows(p, _rows(s, p)), text_tools.statements_of
    ),
    "statements": _Form(
        ".comments.csv", CSV, lambda s, p: text_tools.statement_rows(p, poll_results(s, p)), text_tools.statements_of
    ),
    "comments": _Form(".texts.csv", CSV, lambda s, p: text_tools.comment_rows(_comments(s, p))),
    "survey-text": _Form(".survey-text.csv", CSV, lambda s, p: text_tools.survey_rows(_comments(s, p))),
    SET_ASIDE: _Form(".set-aside.csv", CSV, lambda s, p: tables.set_aside_rows(p, _apart(s, p))),
}  # fmt: skip


def _form(name: str) -> _Form:
    if name not in FORMS:
        raise BadInput(
            _("There is no export format “%(form)s”.") % {"form": name[:40]},
            hint=_("Formats: %(names)s.") % {"names": ", ".join(FORMS)},
        )
    return FORMS[name]
