"""What was found of each item of a case, worked out from the sheet of its visit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from engine.lifecycle.forms.item_results import DrawnItem, ItemResult, item_results

if TYPE_CHECKING:
    from engine.app.ports.store import Transaction
    from engine.lifecycle.case import Case
    from engine.lifecycle.process import Process


def item_codes(case: Case) -> list[str]:
    """Return the codes of the items of a case, in their order."""
    items = case.fields.get("items")
    if not isinstance(items, list | tuple):
        return []
    return [str(item["code"] if isinstance(item, Mapping) else item) for item in items]


def results_of_case(transaction: Transaction, process: Process, case: Case) -> Sequence[ItemResult]:
    """Return what was found of the items of a case; before the visit nothing of each."""
    codes = item_codes(case)
    entries = transaction.registers.some("items", codes) if codes else {}
    items = [
        DrawnItem(
            code, entries[code].name, entries[code].section or "", str(entries[code].data.get("form") or "")
        )
        for code in codes
        if code in entries
    ]
    forms = [step.form for step in process.workflow.transitions if step.item_forms and step.form]
    answers = next((case.forms[name] for name in forms if name in case.forms), {})
    return item_results(process.workflow.forms, items, answers)


def found_of_items(transaction: Transaction, process: Process, case: Case) -> dict[str, dict[str, Any]]:
    """Return code of an item -> what was found of it, as conditions read it."""
    return {
        one.item.code: {
            "code": one.item.code,
            "section": one.item.section,
            "answer": one.answer,
            "problem_count": len(one.problems),
            "problems": one.problems,
        }
        for one in results_of_case(transaction, process, case)
    }
