"""What a change of a register would do, before it is made: imports and taking one back."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.app.access.query import QueryContext, query
from engine.app.definitions.published_files import digests_published
from engine.app.registers.changes import Undone, changes_between, plan_undo
from engine.app.registers.confirmations import Confirmation, ConfirmedValue, SettledFile, settle
from engine.app.registers.import_check import mark_of, why_not_import
from engine.app.registers.import_entries import Imported, count_changes, fresh_among, register_before
from engine.app.registers.merge_import import RegisterFile, lookalikes, merge_import
from engine.app.registers.people_entries import codes_of
from engine.app.registers.private_columns import note_shown, private_columns_of
from engine.kernel.refusal import Refusal, RefusalReason
from engine.language import say

if TYPE_CHECKING:
    from engine.app.ports.records import RegisterEntry
    from engine.register.compare import NearDuplicate

__all__ = [
    "Confirmation",
    "ConfirmedValue",
    "ImportPreview",
    "Imported",
    "RegisterFile",
    "SettledFile",
    "Undone",
    "check_own_profile",
    "codes_in_force",
    "preview_import",
    "preview_undo",
    "settled_file",
]


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """What taking a file in would bring."""

    outcome: Imported
    entries: Sequence[RegisterEntry]
    #: Titles of columns the file does not have and that some entry keeps from before.
    kept: tuple[str, ...]
    #: Groups that may be one and concern the file.
    lookalikes: tuple[NearDuplicate, ...]
    #: id -> column -> (before, after), for entries the register holds already.
    changed: Mapping[str, Mapping[str, tuple[Any, Any]]]
    #: Unusual values of the file that were confirmed, before or with it.
    confirmed: tuple[ConfirmedValue, ...]
    #: What tells these additions and changes from others: whoever takes the file in names it, and is refused where it is no longer so.
    mark: str


@query("register.read")
def codes_in_force(context: QueryContext) -> Mapping[str, Mapping[str, str]] | None:
    """Return the code lists files of registers may use: ``sections`` and ``roles``, code -> title."""
    return codes_of(context.bureau)


@query("register.read")
def check_own_profile(context: QueryContext, kind: str, text: str) -> Refusal | None:
    """Return why the profile in the deployment's folder may not be used: its text is not what was published; None where it is.

    Where no file beside the definitions was ever published, it is used as it is.
    """
    path = f"profiles/{kind}.yaml"
    published = digests_published(context.transaction)
    if published is None or published.get(path) == hashlib.sha256(text.encode()).hexdigest():
        return None
    message = say("部署目录里的导入方案 {path} 没有发布，或者发布以后改过，不能用它导入", path=path)
    hint = say("先发布定义（方案随之发布，须两人）；不用的，把该文件移走")
    return Refusal(None, "", (RefusalReason("profile", message, hint=hint),))


@query("register.read")
def settled_file(
    context: QueryContext, kind: str, file: RegisterFile, confirm: Sequence[Confirmation] = ()
) -> SettledFile | Refusal:
    """Return a file with the unusual values that were or are being confirmed settled, for whoever may import it."""
    if (denied := context.why_denied(f"register.change/{kind}")) is not None:
        return Refusal(None, "", (denied,))
    found = settle(context.transaction, kind, file, confirm)
    return Refusal(None, "", (found,)) if isinstance(found, RefusalReason) else found


@query("register.read")
def preview_import(
    context: QueryContext, kind: str, file: RegisterFile, confirm: Sequence[Confirmation] = ()
) -> ImportPreview | Refusal:
    """Return what taking a file into a register would bring, for whoever may do it."""
    if (denied := context.why_denied(f"register.change/{kind}")) is not None:
        return Refusal(None, "", (denied,))
    settled = settle(context.transaction, kind, file, confirm)
    if isinstance(settled, RefusalReason):
        return Refusal(None, "", (settled,))
    file = settled.file
    before = register_before(context.transaction, kind)
    merged = merge_import(before, file)
    if (reason := why_not_import(kind, file, before, merged, context.bureau)) is not None:
        return Refusal(None, "", (reason,))
    fresh = fresh_among(before, merged.entries)
    changed = changes_between(before, fresh, ())["changed"]
    # What the register holds of somebody is in the answer beside what the file says of them.
    private = private_columns_of(context, kind)
    touched = [before[one] for one, columns in changed.items() if not private.keys.isdisjoint(columns)]
    note_shown(context, private, f"{kind}/preview", touched)
    return ImportPreview(
        count_changes(before, merged.entries, remove_missing=file.remove_missing),
        merged.entries,
        merged.kept,
        lookalikes(before, merged, file),
        changed,
        (*settled.before, *settled.now),
        mark_of(before, fresh),
    )


@query("register.read")
def preview_undo(context: QueryContext, kind: str) -> Undone | Refusal:
    """Return what taking the last import of a register back would do, for whoever may do it."""
    if (denied := context.why_denied(f"register.change/{kind}")) is not None:
        return Refusal(None, "", (denied,))
    plan = plan_undo(context.transaction, kind)
    return Refusal(None, "", (plan,)) if isinstance(plan, RefusalReason) else plan.outcome
