"""The list of tasks as a file: CSV for a spreadsheet, iCalendar for a calendar program."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence

from engine.app.queries.tasks import calendar_feed
from engine.app.queries.worklist import TABS, TaskLine, page_of_tasks
from engine.exchange.writing import sheet_of
from engine.kernel.formula_guard import guarded
from engine.kernel.refusal import Refusal
from engine.language import say
from engine.web.pages.lists.columns import TITLES, chosen_columns, preferences
from engine.web.rendering import refused
from engine.web.visit import Answer, PageVisit
from engine.web.words.due import due_words

#: Tasks of one file at most; the last line says where there are more.
MAX_LINES = 10_000
_PAGE = 500
#: The columns of the CSV, for programs: always the same.
_WHOLE = ("step", "workflow", "section", "due", "left", "holder")
#: What the columns hold: ids of workflows and sections, by which programs go on.
_CELLS: Mapping[str, Callable[[PageVisit, TaskLine], str]] = {
    "step": lambda _, line: line.item.task.title,
    "workflow": lambda _, line: line.item.task.workflow,
    "section": lambda _, line: line.item.task.section or "",
    "since": lambda visit, line: visit.workbench.local(line.item.task.opened_at),
    "due": lambda _, line: line.item.task.due_on.isoformat() if line.item.task.due_on else "",
    "left": lambda _, line: str(due_words(line.days_left, line.item.late).text),
    "holder": lambda _, line: line.holder,
}


def as_csv(visit: PageVisit) -> Answer:
    """Return the list that is filtered by the address, as a file a spreadsheet opens."""
    rows = _rows(visit, _WHOLE)
    if isinstance(rows, Refusal):
        return refused(visit, rows)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows([*map(guarded, row)] for row in rows)
    # The mark by which spreadsheets know UTF-8.
    body = ("\ufeff" + out.getvalue()).encode()
    headers = {"Content-Disposition": 'attachment; filename="tasks.csv"'}
    return Answer(body=body, type="text/csv; charset=utf-8", headers=headers)


def as_workbook(visit: PageVisit) -> Answer:
    """Return the list that is filtered by the address as a workbook (.xlsx), in the columns the viewer has chosen."""
    rows = _rows(visit, chosen_columns(visit, preferences(visit)))
    if isinstance(rows, Refusal):
        return refused(visit, rows)
    body = sheet_of(str(say("待办")), rows)
    headers = {"Content-Disposition": 'attachment; filename="tasks.xlsx"'}
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return Answer(body=body, type=kind, headers=headers)


def as_calendar(visit: PageVisit) -> Answer:
    """Return the viewer's deadlines as an iCalendar file."""
    found = calendar_feed(visit.workbench.application, visit.person, visit.person, say("我的时限"))
    if isinstance(found, Refusal):
        return refused(visit, found)
    headers = {"Content-Disposition": 'attachment; filename="tasks.ics"'}
    return Answer(body=found, type="text/calendar; charset=utf-8", headers=headers)


def _lines(visit: PageVisit) -> Iterator[TaskLine | Refusal]:
    after: str | None = None
    tab = visit.query.get("tab", "all")
    while True:
        found = page_of_tasks(
            visit.workbench.application,
            visit.person,
            tab=tab if tab in TABS else "all",
            text=visit.query.get("text", "")[:100],
            workflow=visit.query.get("workflow") or None,
            after=after,
            limit=_PAGE,
        )
        if isinstance(found, Refusal):
            yield found
            return
        yield from found.lines
        if found.after is None:
            return
        after = found.after


def _rows(visit: PageVisit, columns: Sequence[str]) -> list[list[str]] | Refusal:
    """Return the titles and the rows of the list; the last row says where there are more."""
    titles = [say("案件"), say("名称"), *(TITLES[name] for name in columns)]
    rows = [[str(title) for title in titles]]
    for number, found in enumerate(_lines(visit)):
        if isinstance(found, Refusal):
            return found
        if number >= MAX_LINES:
            rows.append([str(say("只列出前 {most} 件", most=MAX_LINES))])
            break
        task = found.item.task
        rows.append([task.case, task.case_title, *(_CELLS[name](visit, found) for name in columns)])
    return rows
