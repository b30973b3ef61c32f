"""An index of the entries of registers that name roles: who holds one is not looked for among ten thousand inspectors."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0016"
branch_labels = None
depends_on = None

NAMES_ROLES = "replace(data, '\"roles\"', '') <> data"


def upgrade() -> None:
    """Make the index."""
    op.create_index(
        "register_entry_roles",
        "register_entry",
        ["kind", "id"],
        sqlite_where=sa.text(NAMES_ROLES),
        postgresql_where=sa.text(NAMES_ROLES),
    )
