"""Files kept with a case: the bytes under their digest, and who kept what and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.app.access.case_access import require_visible
from engine.app.access.command import CommandContext, command
from engine.app.access.visible_case import unknown_case
from engine.app.papers.facts import PaperRefused
from engine.app.papers.files import type_of
from engine.app.ports.papers import KeptFile
from engine.app.session.refused import CommandRefused
from engine.app.session.unit_of_work import UnitOfWork
from engine.language import say
from engine.lifecycle.case import EventKind

__all__ = ["KeptFile", "NewFile", "keep_file"]


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file to keep: its bytes, and what it is called."""

    content: bytes
    name: str
    title: str


def _decoded(body: Mapping[str, Any]) -> KeptFile:
    return KeptFile(**{**body, "at": datetime.fromisoformat(str(body["at"]))})


@command("file.keep", decode=_decoded)
def keep_file(context: CommandContext, case: str, file: NewFile) -> KeptFile:
    """Keep a file with a case. Bytes that are kept already are kept once; the case has the file under a new id."""
    uow = UnitOfWork(context.services, context.transaction, context.now)
    found = uow.case(case)
    if found is None:
        raise CommandRefused(unknown_case(case))
    require_visible(uow, found, context.actor)
    store = context.services.files
    if store is None:
        raise context.refusal("file", say("这里没有存放文件的地方"))
    try:
        kind = type_of(file.content, file.name)
    except PaperRefused as problem:
        raise context.refusal("file", problem.message) from None
    number = len(context.transaction.papers.files(case)) + 1
    kept = KeptFile(
        id=f"{case}/F{number}",
        case=case,
        title=file.title,
        name=file.name,
        sha256=store.put(file.content),
        size=len(file.content),
        type=kind,
        at=uow.now,
        by=context.by,
    )
    context.transaction.papers.add_file(kept)
    body = {"title": "存入附件", "file": kept.id, "name": kept.name, "sha256": kept.sha256, "type": kind}
    uow.record(found, EventKind.RECORDED.value, context.by, body)
    uow.flush()
    context.recorded = True
    return kept
