"""The index of tasks by key goes by case too, and holds what the counts of a list ask.

A page of a list reads the rows it shows, wherever in the list it begins; a count reads the index alone.
"""

from __future__ import annotations

from alembic import op

revision = "0014"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index anew."""
    op.drop_index("task_key", "task")
    op.create_index("task_key", "task", ["key", "due_at", "case_id", "assignee", "due_on"])
