"""What was found of each item of a visit: the results of one sheet, back with the sections the items are of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.app.access.query import QueryContext, query
from engine.app.access.visible_case import note_answers, visible_case, without_answers
from engine.app.ports.records import CaseFilter
from engine.app.reports.item_results import item_codes, results_of_case
from engine.kernel.refusal import Refusal

if TYPE_CHECKING:
    from engine.lifecycle.case import Case
    from engine.lifecycle.forms.item_results import ItemResult

__all__ = ["FoundItem", "items_of_case", "results_of_item"]

#: More cases than any item has in a year.
MAX_CASES = 100_000


@dataclass(frozen=True, slots=True)
class FoundItem:
    """One item of one case, and what was found of it; `result.answer` is None before the visit."""

    case: str
    subject: str
    result: ItemResult
    #: The section the item is of, as people call it.
    section_title: str

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        item = self.result.item
        return {
            "case": self.case,
            "subject": self.subject,
            "code": item.code,
            "name": item.name,
            "section": item.section,
            "answer": self.result.answer,
            "asked": self.result.asked,
            "problems": [dict(problem) for problem in self.result.problems],
        }


@query("task.read")
def items_of_case(context: QueryContext, case_id: str) -> Sequence[FoundItem] | Refusal:
    """Return the items of a case in their order, with what was found of each."""
    case = visible_case(context, case_id)
    if isinstance(case, Refusal):
        return case
    note_answers(context, case)
    return list(_found(context, case))


@query("task.read")
def results_of_item(context: QueryContext, item: str) -> Sequence[FoundItem]:
    """Return what was found of one item in all cases the viewer lists, whichever section led the visit."""
    cases = context.transaction.cases.find(CaseFilter(), limit=MAX_CASES)
    return [
        found
        for case in cases
        if item in item_codes(case) and context.lists(case)
        for found in _found(context, without_answers(case))
        if found.result.item.code == item
    ]


def _found(context: QueryContext, case: Case) -> Iterator[FoundItem]:
    process = context.source.definitions.get(context.transaction, case.workflow, case.version)
    sections = process.bureau.sections
    for one in results_of_case(context.transaction, process, case):
        title = sections.get(one.item.section, one.item.section)
        yield FoundItem(case.id, str(case.subject.get("name", "")), one, title)
