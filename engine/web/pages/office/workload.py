"""What falls due week by week and who has how much, as a picture with its table."""

from __future__ import annotations

from engine.app.queries.reports import MAX_COUNTED, report_workload
from engine.kernel.refusal import Refusal
from engine.web.rendering import page, refused
from engine.web.visit import Answer, PageVisit


def show(visit: PageVisit) -> Answer:
    """Show the workload of the viewer's section, or of the bureau."""
    found = report_workload(visit.workbench.application, visit.person)
    if isinstance(found, Refusal):
        return refused(visit, found)
    bars = [(f"{day:%m-%d}", count) for day, count in found.weeks]
    return page(visit, "workload.html", found=found, bars=bars_of(bars), most=MAX_COUNTED)


def bars_of(values: list[tuple[str, int]], width: int = 300) -> list[tuple[str, int, int]]:
    """Return label, number and length of each bar: in whole units, none shorter than 2 where there is something to show."""
    largest = max((count for _, count in values), default=0)
    return [
        (label, count, max(2, count * width // largest) if count and largest else 0)
        for label, count in values
    ]
