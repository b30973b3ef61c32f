"""Every kept file is read again and held against its digest."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from engine.app.audit.verify_files import verify_files
from engine.app.ports.papers import KeptFile
from engine.store.memory.store import MemoryStore

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


class Files:
    def __init__(self, **kept: bytes) -> None:
        self.kept = {hashlib.sha256(name.encode()).hexdigest(): content for name, content in kept.items()}

    def put(self, content: bytes) -> str:
        raise NotImplementedError

    def get(self, sha256: str) -> bytes | None:
        if self.kept.get(sha256) == b"unreadable":
            raise OSError
        return self.kept.get(sha256)

    def remove(self, sha256: str) -> None:
        raise NotImplementedError


def test_what_is_gone_or_changed_is_found() -> None:
    store = MemoryStore()
    with store.write() as transaction:
        for number, name in enumerate(("right", "wrong", "gone", "barred")):
            digest = hashlib.sha256(name.encode()).hexdigest()
            transaction.papers.add_file(
                KeptFile(
                    id=f"c-{number}/F1",
                    case=f"c-{number}",
                    title=name,
                    name="a.txt",
                    sha256=digest,
                    size=5,
                    type="txt",
                    at=NOON,
                    by="a",
                )
            )
    files = Files(right=b"right", wrong=b"other", barred=b"unreadable")
    with store.read() as transaction:
        found = {one.stream: str(one.message) for one in verify_files(transaction, files)}
        assert [one.stream for one in verify_files(transaction, files, "c-0")] == []
    assert set(found) == {"c-1", "c-2", "c-3"}
    assert "不同" in found["c-1"]
    assert "不在了" in found["c-2"]
