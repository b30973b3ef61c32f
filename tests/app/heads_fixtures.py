"""A small bureau that keeps heads, with keys in the hand of the test."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

from access_factories import BUREAU, services_over

from engine.app.audit.heads import bureau_id
from engine.app.audit.signed_heads.history import HeadHistory, KeptHead, key_text, read_history
from engine.app.audit.signed_heads.keeping import announce, keep_head_of_today
from engine.app.audit.signed_heads.public_files import public_files
from engine.app.commands.application import Application, CommandResult, NewCase
from engine.app.ports.store import Store
from engine.kernel import ed25519
from engine.store.memory import MemoryStore


class Keys:
    """Secrets by their public keys; the first of them is the one a deployment begins with."""

    def __init__(self, *names: str) -> None:
        secrets = [hashlib.sha256(name.encode()).digest() for name in names]
        self.secrets = {ed25519.public_key(one).hex(): one for one in secrets}

    def holds(self, key: str) -> bool:
        return key in self.secrets

    def first_key(self) -> str:
        return next(iter(self.secrets))

    def sign(self, key: str, text: bytes) -> bytes | None:
        secret = self.secrets.get(key)
        return None if secret is None else ed25519.sign(secret, text)


class HeadBureau:
    """A bureau whose heads are kept a day at a time."""

    def __init__(self, store: Store | None = None, keys: Keys | None = None) -> None:
        self.store = store or MemoryStore()
        self.services: Application = services_over(self.store, BUREAU, people=True)
        self.keys = keys or Keys("one")

    def day(self, title: str | None = None, *, after: int = 1) -> KeptHead:
        """Let a day go by on which one case is started; return the head that was kept at its end."""
        self.services.clock.advance(timedelta(days=after))  # type: ignore[attr-defined]
        if title is not None:
            assert isinstance(self.services.start("errand", "anna", NewCase(title=title)), CommandResult)
        kept = keep_head_of_today(self.services, self.keys)
        assert kept is not None
        return kept

    @property
    def history(self) -> HeadHistory:
        with self.store.read() as transaction:
            return read_history(transaction)

    @property
    def name(self) -> str:
        with self.store.read() as transaction:
            return bureau_id(transaction)

    def announce(self, key: str, signed_by: str | None = None) -> None:
        """Announce a key, signed by another, or in the place of one that was lost."""
        history = self.history
        signed = self.keys.sign(signed_by, key_text(self.name, signed_by, key)) if signed_by else None
        with self.store.write() as transaction:
            now = self.services.clock.now()
            announce(transaction, now, "lena", history, key, signed.hex() if signed else None)

    def files(self) -> dict[str, bytes]:
        with self.store.read() as transaction:
            return public_files(transaction)

    def findings(self) -> list[Any]:
        from engine.app.audit.verify_deployment import verify
        from engine.app.history.paged_reading import PagedReading

        with PagedReading(self.store) as pages:
            return list(verify(pages))
