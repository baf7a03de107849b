"""0006 reading along: how far a reading is and whether it shall end, names from a model, statements that were moderated out."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

COLUMNS = (
    ("themes", "model_label", "VARCHAR(120) DEFAULT '' NOT NULL"),
    ("themes", "model_label_for", "VARCHAR(64) DEFAULT '' NOT NULL"),
    ("themes", "x", "FLOAT"),
    ("themes", "y", "FLOAT"),
    ("options", "moderated", "BOOLEAN DEFAULT false NOT NULL"),
)


def upgrade() -> None:
    for table, column, rest in COLUMNS:
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {rest}")
    op.create_table(
        "theme_readings",
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("done BETWEEN 0 AND total", name=op.f("ck_theme_readings_done")),
        sa.ForeignKeyConstraint(
            ["poll_id"], ["polls.id"], name=op.f("fk_theme_readings_poll_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("poll_id", name=op.f("pk_theme_readings")),
    )


def downgrade() -> None:
    op.drop_table("theme_readings")
    for table, column, _rest in COLUMNS:
        op.drop_column(table, column)
