"""One schema history on both databases, and the trap that wiped every vote."""

import pytest
import sqlalchemy as sa
from sqlalchemy import inspect, text

import feedback.imports.models
import feedback.integrity.models
import feedback.models  # noqa: F401
import heard.kit.pausing  # noqa: F401
import insights.models  # noqa: F401
import polls.models  # noqa: F401
from feedback.integrity.verifying import verify
from heard.kit.db import engines, metadata, writing
from heard.kit.errors import Misconfigured
from heard.migrations import run
from insights.write.shown import quotes_in
from polls.publish.links import PLACES
from tests.insights.scene import library, write
from tests.polls.trying import trial_in


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
@pytest.mark.both
def test_the_migrations_make_what_the_models_say(database):
    with engines().write.connect() as connection:
        made = inspect(connection)
        for table in metadata.sorted_tables:
            assert {c["name"] for c in made.get_columns(table.name)} == {c.name for c in table.columns}
            there = {u["name"] for u in made.get_unique_constraints(table.name)}
            wanted = {c.name for c in table.constraints if isinstance(c, sa.UniqueConstraint)}
            assert wanted <= there, table.name
            checks = {c["name"] for c in made.get_check_constraints(table.name)}
            assert {c.name for c in table.constraints if isinstance(c, sa.CheckConstraint)} == checks, table.name


def test_alembic_sees_no_drift_on_postgresql(postgres):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from tests.conftest import pointing_to

    url = postgres.new_database()
    with pointing_to(url, postgres.folder), engines().write.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata)
    postgres.drop(url)
    assert [d for d in found if "uq_answers_value" not in str(d)] == []


@pytest.mark.both
def test_migrating_twice_does_nothing(database):
    assert run.migrate() is False
    assert run.current() == run.head()


def test_a_database_of_a_newer_version_is_refused(database):
    with engines().write.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Misconfigured, match="newer"):
        run.migrate()


def test_rebuilding_a_table_keeps_the_votes_that_point_to_it(world):
    """Alembic's batch mode drops the old table; with foreign keys on, the drop cascades to every response."""
    from alembic.migration import MigrationContext
    from alembic.operations import Operations

    poll = world.open_poll()
    for _ in range(3):
        world.vote(poll, {"q1": "Yes"})
    with engines().write.connect() as connection:
        run.foreign_keys_off(connection)
        with connection.begin():
            operations = Operations(MigrationContext.configure(connection))
            with operations.batch_alter_table("polls", recreate="always") as batch:
                batch.add_column(sa.Column("colour", sa.String(10), nullable=False, server_default=""))
            run.foreign_keys_sound(connection)
        left = connection.execute(text("SELECT count(*) FROM responses")).scalar()
        connection.invalidate()
    assert left == 3


def test_a_migration_that_orphans_rows_is_undone(world):
    poll = world.open_poll()
    world.vote(poll, {"q1": "Yes"})
    with engines().write.connect() as connection:
        run.foreign_keys_off(connection)
        transaction = connection.begin()
        connection.execute(text("DELETE FROM polls"))
        with pytest.raises(Misconfigured, match="undone"):
            run.foreign_keys_sound(connection)
        transaction.rollback()
        connection.invalidate()


def test_an_upgrade_copies_the_file_first(database, tmp_path, monkeypatch):
    with engines().write.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    from alembic import command

    monkeypatch.setattr(command, "upgrade", lambda *_: None)
    run.migrate()
    assert len(list(tmp_path.glob("heard-before-upgrade-from-0000-*.db"))) == 1


@pytest.mark.both
def test_every_step_back_and_forth_keeps_the_votes(world):
    """0002 rebuilds the tables that responses hang on; a poll that has votes is frozen afterwards."""
    from alembic import command
    from alembic.config import Config

    poll, empty = world.open_poll(), world.open_poll()
    for _ in range(3):
        world.vote(poll, {"q1": "Yes"})
    config = Config()
    config.set_main_option("script_location", str(run.VERSIONS.parent))
    command.downgrade(config, "0001")
    command.upgrade(config, "head")
    with engines().read.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM answers")).scalar() == 3
        frozen = dict(connection.execute(text("SELECT id, frozen FROM polls")).all())
    assert {poll.id: True, empty.id: False} == {k: bool(v) for k, v in frozen.items()}


@pytest.mark.both
def test_publishing_links_what_is_public_and_counts_the_ways_of_old_answers(world):
    """0003 down and up again: votes stay, verify finds nothing, and every place has its link again."""
    from alembic import command
    from alembic.config import Config

    poll, anonymous, draft = world.open_poll(), world.open_poll(anonymous=True), world.draft_poll()
    trial = trial_in(world)
    link = world.link(poll, "mastodon")
    world.vote(poll, {"q1": "Yes"}, path=f"/p/{poll.slug}?via={link.token}")
    world.vote(poll, {"q1": "No"}, path=f"/e/{poll.slug}")
    for _ in range(7):
        world.vote(anonymous, {"q1": "Yes"})
    config = Config()
    config.set_main_option("script_location", str(run.VERSIONS.parent))
    command.downgrade(config, "0002")
    command.upgrade(config, "head")
    for each in (poll, anonymous):
        assert verify(each.slug).sound, verify(each.slug).lines()
    with engines().read.connect() as connection:
        cells = dict(
            connection.execute(text("SELECT cell, n FROM tallies WHERE poll_id = :p"), {"p": anonymous.id}).all()
        )
        linked = connection.execute(text("SELECT poll_id, announcement_id, version_id FROM links")).all()
    assert {cell: n for cell, n in cells.items() if "via:" in cell} == {"via:page": 7, "p:via:page": 5}
    assert sorted({row.poll_id for row in linked if row.poll_id}) == [poll.id, anonymous.id]
    assert {row.announcement_id for row in linked if row.announcement_id} == {trial.id}
    assert draft.id not in {row.poll_id for row in linked}
    assert len([row for row in linked if row.version_id]) == len(PLACES)


@pytest.mark.both
def test_a_brief_that_was_approved_before_there_were_ticks_keeps_its_quotes(world):
    """0007 down and up again: what was sent stays as it was, and a draft lets nothing in."""
    from alembic import command
    from alembic.config import Config

    library(world)
    sent, draft = write(world, "leadership"), write(world, "product")
    quoted = {quote["comment"] for quote in quotes_in(sent.text)}
    with writing() as session:
        session.execute(text("UPDATE briefs SET approved_at = created_at WHERE id = :id"), {"id": sent.id})
    config = Config()
    config.set_main_option("script_location", str(run.VERSIONS.parent))
    command.downgrade(config, "0006")
    command.upgrade(config, "head")
    with engines().read.connect() as connection:
        rows = connection.execute(text("SELECT brief_id, comment FROM brief_quotes")).all()
    assert quoted
    assert {(sent.id, comment) for comment in quoted} == {tuple(row) for row in rows}
    assert draft.id not in {row[0] for row in rows}
