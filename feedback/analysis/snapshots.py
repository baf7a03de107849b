"""Columns on disk: HEARD_DATA/snapshots/<poll>/, so that cross tables of large polls need not read a million rows.

Derived, and for one machine: what is missing, damaged or old is made again from the database. A snapshot is made by a job
(feedback/jobs.py) or, where no job came by, in the background of whoever wanted to read it; never inside a GET. It is
written only when a recount of its columns gives exactly the counters that may be shown: so that of an anonymous poll it
holds whole steps.
"""

import json
import logging
import os
import shutil
import tempfile
import threading
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
from sqlmodel import col, select

from feedback.analysis import reading as rows
from feedback.analysis.columns import Array, Column, Columns, counted, differences, own_columns
from feedback.collect import counters
from feedback.collect.queries import is_closed, snapshot
from heard.kit.clock import now
from heard.kit.db import DbSession, reading
from heard.kit.errors import Refused
from heard.kit.i18n import _
from heard.kit.settings import settings
from polls.frozen import FrozenPoll, frozen_polls
from polls.models import Poll

FORM = 2  # moves when columns mean something else: older files are made again
SMALL = 2_000  # responses that are read from the database at once, without a snapshot
OLD, LEFT = timedelta(minutes=1), timedelta(hours=1)
log = logging.getLogger("heard.snapshots")


class BeingPrepared(Refused):
    """The columns of this poll are not there yet."""

    code, status, retry_after = "being_prepared", 503, 60

    def __init__(self, poll: FrozenPoll) -> None:
        super().__init__(
            _("The answers to “%(title)s” are being prepared for tables.") % {"title": poll.title},
            hint=_("Come back in a minute. Results and files are there meanwhile."),
        )


def columns_for(session: DbSession, poll: FrozenPoll) -> Columns:
    """The columns of a poll, as they are or as they were a moment ago. Raises BeingPrepared.

    `session`: one that sees one moment (feedback.collect.queries.snapshot).
    """
    cells = _shown(session, poll)
    if cells.get("n", 0) <= SMALL and (found := _agreeing(session, poll, cells)) is not None:
        return found
    kept = load(poll.id)
    if kept is None or (kept.cells != cells and _made_at(poll.id) < now() - OLD):
        prepare(poll.id)
    if kept is None:
        raise BeingPrepared(poll)
    return kept


def refresh(poll_id: int) -> bool:
    """Make a poll's snapshot anew if its counters have moved; whether there is one that agrees with them now."""
    with snapshot() as session:
        poll = frozen_polls(session, [poll_id]).get(poll_id)
        if poll is None:
            shutil.rmtree(_folder(poll_id), ignore_errors=True)
            return False
        cells = _shown(session, poll)
        if not cells.get("n") or (cells["n"] <= SMALL and not poll.anonymous):
            return False
        kept = load(poll_id)
        if kept is not None and kept.cells == cells:
            return True
        ids = rows.ids_of(session, poll.id, only_released=_only_released(poll))
        return _write(poll, cells, len(ids), rows.columns_of(session, poll, ids))


def prepare(poll_id: int) -> threading.Thread:
    """Make it in the background of this process, one poll at a time."""
    with _starting:
        thread = _preparing.get(poll_id)
        if thread is None or not thread.is_alive():
            thread = _preparing[poll_id] = threading.Thread(target=_one_by_one, args=(poll_id,), daemon=True)
            thread.start()
    return thread


_starting, _turn = threading.Lock(), threading.Lock()
_preparing: dict[int, threading.Thread] = {}


def _one_by_one(poll_id: int) -> None:
    with _turn:
        refresh(poll_id)
    _preparing.pop(poll_id, None)


def _shown(session: DbSession, poll: FrozenPoll) -> dict[str, int]:
    cells = counters.shown(counters.cells(session, poll.id), anonymous=poll.anonymous, closed=is_closed(poll))
    return {cell: n for cell, n in cells.items() if n}


def _only_released(poll: FrozenPoll) -> bool:
    return poll.anonymous and not is_closed(poll)


def _agreeing(session: DbSession, poll: FrozenPoll, cells: dict[str, int]) -> Columns | None:
    """The columns of a small poll, in memory; None when they are not what may be shown: somebody changed a ballot of a step
    that is out."""
    ids = rows.ids_of(session, poll.id, only_released=_only_released(poll))
    made = list(rows.columns_of(session, poll, ids))
    if len(ids) != cells.get("n", 0) or _differences(poll, made, cells):
        return None
    return Columns(len(ids), cells, {c.name: c.values for c in made}, {c.name: c.codes for c in made if c.codes})


def _differences(poll: FrozenPoll, made: list[Column], cells: dict[str, int]) -> list[str]:
    arrays = {c.name: c.values for c in made}
    right: dict[str, int] = {}
    for question in poll.questions:
        right |= counted(question, own_columns(question, arrays))
    return differences(poll, right, cells)


