"""A firm renamed, merged or with a new code: its entry goes on under the new one and keeps the old ones."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from engine.app.access.command import CommandContext, command, refused
from engine.app.draws.registers.register_agreement import ask_again
from engine.app.papers.firm import OBJECTS
from engine.app.ports.records import RegisterEntry
from engine.app.registers.changes import FIRM_CHANGED, unknown_entries
from engine.app.registers.firm_messages import tell_of_changed_firms
from engine.app.registers.import_entries import plan_entries, write_entries
from engine.kernel.clean_text import clean, clean_code
from engine.language import say
from engine.register import uscc

__all__ = ["FirmChange", "change_firm"]


@dataclass(frozen=True, slots=True)
class FirmChange:
    """What a firm is called from now on, and what it was called until now."""

    code: str
    name: str
    old_code: str
    old_name: str

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "code": self.code,
            "name": self.name,
            "old_code": self.old_code,
            "old_name": self.old_name,
        }

    @classmethod
    def from_json(cls, body: dict[str, Any] | str) -> FirmChange:
        """Return what `as_json` wrote. An older version kept the code alone."""
        return cls(body, "", "", "") if isinstance(body, str) else cls(**body)


@command("register.change", by_kind="kind", decode=FirmChange.from_json)
def change_firm(
    context: CommandContext,
    kind: str,
    code: str,
    reason: str,
    *,
    name: str | None = None,
    new_code: str | None = None,
    seen_name: str | None = None,
) -> FirmChange:
    """Give a firm a new name, a new code, or both; return what it is called now and was called before.

    `seen_name` is the name the person has seen: refused where the firm has another one now, because somebody was quicker.

    Under a code the register has already the two become one (a merger): what the register says of the new one stays. Cases
    keep what they began with; the file of the firm finds them by its old codes. Whoever has open ones is sent word.
    """
    registers = context.transaction.registers
    old = registers.get(kind, code)
    if old is None:
        raise refused(unknown_entries(kind, [code]))
    name, new_code = clean(name or ""), clean_code(new_code or "")
    if not name and not new_code:
        raise context.refusal("change", say("请写明新名称或新代码"))
    if new_code and (wrong := uscc.what_is_wrong(new_code)):
        raise context.refusal("code", say("应为 18 位统一社会信用代码：{wrong}", wrong=list(wrong)))
    if not reason.strip():
        raise context.refusal("reason", say("请写明理由"))
    if seen_name is not None and clean(seen_name) != old.name:
        message = say(
            "企业“{code}”现在的名称是“{name}”，不是“{seen}”：已有人改过；请核对后再办",
            code=code,
            name=old.name,
            seen=clean(seen_name),
        )
        raise context.refusal("changed-since", message)
    target = registers.get(kind, new_code) if new_code and new_code != code else None
    made = _joined(old, target, name, new_code or code)
    before = {entry.id: entry for entry in (old, target) if entry is not None}
    plan = plan_entries(
        kind,
        before,
        [made],
        source=code if made.id == code else f"{code} → {made.id}",
        remove_missing=True,
        besides={"reason": reason, "firm": {"from": code, "to": made.id}},
    )
    context.recorded = True
    write_entries(context.transaction, context.now, plan, context.by, context.services.entropy, FIRM_CHANGED)
    if kind == OBJECTS:
        changes, moved = plan.body["changes"], {code: made.id} if made.id != code else {}
        tell_of_changed_firms(context.services, context.transaction, context.now, changes, context.by, moved)
    ask_again(context.services, context.transaction, context.now)
    return FirmChange(made.id, made.name, code, old.name)


def _joined(old: RegisterEntry, target: RegisterEntry | None, name: str, code: str) -> RegisterEntry:
    """Return the entry from now on: the old one, or the one it is merged into, with everything it was before."""
    kept = target or old
    new_name = name or kept.name
    codes = [*(kept.data.get("former_ids") or ()), *(old.data.get("former_ids") or ()), old.id]
    names = [*(kept.data.get("former_names") or ()), *(old.data.get("former_names") or ()), old.name]
    data = {
        **kept.data,
        "former_ids": sorted({one for one in codes if one != code}),
        "former_names": list(dict.fromkeys(one for one in names if one != new_name)),
    }
    return replace(
        kept, id=code, name=new_name, data={key: value for key, value in data.items() if value != []}
    )
