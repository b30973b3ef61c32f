"""The list of tasks as a file: CSV for a spreadsheet, iCalendar for a calendar program."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from engine.app.queries.tasks import calendar_feed
from engine.app.queries.worklist import TABS, TaskLine, page_of_tasks
from engine.kernel.formula_guard import guarded
from engine.kernel.refusal import Refusal
from engine.language import say
from engine.web.rendering import refused
from engine.web.visit import Answer, PageVisit
from engine.web.words.due import due_words

#: Tasks of one file at most; the last line says where there are more.
MOST_LINES = 10_000
_PAGE = 500


def as_csv(visit: PageVisit) -> Answer:
    """Return the list that is filtered by the address, as a file a spreadsheet opens."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    titles = [
        say("案件"),
        say("名称"),
        say("要办的事"),
        say("流程"),
        say("股室"),
        say("到期"),
        say("还剩"),
        say("办理人"),
    ]
    writer.writerow(map(str, titles))
    for number, found in enumerate(_lines(visit)):
        if isinstance(found, Refusal):
            return refused(visit, found)
        if number >= MOST_LINES:
            writer.writerow([str(say("只列出前 {most} 件", most=MOST_LINES))])
            break
        writer.writerow(map(guarded, _cells(found)))
    # The mark by which spreadsheets know UTF-8.
    body = ("\ufeff" + out.getvalue()).encode()
    headers = {"Content-Disposition": 'attachment; filename="tasks.csv"'}
    return Answer(body=body, type="text/csv; charset=utf-8", headers=headers)


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


def _cells(line: TaskLine) -> list[str]:
    task = line.item.task
    return [
        task.case,
        task.case_title,
        task.title,
        task.workflow,
        task.section or "",
        task.due_on.isoformat() if task.due_on else "",
        str(due_words(line.days_left, line.item.late).text),
        task.assignee or "",
    ]
