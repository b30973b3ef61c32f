"""The numbers of papers, series by series: given, void, skipped, out of order; a gap shows."""

from __future__ import annotations

from engine.app.queries.papers.papers import list_numbers, numbers_out_of_order
from engine.kernel.refusal import Refusal
from engine.web.rendering import page, refused
from engine.web.visit import Answer, PageVisit

#: Numbers on the page; the newest of a year.
MAX_SHOWN = 500


def show(visit: PageVisit) -> Answer:
    """Show the numbers of a year."""
    asked = visit.query.get("year", "")
    this_year = visit.workbench.today().year
    year = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) == 4 else this_year
    found = list_numbers(visit.workbench.application, visit.person, year)
    if isinstance(found, Refusal):
        return refused(visit, found)
    series: dict[str, list[object]] = {}
    for one in found:
        series.setdefault(one.title, []).append(one)
    wrong = numbers_out_of_order(visit.workbench.application, visit.person, year)
    return page(
        visit,
        "series.html",
        year=year,
        series={name: rows[-MAX_SHOWN:] for name, rows in series.items()},
        findings=[] if isinstance(wrong, Refusal) else wrong,
    )
