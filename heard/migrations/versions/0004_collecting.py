"""0004 collecting: ballots set aside, seals, imports, webhooks, keys of repeated calls, narrower tokens.

Every response of before is counted, and not sealed yet: the first run of the sealing job seals it. New columns are plain
ADD COLUMN, so nothing is rebuilt on the way up.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

COLUMNS = (
    (
        "polls",
        "network_limit",
        "INTEGER DEFAULT 20 NOT NULL CONSTRAINT ck_polls_network_limit CHECK (network_limit BETWEEN 1 AND 100000)",
    ),
    ("communities", "member_key", "INTEGER DEFAULT 0 NOT NULL"),
    ("communities", "member_url", "VARCHAR(500) DEFAULT '' NOT NULL"),
    ("api_tokens", "scopes", "VARCHAR(200) DEFAULT '' NOT NULL"),
    (
        "responses",
        "set_aside",
        "VARCHAR(10) DEFAULT '' NOT NULL CONSTRAINT ck_responses_set_aside"
        " CHECK (set_aside IN ('', 'network', 'bot', 'quick', 'burst', 'alike', 'person'))",
    ),
    ("responses", "network", "VARCHAR(22)"),
    ("responses", "sealed", "INTEGER DEFAULT 0 NOT NULL"),
)
TABLES = ("webhook_deliveries", "webhooks", "api_calls", "import_refusals", "import_pieces", "imports", "seals")
INDEXES = ("ix_responses_network", "ix_responses_set_aside", "ix_responses_unsealed")


def upgrade() -> None:
    for table, column, rest in COLUMNS:
        # Written out: both databases take the constraint with the column, alembic would rebuild the table for it.
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {rest}")
    op.add_column("api_tokens", sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True))
    for name, columns, where in (
        ("ix_responses_unsealed", ["poll_id"], "sealed <> 1"),
        ("ix_responses_set_aside", ["poll_id"], "set_aside <> ''"),
        ("ix_responses_network", ["poll_id", "network"], "network IS NOT NULL"),
    ):
        op.create_index(name, "responses", columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
    op.create_table(
        "seals",
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("marks", sa.String(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("length(hash) = 64", name=op.f("ck_seals_hash")),
        sa.CheckConstraint("number > 0", name=op.f("ck_seals_number")),
        sa.ForeignKeyConstraint(["poll_id"], ["polls.id"], name=op.f("fk_seals_poll_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("poll_id", "number", name=op.f("pk_seals")),
    )
    op.create_table(
        "imports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=True),
        sa.Column("made_poll", sa.Boolean(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("file_hash", sa.String(length=64), nullable=False),
        sa.Column("form", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("stopping", sa.Boolean(), nullable=False),
        sa.Column("error", sa.String(length=1000), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('uploaded', 'ready', 'running', 'done', 'canceled', 'failed')", name=op.f("ck_imports_status")
        ),
        sa.CheckConstraint("done BETWEEN 0 AND rows", name=op.f("ck_imports_done")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_imports_community_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["accounts.id"], name=op.f("fk_imports_created_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["poll_id"], ["polls.id"], name=op.f("fk_imports_poll_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
    )
    op.create_index("ix_imports_community", "imports", ["community_id", "created_at"], unique=False)
    op.create_index(op.f("ix_imports_poll_id"), "imports", ["poll_id"], unique=False)
    op.create_table(
        "import_pieces",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["imports.id"], name=op.f("fk_import_pieces_import_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("import_id", "number", name=op.f("pk_import_pieces")),
    )
    op.create_table(
        "import_refusals",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["imports.id"], name=op.f("fk_import_refusals_import_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("import_id", "number", name=op.f("pk_import_refusals")),
    )
    op.create_table(
        "api_calls",
        sa.Column("token_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("call_hash", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(key) BETWEEN 1 AND 200", name=op.f("ck_api_calls_key")),
        sa.ForeignKeyConstraint(
            ["token_id"], ["api_tokens.id"], name=op.f("fk_api_calls_token_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_id", "key", name=op.f("pk_api_calls")),
    )
    op.create_index("ix_api_calls_at", "api_calls", ["at"], unique=False)
    op.create_table(
        "webhooks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("events", sa.JSON(), nullable=False),
        sa.Column("secret_number", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("length(url) > 0", name=op.f("ck_webhooks_url")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_webhooks_community_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["accounts.id"], name=op.f("fk_webhooks_created_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhooks")),
    )
    op.create_index(op.f("ix_webhooks_community_id"), "webhooks", ["community_id"], unique=False)
    op.create_table(
        "webhook_deliveries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("webhook_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.String(length=64), nullable=False),
        sa.Column("event", sa.String(length=40), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=True),
        sa.Column("error", sa.String(length=500), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('queued', 'sending', 'sent', 'failed', 'stopped')", name=op.f("ck_webhook_deliveries_status")
        ),
        sa.ForeignKeyConstraint(
            ["webhook_id"], ["webhooks.id"], name=op.f("fk_webhook_deliveries_webhook_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_deliveries")),
        sa.UniqueConstraint("webhook_id", "event_id", name=op.f("uq_webhook_deliveries_webhook_id_event_id")),
    )
    op.create_index("ix_webhook_deliveries_ready", "webhook_deliveries", ["status", "lease_until"], unique=False)


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    for index in INDEXES:
        op.drop_index(index, table_name="responses")
    with op.batch_alter_table("responses") as batch:
        batch.drop_constraint(op.f("ck_responses_set_aside"), type_="check")
        for column in ("sealed", "network", "set_aside"):
            batch.drop_column(column)
    with op.batch_alter_table("polls") as batch:
        batch.drop_constraint(op.f("ck_polls_network_limit"), type_="check")
        batch.drop_column("network_limit")
    for table, column in (
        ("api_tokens", "ends_at"),
        ("api_tokens", "scopes"),
        ("communities", "member_url"),
        ("communities", "member_key"),
    ):
        op.drop_column(table, column)
