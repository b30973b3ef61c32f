"""Figures for heads and the office: measures with targets, progress, what supervision asks, down to the cases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.app.queries.cases import list_cases, show_case
from engine.app.queries.definitions import list_definitions, show_definition
from engine.app.queries.reports import report_measures, report_progress, report_supervision
from engine.kernel.refusal import Refusal
from engine.web.pages.cases import unknown
from engine.web.rendering import page, refused
from engine.web.visit import Answer, PageVisit

if TYPE_CHECKING:
    from engine.lifecycle.case import Case


def _year(visit: PageVisit) -> int:
    text = visit.query.get("year", "")
    return (
        int(text) if text.isascii() and text.isdecimal() and len(text) == 4 else visit.workbench.today().year
    )


def show(visit: PageVisit) -> Answer:
    """Show the measures of a year, the progress of its cases, and the lines of the supervision report."""
    application, person, year = visit.workbench.application, visit.person, _year(visit)
    measures = report_measures(application, person, year)
    progress = report_progress(application, person, year)
    supervision = report_supervision(application, person, year)
    for one in (measures, progress, supervision):
        if isinstance(one, Refusal):
            return refused(visit, one)
    return page(
        visit, "figures.html", year=year, measures=measures, progress=progress, supervision=supervision
    )


def drill(visit: PageVisit) -> Answer:
    """Show the cases behind one line of the supervision report."""
    year = _year(visit)
    found = report_supervision(visit.workbench.application, visit.person, year)
    if isinstance(found, Refusal):
        return refused(visit, found)
    line = next((one for one in found.rows if one.id == visit.parts["row"]), None)
    return unknown(visit) if line is None else page(visit, "figure.html", year=year, line=line)


def _workflows_about_plans(visit: PageVisit) -> list[str]:
    """Return the published workflows whose cases are plans."""
    application, person = visit.workbench.application, visit.person
    versions = list_definitions(application, person)
    if isinstance(versions, Refusal):
        return []
    names = dict.fromkeys(version.workflow for version in versions)
    found = [show_definition(application, person, name) for name in names]
    return [one.workflow.id for one in found if not isinstance(one, Refusal) and one.workflow.about == "plan"]


def plan(visit: PageVisit) -> Answer:
    """Show the newest plan of the year and its batches."""
    application, person = visit.workbench.application, visit.person
    plans: list[Case] = []
    for workflow in _workflows_about_plans(visit):
        found = list_cases(application, person, workflow=workflow, limit=1000)
        if isinstance(found, Refusal):
            return refused(visit, found)
        plans += found
    newest = max(plans, key=lambda case: case.opened_at, default=None)
    if newest is None:
        return page(visit, "plan.html", view=None, batches=[], earlier=[], plans=[])
    view = show_case(application, person, newest.id)
    batches = list_cases(application, person, parent=newest.id, limit=1000)
    if isinstance(view, Refusal):
        return refused(visit, view)
    return page(
        visit,
        "plan.html",
        view=view,
        batches=[] if isinstance(batches, Refusal) else batches,
        earlier=view.answers,
        plans=[case for case in plans if case.id != newest.id],
    )
