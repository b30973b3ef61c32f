"""The file of a case after its time: into the bin, back, and destroyed; the record of that stays for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.app.access.case_access import require_visible
from engine.app.access.command import CommandContext, command
from engine.app.access.proposals import SecondPerson
from engine.app.access.visible_case import unknown_case
from engine.app.execution.void_papers.agreement import destroy_by_two
from engine.app.papers.paper import today
from engine.app.papers.retention import in_the_way, kept_until
from engine.app.ports.retention import RetentionRecord, RetentionState
from engine.app.session.refused import CommandRefused
from engine.app.session.unit_of_work import UnitOfWork
from engine.language import say
from engine.lifecycle.case import EventKind

if TYPE_CHECKING:
    from engine.lifecycle.case import Case

__all__ = ["RetentionRecord", "bin_file", "destroy_file", "restore_file"]


@command("retention.change", decode=RetentionRecord.from_json)
def bin_file(context: CommandContext, case: str, reason: str) -> RetentionRecord:
    """Put the file of a case whose time is over into the bin. Nothing of it is gone yet."""
    uow, found = _found(context, case)
    _require(context, uow, found, RetentionState.KEPT)
    return _enter(context, uow, found, RetentionState.BIN, reason, {})


@command("retention.change", decode=RetentionRecord.from_json)
def restore_file(context: CommandContext, case: str, reason: str) -> RetentionRecord:
    """Take the file of a case out of the bin."""
    uow, found = _found(context, case)
    if _state(uow, found) is not RetentionState.BIN:
        raise context.refusal("retention", say("“{case}”的案卷不在回收站", case=case))
    return _enter(context, uow, found, RetentionState.KEPT, reason, {})


def _two_agree(context: CommandContext, case: str, reason: str) -> SecondPerson | None:
    """Say who agrees that a file is destroyed; None where it is refused."""
    uow, found = _found(context, case)
    _require(context, uow, found, RetentionState.BIN)
    return destroy_by_two(context, uow, found, reason)


@command("retention.change", decode=RetentionRecord.from_json, second=_two_agree)
def destroy_file(context: CommandContext, case: str, reason: str) -> RetentionRecord:
    """Destroy the evidence of a case in the bin, once a leading person has agreed: the bytes of its kept files that no other case has.

    Ids and digests of what was destroyed stay in the history.
    """
    uow, found = _found(context, case)
    _require(context, uow, found, RetentionState.BIN)
    store = context.services.files
    if store is None:
        raise context.refusal("file", say("这里没有存放文件的地方"))
    papers = context.transaction.papers
    others = {
        one.sha256
        for one in papers.files()
        if one.case != case and _state_of(uow, one.case) is not RetentionState.DESTROYED
    }
    gone = {one.id: one.sha256 for one in papers.files(case)}
    # Only once it is stored that they are destroyed.
    for digest in sorted(set(gone.values()) - others):
        context.afterwards.append(lambda digest=digest: store.remove(digest))  # type: ignore[misc] # bound now
    return _enter(context, uow, found, RetentionState.DESTROYED, reason, gone)


def _found(context: CommandContext, case: str) -> tuple[UnitOfWork, Case]:
    uow = UnitOfWork(context.services, context.transaction, context.now)
    found = uow.case(case)
    if found is None:
        raise CommandRefused(unknown_case(case))
    require_visible(uow, found, context.actor)
    return uow, found


def _state_of(uow: UnitOfWork, case: str) -> RetentionState:
    record = uow.transaction.retention.get(case)
    return RetentionState.KEPT if record is None else record.state


def _state(uow: UnitOfWork, case: Case) -> RetentionState:
    return _state_of(uow, case.id)


def _require(context: CommandContext, uow: UnitOfWork, case: Case, state: RetentionState) -> None:
    if _state(uow, case) is not state:
        if state is RetentionState.BIN:
            raise context.refusal("retention", say("“{case}”的案卷不在回收站", case=case.id))
        raise context.refusal("retention", say("“{case}”的案卷已在回收站或已销毁", case=case.id))
    why = in_the_way(uow, case, today(uow))
    if why is not None:
        raise context.refusal("retention", why)


def _enter(
    context: CommandContext,
    uow: UnitOfWork,
    case: Case,
    state: RetentionState,
    reason: str,
    gone: dict[str, str],
) -> RetentionRecord:
    if not reason.strip():
        raise context.refusal("reason", say("须写明理由"))
    record = RetentionRecord(
        case=case.id,
        state=state,
        at=uow.now,
        by=context.by,
        reason=reason,
        until=kept_until(uow, case).until,
        destroyed=gone,
    )
    context.transaction.retention.put(record)
    body = {"title": "处置案卷", "retention": state.value, "reason": reason}
    uow.record(case, EventKind.RECORDED.value, context.by, {**body, "destroyed": gone} if gone else body)
    uow.flush()
    context.recorded = True
    return record