def _write(poll: FrozenPoll, cells: dict[str, int], n: int, columns: Iterator[Column]) -> bool:
    """Into a folder of its own, counted on the way; the manifest, replaced at once, then says that it holds."""
    home = _folder(poll.id)
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix="new-", dir=home))
    try:
        listed, right = _saved(poll, fresh, columns)
        wrong = differences(poll, right, cells) + ([] if n == cells["n"] else ["n"])
        if wrong:
            # Of an open anonymous poll it may be a ballot that was changed since its step: the next step agrees again.
            log.warning("snapshot of poll %s differs from its counters: %s", poll.id, ", ".join(wrong[:10]))
            return False
        kept = fresh.rename(home / f"data-{fresh.name.removeprefix('new-')}")
        manifest = {
            "form": FORM, "poll": poll.id, "revision": poll.revision, "made_at": now().isoformat(), "folder": kept.name, "n": n,
            "cells": cells, "columns": listed,
        }  # fmt: skip
        (kept / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
        os.replace(kept / "manifest.json", home / "manifest.json")
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    for old in home.glob("data-*"):
        if old.name != kept.name:
            shutil.rmtree(old, ignore_errors=True)
    return True


def _saved(poll: FrozenPoll, folder: Path, columns: Iterator[Column]) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """The columns as files, and what they count to."""
    questions = {f"{q.id}": q for q in poll.questions}
    listed: list[dict[str, Any]] = []
    right: dict[str, int] = {}
    for about, group in groupby(columns, key=lambda column: column.name.partition(":")[0]):
        arrays: dict[str, Array] = {}
        for column in group:
            file = f"{len(listed)}.npy"
            np.save(folder / file, column.values, allow_pickle=False)
            sum_ = zlib.crc32(np.ascontiguousarray(column.values).view(np.uint8).data)
            listed.append({"name": column.name, "file": file, "crc": sum_, "codes": column.codes})
            arrays[column.name] = column.values
        if about in questions:
            right |= counted(questions[about], arrays)
    return listed, right


def load(poll_id: int) -> Columns | None:
    """A poll's snapshot, its columns mapped into memory; None where there is none, or where it is damaged."""
    for _attempt in range(2):  # a new one may take its place while we read
        try:
            return _loaded(_folder(poll_id))
        except FileNotFoundError:
            continue
        except (OSError, ValueError, KeyError, TypeError) as error:
            log.warning("snapshot of poll %s is damaged: %s", poll_id, error)
            return None
    return None


def _loaded(home: Path) -> Columns:
    file = home / "manifest.json"
    state = file.stat()
    mark = (state.st_ino, state.st_mtime_ns, state.st_size)
    known = _at_hand.get(home)
    if known is not None and known[0] == mark:
        return known[1]
    manifest = json.loads(file.read_text(encoding="utf-8"))
    if manifest["form"] != FORM:
        raise ValueError("it is of another form")
    arrays: dict[str, Array] = {}
    for one in manifest["columns"]:
        values = np.load(home / manifest["folder"] / one["file"], mmap_mode="r", allow_pickle=False)
        if zlib.crc32(values.view(np.uint8).data) != one["crc"]:
            raise ValueError(f"column {one['name']} is not as it was written")
        arrays[one["name"]] = values
    codes = {one["name"]: tuple(one["codes"]) for one in manifest["columns"] if one["codes"]}
    found = Columns(manifest["n"], manifest["cells"], arrays, codes)
    if len(_at_hand) >= 16:
        _at_hand.clear()
    _at_hand[home] = (mark, found)
    return found


_at_hand: dict[Path, tuple[tuple[int, int, int], Columns]] = {}


def sweep() -> None:
    """Remove snapshots of polls that are not there any more, and what a killed process left."""
    home = settings().data_folder / "snapshots"
    folders = [f for f in home.glob("*") if f.name.isdigit()] if home.is_dir() else []
    with reading() as session:
        there = set(session.scalars(select(col(Poll.id)).where(col(Poll.id).in_([int(f.name) for f in folders]))))
    for folder in folders:
        if int(folder.name) not in there:
            shutil.rmtree(folder, ignore_errors=True)
        for left in folder.glob("new-*"):
            if datetime.fromtimestamp(left.stat().st_mtime, UTC) < now() - LEFT:
                shutil.rmtree(left, ignore_errors=True)


def _made_at(poll_id: int) -> datetime:
    """When the snapshot was made, by its file."""
    return datetime.fromtimestamp((_folder(poll_id) / "manifest.json").stat().st_mtime, UTC)


def _folder(poll_id: int) -> Path:
    return settings().data_folder / "snapshots" / str(poll_id)
