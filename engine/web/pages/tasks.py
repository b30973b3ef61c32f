"""The list of tasks: tabs in the order of the work, filters that are addresses, due dates in words."""

from __future__ import annotations

from urllib.parse import urlencode

from engine.app.commands import Caller
from engine.app.commands.drafts.saved_search import choose_columns, drop_search, save_search
from engine.app.queries.worklist import MAX_COUNTED, TABS, page_of_tasks
from engine.kernel.refusal import Refusal
from engine.language import say
from engine.web.pages.lists.columns import TITLES as COLUMNS
from engine.web.pages.lists.columns import Cells, chosen_columns, preferences, rows_of
from engine.web.rendering import page, refused
from engine.web.visit import Answer, PageVisit, go_to

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
    """Show one page of one tab; keep the filter under a name, or give one up."""
    if visit.method == "POST":
        return _keep(visit)
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
    kept = preferences(visit)
    chosen = chosen_columns(visit, kept)
    filters = {"tab": found.tab, "text": text, "workflow": workflow or ""}
    query = urlencode({name: value for name, value in filters.items() if value})

    def address(**more: str) -> str:
        words = {name: value for name, value in {**filters, **more}.items() if value}
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
        most=MAX_COUNTED,
        chosen=chosen,
        all_columns=COLUMNS,
        rows=rows_of(found.lines, Cells(visit, found.workflows, chosen), query),
        searches=kept.searches,
        query=query,
    )


def _keep(visit: PageVisit) -> Answer:
    """Keep a filter under a name, or give one up; then show the list it belongs to."""
    application, person, typed = visit.workbench.application, visit.person, visit.typed
    if typed.one("do") == "drop":
        outcome = drop_search(application, Caller(person), person, typed.one("title"))
        return refused(visit, outcome) if isinstance(outcome, Refusal) else go_to()
    if typed.one("do") == "columns":
        chosen = [name for name in typed.all("column") if name in COLUMNS]
        outcome = choose_columns(application, Caller(person), person, chosen)
        return refused(visit, outcome) if isinstance(outcome, Refusal) else go_to(query=_filter(visit))
    words = {name: typed.one(name)[:100] for name in ("tab", "text", "workflow")}
    outcome = save_search(application, Caller(person), person, typed.one("title"), **words)
    if isinstance(outcome, Refusal):
        return refused(visit, outcome)
    return go_to(query=_filter(visit))


def _filter(visit: PageVisit) -> str:
    words = {name: visit.typed.one(name)[:100] for name in ("tab", "text", "workflow")}
    return urlencode({name: value for name, value in words.items() if value})
