"""0008 as written: of a quote that goes, a person may say that nothing in it is a name, and it is shown as it was written.

And words of the language model are marked as such: those of a person whose account is gone had looked like them."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("brief_quotes", _no("as_written"))
    op.add_column("findings", _no("by_model"))
    op.execute("UPDATE findings SET by_model = true WHERE edited_at IS NOT NULL AND edited_by IS NULL")


def _no(column: str) -> sa.Column[bool]:
    return sa.Column(column, sa.Boolean(), server_default=sa.text("false"), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("findings") as batch:
        batch.drop_column("by_model")
    with op.batch_alter_table("brief_quotes") as batch:
        batch.drop_column("as_written")
