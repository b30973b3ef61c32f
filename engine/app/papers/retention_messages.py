"""Messages before the time of files is over: each once, and again where the fact they are counted from has moved the end."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

from engine.app.history.retry import retry_on_conflict
from engine.app.papers.paper import today
from engine.app.papers.retention import KeptUntil, kept_until
from engine.app.ports.records import CaseFilter, InboxEntry
from engine.app.ports.retention import RetentionState
from engine.app.session.unit_of_work import UnitOfWork
from engine.language import say

if TYPE_CHECKING:
    from engine.app.ports.store import Transaction
    from engine.app.services import Services

#: Cases that are looked at in one transaction.
PAGE = 500

#: Returns who is written to about the file of a case of a section.
Receivers = Callable[["Transaction", str | None], Iterable[str]]


def send_retention_messages(services: Services, receivers: Receivers) -> int:
    """Write to `receivers` about every file whose time is near or over; return how many files that are.

    Nobody gets the same message twice. A file in the bin, or destroyed, is in somebody's hands already.
    """
    count = 0
    after: str | None = None
    while True:
        found, after = retry_on_conflict(partial(_look, services, receivers, after))
        count += found
        if after is None:
            return count


def _look(services: Services, receivers: Receivers, after: str | None) -> tuple[int, str | None]:
    """Look at the next cases; return how many messages are due, and the last case looked at (None at the end)."""
    with services.store.write() as transaction:
        uow = UnitOfWork(services, transaction, services.clock.now())
        cases = transaction.cases.find(CaseFilter(open=False), limit=PAGE, after=after)
        day = today(uow)
        count = 0
        for case in cases:
            if uow.process(case).workflow.archive is None:
                continue
            kept = kept_until(uow, case)
            if kept.state is not RetentionState.KEPT or kept.notice is None or kept.notice > day:
                continue
            count += 1
            # One that is there already is left as it is, read or not.
            transaction.inbox.put(
                [_message(person, kept, uow) for person in receivers(transaction, case.section)]
            )
        return count, cases[-1].id if len(cases) == PAGE else None


def _message(person: str, kept: KeptUntil, uow: UnitOfWork) -> InboxEntry:
    until = "" if kept.until is None else kept.until.isoformat()
    return InboxEntry(
        id=f"retention:{kept.case}:{until}:{person}",
        recipient=person,
        case=kept.case,
        about="retention",
        title=str(say("案卷保管期限将满")),
        text=str(
            say(
                "“{title}”（{case}）的案卷保管到 {until}；到期后由管案卷的人决定处置，不会自动销毁",
                title=kept.title,
                case=kept.case,
                until=until,
            )
        ),
        urgent=False,
        created_at=uow.now,
    )
