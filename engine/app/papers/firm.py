"""A firm as the register has it now, under a code it has or had."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.language import say

if TYPE_CHECKING:
    from engine.app.ports.records import RegisterEntry
    from engine.app.ports.store import Transaction
    from engine.lifecycle.case import Case

OBJECTS = "objects"
#: Besides its name and its code, what papers print of a firm as the register has it now.
_PRINTED = ("address", "legal_rep")


def present_firm(transaction: Transaction, code: str) -> RegisterEntry | None:
    """Return the entry of a firm under a code it has or had; None where the register has it no more."""
    found = transaction.registers.some(OBJECTS, [code]).get(code)
    if found is None:
        later = transaction.registers.some(OBJECTS, transaction.registers.mentioning(OBJECTS, code))
        found = next((one for one in later.values() if code in one.codes), None)
    return found


def present_subject(transaction: Transaction, case: Case) -> dict[str, Any]:
    """Return what papers made now print of the firm of a case otherwise than the case keeps it.

    A name and a code that are other ones now have the former beside them.
    """
    code = str(case.subject.get("id") or "")
    entry = present_firm(transaction, code) if code else None
    if entry is None:
        return {}
    found: dict[str, Any] = {
        key: entry.data[key]
        for key, before in case.subject.items()
        if key in _PRINTED and entry.data.get(key) and entry.data[key] != before
    }
    if (name := str(case.subject.get("name") or "")) and entry.name != name:
        found["name"] = say("{name}（原名称：{former}）", name=entry.name, former=name).render()
    if entry.id != code:
        found["id"] = say("{code}（原代码：{former}）", code=entry.id, former=code).render()
    return found
