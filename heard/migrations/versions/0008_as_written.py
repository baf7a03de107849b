"""0008 as written: of a quote that goes, a person may say that nothing in it is a name, and it is shown as it was written."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("brief_quotes", sa.Column("as_written", sa.Boolean(), server_default=sa.text("false"), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("brief_quotes") as batch:
        batch.drop_column("as_written")
