"""The public log of the bureau, the keys of draws, and evidence: what ssj-draw/2 keeps beside the records of draws.

Programs of earlier revisions would hold new draws by ssj-draw/1, past the public log: the number of the revision says so.
Draws there are stay as they are, in the table they are in.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "draw_log",
        sa.Column("seq", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("line", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("seq", name="draw_log_pk"),
    )
    op.create_table(
        "draw_key",
        sa.Column("case_id", TEXT, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "number", name="draw_key_pk"),
    )
    op.create_table(
        "evidence",
        sa.Column("sha256", TEXT, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="evidence_pk"),
    )
