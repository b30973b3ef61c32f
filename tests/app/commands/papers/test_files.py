"""A file is kept with a case, and its keeping is in the history."""

from __future__ import annotations

import hashlib

from access_factories import BUREAU, services_over

from engine.app.commands import Caller
from engine.app.commands.application import NewCase
from engine.app.commands.papers.files import KeptFile, NewFile, keep_file
from engine.kernel.refusal import Refusal
from engine.store.memory import MemoryStore

PDF = b"%PDF-1.7"


class Files:
    def __init__(self) -> None:
        self.kept: list[bytes] = []

    def put(self, content: bytes) -> str:
        self.kept.append(content)
        return hashlib.sha256(content).hexdigest()

    def get(self, sha256: str) -> bytes | None:
        return None

    def remove(self, sha256: str) -> None:
        raise NotImplementedError


def test_a_file_is_kept_once_for_each_request() -> None:
    services = services_over(MemoryStore(), BUREAU, people=True)
    services.start("errand", "anna", NewCase(title="示例"))
    new = NewFile(PDF, "回证.pdf", "送达回证")
    assert isinstance(keep_file(services, Caller("anna"), "errand-1", new), Refusal)
    services.files = files = Files()
    kept = keep_file(services, Caller("anna", "once"), "errand-1", new)
    assert isinstance(kept, KeptFile)
    assert (kept.id, kept.type, kept.size, kept.by) == ("errand-1/F1", "pdf", len(PDF), "anna")
    assert keep_file(services, Caller("anna", "once"), "errand-1", new) == kept
    assert files.kept == [PDF]
    for case, one in (("errand-9", new), ("errand-1", NewFile(b"MZ\0", "a.pdf", "x"))):
        assert isinstance(keep_file(services, Caller("anna"), case, one), Refusal)
    with services.store.read() as transaction:
        last = list(transaction.events.of("errand-1"))[-1].body
        assert (last["file"], last["sha256"]) == (kept.id, kept.sha256)
