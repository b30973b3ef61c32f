"""Records of who was shown personal values.

A program of an earlier revision would show them without a record: the number of the revision says so.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "personal_reading",
        sa.Column("day", TEXT, nullable=False),
        sa.Column("person", TEXT, nullable=False),
        sa.Column("use_case", TEXT, nullable=False),
        sa.Column("about", TEXT, nullable=False),
        sa.Column("at", TEXT, nullable=False),
        sa.Column("credential", TEXT, nullable=False),
        sa.Column("columns", TEXT, nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "person", "use_case", "about", name="personal_reading_pk"),
    )
    op.create_index("personal_reading_at", "personal_reading", ["at"])
