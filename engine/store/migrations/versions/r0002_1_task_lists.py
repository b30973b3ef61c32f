"""Indexes in the order in which tasks are listed, of a section and of everybody; one of the outbox that nobody asked."""

from __future__ import annotations

from alembic import op

revision = "0002.1"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A list reads the rows it shows and no others, however many tasks are due on the same day."""
    op.drop_index("task_due", "task")
    op.create_index("task_due", "task", ["due_at", "case_id", "key"])
    op.create_index("task_section", "task", ["section", "due_at", "case_id", "key"])
    op.drop_index("outbox_recipient", "outbox")
