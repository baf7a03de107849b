"""An import at work: it reads the file, checks, records batch after batch, and goes on where it was after a kill.

Streaming: a batch is all that is held of the file. A response's place in the file is its number, and `imports.done` says how
many of them are recorded; the same file gives the same order, so the next worker leaves out that many.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath

from sqlalchemy import update
from sqlalchemy.exc import DBAPIError
from sqlmodel import col, select

from feedback.collect.ballots import PollClosed
from feedback.collect.recording import StalePoll
from feedback.imports import bulk, mapping, opening, recording, uploads
from feedback.imports.checking import Checker, refused_row
from feedback.imports.keys import Keys
from feedback.imports.mapping import Choices
from feedback.imports.models import Import
from feedback.imports.opening import Opened
from feedback.imports.parsed import Incoming, Layout, RefusedRow
from feedback.imports.recording import Batch, Overtaken, Stopped
from heard.accounts.models import Account, Community
from heard.kit import logs
from heard.kit.db import DbSession, engines, reading, writing
from heard.kit.errors import BadInput, Refused
from heard.kit.i18n import _, speaking
from polls.frozen import FrozenPoll, freeze
from polls.kinds.statements import Statements
from polls.models import Option, Poll, Question
from polls.publish import publishing
from polls.write import authoring
from polls.write.drafts import folded

Progress = Callable[[int, int], None]
FIRST_BATCH, SMALLEST_BATCH, LARGEST_BATCH = (
    1_000,
    1_000,
    20_000,
)  # a small one writes nearly as many pages as a large one
LOCK_SECONDS = 0.2  # that a batch may keep votes from being written; what it takes beyond makes the next one smaller
TRIES, PAUSE = 8, 0.25
log = logs.logger("heard.imports")


def go_on(import_id: int, path: Path, *, progress: Progress | None = None) -> None:
    """Bring in what is left of a running import from the file at `path`. Returns when it has ended, or another worker is at it.

    Raises what kept it from going on: Refused after saying so in the import's row, other faults with the row as it was.
    """
    with reading() as session:
        found = session.get(Import, import_id)
        if found is None or found.status != "running":
            return
        work = _Work(session, found)
    try:
        with speaking(work.language):
            work.run(path, progress)
    except Overtaken:
        log.info("import.overtaken", id=import_id)
    except Stopped:
        end(import_id, "canceled")
    except Refused as refusal:
        end(import_id, "failed", error=f"{refusal.message} {refusal.hint}".strip())
        raise
    finally:
        bulk.relax()


def end(import_id: int, status: str, *, error: str = "") -> None:
    """The import has ended before its file has."""
    with writing() as session:
        found = session.get(Import, import_id, with_for_update=True)
        if found is not None and found.status == "running":
            uploads.finish(session, found, status, error=error)


class _Work:
    """One worker at one import."""

    def __init__(self, session: DbSession, found: Import) -> None:
        session.expunge(found)
        self.found, self.community = found, session.get_one(Community, found.community_id)
        self.by = session.get(Account, found.created_by) if found.created_by else None
        self.language = self.by.locale if self.by else self.community.locale
        self.done = found.done

    def run(self, path: Path, progress: Progress | None) -> None:
        into = None if self.found.made_poll or self.found.poll_id is None else _frozen(self.found.poll_id)
        opened = opening.opened(path, self.found.form, poll=into)
        self._tell(opened)
        poll, choices = self._poll(opened)
        keys, pace = Keys(poll.id, anonymous=poll.anonymous), _Pace(FIRST_BATCH)
        checker = Checker(poll.questions, opened.layout, choices)
        items, total = _left(opened, self.done), max(opened.layout.rows, self.found.rows)
        while True:
            batch = _read(items, self.done, pace.size)
            try:
                pace.learn(batch, self._recorded(poll, keys, checker, batch))
            except StalePoll:
                poll = _frozen(poll.id)
                checker = Checker(poll.questions, opened.layout, choices)
                pace.learn(batch, self._recorded(poll, keys, checker, batch))
            self.done += batch.size
            pace.rest()
            if progress:
                progress(self.done, max(total, self.done))
            if batch.last:
                return

    def _tell(self, opened: Opened) -> None:
        """How many responses there are, and how the file was read."""
        if not self.found.rows:
            notes = self.found.mapping | {"notes": [*opened.layout.notes]}
            with writing() as session:
                values = {"rows": opened.layout.rows, "mapping": notes}
                session.execute(update(Import).where(col(Import.id) == self.found.id).values(**values))

    def _poll(self, opened: Opened) -> tuple[FrozenPoll, Choices]:
        """The poll that the answers go to, made once there is something to put into it."""
        stored = mapping.choices_from(self.found.mapping)
        if self.found.poll_id is not None:
            poll = _frozen(self.found.poll_id)
            choices = stored or mapping.proposed(opened.layout, None if self.found.made_poll else poll)
            if not self.found.made_poll:
                mapping.must_fit(poll, opened.layout, choices)
            return poll, choices
        choices = stored or mapping.proposed(opened.layout, None)
        with speaking(self.community.locale):
            drafts = mapping.drafts(opened.layout, choices)
        must_hold_something(opened, Checker(mapping.previewed(drafts), opened.layout, choices))
        with speaking(self.community.locale), writing() as session:
            found = session.get_one(Import, self.found.id, with_for_update=True)
            if found.poll_id is None:  # else another worker has just made it
                title = found.title or opened.layout.title or title_of(found.file_name)
                made = authoring.create_poll(
                    session, self.community, title, drafts, by=self.by, voter_rule="open",  # so that the API may add to it
                    listed=found.mapping.get("listed", True),
                )  # fmt: skip
                publishing.open_now(session, made, by=self.by)
                _mark_moderated(session, made, opened.layout)
                found.poll_id, found.made_poll = made.id, True
                session.add(found)
            poll_id = found.poll_id or 0
        return _frozen(poll_id), choices

    def _recorded(self, poll: FrozenPoll, keys: Keys, checker: Checker, batch: Batch) -> float:
        """Check and write a batch; while the database is busy or away, again and again for a while."""
        _check(batch, checker)
        for attempt in range(TRIES):
            try:
                return recording.record(self.found.id or 0, poll, keys, batch)
            except Exception as error:
                if not passes(error) or attempt == TRIES - 1:
                    raise
                log.warning("import.again", id=self.found.id, why=logs.reason(error))
                time.sleep(PAUSE * 2**attempt)
        raise AssertionError("unreachable")


def _mark_moderated(session: DbSession, poll: Poll, layout: Layout) -> None:
    """What was moderated out in the file is so in the new poll; after opening, as somewhere all of it was."""
    wanted = {folded(label) for label in layout.moderated}
    statements = select(Option).join(Question).where(Question.poll_id == poll.id, Question.kind == Statements.name)
    found = [option for option in session.exec(statements) if folded(option.label) in wanted] if wanted else []
    for option in found:
        option.moderated = True
    if found:
        poll.revision += 1
    session.add_all([poll, *found])
    session.flush()


def title_of(file_name: str) -> str:
    """What a poll is called whose file has no title of its own."""
    return PurePath(file_name).stem.replace("_", " ").replace("-", " ").strip() or _("Imported answers")


def passes(error: Exception) -> bool:
    """Whether the database may take it the next time: it is busy or away, or somebody was faster with the same submission."""
    driver = engines().write.dialect.loaded_dbapi  # rows in bulk go past SQLAlchemy, and so do their errors
    told = error.orig if isinstance(error, DBAPIError) else error
    return isinstance(told, (driver.OperationalError, driver.IntegrityError))


def must_hold_something(opened: Opened, checker: Checker) -> None:
    """Raises BadInput when not one response of the file could be taken: no empty poll is made."""
    refused: list[RefusedRow] = []
    for one in opened.responses():
        if isinstance(one, RefusedRow):
            refused.append(one)
        elif checker.check(one, refused) is not None:
            return
        del refused[1:]
    raise BadInput(
        _("The file holds no response that could be taken."),
        hint=_("line %(line)s: %(why)s") % {"line": refused[0].line, "why": refused[0].reason}
        if refused
        else _("The first row names the columns; the responses come below it."),
    )


def _left(opened: Opened, done: int) -> Iterator[Incoming | RefusedRow]:
    """What follows after the first `done` responses of the file."""
    items = iter(opened.responses())
    while done:
        done -= isinstance(next(items), Incoming)
    return items


def _read(items: Iterator[Incoming | RefusedRow], start: int, size: int) -> Batch:
    """The next batch: it ends with a response, so that what was refused before one is recorded with it, and once."""
    batch = Batch(start)
    for one in items:
        batch.read.append(one)
        if isinstance(one, Incoming):
            batch.size += 1
            if batch.size == size:
                return batch
    batch.last = True
    return batch


def _check(batch: Batch, checker: Checker) -> None:
    batch.taken, batch.refused = [], []
    for one in batch.read:
        if isinstance(one, Incoming):
            checked = checker.check(one, batch.refused)
            if checked is not None:
                batch.taken.append(checked)
        else:
            batch.refused.append(refused_row(*one))


@dataclass
class _Pace:
    """How many responses the next batch takes, so that the lock is held for LOCK_SECONDS at most."""

    size: int  # responses
    rested: float = 0.0

    def learn(self, batch: Batch, seconds: float) -> None:
        """From how long the last one took."""
        fitting = batch.size * LOCK_SECONDS / max(seconds, 0.001)
        self.size = max(SMALLEST_BATCH, min(LARGEST_BATCH, int(fitting), self.size * 2))

    def rest(self) -> None:
        """Between two batches, when nobody waits for us: SQLite moves what was committed out of its log, once a second."""
        if time.monotonic() - self.rested > 1:
            bulk.checkpoint()
            self.rested = time.monotonic()


def _frozen(poll_id: int) -> FrozenPoll:
    with reading() as session:
        poll = session.get(Poll, poll_id)
        if poll is None:
            raise BadInput(_("The poll that the answers went to is gone."))
        return freeze(session, poll)


def must_be_open(poll: FrozenPoll) -> None:
    """Raises PollClosed where no new response would be taken."""
    if poll.phase != "open":
        raise PollClosed(poll, poll.phase)
