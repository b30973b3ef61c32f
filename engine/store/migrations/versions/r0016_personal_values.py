"""Personal values outside the histories.

A program of an earlier revision would write them into the history: the number of the revision says so.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the table."""
    names = ("id", "subject", "at", "key", "content")
    op.create_table(
        "personal_value",
        *(sa.Column(name, TEXT, nullable=False) for name in names),
        sa.PrimaryKeyConstraint("id", name="personal_value_pk"),
    )
    op.create_index("personal_value_at", "personal_value", ["at", "id"])
    op.create_index("personal_value_subject", "personal_value", ["subject", "at", "id"])
