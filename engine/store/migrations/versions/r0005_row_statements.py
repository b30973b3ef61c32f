"""Every transaction states which rows it has written.

What is there is stated once, as taken over: nothing proves it before. Programs of earlier revisions would write rows without
stating them, which looks as if somebody had changed them by hand: the number of the revision says so.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

#: The tables whose rows are stated anew, as taken over, once all revisions have been carried out.
restated = (
    "case",
    "task",
    "timer",
    "outbox",
    "inbox",
    "register_entry",
    "register_snapshot",
    "draw",
    "draw_line",
    "publication",
    "document",
    "definition_source",
    "workflow_version",
    "idempotency_key",
    "setting",
    "delegation",
    "credential",
    "token",
    "sign_in_attempt",
    "daemon",
    "sequence_counter",
    "event",
)

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the table; its first rows are written when the last revision has been carried out."""
    op.create_table(
        "row_statement",
        sa.Column(
            "position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), sa.Identity(), nullable=False
        ),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("events", TEXT, nullable=False),
        sa.Column("rows", TEXT, nullable=False),
        sa.Column("hash", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("position", name="row_statement_pk"),
    )
