"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make all tables."""
    op.create_table(
        "case",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("workflow", TEXT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("head", TEXT, nullable=False),
        sa.Column("parent", TEXT, nullable=True),
        sa.Column("section", TEXT, nullable=True),
        sa.Column("subject_id", TEXT, nullable=True),
        sa.Column("title", TEXT, nullable=False),
        sa.Column("opened_at", TEXT, nullable=False),
        sa.Column("entered_at", TEXT, nullable=False),
        sa.Column("closed_at", TEXT, nullable=True),
        sa.Column("suspended_at", TEXT, nullable=True),
        sa.Column("assignee", TEXT, nullable=True),
        sa.Column("body", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="case_pk"),
    )
    op.create_index(
        "case_open_child",
        "case",
        ["parent", "workflow", "state"],
        sqlite_where=sa.text("closed_at IS NULL AND parent IS NOT NULL"),
        postgresql_where=sa.text("closed_at IS NULL AND parent IS NOT NULL"),
    )
    op.create_index(
        "case_parent",
        "case",
        ["parent", "workflow"],
        sqlite_where=sa.text("parent IS NOT NULL"),
        postgresql_where=sa.text("parent IS NOT NULL"),
    )
    op.create_index("case_state", "case", ["workflow", "state"])
    op.create_index(
        "case_subject",
        "case",
        ["subject_id"],
        sqlite_where=sa.text("subject_id IS NOT NULL"),
        postgresql_where=sa.text("subject_id IS NOT NULL"),
    )
    op.create_table(
        "document",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("case_id", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("sha256", TEXT, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="document_pk"),
    )
    op.create_index("document_case", "document", ["case_id"])
    op.create_table(
        "draw",
        sa.Column("case_id", TEXT, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("record", TEXT, nullable=False),
        sa.Column("made_at", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("case_id", "number", name="draw_pk"),
    )
    op.create_table(
        "event",
        sa.Column("stream", TEXT, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", TEXT, nullable=False),
        sa.Column("actor", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("body", TEXT, nullable=False),
        sa.Column("previous", TEXT, nullable=False),
        sa.Column("hash", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("stream", "seq", name="event_pk"),
    )
    op.create_table(
        "outbox",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("channel", TEXT, nullable=False),
        sa.Column("recipient", TEXT, nullable=True),
        sa.Column("case_id", TEXT, nullable=True),
        sa.Column("payload", TEXT, nullable=False),
        sa.Column("created_at", TEXT, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", TEXT, nullable=True),
        sa.Column("sent_at", TEXT, nullable=True),
        sa.Column("error", TEXT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="outbox_pk"),
    )
    op.create_index(
        "outbox_incident",
        "outbox",
        ["created_at", "id"],
        sqlite_where=sa.text("status = 'incident'"),
        postgresql_where=sa.text("status = 'incident'"),
    )
    op.create_index("outbox_recipient", "outbox", ["recipient", "created_at"])
    op.create_index(
        "outbox_waiting",
        "outbox",
        ["channel", "created_at", "id"],
        sqlite_where=sa.text("status = 'waiting'"),
        postgresql_where=sa.text("status = 'waiting'"),
    )
    op.create_table(
        "publication",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("case_id", TEXT, nullable=False),
        sa.Column("title", TEXT, nullable=False),
        sa.Column("body", TEXT, nullable=False),
        sa.Column("published_at", TEXT, nullable=False),
        sa.Column("due_on", TEXT, nullable=True),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("withdrawn_at", TEXT, nullable=True),
        sa.Column("withdrawn_because", TEXT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="publication_pk"),
    )
    op.create_index("publication_case", "publication", ["case_id"])
    op.create_index("publication_kind", "publication", ["kind", "published_at"])
    op.create_table(
        "register_entry",
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("id", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("section", TEXT, nullable=True),
        sa.Column("data", TEXT, nullable=False),
        sa.Column("changed_at", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("kind", "id", name="register_entry_pk"),
    )
    op.create_index("register_entry_changed", "register_entry", ["kind", "changed_at"])
    op.create_table(
        "request",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("answer", TEXT, nullable=False),
        sa.Column("at", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="request_pk"),
    )
    op.create_table(
        "series",
        sa.Column("name", TEXT, nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="series_pk"),
    )
    op.create_table(
        "setting",
        sa.Column("name", TEXT, nullable=False),
        sa.Column("value", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="setting_pk"),
    )
    op.create_table(
        "snapshot",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("taken_at", TEXT, nullable=False),
        sa.Column("row_count", sa.BigInteger(), nullable=False),
        sa.Column("sha256", TEXT, nullable=False),
        sa.Column("sm3", TEXT, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("taken_by", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="snapshot_pk"),
    )
    op.create_table(
        "source_text",
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="source_text_pk"),
    )
    op.create_table(
        "task",
        sa.Column("case_id", TEXT, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("workflow", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("title", TEXT, nullable=False),
        sa.Column("case_title", TEXT, nullable=False),
        sa.Column("section", TEXT, nullable=True),
        sa.Column("assignee", TEXT, nullable=True),
        sa.Column("due_on", TEXT, nullable=True),
        sa.Column("due_at", TEXT, nullable=True),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("opened_at", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("case_id", "key", name="task_pk"),
        sqlite_with_rowid=False,
    )
    op.create_index("task_due", "task", ["due_at"])
    op.create_index("task_key", "task", ["key", "due_at"])
    op.create_table(
        "timer",
        sa.Column("case_id", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("at", TEXT, nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("error", TEXT, nullable=True),
        sa.PrimaryKeyConstraint("case_id", "name", name="timer_pk"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "timer_at",
        "timer",
        ["at", "case_id", "name"],
        sqlite_where=sa.text("error IS NULL"),
        postgresql_where=sa.text("error IS NULL"),
    )
    op.create_index(
        "timer_incident",
        "timer",
        ["case_id", "name"],
        sqlite_where=sa.text("error IS NOT NULL"),
        postgresql_where=sa.text("error IS NOT NULL"),
    )
    op.create_table(
        "workflow_version",
        sa.Column("workflow", TEXT, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("parts", TEXT, nullable=False),
        sa.Column("published_at", TEXT, nullable=False),
        sa.Column("published_by", TEXT, nullable=False),
        sa.Column("note", TEXT, nullable=True),
        sa.PrimaryKeyConstraint("workflow", "number", name="workflow_version_pk"),
    )
