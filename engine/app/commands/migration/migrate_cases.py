"""Taking the running cases of a workflow to another version: each in its own transaction, so that it can be broken off."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from engine.app.access.command import refused
from engine.app.access.long_command import LongCommandContext, long_command
from engine.app.access.proposals import SecondPerson
from engine.app.execution.migrate_case import MigratedCase, migrate_case
from engine.app.history.retry import retry_on_conflict
from engine.app.ports.records import CaseFilter
from engine.app.session.refused import CommandRefused
from engine.app.session.unit_of_work import UnitOfWork
from engine.kernel.did_you_mean import did_you_mean
from engine.kernel.refusal import NextAction, Refusal, RefusalReason
from engine.language import say
from engine.lifecycle.migration.rename_map import RenameMap
from engine.lifecycle.migration.unknown_renames import unknown_renames

if TYPE_CHECKING:
    from engine.app.ports.store import Transaction
    from engine.app.services import Services

__all__ = ["RenameMap", "migrate"]

#: Cases looked up at a time.
PAGE = 200


class _NotKeptError(Exception):
    """Ends the transaction of one case without keeping it."""

    def __init__(self, found: MigratedCase) -> None:
        super().__init__("not kept")
        self.found = found


def _two_agree(
    context: LongCommandContext,
    transaction: Transaction,
    workflow: str,
    version: int | None = None,
    renames: RenameMap | None = None,
    cases: tuple[str, ...] = (),
) -> SecondPerson:
    """Say what two agree to: the version as it is now, every name that changes, and the cases."""
    wanted = renames or RenameMap()
    number = _version(context.services, transaction, workflow, version, wanted)
    # Where somebody publishes before the work begins, it is this version all the same.
    context.notes["version"] = number
    summary: dict[str, Any] = {"version": number}
    if wanted.as_json():
        summary["renamed"] = wanted.as_json()
    if cases:
        summary["cases"] = sorted(cases)
    title = say("在办案件换版：{workflow} 第 {version} 版", workflow=workflow, version=number)
    return SecondPerson(title, about=workflow, summary=summary)


@long_command("definition.migrate", second=_two_agree)
def migrate(
    context: LongCommandContext,
    workflow: str,
    version: int | None = None,
    renames: RenameMap | None = None,
    cases: tuple[str, ...] = (),
) -> Mapping[str, Any] | Refusal:
    """Take the open cases of `workflow` (of them only `cases`, where some are named) to `version`, else to the newest.

    Two have to agree: a version before, or another name, can take a case past a step. Each case goes in a transaction of
    its own, and alone; one that cannot go stays and says why. Broken off, it is done by doing it again, as it was agreed
    to: what is at the version is left alone. A dry run does the same and keeps nothing, so that it answers what will come
    of it, as long as nothing else happens to the cases; nobody has to agree to it. Returns what became of each, as plain
    values.
    """
    services = context.services
    wanted = renames or RenameMap()
    try:
        with services.store.read() as transaction:
            agreed = context.notes.get("version", version)
            number = _version(services, transaction, workflow, agreed, wanted)
    except CommandRefused as no:
        return no.refusal
    rows = []
    for case_id in _running(services, workflow, number, cases):
        found = _alone(context, case_id, number, wanted)
        if found is not None:
            rows.append(found)
    gone = [row for row in rows if not row.reasons]
    context.notes |= {
        "version": number,
        "migrated": len(gone),
        "stayed": len(rows) - len(gone),
        **({"renamed": wanted.as_json()} if wanted.as_json() else {}),
    }
    return {
        "workflow": workflow,
        "version": number,
        "migrated": len(gone),
        "stayed": len(rows) - len(gone),
        "cases": [row.as_json() for row in rows],
    }


def _alone(
    context: LongCommandContext, case_id: str, version: int, renames: RenameMap
) -> MigratedCase | None:
    """Take one case to `version` in a transaction of its own; None where it has gone or ended meanwhile."""
    services = context.services

    def transact() -> MigratedCase | None:
        with services.store.write() as transaction:
            uow = UnitOfWork(services, transaction, services.clock.now())
            case = uow.case(case_id)
            if case is None or not case.open or case.version == version:
                return None
            new = services.definitions.get(transaction, case.workflow, version)
            found = migrate_case(uow, case, new, renames, context.by)
            uow.finish()
            if context.caller.dry_run or found.reasons:
                raise _NotKeptError(found)
            return found

    try:
        return retry_on_conflict(transact)
    except _NotKeptError as done:
        return done.found


def _version(
    services: Services, transaction: Transaction, workflow: str, version: int | None, renames: RenameMap
) -> int:
    """Return the number of the version cases go to. Raises CommandRefused where it, or what it is to be called, is not there."""
    numbers = [row.number for row in transaction.definitions.versions(workflow)]
    if not numbers:
        known = services.definitions.workflows(transaction)
        message = say("没有已发布的流程“{workflow}”", workflow=workflow)
        hint = did_you_mean(workflow, known)
        raise refused(RefusalReason("workflow", message, hint=hint, next=NextAction("list_definitions")))
    number = max(numbers) if version is None else version
    if number not in numbers:
        message = say(
            "流程“{workflow}”没有第 {version} 版；有：{known}",
            workflow=workflow,
            version=number,
            known=[str(one) for one in sorted(numbers)],
        )
        raise refused(RefusalReason("version", message, next=NextAction("list_definitions")))
    target = services.definitions.get(transaction, workflow, number)
    olds = [services.definitions.get(transaction, workflow, one) for one in numbers if one != number]
    if unknown := list(unknown_renames(olds, target, renames)):
        raise refused(*unknown)
    return number


def _running(services: Services, workflow: str, version: int, named: Iterable[str]) -> Iterator[str]:
    """Yield the open cases of `workflow` that are not at `version`, page by page."""
    wanted = set(named)
    after: str | None = None
    while True:
        with services.store.read() as transaction:
            page = transaction.cases.find(CaseFilter(workflow=workflow, open=True), limit=PAGE, after=after)
        if not page:
            return
        after = page[-1].id
        for case in page:
            if case.version != version and (not wanted or case.id in wanted):
                yield case.id
