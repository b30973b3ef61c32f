"""The registers, to be read: lists, and one entry with its history."""

from __future__ import annotations

from engine.app.queries.registers import list_entries, register_history, show_entry
from engine.kernel.refusal import Refusal
from engine.language import say
from engine.web.pages.cases import unknown
from engine.web.rendering import page, refused
from engine.web.visit import Answer, PageVisit

#: Lines on one page.
PER_PAGE = 50
TITLES = {
    "objects": say("检查对象名录"),
    "inspectors": say("执法检查人员名录"),
    "items": say("抽查事项清单"),
    "experts": say("专家库"),
    "people": say("工作人员名录"),
}


def choose(visit: PageVisit) -> Answer:
    """List the registers."""
    return page(visit, "registers.html", titles=TITLES)


def show(visit: PageVisit) -> Answer:
    """Show one page of a register; what is kept from the reader is left out."""
    kind = visit.parts["kind"]
    if kind not in TITLES:
        return unknown(visit)
    found = list_entries(visit.workbench.application, visit.person, kind)
    if isinstance(found, Refusal):
        return refused(visit, found)
    text = visit.query.get("text", "").strip()[:100]
    fitting = [one for one in found if not text or text in one.id or text in one.name]
    after = visit.query.get("after", "")
    rest = [one for one in sorted(fitting, key=lambda one: one.id) if one.id > after]
    shown = rest[:PER_PAGE]
    return page(
        visit,
        "register.html",
        kind=kind,
        title=TITLES[kind],
        total=len(fitting),
        found=shown,
        text=text,
        after=shown[-1].id if len(rest) > PER_PAGE else None,
    )


def entry(visit: PageVisit) -> Answer:
    """Show one entry and its history."""
    kind = visit.parts["kind"]
    if kind not in TITLES:
        return unknown(visit)
    application, person = visit.workbench.application, visit.person
    found = show_entry(application, person, kind, visit.parts["entry"])
    if isinstance(found, Refusal):
        return refused(visit, found)
    entered = register_history(application, person, kind, visit.parts["entry"])
    return page(
        visit,
        "register_entry.html",
        kind=kind,
        title=TITLES[kind],
        found=found,
        entered=[] if isinstance(entered, Refusal) else list(entered),
    )
