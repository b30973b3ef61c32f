"""Verifies the kept files: each is read again and held against its digest."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING

from engine.app.audit.finding import AuditFinding
from engine.app.history.paged_reading import pages_of
from engine.app.papers.file_answers import unlike
from engine.app.ports.retention import RetentionState
from engine.kernel.budget import JSON_ERRORS
from engine.language import say

if TYPE_CHECKING:
    from engine.app.ports.files import FileStore
    from engine.app.ports.papers import KeptFile
    from engine.app.ports.store import Transaction

#: Rows fetched at a time where some cannot be read.
ROWS = 1000


def verify_files(
    transaction: Transaction, files: FileStore, case: str | None = None
) -> Iterator[AuditFinding]:
    """Yield every kept file (of a case) that is not there, or is not as it was kept."""
    is_destroyed = _destroyed(transaction)
    for name in [case] if case is not None else _cases_with_files(transaction):
        try:
            kept = transaction.papers.files(name)
        except JSON_ERRORS:
            # Which row that is, is found where rows are verified.
            yield AuditFinding(str(name), 0, "-", say("附件的行有读不出来的：这件案件的附件没有核对"))
        else:
            yield from _wrong(kept, files, is_destroyed)


def _cases_with_files(transaction: Transaction) -> Sequence[str | None]:
    """Return the cases to ask for one after the other; None for all at once, where every row can be read."""
    try:
        transaction.papers.files()
    except JSON_ERRORS:
        pages = pages_of(
            lambda key: transaction.statements.present("kept_file", after=key, limit=ROWS),
            None,
            attrgetter("key"),
            ROWS,
        )
        return sorted({row.case for page in pages for row in page if isinstance(row.case, str)})
    return [None]


def _destroyed(transaction: Transaction) -> Callable[[str], bool]:
    """Return what tells whether the files of a case were destroyed; where its record cannot be read they were not."""

    def is_destroyed(case: str) -> bool:
        try:
            record = transaction.retention.get(case)
        except JSON_ERRORS:
            return False
        return record is not None and record.state is RetentionState.DESTROYED

    try:
        gone = {one.case for one in transaction.retention.all() if one.state is RetentionState.DESTROYED}
    except JSON_ERRORS:
        return is_destroyed
    return gone.__contains__


def _wrong(
    kept: Sequence[KeptFile], files: FileStore, is_destroyed: Callable[[str], bool]
) -> Iterator[AuditFinding]:
    for file in kept:
        if is_destroyed(file.case):
            # Its bytes were destroyed when its time was over; the history says so.
            continue
        if (wrong := unlike(files, file)) is not None:
            yield AuditFinding(file.case, 0, file.at.date().isoformat(), wrong)
