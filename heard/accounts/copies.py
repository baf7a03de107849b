"""A database that was read back elsewhere starts with sending paused, also when no `heard restore` did it but pg_restore.

PostgreSQL gives each cluster a number of its own, and each database in it another one; neither is in a dump. The place where
a worker ran last stands in the log; when a worker finds another one, this is a copy, and its original may be sending.
A copy of whole disks, and a file of SQLite that is copied by hand, cannot be told from the original.
"""

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import col, select

from heard.accounts import audit
from heard.accounts.models import AuditEntry
from heard.kit import logs, pausing
from heard.kit.db import reading, writing
from heard.kit.settings import settings

log = logs.logger("heard.work")
DEED = "database.place"


def notice() -> None:
    """Before a worker begins: pause sending where the database is a copy. Twice, or by two workers at once, is the same."""
    here = _place()
    if not here:
        return
    with writing() as session:
        told = select(AuditEntry.subject).where(col(AuditEntry.community_id).is_(None), AuditEntry.action == DEED)
        before = session.exec(told.order_by(col(AuditEntry.id).desc()).limit(1)).first()
        if before == here:
            return
        audit.record(session, None, DEED, here)
        if before is not None:
            pausing.pause(session, "restored")
            log.warning("database.is_a_copy", sending="paused")


def _place() -> str:
    """What tells this database from a copy of it; "" where nothing does."""
    if settings().sqlite_file:
        return ""
    asked = "SELECT c.system_identifier, d.oid FROM pg_control_system() c, pg_database d WHERE d.datname = current_database()"
    try:
        with reading() as session:
            cluster, database = session.execute(text(asked)).one()
    except DBAPIError as error:  # some that speak like PostgreSQL have no such numbers
        log.info("database.place_unknown", why=logs.reason(error))
        return ""
    return f"{cluster}:{database}"
