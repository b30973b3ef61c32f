"""The store on SQLite or PostgreSQL, through SQLAlchemy Core."""

from engine.store.sql.store import SqlStore, open_store

__all__ = ["SqlStore", "open_store"]
