"""Acts that two have to agree to, what a token is good for, and the instant of the last event of each case.

A program of an earlier revision would take a token for a whole account, and would write an event of before the last
one: the number of the revision says so.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

#: Their columns and what is in them change: they are stated anew.
restated = ("case", "token")

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_PAGE = 1000


def upgrade() -> None:
    """Make the table of proposals, let the tokens there are be good for what they were, and note when cases were last written."""
    op.create_table(
        "proposal",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("use_case", TEXT, nullable=False),
        sa.Column("about", TEXT, nullable=False),
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("summary", TEXT, nullable=False),
        sa.Column("made_by", TEXT, nullable=False),
        sa.Column("made_at", TEXT, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("decided_by", TEXT, nullable=True),
        sa.Column("decided_at", TEXT, nullable=True),
        sa.Column("reason", TEXT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="proposal_pk"),
    )
    op.add_column("token", sa.Column("scopes", TEXT, nullable=False, server_default="all"))
    connection = op.get_bind()
    for case_id, body, at in _later(connection):
        changed = json.dumps(
            {**json.loads(body), "last_at": at}, ensure_ascii=False, sort_keys=True, separators=(",", ":")
        )
        connection.execute(
            sa.text('UPDATE "case" SET body = :body WHERE id = :id'), {"body": changed, "id": case_id}
        )


def _later(connection: sa.Connection) -> Iterator[tuple[str, str, str]]:
    """Yield (case, its body, instant of its last event) where that is later than it entered its state; page by page."""
    after = ""
    query = sa.text(
        'SELECT c.id, c.body, e.at FROM "case" c JOIN event e ON e.stream = c.id AND e.seq = c.rev '
        "WHERE e.at <> c.entered_at AND c.id > :after ORDER BY c.id LIMIT :page"
    )
    while rows := connection.execute(query, {"after": after, "page": _PAGE}).all():
        yield from (tuple(row) for row in rows)
        after = rows[-1][0]
