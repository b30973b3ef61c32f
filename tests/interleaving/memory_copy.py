"""Copies of a memory store: what was prepared once is there again for every schedule."""

from __future__ import annotations

from engine.store.memory import MemoryStore


def copy_of(store: MemoryStore) -> MemoryStore:
    """Return another store with the same rows, histories and statements; values never change and are shared."""
    made = MemoryStore()
    old, new = store._transaction, made._transaction
    for name, tables in old._undo_log.tables.items():
        for mine, theirs in zip(new._undo_log.tables[name], tables, strict=True):
            for key, value in theirs.rows.items():
                mine._set(key, value)
    new.events._streams = {stream: list(events) for stream, events in old.events._streams.items()}
    new.statements._statements = list(old.statements._statements)
    return made
