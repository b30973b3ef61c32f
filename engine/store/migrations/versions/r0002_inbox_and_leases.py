"""The inbox, and leases of the outbox that are no attempts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Add the table and the column; until now a claim was counted as an attempt too, so the counts are halved."""
    op.add_column("outbox", sa.Column("claims", sa.Integer(), nullable=False, server_default="0"))
    op.execute("UPDATE outbox SET attempts = attempts / 2")
    op.create_table(
        "inbox",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("recipient", TEXT, nullable=False),
        sa.Column("case_id", TEXT, nullable=True),
        sa.Column("about", TEXT, nullable=False),
        sa.Column("title", TEXT, nullable=False),
        sa.Column("text", TEXT, nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("created_at", TEXT, nullable=False),
        sa.Column("acked_at", TEXT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="inbox_pk"),
    )
    op.create_index("inbox_recipient", "inbox", ["recipient", "created_at", "id"])
