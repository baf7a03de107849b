"""0007 telling: briefs that people edit and approve, readers with a rhythm and their turns, decisions that become actions.

`deliveries` alone is rebuilt, as its list of states grows; all else is plain ADD COLUMN.
"""

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

OLD_STATES = ("unconfirmed", "queued", "sending", "sent", "failed", "suppressed")
STATES = ("unconfirmed", "queued", "sending", "sent", "failed", "bounced", "suppressed")
TURN_STATES = ("planned", "drafted", "waiting", "sent", "skipped", "missed", "failed")
WHEN = "TIMESTAMP WITH TIME ZONE"  # SQLite takes any word


def _one_of(column: str, words: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(word) for word in words)})"


def _reference(table: str, column: str, to: str) -> tuple[str, str, str]:
    return table, column, f"INTEGER CONSTRAINT fk_{table}_{column} REFERENCES {to} (id) ON DELETE SET NULL"


def _checked(column: str, rest: str, check: str) -> tuple[str, str, str]:
    return "subscriptions", column, f"{rest} NOT NULL CONSTRAINT ck_subscriptions_{column} CHECK ({check})"


CHECKED = ("rhythm", "weekday", "day", "hour", "unapproved", "nothing_new")
COLUMNS = (
    _reference("briefs", "approved_by", "accounts"),
    ("briefs", "scheduled", "BOOLEAN DEFAULT false NOT NULL"),
    ("findings", "edited", "VARCHAR(1000) DEFAULT '' NOT NULL"),
    _reference("findings", "edited_by", "accounts"),
    ("findings", "edited_at", WHEN),
    _checked("rhythm", "VARCHAR(10) DEFAULT ''", _one_of("rhythm", ("", "daily", "weekly", "monthly"))),
    _checked("weekday", "INTEGER DEFAULT 2", "weekday BETWEEN 1 AND 7"),
    _checked("day", "INTEGER DEFAULT 2", "day BETWEEN 1 AND 31"),
    _checked("hour", "INTEGER DEFAULT 8", "hour BETWEEN 0 AND 23"),
    ("subscriptions", "zone", "VARCHAR(60) DEFAULT 'UTC' NOT NULL"),
    _checked("unapproved", "VARCHAR(14) DEFAULT 'without_quotes'", _one_of("unapproved", ("without_quotes", "wait"))),
    _checked("nothing_new", "VARCHAR(4) DEFAULT 'say'", _one_of("nothing_new", ("say", "skip"))),
    ("subscriptions", "since", WHEN),
    ("decisions", "who", "VARCHAR(200) DEFAULT '' NOT NULL"),
    ("decisions", "due_on", "DATE"),
    _reference("decisions", "theme_id", "themes"),
    _reference("decisions", "poll_id", "polls"),
    _reference("decisions", "action_id", "actions"),
    _reference("actions", "owner_id", "accounts"),
    ("actions", "due_on", "DATE"),
)


def upgrade() -> None:
    for table, column, rest in COLUMNS:
        # Written out: both databases take the constraint with the column, alembic would rebuild the table for it.
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {rest}")
    op.create_index("ix_decisions_theme_id", "decisions", ["theme_id"])
    with op.batch_alter_table("deliveries") as batch:
        batch.add_column(sa.Column("quotes", sa.Boolean(), server_default=sa.true(), nullable=False))
        batch.drop_constraint(op.f("ck_deliveries_status"), type_="check")
        batch.create_check_constraint(op.f("ck_deliveries_status"), _one_of("status", STATES))
    op.create_table(
        "sending_pauses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_sending_pauses_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sending_pauses")),
    )
    op.create_table(
        "brief_quotes",
        sa.Column("brief_id", sa.Integer(), nullable=False),
        sa.Column("comment", sa.String(length=20), nullable=False),
        sa.Column("ticked_by", sa.Integer(), nullable=True),
        sa.Column("ticked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["brief_id"], ["briefs.id"], name=op.f("fk_brief_quotes_brief_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["ticked_by"], ["accounts.id"], name=op.f("fk_brief_quotes_ticked_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("brief_id", "comment", name=op.f("pk_brief_quotes")),
    )
    op.create_table(
        "turns",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("audience", sa.String(length=10), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("period_since", sa.Date(), nullable=False),
        sa.Column("drafts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("brief_id", sa.Integer(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(length=500), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(_one_of("state", TURN_STATES), name=op.f("ck_turns_state")),
        sa.ForeignKeyConstraint(
            ["community_id", "contact_id", "audience"],
            ["subscriptions.community_id", "subscriptions.contact_id", "subscriptions.audience"],
            name=op.f("fk_turns_community_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["brief_id"], ["briefs.id"], name=op.f("fk_turns_brief_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("community_id", "contact_id", "audience", "until", name=op.f("pk_turns")),
    )
    op.create_index("ix_turns_state_due", "turns", ["state", "due_at"])
    op.create_index("ix_turns_brief_id", "turns", ["brief_id"])
    _let_in_what_was_approved()


def _let_in_what_was_approved() -> None:
    """Whoever approved a brief before there were ticks let its quotes in: what was sent stays as it was."""
    connection = op.get_bind()
    rows = connection.execute(sa.text("SELECT id, text, approved_at FROM briefs WHERE approved_at IS NOT NULL")).all()
    put = sa.text("INSERT INTO brief_quotes (brief_id, comment, ticked_at) VALUES (:brief, :comment, :at)")
    for brief, tree, at in rows:
        for comment in sorted(set(_quoted(json.loads(tree) if isinstance(tree, str) else tree))):
            connection.execute(put, {"brief": brief, "comment": comment, "at": at})


def _quoted(tree: Any) -> Iterator[str]:
    """The comments of the quotes in a brief's wording: {"text", "comment", "path"}."""
    if isinstance(tree, dict):
        if isinstance(tree.get("comment"), str) and "text" in tree:
            yield tree["comment"][:20]
        for child in tree.values():
            yield from _quoted(child)
    elif isinstance(tree, list):
        for child in tree:
            yield from _quoted(child)


def downgrade() -> None:
    op.drop_table("turns")
    op.drop_table("brief_quotes")
    op.drop_table("sending_pauses")
    with op.batch_alter_table("deliveries") as batch:
        batch.drop_column("quotes")
        batch.drop_constraint(op.f("ck_deliveries_status"), type_="check")
        batch.create_check_constraint(op.f("ck_deliveries_status"), _one_of("status", OLD_STATES))
    op.drop_index("ix_decisions_theme_id", "decisions")
    by_table: dict[str, list[str]] = {}
    for table, column, _rest in COLUMNS:
        by_table.setdefault(table, []).append(column)
    for table, columns in by_table.items():
        with op.batch_alter_table(table) as batch:
            for column in columns:
                if column in CHECKED and table == "subscriptions":
                    batch.drop_constraint(op.f(f"ck_subscriptions_{column}"), type_="check")
                batch.drop_column(column)
