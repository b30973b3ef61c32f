"""Papers of a case with what happened to each, and the numbers of the series."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

from engine.app.access.query import QueryContext, query
from engine.app.access.visible_case import note_answers, visible_case
from engine.app.papers.number_findings import NumberFinding, OrderFault, numbers_not_in_order
from engine.app.papers.paper import find
from engine.app.ports.papers import KeptFile, NumberStatus, PaperFact, PaperNumber, PaperRecord, PaperState
from engine.kernel.refusal import NextAction, Refusal, RefusalReason
from engine.language import Message, say

if TYPE_CHECKING:
    from engine.app.ports.files import FileStore
    from engine.lifecycle.model.bureau import Bureau

__all__ = [
    "KeptFile",
    "NumberFinding",
    "NumberStatus",
    "OrderFault",
    "PaperFact",
    "PaperNumber",
    "PaperRecord",
    "PaperState",
    "SeriesView",
    "list_files",
    "list_numbers",
    "list_papers",
    "numbers_out_of_order",
    "read_file",
    "show_paper",
]


@dataclass(frozen=True, slots=True)
class SeriesView:
    """One number of a series with the title of the series."""

    title: str
    number: PaperNumber

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {**self.number.as_json(), "title": self.title}

    @property
    def status(self) -> Message:
        """Return what has become of the number, in words."""
        if self.number.status is NumberStatus.OPEN:
            return say("空号")
        if self.number.status is NumberStatus.VOID:
            return say("作废")
        return say("不按次序") if self.number.out_of_order else say("已用")


@query("paper.read")
def list_papers(context: QueryContext, case_id: str) -> Sequence[PaperRecord] | Refusal:
    """Return the papers of a case, in the order in which they were made."""
    found = visible_case(context, case_id)
    if isinstance(found, Refusal):
        return found
    note_answers(context, found)
    return context.transaction.papers.of_case(case_id)


@query("paper.read")
def show_paper(context: QueryContext, paper: str) -> PaperRecord | Refusal:
    """Return one paper, by its id or its 文号."""
    found = find(context.transaction, paper)
    case = visible_case(context, found.case) if found is not None else None
    if case is not None and not isinstance(case, Refusal):
        note_answers(context, case)
        return cast("PaperRecord", found)
    # One answer for a paper there is not and one of another section: a number of a series tells nothing of its case.
    message = say("没有文书“{paper}”", paper=paper)
    return Refusal(None, "", (RefusalReason("paper", message, next=NextAction("list_numbers")),))


@query("document.read")
def list_files(context: QueryContext, case_id: str) -> Sequence[KeptFile] | Refusal:
    """Return the files kept with a case, in the order in which they were kept."""
    found = visible_case(context, case_id)
    if isinstance(found, Refusal):
        return found
    note_answers(context, found)
    return context.transaction.papers.files(case_id)


@query("document.read")
def read_file(context: QueryContext, file_id: str, files: FileStore) -> tuple[KeptFile, bytes] | Refusal:
    """Return a kept file, by its id (``CASE/F1``), with its bytes."""
    case = visible_case(context, file_id.rpartition("/")[0])
    if isinstance(case, Refusal):
        return case
    for file in context.transaction.papers.files(case.id):
        content = files.get(file.sha256) if file.id == file_id else None
        if content is not None:
            note_answers(context, case)
            return file, content
    message = say("没有附件“{file}”", file=file_id)
    return Refusal(None, "", (RefusalReason("file", message),))


@query("paper.series")
def list_numbers(
    context: QueryContext, year: int | None = None, series: str | None = None
) -> Sequence[SeriesView]:
    """Return the numbers of the series (of a year), ordered: given, void, skipped, out of order.

    All numbers are there, so that a gap shows; of those of cases the viewer does not see, not the paper, nor by whom and why.
    """
    bureau = context.bureau
    return [
        SeriesView(_title(bureau, number.series), _shown(context, number))
        for number in context.transaction.papers.numbers(year)
        if series in (None, number.series, number.series.partition("/")[0])
    ]


@query("paper.series")
def numbers_out_of_order(
    context: QueryContext, year: int | None = None, series: str | None = None
) -> Sequence[NumberFinding]:
    """Return what is not in order with the numbers of the series (of a year): gaps, out of order, earlier days, used twice.

    The reason of a number of a case the viewer does not see is left out.
    """
    return numbers_not_in_order(
        _shown(context, number)
        for number in context.transaction.papers.numbers(year)
        if series in (None, number.series, number.series.partition("/")[0])
    )


def _shown(context: QueryContext, number: PaperNumber) -> PaperNumber:
    if number.paper is None or not context.limited:
        return number
    found = find(context.transaction, number.paper)
    case = context.transaction.cases.get(found.case) if found is not None else None
    if case is not None and context.sees(case):
        return number
    return replace(number, paper=None, by=None, reason=None)


def _title(bureau: Bureau | None, series: str) -> str:
    name, _, section = series.partition("/")
    known = bureau.papers.series.get(name) if bureau is not None else None
    title = known.title if known is not None else name
    if not section or bureau is None:
        return title
    return f"{title}·{bureau.sections.get(section, section)}"
