"""Changing registers: importing files, taking an import back, labels, claims, frozen copies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.app.access.command import CommandContext, command, refused
from engine.app.access.preparation import PreparationContext
from engine.app.access.proposals import SecondPerson
from engine.app.definitions.published_files import why_not_published
from engine.app.draws.registers.register_agreement import ask_again
from engine.app.papers.firm import OBJECTS
from engine.app.registers import changes, maintenance
from engine.app.registers.changes import Claimed, ImportSeq, Undone, UndoPlan, unknown_entries
from engine.app.registers.confirmations import (
    Confirmation,
    ConfirmedValue,
    answers_in_history,
    confirmations_of,
    keep,
    settle,
)
from engine.app.registers.firm_messages import tell_of_changed_firms
from engine.app.registers.import_check import why_not_import
from engine.app.registers.import_entries import (
    EntriesPlan,
    Imported,
    plan_entries,
    register_before,
    write_entries,
)
from engine.app.registers.maintenance import FrozenText, Labelled, SnapshotSummary
from engine.app.registers.merge_import import RegisterFile, merge_import
from engine.app.registers.private_columns import keep_private_keys, why_moved
from engine.app.registers.rights_change import second_for_rights
from engine.definition.file_discovery import EXCHANGE, PROFILES
from engine.kernel.clean_text import clean
from engine.kernel.refusal import RefusalReason
from engine.language import say

__all__ = [
    "Claimed",
    "Confirmation",
    "ImportOutcome",
    "ImportSeq",
    "Labelled",
    "RegisterFile",
    "SnapshotSummary",
    "Undone",
    "claim_entries",
    "import_register",
    "label_entries",
    "take_snapshot",
    "undo_import",
]


#: The registers whose entries sections claim. To which section people belong is for whoever keeps their register.
CLAIMABLE = ("objects", "items")


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """What an import changed."""

    added: int
    changed: int
    same: int
    #: Ids the register held and the file does not; they stay unless they were to be removed.
    missing: tuple[str, ...]
    removed: int
    #: Whether an earlier request with the same id did it.
    repeated: bool = False

    @classmethod
    def of(cls, found: Imported) -> ImportOutcome:
        """Return the outcome of an import."""
        return cls(found.added, found.changed, found.same, found.missing, found.removed)

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "added": self.added,
            "changed": self.changed,
            "same": self.same,
            "missing": self.missing,
            "removed": self.removed,
        }

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> ImportOutcome:
        """Return what `as_json` wrote, as the answer to a repeated request."""
        return cls(**{**body, "missing": tuple(body["missing"])}, repeated=True)


@dataclass(frozen=True, slots=True)
class _ImportPlan:
    entries: EntriesPlan
    confirmed: tuple[ConfirmedValue, ...]


def _plan_import(
    context: PreparationContext, kind: str, file: RegisterFile, confirm: Sequence[Confirmation] = ()
) -> _ImportPlan:
    """Compare a file with the register as it is; every change of a register is entered in its history."""
    context.relies_on(changes.stream_of(kind))
    context.relies_on(confirmations_of(kind))
    if (
        kind == file.profile.kind
        and (moved := why_moved(context.transaction, kind, file.profile)) is not None
    ):
        raise refused(moved)
    # By a profile, or by the format of a workbook for a platform.
    unpublished = [
        why_not_published(context.transaction, folder, file.profile.sha256) for folder in (PROFILES, EXCHANGE)
    ]
    if all(unpublished) and unpublished[0] is not None:
        raise refused(unpublished[0])
    settled = settle(context.transaction, kind, file, confirm)
    if isinstance(settled, RefusalReason):
        raise refused(settled)
    file = settled.file
    before = register_before(context.transaction, kind)
    merged = merge_import(before, file)
    if (reason := why_not_import(kind, file, before, merged, context.bureau)) is not None:
        raise refused(reason)
    plan = plan_entries(
        kind,
        before,
        merged.entries,
        source=file.source,
        remove_missing=file.remove_missing,
        besides={**answers_in_history(settled), **_read_by(file)},
    )
    return _ImportPlan(plan, settled.now)


def _read_by(file: RegisterFile) -> dict[str, str]:
    """Return by which file of the office's own a file was read, for the history: another profile makes another register of it."""
    return {"profile": file.profile.sha256} if file.profile.sha256 else {}


def _rights_by_two(context: CommandContext, kind: str, *_: Any, **__: Any) -> SecondPerson | None:
    """Say that two agree to an import that gives rights, moves them, or takes roles."""
    plan: _ImportPlan = context.prepared
    return second_for_rights(context.transaction, kind, plan.entries.put, plan.entries.remove)


def _undo_by_two(context: CommandContext, kind: str, *_: Any, **__: Any) -> SecondPerson | None:
    plan: UndoPlan = context.prepared
    return second_for_rights(context.transaction, kind, plan.put, plan.remove)


