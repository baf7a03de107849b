"""Backup while running, restore into an empty place. One file: the database (consistent), the secret, and what it is."""

import io
import json
import os
import sqlite3
import tarfile
import tempfile
from contextlib import closing, suppress
from pathlib import Path

from heard.kit.clock import now
from heard.kit.db import engines
from heard.kit.errors import BadInput, Refused
from heard.kit.i18n import _
from heard.kit.settings import settings

LONG_AGO = "1970-01-01 00:00:00.000000"


class NotEmpty(Refused):
    """A restore would overwrite data."""

    code, status = "not_empty", 409


def backup(file: Path) -> str:
    """Write a backup of the SQLite database and the secret; returns a sentence. Raises BadInput."""
    if settings().sqlite_file is None:
        raise BadInput(
            _("On PostgreSQL the database's own tools make the backup; nothing was written."),
            hint='pg_dump --format=custom --file=heard.dump "$HEARD_DATABASE_URL"',
        )
    if not file.parent.is_dir():
        raise BadInput(
            _("There is no folder %(folder)s.") % {"folder": file.parent},
            hint=_("Make it first, or choose another place."),
        )
    about = json.dumps({"heard": 1, "made_at": now().isoformat()}).encode()
    with tempfile.TemporaryDirectory(dir=file.parent) as folder:
        copy = Path(folder) / "heard.db"
        with engines().write.connect() as connection:
            raw = connection.connection.driver_connection
            assert raw is not None
            raw.execute(
                "VACUUM INTO ?", (str(copy),)
            )  # the only copy that is whole while votes arrive (trust decision D9)
        half = Path(folder) / "half"
        with tarfile.open(half, "w:gz") as tar:
            tar.add(copy, "heard.db")
            for name, data in (("about.json", about), ("secret", settings().secret_key)):
                entry = tarfile.TarInfo(name)
                entry.size, entry.mode = len(data), 0o600
                tar.addfile(entry, io.BytesIO(data))
        half.chmod(0o600)
        half.replace(file)
    return _("Backup written to %(file)s (it holds the secret: keep it as safe as the server).") % {"file": file}


def restore(file: Path) -> str:
    """Bring a backup into an empty database; returns a sentence. Raises BadInput or NotEmpty."""
    target = settings().sqlite_file
    if target is None:
        raise BadInput(
            _("A backup file is restored into SQLite; on PostgreSQL use pg_restore."),
            hint="pg_restore --dbname=… heard.dump",
        )
    if target.exists() and _has_data(target):
        raise NotEmpty(
            _("%(target)s holds data already, so nothing was restored.") % {"target": target},
            hint=_("Move that file away first, or choose an empty place with HEARD_DATABASE_URL."),
        )
    try:
        with tarfile.open(file) as tar:
            database, secret = (tar.extractfile(name).read() for name in ("heard.db", "secret"))  # type: ignore[union-attr]
    except (OSError, tarfile.TarError, KeyError) as error:
        raise BadInput(
            _("%(file)s cannot be read as a backup: %(why)s.") % {"file": file, "why": error},
            hint=_("heard backup FILE makes one."),
        ) from error
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    half = target.with_suffix(".restoring")
    _private(half, database)
    paused = _pause(half)
    for stale in ("-wal", "-shm"):
        target.with_name(target.name + stale).unlink(missing_ok=True)
    half.replace(target)
    if not settings().secret:
        key = settings().data_folder / "secret"
        _private(key, secret)
    if not paused:
        _pause_after_upgrade()
    return _(
        "Restored from %(file)s. Start it with: heard serve. Nothing is sent from it until an owner or a manager"
        " has looked at what waits."
    ) % {"file": file}


def _pause(database: Path) -> bool:
    """Nothing goes out of the copy until a person has looked: what it takes for unsent, the other one may have sent
    (heard/kit/pausing.py; trust.md, M2). Mailings that are under way ask once more, each on its page
    (polls.publish.mailings.is_still). False: the copy is of a Heard that knew no pause."""
    waits = "status IN ('queued', 'sending')"
    with closing(sqlite3.connect(database)) as connection:
        with suppress(sqlite3.Error), connection:  # an older copy has none
            connection.execute(
                f"UPDATE mailing_deliveries SET created_at = '{LONG_AGO}', lease_until = NULL WHERE {waits}"
            )
        with suppress(sqlite3.Error), connection:
            moment = now().replace(tzinfo=None).isoformat(" ", "microseconds")
            connection.execute(
                "INSERT OR IGNORE INTO sending_pauses (id, reason, at) VALUES (1, 'restored', ?)", (moment,)
            )
            return True
    return False


def _pause_after_upgrade() -> None:
    """An older copy is brought to this schema first, which has a place for the pause."""
    from heard.kit import pausing
    from heard.kit.db import writing
    from heard.migrations.run import migrate

    migrate()
    with writing() as session:
        pausing.pause(session, "restored")


def _private(file: Path, data: bytes) -> None:
    """Written whole, for the owner's eyes only, whatever was there before."""
    file.unlink(missing_ok=True)
    with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as f:
        f.write(data)
        f.flush()
        os.fsync(f.fileno())


def _has_data(target: Path) -> bool:
    try:
        with sqlite3.connect(f"file:{target}?mode=ro", uri=True) as connection:
            if connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0] == 0:
                return False
            return bool(connection.execute("SELECT count(*) FROM accounts").fetchone()[0])
    except sqlite3.Error:  # damaged, or another program's: not ours to throw away
        return target.stat().st_size > 0
