"""Signatures, what was done with files whose time was near, and jobs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the tables."""

    def text(name: str, *, empty: bool = False) -> sa.Column[str]:
        return sa.Column(name, TEXT, nullable=empty)

    op.create_table(
        "signature",
        *map(text, ("id", "case_id", "record", "sha256", "person", "way", "device", "signed_at", "noted_by")),
        text("picture", empty=True),
        text("seal", empty=True),
        sa.PrimaryKeyConstraint("id", name="signature_pk"),
    )
    op.create_index("signature_case", "signature", ["case_id", "signed_at", "id"])
    op.create_table(
        "retention",
        *map(text, ("case_id", "state", "changed_at", "changed_by", "reason")),
        text("keep_until", empty=True),
        text("destroyed"),
        sa.PrimaryKeyConstraint("case_id", name="retention_pk"),
    )
    op.create_table(
        "job",
        text("id"),
        sa.Column("number", sa.Integer(), nullable=False),
        *map(text, ("kind", "words", "pieces", "made_by", "made_at", "state")),
        sa.Column("done", sa.Integer(), nullable=False),
        text("failed"),
        *(text(name, empty=True) for name in ("worker", "claimed_until", "ended_at")),
        sa.PrimaryKeyConstraint("id", name="job_pk"),
    )
