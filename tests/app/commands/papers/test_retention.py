"""Into the bin, back, destroyed: the bytes go, the record stays (`tests/app/papers/test_retention.py` holds when)."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from agreeing import agreed
from bureau_of_sections import open_sections

from engine.app.audit.verify_files import verify_files
from engine.app.commands import Caller
from engine.app.commands.papers import retention
from engine.app.commands.papers.retention import bin_file, destroy_file, restore_file
from engine.app.ports.papers import KeptFile
from engine.app.ports.retention import RetentionState
from engine.app.queries.papers.retention import list_retention
from engine.kernel.refusal import Refusal


class Files(dict[str, bytes]):
    """A store of files in memory."""

    def put(self, content: bytes) -> str:
        """Keep bytes."""
        digest = hashlib.sha256(content).hexdigest()
        self[digest] = content
        return digest

    def remove(self, sha256: str) -> None:
        """Remove bytes."""
        self.pop(sha256, None)


def test_the_bytes_go_and_the_record_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    opened, files = open_sections(), Files()
    opened.services.files = files
    monkeypatch.setattr(retention, "in_the_way", lambda uow, case, day: None)
    monkeypatch.setattr("engine.app.access.command.ask_access", lambda *_: None)
    digest, shared = files.put(b"photo"), files.put(b"shared")
    with opened.services.store.write() as transaction:
        now = opened.services.clock.now()
        for name, case, kept in (
            ("F1", opened.case, digest),
            ("F2", opened.case, shared),
            ("F1", "other-1", shared),
        ):
            transaction.papers.add_file(
                KeptFile(
                    id=f"{case}/{name}",
                    case=case,
                    title="t",
                    name="a.jpg",
                    sha256=kept,
                    size=1,
                    type="jpeg",
                    at=now,
                    by="anna",
                )
            )
    who, case = Caller("anna"), opened.case

    def did(use: Any) -> Any:
        return agreed(opened.services, lambda: use(opened.services, who, case, "到期"))

    assert isinstance(did(destroy_file), Refusal)
    assert did(bin_file).state is RetentionState.BIN
    assert isinstance(did(bin_file), Refusal)
    assert did(restore_file).state is RetentionState.KEPT
    assert isinstance(did(restore_file), Refusal)
    did(bin_file)
    gone = did(destroy_file)
    assert (gone.state, set(gone.destroyed.values())) == (RetentionState.DESTROYED, {digest, shared})
    # What another case has too stays.
    assert set(files) == {shared}
    with opened.services.store.read() as transaction:
        assert list(verify_files(transaction, files, case)) == []
    assert list_retention(opened.services, "anna") == []
