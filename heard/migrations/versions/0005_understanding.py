"""0005 understanding: people's edits of themes that can be taken back, refits that are looked at first, opinion groups, moods.

New columns are plain ADD COLUMN. `theme_edits` alone is rebuilt, as its list of kinds grows.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

COLUMNS = (
    ("themes", "summary", "VARCHAR(300) DEFAULT '' NOT NULL"),
    ("themes", "hidden", "BOOLEAN DEFAULT false NOT NULL"),
    ("themes", "pinned", "BOOLEAN DEFAULT false NOT NULL"),
    (
        "themes",
        "merged_into",
        "INTEGER CONSTRAINT fk_themes_merged_into REFERENCES themes (id) ON DELETE SET NULL",
    ),
    (
        "assignments",
        "mood",
        "INTEGER CONSTRAINT ck_assignments_mood CHECK (mood IS NULL OR mood BETWEEN -1 AND 1)",
    ),
    ("assignments", "urgent", "BOOLEAN DEFAULT false NOT NULL"),
)
OLD_KINDS = ("rename", "merge", "split", "move", "pin")
KINDS = (*OLD_KINDS, "hide")


def upgrade() -> None:
    for table, column, rest in COLUMNS:
        # Written out: both databases take the constraint with the column, alembic would rebuild the table for it.
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {rest}")
    with op.batch_alter_table("theme_edits") as batch:
        batch.add_column(sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True))
        batch.drop_constraint(op.f("ck_theme_edits_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_theme_edits_kind"), _one_of(KINDS))
    op.create_table(
        "theme_moves",
        sa.Column("edit_id", sa.Integer(), nullable=False),
        sa.Column("comment_id", sa.BigInteger(), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=True),
        sa.Column("placed_by", sa.String(length=10), nullable=False),
        sa.CheckConstraint("placed_by IN ('machine', 'person')", name=op.f("ck_theme_moves_placed_by")),
        sa.ForeignKeyConstraint(
            ["edit_id"], ["theme_edits.id"], name=op.f("fk_theme_moves_edit_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comments.id"], name=op.f("fk_theme_moves_comment_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("edit_id", "comment_id", name=op.f("pk_theme_moves")),
    )
    op.create_index("ix_theme_moves_comment", "theme_moves", ["comment_id"], unique=False)
    op.create_table(
        "theme_refits",
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["poll_id"], ["polls.id"], name=op.f("fk_theme_refits_poll_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("poll_id", name=op.f("pk_theme_refits")),
    )
    op.create_table(
        "opinion_runs",
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["poll_id"], ["polls.id"], name=op.f("fk_opinion_runs_poll_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["poll_id", "question_id"], ["questions.poll_id", "questions.id"],
            name=op.f("fk_opinion_runs_poll_id_question_id"), ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("question_id", name=op.f("pk_opinion_runs")),
    )  # fmt: skip
    op.create_index("ix_opinion_runs_poll", "opinion_runs", ["poll_id"], unique=False)


def downgrade() -> None:
    op.drop_table("opinion_runs")
    op.drop_table("theme_refits")
    op.drop_table("theme_moves")
    op.execute("DELETE FROM theme_edits WHERE kind = 'hide'")
    with op.batch_alter_table("theme_edits") as batch:
        batch.drop_constraint(op.f("ck_theme_edits_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_theme_edits_kind"), _one_of(OLD_KINDS))
        batch.drop_column("undone_at")
    with op.batch_alter_table("assignments") as batch:
        batch.drop_constraint(op.f("ck_assignments_mood"), type_="check")
        batch.drop_column("urgent")
        batch.drop_column("mood")
    with op.batch_alter_table("themes") as batch:
        for column in ("merged_into", "pinned", "hidden", "summary"):
            batch.drop_column(column)


def _one_of(kinds: tuple[str, ...]) -> str:
    return f"kind IN ({', '.join(repr(kind) for kind in kinds)})"
