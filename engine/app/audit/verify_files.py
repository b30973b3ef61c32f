"""Verifies the kept files: each is read again and held against its digest."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from engine.app.audit.finding import AuditFinding
from engine.app.ports.retention import RetentionState
from engine.kernel.budget import BudgetExceededError
from engine.language import Message, say

if TYPE_CHECKING:
    from engine.app.ports.files import FileStore
    from engine.app.ports.papers import KeptFile
    from engine.app.ports.store import Transaction


def verify_files(
    transaction: Transaction, files: FileStore, case: str | None = None
) -> Iterator[AuditFinding]:
    """Yield every kept file (of a case) that is not there, or is not as it was kept."""
    gone = {one.case for one in transaction.retention.all() if one.state is RetentionState.DESTROYED}
    for file in transaction.papers.files(case):
        if file.case in gone:
            # Its bytes were destroyed when its time was over; the history says so.
            continue
        try:
            content = files.get(file.sha256)
        except (OSError, BudgetExceededError):
            content = None
        if content is None:
            yield _finding(file, say("附件“{file}”不在了，或读不出来", file=file.id))
        elif hashlib.sha256(content).hexdigest() != file.sha256:
            yield _finding(file, say("附件“{file}”的内容与存入时不同", file=file.id))


def _finding(file: KeptFile, message: Message) -> AuditFinding:
    return AuditFinding(file.case, 0, file.at.date().isoformat(), message)
