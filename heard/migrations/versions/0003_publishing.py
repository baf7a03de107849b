"""0003 publishing: tracked links and visits, contact lists and mailings, and who may frame a poll.

What is public already gets a link for each place, as it would when it is published now. The way by which each response
came becomes a counter ("via:page"), from the stored responses; in an anonymous poll also among the shown copies, for the
responses that were released. New columns are plain ADD COLUMN, so nothing is rebuilt on the way up.
"""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

PLACES = (
    "site", "mail", "chat", "slack", "discord", "mastodon", "bluesky", "x", "linkedin", "reddit", "discourse", "forum",
    "poster",
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "visit_counts",
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('person', 'preview', 'scanner')", name=op.f("ck_visit_counts_kind")),
        sa.CheckConstraint("n > 0", name=op.f("ck_visit_counts_n")),
        sa.PrimaryKeyConstraint("subject", "hour", "kind", name=op.f("pk_visit_counts")),
    )
    op.create_table(
        "contact_lists",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_contact_lists_name")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_contact_lists_community_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_lists")),
        sa.UniqueConstraint("community_id", "name", name=op.f("uq_contact_lists_community_id_name")),
    )
    op.create_table(
        "list_members",
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["list_id"], ["contact_lists.id"], name=op.f("fk_list_members_list_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_list_members_contact_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("list_id", "contact_id", name=op.f("pk_list_members")),
    )
    op.create_index(op.f("ix_list_members_contact_id"), "list_members", ["contact_id"], unique=False)
    op.create_table(
        "links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=40), nullable=False),
        sa.Column("place", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=True),
        sa.Column("announcement_id", sa.Integer(), nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=True),
        sa.Column("path", sa.String(length=200), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(CASE WHEN poll_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN announcement_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN version_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN path IS NULL THEN 0 ELSE 1 END) = 1",
            name=op.f("ck_links_leads_to_one"),
        ),
        sa.CheckConstraint("path LIKE '/%' AND path NOT LIKE '//%'", name=op.f("ck_links_own_path")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_links_community_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["poll_id"], ["polls.id"], name=op.f("fk_links_poll_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["announcement_id"], ["announcements.id"], name=op.f("fk_links_announcement_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name=op.f("fk_links_version_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_links")),
        sa.UniqueConstraint("token", name=op.f("uq_links_token")),
        sa.UniqueConstraint("poll_id", "place", "name", name=op.f("uq_links_poll_id_place_name")),
        sa.UniqueConstraint("announcement_id", "place", "name", name=op.f("uq_links_announcement_id_place_name")),
        sa.UniqueConstraint("version_id", "place", "name", name=op.f("uq_links_version_id_place_name")),
        sa.UniqueConstraint("path", "place", "name", name=op.f("uq_links_path_place_name")),
    )
    op.create_index(op.f("ix_links_community_id"), "links", ["community_id"], unique=False)
    op.create_table(
        "mailings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("locale", sa.String(length=2), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("words", sa.String(length=4000), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('invitation', 'reminder')", name=op.f("ck_mailings_kind")),
        sa.CheckConstraint("locale IN ('en', 'fr')", name=op.f("ck_mailings_locale")),
        sa.ForeignKeyConstraint(["poll_id"], ["polls.id"], name=op.f("fk_mailings_poll_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["list_id"], ["contact_lists.id"], name=op.f("fk_mailings_list_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["accounts.id"], name=op.f("fk_mailings_created_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailings")),
    )
    op.create_index(op.f("ix_mailings_poll_id"), "mailings", ["poll_id"], unique=False)
    op.create_index(op.f("ix_mailings_list_id"), "mailings", ["list_id"], unique=False)
    op.create_table(
        "mailing_deliveries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mailing_id", sa.Integer(), nullable=False),
        sa.Column("invitation_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(length=500), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('queued', 'sending', 'sent', 'failed', 'suppressed', 'capped', 'answered', 'stopped')",
            name=op.f("ck_mailing_deliveries_status"),
        ),
        sa.ForeignKeyConstraint(
            ["mailing_id"], ["mailings.id"], name=op.f("fk_mailing_deliveries_mailing_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["invitations.id"], name=op.f("fk_mailing_deliveries_invitation_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_mailing_deliveries_contact_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailing_deliveries")),
        sa.UniqueConstraint(
            "mailing_id", "invitation_id", name=op.f("uq_mailing_deliveries_mailing_id_invitation_id")
        ),
    )
    op.create_index(op.f("ix_mailing_deliveries_invitation_id"), "mailing_deliveries", ["invitation_id"], unique=False)
    op.create_index(
        "ix_mailing_deliveries_contact_sent", "mailing_deliveries", ["contact_id", "sent_at"], unique=False
    )
    op.create_index("uq_invitations_contact", "invitations", ["poll_id", "contact_id"], unique=True)

    op.add_column("polls", sa.Column("embed_on", sa.String(length=2000), nullable=False, server_default="*"))
    for table, column, rest in (
        (
            "communities",
            "mails_per_week",
            "INTEGER DEFAULT 2 NOT NULL CONSTRAINT ck_communities_mails_per_week CHECK (mails_per_week BETWEEN 1 AND 14)",
        ),
        (
            "responses",
            "link_id",
            "INTEGER CONSTRAINT fk_responses_link_id REFERENCES links (id) ON DELETE SET NULL",
        ),
    ):
        # Written out: both databases take the constraint with the column, alembic would rebuild the table for it.
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {rest}")
    _link_what_is_public()
    _count_ways()


def _link_what_is_public() -> None:
    """A series of polls, an announcement, a version: a link for each place. Answers get theirs from the share page."""
    connection = op.get_bind()
    first_of_series = (
        "SELECT community_id, id FROM polls p WHERE status <> 'draft' AND id ="
        " (SELECT min(id) FROM polls q WHERE q.series_id = p.series_id AND q.status <> 'draft') ORDER BY id"
    )
    published = "SELECT community_id, id FROM announcements WHERE status <> 'draft' ORDER BY id"
    versions = (
        "SELECT a.community_id, v.id FROM versions v JOIN announcements a ON a.id = v.announcement_id"
        " WHERE v.published_at IS NOT NULL ORDER BY v.id"
    )
    for column, query in (("poll_id", first_of_series), ("announcement_id", published), ("version_id", versions)):
        rows = [
            {"c": community, "t": secrets.token_urlsafe(16).replace("-", "~"), "p": place, "of": of}
            for community, of in connection.execute(sa.text(query)).all()
            for place in PLACES
        ]
        if rows:
            connection.execute(
                sa.text(
                    f"INSERT INTO links (community_id, token, place, name, {column}, created_at)"
                    " VALUES (:c, :t, :p, '', :of, CURRENT_TIMESTAMP)"
                ),
                rows,
            )


def _count_ways() -> None:
    op.execute(
        "INSERT INTO tallies (poll_id, cell, n) SELECT poll_id, 'via:' || source, count(*) FROM responses"
        " WHERE withdrawn_at IS NULL GROUP BY poll_id, source"
    )
    op.execute(
        "INSERT INTO tallies (poll_id, cell, n) SELECT r.poll_id, 'p:via:' || r.source, count(*) FROM responses r"
        " JOIN polls p ON p.id = r.poll_id WHERE p.anonymous AND r.released AND r.withdrawn_at IS NULL"
        " GROUP BY r.poll_id, r.source"
    )


def downgrade() -> None:
    op.execute("DELETE FROM tallies WHERE cell LIKE 'via:%' OR cell LIKE 'p:via:%'")
    with op.batch_alter_table("responses") as batch:
        batch.drop_column("link_id")
    with op.batch_alter_table("communities") as batch:
        batch.drop_constraint(op.f("ck_communities_mails_per_week"), type_="check")
        batch.drop_column("mails_per_week")
    op.drop_column("polls", "embed_on")
    op.drop_index("uq_invitations_contact", table_name="invitations")
    for table in ("mailing_deliveries", "mailings", "links", "list_members", "contact_lists", "visit_counts"):
        op.drop_table(table)
