"""Whether a file may be taken into a register, judged against the register as it is."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from engine.app.people.directory import in_office
from engine.app.people.incompatible import why_incompatible_roles
from engine.app.people.persons import PEOPLE
from engine.app.registers.import_entries import fresh_among, ids_of
from engine.app.registers.merge_import import after_import
from engine.app.registers.people_entries import locks_everybody_out
from engine.kernel.refusal import NextAction, RefusalReason
from engine.language import say
from engine.register.compare import columns_changed, row_of
from engine.register.import_result import hidden_sentence

if TYPE_CHECKING:
    from engine.app.ports.records import RegisterEntry
    from engine.app.registers.merge_import import MergeResult, RegisterFile
    from engine.lifecycle.model.bureau import Bureau


def mark_of(before: Mapping[str, RegisterEntry], entries: Sequence[RegisterEntry]) -> str:
    """Return what tells what putting `entries` adds to `before` and changes of it from anything else: a digest."""
    fresh = fresh_among(before, entries)
    lines = [f"+{one}\n" for one in ids_of(fresh) if one not in before]
    lines += [
        f"{entry.id}{columns_changed(row_of(before[entry.id]), row_of(entry))}\n"
        for entry in (fresh if before else ())
        if entry.id in before
    ]
    hashed = hashlib.sha256()
    for line in sorted(lines):
        hashed.update(line.encode())
    return hashed.hexdigest()


def why_not_import(
    kind: str,
    file: RegisterFile,
    before: Mapping[str, RegisterEntry],
    merged: MergeResult,
    bureau: Bureau | None,
) -> RefusalReason | None:
    """Return why a file may not be taken into the register `kind`, which holds `before`; None when it may."""
    reading = file.reading
    if not kind == reading.kind == file.profile.kind:
        return RefusalReason("file", say("文件不是按这个名录读的，没有导入任何内容"))
    if reading.hidden is not None and file.hidden is None and not reading.faults:
        return RefusalReason("hidden", hidden_sentence(reading.hidden), next=NextAction("answer_hidden"))
    if reading.faults or (reading.problems and not file.skip_bad):
        return RefusalReason("file", say("文件有误，没有导入任何内容"))
    if reading.problems and file.remove_missing:
        # A row that cannot be read would count as missing.
        return RefusalReason("file", say("文件有误的行会被当作“文件里没有”而移出名录，没有导入任何内容"))
    if file.remove_missing and file.agreed_removals is not None:
        given = set(ids_of(merged.entries))
        unasked = sorted(set(before) - given - file.agreed_removals)
        if unasked:
            message = say(
                "确认之后名录又有变动，以下条目也会被移出，没有导入任何内容：{ids}；请重新导入",
                ids=unasked[:10],
            )
            return RefusalReason("changed-since", message)
    if file.agreed_changes is not None and file.agreed_changes != mark_of(before, merged.entries):
        message = say("预览之后别人改了名录里同样的内容，没有导入任何内容；请重新预览，看清会改动什么")
        return RefusalReason("changed-since", message)
    if kind == PEOPLE:
        for entry in merged.entries:
            known = before.get(entry.id)
            if in_office(entry) and (known is None or known.data.get("roles") != entry.data.get("roles")):
                reason = why_incompatible_roles(entry.id, entry.data.get("roles") or (), bureau)
                if reason is not None:
                    return reason
        return locks_everybody_out(after_import(before, merged, file).values(), bureau)
    return None
