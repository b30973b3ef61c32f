"""What Alembic runs: the revisions, on the connection `engine.store.migrations.upgrade` gives."""

from __future__ import annotations

from alembic import context

from engine.store.sql.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # The caller's transaction holds everything: a revision that fails leaves the old schema whole.
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
