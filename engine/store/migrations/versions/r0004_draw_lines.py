"""Lines that are added to the log of a draw stand in rows of their own.

A refused attempt at a draw is one line. Until now the whole record, rosters and all, was written anew for it. Programs
of earlier revisions would not read these lines, and would write the log without them: the number of the revision says so.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the table; the logs there are stay where they are."""
    op.create_table(
        "draw_line",
        sa.Column("case_id", TEXT, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("line", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("case_id", "number", "seq", name="draw_line_pk"),
    )
