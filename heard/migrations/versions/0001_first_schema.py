"""0001 the first schema: every key and refusal of the design from the start.

One voter has one ballot by UNIQUE constraints, not by checks before an insert; an anonymous poll's responses have
random keys and ids, and its turnout leads to none of them; the audit log takes inserts only.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=False),
        sa.Column("locale", sa.String(length=2), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_accounts_email_lower")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("email", name=op.f("uq_accounts_email")),
    )
    op.create_table(
        "audit_log",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_log")),
    )
    op.create_index(op.f("ix_audit_log_community_id"), "audit_log", ["community_id"], unique=False)
    op.create_table(
        "communities",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("mission", sa.String(length=2000), nullable=False),
        sa.Column("brand_story", sa.String(length=4000), nullable=False),
        sa.Column("audience", sa.String(length=2000), nullable=False),
        sa.Column("locale", sa.String(length=2), nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("accent", sa.String(length=7), nullable=False),
        sa.Column("sender", sa.String(length=254), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("locale IN ('en', 'fr')", name=op.f("ck_communities_locale")),
        sa.CheckConstraint("length(slug) BETWEEN 1 AND 60", name=op.f("ck_communities_slug")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_communities")),
        sa.UniqueConstraint("slug", name=op.f("uq_communities_slug")),
    )
    op.create_table(
        "work_due",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("args", sa.JSON(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_due")),
        sa.UniqueConstraint("kind", "key", name=op.f("uq_work_due_kind_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_work_due_due_at"), "work_due", ["due_at"], unique=False)
    op.create_table(
        "briefs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("audience", sa.String(length=10), nullable=False),
        sa.Column("locale", sa.String(length=2), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("facts_hash", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("text", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("audience IN ('product', 'leadership')", name=op.f("ck_briefs_audience")),
        sa.CheckConstraint("locale IN ('en', 'fr')", name=op.f("ck_briefs_locale")),
        sa.CheckConstraint("length(facts_hash) = 64", name=op.f("ck_briefs_facts_hash")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_briefs_community_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["accounts.id"], name=op.f("fk_briefs_created_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_briefs")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_briefs_token_hash")),
    )
    op.create_index("ix_briefs_community", "briefs", ["community_id", "created_at"], unique=False)
    op.create_table(
        "contacts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("locale", sa.String(length=2), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("channel IN ('email')", name=op.f("ck_contacts_channel")),
        sa.CheckConstraint("locale IN ('en', 'fr')", name=op.f("ck_contacts_locale")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_contacts_community_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
        sa.UniqueConstraint(
            "community_id", "channel", "address", name=op.f("uq_contacts_community_id_channel_address")
        ),
    )
    op.create_table(
        "memberships",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.CheckConstraint("role IN ('owner', 'manager', 'analyst', 'viewer')", name=op.f("ck_memberships_role")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_memberships_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_memberships_community_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", "community_id", name=op.f("pk_memberships")),
    )
    op.create_index(op.f("ix_memberships_community_id"), "memberships", ["community_id"], unique=False)
    op.create_table(
        "polls",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("series_id", sa.String(length=32), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("intro", sa.String(length=4000), nullable=False),
        sa.Column("locale", sa.String(length=2), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("voter_rule", sa.String(length=10), nullable=False),
        sa.Column("results_rule", sa.String(length=12), nullable=False),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("may_change", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("locale IN ('en', 'fr')", name=op.f("ck_polls_locale")),
        sa.CheckConstraint(
            "results_rule IN ('always', 'after_vote', 'after_close', 'never')", name=op.f("ck_polls_results_rule")
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'scheduled', 'open', 'closed', 'archived')", name=op.f("ck_polls_status")
        ),
        sa.CheckConstraint(
            "voter_rule IN ('open', 'browser', 'network', 'link', 'sign_in')", name=op.f("ck_polls_voter_rule")
        ),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_polls_community_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["created_by"], ["accounts.id"], name=op.f("fk_polls_created_by"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_polls")),
        sa.UniqueConstraint("series_id", "edition", name=op.f("uq_polls_series_id_edition")),
        sa.UniqueConstraint("slug", name=op.f("uq_polls_slug")),
    )
    op.create_index("ix_polls_community_status", "polls", ["community_id", "status"], unique=False)
    op.create_table(
        "sign_in_links",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_sign_in_links_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sign_in_links")),
    )
    op.create_index(op.f("ix_sign_in_links_account_id"), "sign_in_links", ["account_id"], unique=False)
    op.create_table(
        "sign_ins",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_sign_ins_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sign_ins")),
    )
    op.create_index(op.f("ix_sign_ins_account_id"), "sign_ins", ["account_id"], unique=False)
    op.create_table(
        "api_tokens",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("read_only", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id", "community_id"],
            ["memberships.account_id", "memberships.community_id"],
            name=op.f("fk_api_tokens_account_id_community_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_tokens_token_hash")),
    )
    op.create_table(
        "consents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("text_shown", sa.String(length=2000), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_consents_contact_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    op.create_index(op.f("ix_consents_contact_id"), "consents", ["contact_id"], unique=False)
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("brief_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("recipient", sa.String(length=254), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("message_id", sa.String(length=200), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(length=500), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "status IN ('unconfirmed', 'queued', 'sending', 'sent', 'failed', 'suppressed')",
            name=op.f("ck_deliveries_status"),
        ),
        sa.ForeignKeyConstraint(["brief_id"], ["briefs.id"], name=op.f("fk_deliveries_brief_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_deliveries_contact_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("brief_id", "recipient", name=op.f("uq_deliveries_brief_id_recipient")),
        sa.UniqueConstraint("message_id", name=op.f("uq_deliveries_message_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_deliveries_token_hash")),
    )
    op.create_index("ix_deliveries_status", "deliveries", ["status", "lease_until"], unique=False)
    op.create_table(
        "findings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("brief_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sentence", sa.String(length=1000), nullable=False),
        sa.Column("evidence", sa.String(), nullable=False),
        sa.CheckConstraint("length(evidence) > 4", name=op.f("ck_findings_evidence")),
        sa.ForeignKeyConstraint(["brief_id"], ["briefs.id"], name=op.f("fk_findings_brief_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_findings")),
        sa.UniqueConstraint("brief_id", "position", name=op.f("uq_findings_brief_id_position")),
    )
    op.create_table(
        "invitations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("turned_in", sa.Boolean(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_invitations_number")),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_invitations_contact_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["poll_id"], ["polls.id"], name=op.f("fk_invitations_poll_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("poll_id", "number", name=op.f("uq_invitations_poll_id_number")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitations_token_hash")),
    )
    op.create_table(
        "questions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("wording", sa.String(length=1000), nullable=False),
        sa.Column("help", sa.String(length=2000), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("field_id", sa.String(length=200), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["poll_id"], ["polls.id"], name=op.f("fk_questions_poll_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questions")),
        sa.UniqueConstraint("poll_id", "id", name=op.f("uq_questions_poll_id_id")),
        sa.UniqueConstraint("poll_id", "position", name=op.f("uq_questions_poll_id_position")),
    )
    op.create_table(
        "responses",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("voter_key", sa.String(length=43), nullable=False),
        sa.Column("submission_id", sa.String(length=200), nullable=False),
        sa.Column("receipt_hash", sa.String(length=64), nullable=False),
        sa.Column("mark", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released", sa.Boolean(), nullable=False),
        sa.CheckConstraint("source IN ('page', 'embed', 'api', 'email', 'import')", name=op.f("ck_responses_source")),
        sa.CheckConstraint("length(mark) = 20", name=op.f("ck_responses_mark")),
        sa.CheckConstraint("length(submission_id) BETWEEN 1 AND 200", name=op.f("ck_responses_submission_id")),
        sa.CheckConstraint("length(voter_key) = 43", name=op.f("ck_responses_voter_key")),
        sa.ForeignKeyConstraint(["poll_id"], ["polls.id"], name=op.f("fk_responses_poll_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_responses")),
        sa.UniqueConstraint("mark", name=op.f("uq_responses_mark")),
        sa.UniqueConstraint("poll_id", "id", name=op.f("uq_responses_poll_id_id")),
        sa.UniqueConstraint("poll_id", "submission_id", name=op.f("uq_responses_poll_id_submission_id")),
        sa.UniqueConstraint("poll_id", "voter_key", name=op.f("uq_responses_poll_id_voter_key")),
        sa.UniqueConstraint("receipt_hash", name=op.f("uq_responses_receipt_hash")),
    )
    op.create_index(
        "ix_responses_waiting",
        "responses",
        ["poll_id"],
        unique=False,
        sqlite_where=sa.text("NOT released"),
        postgresql_where=sa.text("NOT released"),
    )
    op.create_table(
        "subscriptions",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("audience", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("audience IN ('product', 'leadership')", name=op.f("ck_subscriptions_audience")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_subscriptions_community_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_subscriptions_contact_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("community_id", "contact_id", "audience", name=op.f("pk_subscriptions")),
    )
    op.create_table(
        "suppressions",
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("list", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_suppressions_contact_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("contact_id", "list", name=op.f("pk_suppressions")),
    )
    op.create_table(
        "tallies",
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("cell", sa.String(length=80), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("n >= 0", name=op.f("ck_tallies_n")),
        sa.ForeignKeyConstraint(["poll_id"], ["polls.id"], name=op.f("fk_tallies_poll_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("poll_id", "cell", name=op.f("pk_tallies")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "theme_edits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('rename', 'merge', 'split', 'move', 'pin')", name=op.f("ck_theme_edits_kind")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_theme_edits_account_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["poll_id"], ["polls.id"], name=op.f("fk_theme_edits_poll_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme_edits")),
    )
    op.create_index(op.f("ix_theme_edits_poll_id"), "theme_edits", ["poll_id"], unique=False)
    op.create_table(
        "theme_runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("engine", sa.String(length=40), nullable=False),
        sa.Column("comments", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('full', 'update')", name=op.f("ck_theme_runs_kind")),
        sa.ForeignKeyConstraint(["poll_id"], ["polls.id"], name=op.f("fk_theme_runs_poll_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme_runs")),
        sa.UniqueConstraint("poll_id", "number", name=op.f("uq_theme_runs_poll_id_number")),
    )
    op.create_table(
        "themes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("named_by", sa.String(length=10), nullable=False),
        sa.Column("keywords", sa.JSON(), nullable=False),
        sa.Column("quotes", sa.JSON(), nullable=False),
        sa.Column("born_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("emerged", sa.Boolean(), nullable=False),
        sa.CheckConstraint("named_by IN ('machine', 'person')", name=op.f("ck_themes_named_by")),
        sa.CheckConstraint("length(label) > 0", name=op.f("ck_themes_label")),
        sa.ForeignKeyConstraint(
            ["poll_id", "parent_id"], ["themes.poll_id", "themes.id"], name=op.f("fk_themes_poll_id_parent_id")
        ),
        sa.ForeignKeyConstraint(["poll_id"], ["polls.id"], name=op.f("fk_themes_poll_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_themes")),
        sa.UniqueConstraint("poll_id", "id", name=op.f("uq_themes_poll_id_id")),
    )
    op.create_index(op.f("ix_themes_poll_id"), "themes", ["poll_id"], unique=False)
    op.create_table(
        "turnout",
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("voter_key", sa.String(length=43), nullable=False),
        sa.CheckConstraint("length(voter_key) = 43", name=op.f("ck_turnout_voter_key")),
        sa.ForeignKeyConstraint(["poll_id"], ["polls.id"], name=op.f("fk_turnout_poll_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("poll_id", "voter_key", name=op.f("pk_turnout")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "actions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("public_note", sa.String(length=4000), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("status IN ('planned', 'doing', 'done', 'declined')", name=op.f("ck_actions_status")),
        sa.ForeignKeyConstraint(
            ["created_by"], ["accounts.id"], name=op.f("fk_actions_created_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["poll_id", "theme_id"],
            ["themes.poll_id", "themes.id"],
            name=op.f("fk_actions_poll_id_theme_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["poll_id"], ["polls.id"], name=op.f("fk_actions_poll_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_actions")),
    )
    op.create_index(op.f("ix_actions_poll_id"), "actions", ["poll_id"], unique=False)
    op.create_index("ix_actions_theme", "actions", ["theme_id"], unique=False)
    op.create_table(
        "comments",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("response_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("question_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(text) > 0", name=op.f("ck_comments_text")),
        sa.ForeignKeyConstraint(
            ["poll_id", "question_id"],
            ["questions.poll_id", "questions.id"],
            name=op.f("fk_comments_poll_id_question_id"),
        ),
        sa.ForeignKeyConstraint(
            ["poll_id", "response_id"],
            ["responses.poll_id", "responses.id"],
            name=op.f("fk_comments_poll_id_response_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["poll_id"], ["polls.id"], name=op.f("fk_comments_poll_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comments")),
        sa.UniqueConstraint("response_id", "question_id", name=op.f("uq_comments_response_id_question_id")),
    )
    op.create_index("ix_comments_poll", "comments", ["poll_id"], unique=False)
    op.create_table(
        "decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("brief_id", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('agree', 'decide', 'ask')", name=op.f("ck_decisions_kind")),
        sa.ForeignKeyConstraint(["brief_id"], ["briefs.id"], name=op.f("fk_decisions_brief_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["deliveries.id"], name=op.f("fk_decisions_delivery_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
        sa.UniqueConstraint("delivery_id", "kind", name=op.f("uq_decisions_delivery_id_kind")),
    )
    op.create_index(op.f("ix_decisions_brief_id"), "decisions", ["brief_id"], unique=False)
    op.create_table(
        "options",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("label", sa.String(length=500), nullable=False),
        sa.CheckConstraint("role IN ('option', 'row', 'other', 'dont_know')", name=op.f("ck_options_role")),
        sa.ForeignKeyConstraint(
            ["question_id"], ["questions.id"], name=op.f("fk_options_question_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_options")),
        sa.UniqueConstraint("question_id", "id", name=op.f("uq_options_question_id_id")),
        sa.UniqueConstraint("question_id", "role", "position", name=op.f("uq_options_question_id_role_position")),
    )
    op.create_table(
        "answers",
        sa.Column(
            "response_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("option_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.Float(), nullable=True),
        sa.Column("text", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(CASE WHEN option_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN number IS NULL THEN 0 ELSE 1 END) + (CASE WHEN text IS NULL THEN 0 ELSE 1 END) <= 1",
            name=op.f("ck_answers_one_value"),
        ),
        sa.ForeignKeyConstraint(
            ["poll_id", "question_id"],
            ["questions.poll_id", "questions.id"],
            name=op.f("fk_answers_poll_id_question_id"),
        ),
        sa.ForeignKeyConstraint(
            ["poll_id", "response_id"],
            ["responses.poll_id", "responses.id"],
            name=op.f("fk_answers_poll_id_response_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["question_id", "item_id"], ["options.question_id", "options.id"], name="fk_answers_item"
        ),
        sa.ForeignKeyConstraint(
            ["question_id", "option_id"], ["options.question_id", "options.id"], name="fk_answers_option"
        ),
        sa.PrimaryKeyConstraint("response_id", "position", name=op.f("pk_answers")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_answers_tally", "answers", ["question_id", "option_id"], unique=False)
    op.create_table(
        "assignments",
        sa.Column(
            "comment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=True),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("placed_by", sa.String(length=10), nullable=False),
        sa.CheckConstraint("placed_by IN ('machine', 'person')", name=op.f("ck_assignments_placed_by")),
        sa.CheckConstraint("score BETWEEN 0 AND 1", name=op.f("ck_assignments_score")),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comments.id"], name=op.f("fk_assignments_comment_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["poll_id", "theme_id"], ["themes.poll_id", "themes.id"], name=op.f("fk_assignments_poll_id_theme_id")
        ),
        sa.ForeignKeyConstraint(["poll_id"], ["polls.id"], name=op.f("fk_assignments_poll_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("comment_id", name=op.f("pk_assignments")),
    )
    op.create_index("ix_assignments_poll", "assignments", ["poll_id"], unique=False)
    op.create_index("ix_assignments_theme", "assignments", ["theme_id"], unique=False)
    op.create_table(
        "comment_vectors",
        sa.Column(
            "comment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("model", sa.String(length=60), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comments.id"], name=op.f("fk_comment_vectors_comment_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("comment_id", name=op.f("pk_comment_vectors")),
    )
    # ### end Alembic commands ###
    # An index on expressions: UNIQUE alone lets NULLs through.
    op.create_index(
        "uq_answers_value",
        "answers",
        ["response_id", "question_id", sa.text("coalesce(item_id, 0)"), sa.text("coalesce(option_id, 0)")],
        unique=True,
    )
    _audit_log_takes_inserts_only()


def _audit_log_takes_inserts_only() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'the audit log takes inserts only'; END $$"
        )
        op.execute(
            "CREATE TRIGGER audit_log_insert_only BEFORE UPDATE OR DELETE ON audit_log FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER audit_log_no_{verb.lower()} BEFORE {verb} ON audit_log "
            "BEGIN SELECT RAISE(ABORT, 'the audit log takes inserts only'); END"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER audit_log_insert_only ON audit_log")
        op.execute("DROP FUNCTION refuse_change()")
    op.drop_table("comment_vectors")
    op.drop_index("ix_assignments_theme", table_name="assignments")
    op.drop_index("ix_assignments_poll", table_name="assignments")
    op.drop_table("assignments")
    op.drop_index("ix_answers_tally", table_name="answers")
    op.drop_table("answers")
    op.drop_table("options")
    op.drop_index(op.f("ix_decisions_brief_id"), table_name="decisions")
    op.drop_table("decisions")
    op.drop_index("ix_comments_poll", table_name="comments")
    op.drop_table("comments")
    op.drop_index("ix_actions_theme", table_name="actions")
    op.drop_index(op.f("ix_actions_poll_id"), table_name="actions")
    op.drop_table("actions")
    op.drop_table("turnout")
    op.drop_index(op.f("ix_themes_poll_id"), table_name="themes")
    op.drop_table("themes")
    op.drop_table("theme_runs")
    op.drop_index(op.f("ix_theme_edits_poll_id"), table_name="theme_edits")
    op.drop_table("theme_edits")
    op.drop_table("tallies")
    op.drop_table("suppressions")
    op.drop_table("subscriptions")
    op.drop_index(
        "ix_responses_waiting",
        table_name="responses",
        sqlite_where=sa.text("NOT released"),
        postgresql_where=sa.text("NOT released"),
    )
    op.drop_table("responses")
    op.drop_table("questions")
    op.drop_table("invitations")
    op.drop_table("findings")
    op.drop_index("ix_deliveries_status", table_name="deliveries")
    op.drop_table("deliveries")
    op.drop_index(op.f("ix_consents_contact_id"), table_name="consents")
    op.drop_table("consents")
    op.drop_table("api_tokens")
    op.drop_index(op.f("ix_sign_ins_account_id"), table_name="sign_ins")
    op.drop_table("sign_ins")
    op.drop_index(op.f("ix_sign_in_links_account_id"), table_name="sign_in_links")
    op.drop_table("sign_in_links")
    op.drop_index("ix_polls_community_status", table_name="polls")
    op.drop_table("polls")
    op.drop_index(op.f("ix_memberships_community_id"), table_name="memberships")
    op.drop_table("memberships")
    op.drop_table("contacts")
    op.drop_index("ix_briefs_community", table_name="briefs")
    op.drop_table("briefs")
    op.drop_index(op.f("ix_work_due_due_at"), table_name="work_due")
    op.drop_table("work_due")
    op.drop_table("communities")
    op.drop_index(op.f("ix_audit_log_community_id"), table_name="audit_log")
    op.drop_table("audit_log")
    op.drop_table("accounts")
    # ### end Alembic commands ###
