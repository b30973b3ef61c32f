"""Papers with their facts, the numbers of the series, and kept files.

Programs of earlier revisions would make papers without a number: the number of the revision says so. Documents there are stay documents.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "paper",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("case_id", TEXT, nullable=False),
        sa.Column("made_at", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("document", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("number", TEXT, nullable=True),
        sa.Column("replaces", TEXT, nullable=True),
        sa.Column("facts", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="paper_pk"),
    )
    op.create_index("paper_case", "paper", ["case_id", "made_at", "id"])
    op.create_table(
        "paper_number",
        sa.Column("series", TEXT, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", TEXT, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("paper", TEXT, nullable=True),
        sa.Column("dated_on", TEXT, nullable=True),
        sa.Column("given_by", TEXT, nullable=True),
        sa.Column("out_of_order", sa.Boolean(), nullable=False),
        sa.Column("reason", TEXT, nullable=True),
        sa.PrimaryKeyConstraint("series", "year", "number", name="paper_number_pk"),
    )
    still_open = sa.text("status = 'open'")
    op.create_index(
        "paper_number_open",
        "paper_number",
        ["series", "year", "number"],
        sqlite_where=still_open,
        postgresql_where=still_open,
    )
    op.create_index("paper_number_paper", "paper_number", ["paper"])
    op.create_table(
        "kept_file",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("case_id", TEXT, nullable=False),
        sa.Column("title", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("sha256", TEXT, nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("type", TEXT, nullable=False),
        sa.Column("kept_at", TEXT, nullable=False),
        sa.Column("kept_by", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="kept_file_pk"),
    )
    op.create_index("kept_file_case", "kept_file", ["case_id", "kept_at", "id"])
