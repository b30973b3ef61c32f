"""Files kept with a case: the bytes under their digest, and who kept what and when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine.app.access.case_access import require_visible
from engine.app.access.command import CommandContext, command
from engine.app.access.visible_case import unknown_case
from engine.app.papers.facts import PaperRefusedError
from engine.app.papers.files import NewFile, keep_with_case
from engine.app.ports.papers import KeptFile
from engine.app.session.refused import CommandRefused
from engine.app.session.unit_of_work import UnitOfWork
from engine.language import say

__all__ = ["KeptFile", "NewFile", "keep_file"]


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
        kept = keep_with_case(uow, found, store, file, context.by)
    except PaperRefusedError as problem:
        raise context.refusal("file", problem.message) from None
    uow.flush()
    context.recorded = True
    return kept
