"""Keeping a file with a case: its bytes once under their digest, and an entry in the history of the case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.app.papers.files import type_of
from engine.app.ports.papers import KeptFile
from engine.lifecycle.case import EventKind

if TYPE_CHECKING:
    from engine.app.ports.files import FileStore
    from engine.app.session.unit_of_work import UnitOfWork
    from engine.lifecycle.case import Case


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file to keep: its bytes, and what it is called."""

    content: bytes
    name: str
    title: str

    def as_json(self) -> dict[str, Any]:
        """Return what the words of the command are kept as; the bytes by their digest."""
        return {"content": self.content, "name": self.name, "title": self.title}


def keep_with_case(uow: UnitOfWork, case: Case, store: FileStore, file: NewFile, by: str) -> KeptFile:
    """Keep a file with a case. Raises PaperRefusedError for a kind of file that is not kept."""
    kind = type_of(file.content, file.name)
    number = len(uow.transaction.papers.files(case.id)) + 1
    kept = KeptFile(
        id=f"{case.id}/F{number}",
        case=case.id,
        title=file.title,
        name=file.name,
        sha256=store.put(file.content),
        size=len(file.content),
        type=kind,
        at=uow.now,
        by=by,
    )
    uow.transaction.papers.add_file(kept)
    body = {"title": "存入附件", "file": kept.id, "name": kept.name, "sha256": kept.sha256, "type": kind}
    uow.record(uow.seen(case.id) or case, EventKind.RECORDED.value, by, body)
    return kept
