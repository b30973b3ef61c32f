"""Draws: the list, and one draw with its commitment, its public randomness, its tickets, verified by a button."""

from __future__ import annotations

from engine.app.queries.draws import PublicDrawView, list_draws, show_draw, verify_draw
from engine.kernel.refusal import Refusal
from engine.web.pages.cases import unknown
from engine.web.rendering import page, refused
from engine.web.visit import Answer, PageVisit


def list_all(visit: PageVisit) -> Answer:
    """List the draws one sees, void ones too."""
    found = list_draws(visit.workbench.application, visit.person)
    if isinstance(found, Refusal):
        return refused(visit, found)
    return page(visit, "draws.html", found=found)


def show(visit: PageVisit) -> Answer:
    """Show one draw; by POST also verify it here and now."""
    number = visit.parts["number"]
    if not (number.isascii() and number.isdecimal() and len(number) < 6):
        return unknown(visit)
    application, person, case = visit.workbench.application, visit.person, visit.parts["case"]
    found = show_draw(application, person, case, int(number))
    if isinstance(found, Refusal):
        return refused(visit, found)
    verified = verify_draw(application, person, case, int(number)) if visit.method == "POST" else None
    if isinstance(verified, Refusal):
        return refused(visit, verified)
    listed = list_draws(application, person)
    titles = {} if isinstance(listed, Refusal) else {one.case: one.title for one in listed}
    return page(
        visit,
        "draw.html",
        found=found,
        title=titles.get(case) or case,
        public=found if isinstance(found, PublicDrawView) else None,
        older=None if isinstance(found, PublicDrawView) else found,
        verified=verified[1] if verified is not None else None,
    )
