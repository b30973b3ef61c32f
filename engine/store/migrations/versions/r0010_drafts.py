"""Drafts: answers that were typed and not handed in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0008"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "draft",
        sa.Column("person", TEXT, nullable=False),
        sa.Column("case_id", TEXT, nullable=False),
        sa.Column("step", TEXT, nullable=False),
        sa.Column("form", TEXT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("entered_at", TEXT, nullable=False),
        sa.Column("answers", TEXT, nullable=False),
        sa.Column("saved_at", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("person", "case_id", "step", name="draft_pk"),
    )