@command(
    "register.change",
    by_kind="kind",
    decode=ImportOutcome.from_json,
    prepare=_plan_import,
    second=_rights_by_two,
)
def import_register(
    context: CommandContext,
    kind: str,
    file: RegisterFile,
    confirm: Sequence[Confirmation] = (),  # noqa: ARG001 - prepared
) -> ImportOutcome:
    """Take a file into a register, all of it or nothing.

    The file was read before; what it brings is compared with the register as it is now, so that of two imports at
    once the second adds to the first. Only the rows that change are written, and nothing else is read meanwhile.
    `confirm` are unusual values of the file that are right as they are; they are kept, for the next file too.
    """
    plan: _ImportPlan = context.prepared
    context.recorded = True
    # Before anything is entered: what this file's profile marks private is kept apart from the first entry on.
    keep_private_keys(context.transaction, kind, file.profile)
    keep(context.transaction, context.now, kind, plan.confirmed, context.by, context.services.entropy)
    written = write_entries(
        context.transaction, context.now, plan.entries, context.by, context.services.entropy
    )
    if kind == OBJECTS:
        changes = plan.entries.body["changes"]
        tell_of_changed_firms(context.services, context.transaction, context.now, changes, context.by)
    ask_again(context.services, context.transaction, context.now)
    return ImportOutcome.of(written)


def _plan_undo(context: PreparationContext, kind: str, agreed: ImportSeq | None = None) -> UndoPlan:
    """Look for the last import in the history of the register, and at what it changed."""
    context.relies_on(changes.stream_of(kind))
    plan = changes.plan_undo(context.transaction, kind)
    if isinstance(plan, RefusalReason):
        raise refused(plan)
    if agreed is not None and agreed.seq != plan.outcome.seq:
        message = say(
            "确认之后名录又有新的导入（第 {seq} 次变动），没有撤销；请重新查看", seq=plan.outcome.seq
        )
        raise refused(RefusalReason("changed-since", message))
    return plan


@command("register.change", by_kind="kind", decode=Undone.from_json, prepare=_plan_undo, second=_undo_by_two)
def undo_import(context: CommandContext, kind: str, agreed: ImportSeq | None = None) -> Undone:  # noqa: ARG001 - prepared
    """Take the last import of a register back.

    With `agreed` it must be that import: another may have been made since the person was asked.
    """
    plan: UndoPlan = context.prepared
    touched = [*plan.remove, *(entry.id for entry in plan.put)]
    before = context.transaction.registers.some(kind, touched) if kind == OBJECTS else {}
    changes.undo_import(context.transaction, context.now, kind, plan, context.by, context.services.entropy)
    if kind == OBJECTS:
        done = changes.changes_between(before, plan.put, [one for one in plan.remove if one in before])
        tell_of_changed_firms(context.services, context.transaction, context.now, done, context.by)
    ask_again(context.services, context.transaction, context.now)
    context.recorded = True
    return plan.outcome


@command("register.change", by_kind="kind", decode=Labelled.from_json)
def label_entries(
    context: CommandContext, kind: str, ids: Sequence[str], add: Sequence[str], remove: Sequence[str]
) -> Labelled:
    """Add and take away labels of entries: of all of them, or of none where one of the ids is unknown."""
    add, remove = ([label for text in labels if (label := clean(text))] for labels in (add, remove))
    outcome = maintenance.label(context.transaction, context.now, kind, ids, add, remove, context.by)
    if outcome.unknown:
        raise refused(unknown_entries(kind, outcome.unknown))
    if outcome.changed:
        ask_again(context.services, context.transaction, context.now)
    # Where every entry was so already there is nothing to enter.
    context.recorded = True
    return outcome


@command("register.claim", decode=Claimed.from_json)
def claim_entries(
    context: CommandContext, kind: str, ids: Sequence[str], section: str, *, release: bool = False
) -> Claimed:
    """认领: put entries into the hands of a section, or give them back: all of them, or none.

    People do it for their own section, whoever may change the register for any.
    """
    if kind not in CLAIMABLE:
        raise context.refusal("kind", say("名录“{kind}”的条目不由股室认领", kind=kind))
    bureau = context.bureau
    if bureau is not None and section not in bureau.sections:
        message = say("没有股室“{section}”；可用：{known}", section=section, known=sorted(bureau.sections))
        raise context.refusal("section", message)
    reasons = []
    if context.actor.section != section and context.why_denied(f"register.change/{kind}") is not None:
        message = say(
            "“{person}”不属于股室“{section}”，不能代它认领或退回", person=context.by, section=section
        )
        reasons.append(RefusalReason("not-allowed", message))
    outcome = changes.claim(context.transaction, context.now, kind, ids, section, context.by, release=release)
    if isinstance(outcome, tuple):
        reasons += outcome
    if reasons or isinstance(outcome, tuple):
        raise refused(*reasons)
    # Where every entry was so already there is nothing to enter.
    context.recorded = True
    return outcome


def _freeze(context: PreparationContext, kind: str) -> FrozenText:
    context.relies_on(changes.stream_of(kind))
    return maintenance.freeze(context.transaction, kind)


@command("register.change", by_kind="kind", decode=SnapshotSummary.from_json, prepare=_freeze)
def take_snapshot(context: CommandContext, kind: str) -> SnapshotSummary:
    """冻结: keep a copy of a register as it is."""
    context.recorded = True
    frozen: FrozenText = context.prepared
    return SnapshotSummary.of(
        maintenance.take_snapshot(context.transaction, context.now, kind, context.by, frozen)
    )
