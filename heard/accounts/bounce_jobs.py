"""Mails that came back into the Maildir folder that HEARD_BOUNCES names: looked at once a minute, each read once."""

import os
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from heard.accounts import bounces
from heard.kit import logs, returned, work
from heard.kit.db import writing
from heard.kit.settings import settings

log = logs.logger("heard.mail")
AT_ONCE = 500
TRY_LATER = 75  # EX_TEMPFAIL: the mail server keeps the mail; with any other code it would send a bounce of the bounce


def take_in_stream(stream: BinaryIO, ready: Callable[[], None]) -> None:
    """`heard bounces`: print what became of the mails of a stream. Whatever goes wrong ends with TRY_LATER; twice changes nothing."""
    try:
        ready()
        print(bounces.told(take_stream(stream)))
    except (Exception, SystemExit) as error:
        if not isinstance(error, SystemExit):
            print(f"heard: {type(error).__name__}: {error}"[:300], file=sys.stderr)
        sys.exit(TRY_LATER)


def take_stream(stream: BinaryIO) -> Counter[str]:
    """The mails of a stream, each in a transaction of its own: how many there were of each verdict."""
    counts: Counter[str] = Counter()
    for raw in bounces.mails_in(stream):
        with writing() as session:
            counts[bounces.take(session, raw)] += 1
    return counts


def arrived() -> list[Path]:
    """Files that lie there unread; at most AT_ONCE."""
    if (folder := settings().bounces) is None:
        return []
    try:
        with os.scandir(folder / "new") as there:
            found = (Path(one.path) for one in there if one.is_file() and not one.name.startswith("."))
            return [file for _n, file in zip(range(AT_ONCE), found, strict=False)]
    except OSError as error:
        log.warning("bounces.folder", why=logs.reason(error))
        return []


@work.each_minute
def look() -> None:
    """Ask for the job where something has come."""
    if arrived():
        with writing() as session:
            work.due(session, "bounces", "folder")


@work.handles("bounces")
def take_in() -> None:
    """Read what has come, each in a transaction of its own, then move it to cur/. Killed in between, one is read again."""
    counts: Counter[str] = Counter()
    for file in arrived():
        try:
            with open(file, "rb") as stream:
                raw = stream.read(returned.LONGEST)
        except OSError as error:
            log.warning("bounces.file", file=file.name, why=logs.reason(error))
            continue
        with writing() as session:
            counts[bounces.take(session, raw)] += 1
        _put_away(file)
    if counts:
        log.info("bounces.read", **counts)


def _put_away(file: Path) -> None:
    seen = file.parent.parent / "cur" / f"{file.name.partition(':')[0]}:2,S"
    try:
        seen.parent.mkdir(mode=0o700, exist_ok=True)
        os.replace(file, seen)
    except OSError as error:  # it is read again in a minute, which changes nothing
        log.warning("bounces.file", file=file.name, why=logs.reason(error))
