"""0002 asking in full: sections and conditions, schedules, editions, translations, corrections; trials and their versions;
what members add to a question; ballots that are begun and not yet sent.

Polls that have responses already are marked `frozen`: their words stay. Whole ballots of rankings become counters, too
("12:b201"), from the stored answers. The tables polls and questions are rebuilt on
SQLite, for their new CHECKs and the foreign key; foreign keys are off meanwhile (style.md, trap 2).
"""

import string
from collections import Counter

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "announcements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=5), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("what", sa.String(length=4000), nullable=False),
        sa.Column("audience", sa.String(length=1000), nullable=False),
        sa.Column("how", sa.String(length=2000), nullable=False),
        sa.Column("consent", sa.String(length=2000), nullable=False),
        sa.Column("locale", sa.String(length=2), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("places", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("series_id", sa.String(length=32), nullable=False),
        sa.Column("outcome", sa.String(length=6), nullable=False),
        sa.Column("outcome_reason", sa.String(length=4000), nullable=False),
        sa.Column("outcome_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("kind IN ('news', 'trial')", name=op.f("ck_announcements_kind")),
        sa.CheckConstraint("locale IN ('en', 'fr')", name=op.f("ck_announcements_locale")),
        sa.CheckConstraint(
            "outcome = '' OR (kind = 'trial' AND length(outcome_reason) > 0)",
            name=op.f("ck_announcements_outcome_has_reason"),
        ),
        sa.CheckConstraint("outcome IN ('', 'adopt', 'adapt', 'drop')", name=op.f("ck_announcements_outcome")),
        sa.CheckConstraint("status IN ('draft', 'published', 'ended')", name=op.f("ck_announcements_status")),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_announcements_ends_after_start")),
        sa.CheckConstraint("places > 0", name=op.f("ck_announcements_places")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_announcements_community_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["accounts.id"], name=op.f("fk_announcements_created_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcements")),
        sa.UniqueConstraint("slug", name=op.f("uq_announcements_slug")),
    )
    op.create_index("ix_announcements_community_status", "announcements", ["community_id", "status"], unique=False)

    op.create_table(
        "participants",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("announcement_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mailed", sa.JSON(), nullable=False),
        sa.CheckConstraint("state IN ('joined', 'waiting', 'left')", name=op.f("ck_participants_state")),
        sa.ForeignKeyConstraint(
            ["announcement_id"], ["announcements.id"], name=op.f("fk_participants_announcement_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_participants_contact_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participants")),
        sa.UniqueConstraint("announcement_id", "contact_id", name=op.f("uq_participants_announcement_id_contact_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_participants_token_hash")),
    )
    op.create_index("ix_participants_announcement_state", "participants", ["announcement_id", "state"], unique=False)

    op.create_table(
        "ballot_drafts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("voter_key", sa.String(length=43), nullable=True),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(voter_key) = 43", name=op.f("ck_ballot_drafts_voter_key")),
        sa.ForeignKeyConstraint(["poll_id"], ["polls.id"], name=op.f("fk_ballot_drafts_poll_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballot_drafts")),
        sa.UniqueConstraint("poll_id", "voter_key", name=op.f("uq_ballot_drafts_poll_id_voter_key")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_ballot_drafts_token_hash")),
    )
    op.create_index("ix_ballot_drafts_saved", "ballot_drafts", ["saved_at"], unique=False)

    op.create_table(
        "poll_translations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("locale", sa.String(length=2), nullable=False),
        sa.Column("source_hash", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=4000), nullable=False),
        sa.Column("text", sa.String(length=4000), nullable=False),
        sa.CheckConstraint("locale IN ('en', 'fr')", name=op.f("ck_poll_translations_locale")),
        sa.ForeignKeyConstraint(
            ["poll_id"], ["polls.id"], name=op.f("fk_poll_translations_poll_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll_translations")),
        sa.UniqueConstraint(
            "poll_id", "locale", "source_hash", name=op.f("uq_poll_translations_poll_id_locale_source_hash")
        ),
    )
    op.create_table(
        "versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("announcement_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("heard", sa.String(length=4000), nullable=False),
        sa.Column("changed", sa.String(length=4000), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_versions_number")),
        sa.ForeignKeyConstraint(
            ["announcement_id"], ["announcements.id"], name=op.f("fk_versions_announcement_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["poll_id"], ["polls.id"], name=op.f("fk_versions_poll_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_versions")),
        sa.UniqueConstraint("announcement_id", "number", name=op.f("uq_versions_announcement_id_number")),
        sa.UniqueConstraint("poll_id", name=op.f("uq_versions_poll_id")),
    )
    op.create_table(
        "heard_in",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["poll_id", "theme_id"],
            ["themes.poll_id", "themes.id"],
            name=op.f("fk_heard_in_poll_id_theme_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["versions.id"], name=op.f("fk_heard_in_version_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("version_id", "theme_id", name=op.f("pk_heard_in")),
    )
    op.create_index("ix_heard_in_theme", "heard_in", ["theme_id"], unique=False)

    op.create_table(
        "conditions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("on_question_id", sa.Integer(), nullable=False),
        sa.Column("operator", sa.String(length=12), nullable=False),
        sa.Column("option_id", sa.Integer(), nullable=True),
        sa.Column("label", sa.String(length=500), nullable=False),
        sa.Column("figure", sa.Float(), nullable=True),
        sa.CheckConstraint(
            "operator IN ('is', 'is_not', 'at_least', 'at_most', 'answered', 'not_answered')",
            name=op.f("ck_conditions_operator"),
        ),
        sa.CheckConstraint("question_id <> on_question_id", name=op.f("ck_conditions_not_itself")),
        sa.ForeignKeyConstraint(
            ["on_question_id", "option_id"],
            ["options.question_id", "options.id"],
            name="fk_conditions_option",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["poll_id", "on_question_id"],
            ["questions.poll_id", "questions.id"],
            name="fk_conditions_on",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["poll_id", "question_id"],
            ["questions.poll_id", "questions.id"],
            name="fk_conditions_question",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["poll_id"], ["polls.id"], name=op.f("fk_conditions_poll_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conditions")),
    )
    op.create_index("ix_conditions_poll", "conditions", ["poll_id"], unique=False)

    op.create_table(
        "corrections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=16), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=True),
        sa.Column("option_id", sa.Integer(), nullable=True),
        sa.Column("before", sa.String(length=4000), nullable=False),
        sa.Column("after", sa.String(length=4000), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("before <> after", name=op.f("ck_corrections_differs")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_corrections_account_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["poll_id", "question_id"],
            ["questions.poll_id", "questions.id"],
            name="fk_corrections_question",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["poll_id"], ["polls.id"], name=op.f("fk_corrections_poll_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["question_id", "option_id"],
            ["options.question_id", "options.id"],
            name="fk_corrections_option",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrections")),
    )
    op.create_index("ix_corrections_poll", "corrections", ["poll_id"], unique=False)

    op.create_table(
        "suggestions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("response_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("text_hash", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("option_id", sa.Integer(), nullable=True),
        sa.Column("released", sa.Boolean(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(state = 'rejected') = (length(text) = 0)", name=op.f("ck_suggestions_rejected_has_no_words")
        ),
        sa.CheckConstraint("state IN ('waiting', 'accepted', 'rejected')", name=op.f("ck_suggestions_state")),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["accounts.id"], name=op.f("fk_suggestions_decided_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["poll_id", "question_id"],
            ["questions.poll_id", "questions.id"],
            name=op.f("fk_suggestions_poll_id_question_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["poll_id", "response_id"],
            ["responses.poll_id", "responses.id"],
            name=op.f("fk_suggestions_poll_id_response_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["poll_id"], ["polls.id"], name=op.f("fk_suggestions_poll_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["question_id", "option_id"], ["options.question_id", "options.id"], name="fk_suggestions_option"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestions")),
        sa.UniqueConstraint("question_id", "text_hash", name=op.f("uq_suggestions_question_id_text_hash")),
    )
    op.create_index("ix_suggestions_poll", "suggestions", ["poll_id", "state"], unique=False)
    op.create_index("ix_suggestions_response", "suggestions", ["response_id"], unique=False)

    with op.batch_alter_table("polls") as batch:
        batch.add_column(sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("closes_in_days", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("paged", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("frozen", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("trial_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f("fk_polls_trial_id"), "announcements", ["trial_id"], ["id"], ondelete="SET NULL")
        batch.create_check_constraint(op.f("ck_polls_closes_after_opening"), "closes_at > opens_at")
        batch.create_check_constraint(op.f("ck_polls_closes_in_days"), "closes_in_days BETWEEN 1 AND 366")
    op.create_index(op.f("ix_polls_trial_id"), "polls", ["trial_id"], unique=False)
    with op.batch_alter_table("questions") as batch:
        batch.add_column(sa.Column("section", sa.String(length=200), nullable=False, server_default=""))
        batch.add_column(sa.Column("section_intro", sa.String(length=2000), nullable=False, server_default=""))
        batch.add_column(sa.Column("shuffled", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("keep_last", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("show_when", sa.String(length=3), nullable=False, server_default="all"))
        batch.create_check_constraint(op.f("ck_questions_keep_last"), "keep_last >= 0")
        batch.create_check_constraint(op.f("ck_questions_show_when"), "show_when IN ('all', 'any')")
    op.add_column("responses", sa.Column("option_seed", sa.Integer(), nullable=True))
    op.execute(
        sa.text(
            "UPDATE polls SET frozen = true WHERE EXISTS (SELECT 1 FROM responses WHERE responses.poll_id = polls.id)"
        )
    )
    fill_ranking_patterns(op.get_bind())


PLACES = string.digits + string.ascii_uppercase + string.ascii_lowercase


def fill_ranking_patterns(connection: sa.Connection) -> None:
    """A counter for each whole ballot of each ranking question, with its published copy where that can be derived.

    Copies ("p:…") of an anonymous poll that is open are what had been answered at the last step of K. They are made from
    the released responses, and only if these give exactly the copies that are there: a released ballot that was changed
    since must not show. Without copies the question is told by points until the next step.
    """
    questions = connection.execute(sa.text("SELECT id, poll_id FROM questions WHERE kind = 'ranking'")).all()
    for question, poll in questions:
        options = (
            connection.execute(
                sa.text("SELECT id FROM options WHERE question_id = :q AND role = 'option' ORDER BY position"),
                {"q": question},
            )
            .scalars()
            .all()
        )
        if not 0 < len(options) <= 50:
            continue
        places = {option: PLACES[at] for at, option in enumerate(options)}
        whole: Counter[str] = Counter()
        shown: Counter[str] = Counter()
        marks: Counter[str] = Counter()
        for released, order in _ballots(connection, poll, question):
            if not all(option in places for option in order):
                continue
            pattern = f"{question}:b{''.join(places[option] for option in order)}"
            whole[pattern] += 1
            if released:
                shown[pattern] += 1
                marks[f"p:{question}:n"] += 1
                marks.update(f"p:{question}:i{option}:v{rank}" for rank, option in enumerate(order, 1))
        connection.execute(
            sa.text("DELETE FROM tallies WHERE poll_id = :p AND (cell LIKE :own OR cell LIKE :copy)"),
            {"p": poll, "own": f"{question}:b%", "copy": f"p:{question}:b%"},
        )
        rows = [{"p": poll, "c": cell, "n": n} for cell, n in sorted(whole.items())]
        copies = connection.execute(
            sa.text("SELECT cell, n FROM tallies WHERE poll_id = :p AND cell LIKE :copy AND n > 0"),
            {"p": poll, "copy": f"p:{question}:%"},
        ).all()
        if copies and {cell: n for cell, n in copies} == dict(marks):
            rows += [{"p": poll, "c": f"p:{cell}", "n": n} for cell, n in sorted(shown.items())]
        if rows:
            connection.execute(sa.text("INSERT INTO tallies (poll_id, cell, n) VALUES (:p, :c, :n)"), rows)


def _ballots(connection, poll, question):
    """(released, option ids from the best on) of each response that stands and ranks something."""
    rows = connection.execute(
        sa.text(
            "SELECT a.response_id, r.released, a.item_id FROM answers a"
            " JOIN responses r ON r.id = a.response_id AND r.poll_id = a.poll_id"
            " WHERE a.poll_id = :p AND a.question_id = :q AND a.item_id IS NOT NULL AND a.number IS NOT NULL"
            " AND r.withdrawn_at IS NULL ORDER BY a.response_id, a.number"
        ),
        {"p": poll, "q": question},
    )
    response, released = None, False
    order: list[int] = []
    for response_id, is_released, item in rows:
        if response is not None and response_id != response:
            yield released, order
            order = []
        response, released = response_id, bool(is_released)
        order.append(item)
    if response is not None:
        yield released, order


def downgrade() -> None:
    op.drop_column("responses", "option_seed")
    for table in (
        "heard_in",
        "suggestions",
        "corrections",
        "conditions",
        "poll_translations",
        "versions",
        "participants",
        "ballot_drafts",
    ):
        op.drop_table(table)
    with op.batch_alter_table("questions") as batch:
        for check in ("ck_questions_show_when", "ck_questions_keep_last"):
            batch.drop_constraint(op.f(check), type_="check")
        for column in ("show_when", "keep_last", "shuffled", "section_intro", "section"):
            batch.drop_column(column)
    op.drop_index(op.f("ix_polls_trial_id"), table_name="polls")
    with op.batch_alter_table("polls") as batch:
        batch.drop_constraint(op.f("fk_polls_trial_id"), type_="foreignkey")
        for check in ("ck_polls_closes_in_days", "ck_polls_closes_after_opening"):
            batch.drop_constraint(op.f(check), type_="check")
        for column in ("trial_id", "frozen", "paged", "closes_in_days", "archived_at"):
            batch.drop_column(column)
    op.drop_table("announcements")
