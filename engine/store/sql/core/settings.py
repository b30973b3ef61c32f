"""Settings in SQL: the statements."""

from __future__ import annotations

from sqlalchemy import Select, delete, select

from engine.store.sql.building import bind, insert_or_replace
from engine.store.sql.prepared import PreparedStatement
from engine.store.sql.tables import setting

_THIS = setting.c.name == bind(setting, "name")
GET = PreparedStatement(select(setting.c.body).where(_THIS), "name")
PUT = insert_or_replace(setting)
DROP = PreparedStatement(delete(setting).where(_THIS), "name")


def names(prefix: str) -> Select[str]:
    """Return the query for the names from `prefix` on, ordered."""
    return select(setting.c.name).where(setting.c.name >= prefix).order_by(setting.c.name)
