"""Traps that databases and drivers set (docs/architecture.md lists them)."""

from datetime import datetime
from inspect import unwrap

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError
from sqlmodel import select

from heard.accounts.models import Account, AuditEntry, Community, Membership
from heard.kit import db
from heard.kit.clock import now
from heard.kit.db import metadata, reading, writing
from heard.kit.settings import settings
from polls.models import Poll

pytestmark = pytest.mark.both


def test_a_reading_session_cannot_write(world):
    with reading() as session, pytest.raises(DBAPIError):
        session.execute(text("UPDATE communities SET name = 'x'"))


def test_a_read_does_not_wait_for_an_open_write(world):
    with writing() as session:
        session.execute(text("UPDATE communities SET name = 'half'"))
        with reading() as other:
            assert "half" not in other.exec(select(Community.name)).all()


def test_a_naive_time_is_refused(world):
    with pytest.raises(StatementError), writing() as session:
        session.add(Account(email="x@y.example", name="X", password_hash="x", created_at=datetime(2026, 1, 1)))
        session.flush()


def test_times_come_back_in_utc(world):
    poll = world.open_poll()
    with reading() as session:
        when = session.get_one(Poll, poll.id).opened_at
    assert when is not None
    assert when.utcoffset() is not None
    assert abs((now() - when).total_seconds()) < 600


def test_foreign_keys_hold(world):
    with pytest.raises(IntegrityError), writing() as session:
        session.add(Membership(account_id=999, community_id=999, role="viewer"))
        session.flush()


def test_words_outside_an_enumeration_are_refused(world):
    with pytest.raises(IntegrityError), writing() as session:
        session.execute(text("UPDATE memberships SET role = 'emperor'"))


@pytest.mark.parametrize("statement", ["UPDATE audit_log SET action = 'x'", "DELETE FROM audit_log"])
def test_the_audit_log_takes_inserts_only(world, statement):
    with reading() as session:
        before = len(session.exec(select(AuditEntry.id)).all())
    with pytest.raises(DBAPIError), writing() as session:
        session.execute(text(statement))
    with reading() as session:
        assert len(session.exec(select(AuditEntry.id)).all()) == before > 0


def test_every_constraint_has_a_name():
    unnamed = [f"{t.name}: {c}" for t in metadata.tables.values() for c in t.constraints if c.name is None]
    assert unnamed == []


def test_sqlite_is_durable_and_waits(database):
    if database != "sqlite":
        return  # PostgreSQL's defaults are these
    made = unwrap(db._sqlite)(settings().database_url)  # as it is outside of tests, which do not wait for the disk
    with made.write.connect() as connection:
        asked = {
            p: connection.exec_driver_sql(f"PRAGMA {p}").scalar()
            for p in ("journal_mode", "synchronous", "foreign_keys")
        }
    for engine in made:
        engine.dispose()
    assert asked == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
