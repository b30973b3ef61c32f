"""How `--as` is taken is what the database says; what a folder says counts only where it says nothing."""

from __future__ import annotations

from engine.app.sign_in.mode import REQUIRED, TRUST, sign_in_mode
from engine.store.memory.store import MemoryStore


def test_the_database_decides() -> None:
    store = MemoryStore()
    with store.write() as transaction:
        assert sign_in_mode(transaction, {}) == TRUST
        assert sign_in_mode(transaction, {"sign_in": REQUIRED}) == REQUIRED
        transaction.settings.put("sign_in", REQUIRED)
        assert sign_in_mode(transaction, {"sign_in": TRUST}) == REQUIRED
