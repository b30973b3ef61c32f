"""The list of tasks: tabs in the order of the work, filters that are addresses, due dates in words."""

from __future__ import annotations

from urllib.parse import urlencode

from engine.app.queries.worklist import TABS, page_of_tasks
from engine.kernel.refusal import Refusal
from engine.language import say
from engine.web.rendering import page, refused
from engine.web.visit import Answer, PageVisit

#: Lines on one page.
PER_PAGE = 50
TITLES = {
    "today": say("今天"),
    "overdue": say("已逾期"),
    "week": say("本周"),
    "waiting": say("等待他人"),
    "section": say("本股室"),
    "all": say("全部"),
}


def show(visit: PageVisit) -> Answer:
    """Show one page of one tab."""
    tab = visit.query.get("tab", "all")
    text = visit.query.get("text", "")[:100]
    workflow = visit.query.get("workflow") or None
    found = page_of_tasks(
        visit.workbench.application,
        visit.person,
        tab=tab if tab in TABS else "all",
        text=text,
        workflow=workflow,
        after=visit.query.get("after"),
        limit=PER_PAGE,
    )
    if isinstance(found, Refusal):
        return refused(visit, found)
    kept = {"tab": found.tab, "text": text, "workflow": workflow or ""}

    def address(**more: str) -> str:
        words = {name: value for name, value in {**kept, **more}.items() if value}
        return f"/?{urlencode(words)}"

    return page(
        visit,
        "tasks.html",
        found=found,
        tabs=TABS,
        titles=TITLES,
        text=text,
        workflow=workflow,
        address=address,
    )
