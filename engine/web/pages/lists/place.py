"""The place of a case in the list it was opened from: kept in the address, so that one can go on to the next."""

from __future__ import annotations

from urllib.parse import urlencode

from engine.app.queries.worklist import TaskNeighbours, neighbours_of_task
from engine.kernel.refusal import Refusal
from engine.web.visit import PageVisit, address_of

#: Names in an address that say which list, and where in it.
NAMES = ("tab", "text", "workflow", "at")


def place_query(visit: PageVisit, **more: str) -> str:
    """Return the query that keeps the place, with further names; "" without any."""
    kept = {name: visit.query[name][:200] for name in NAMES if visit.query.get(name)}
    return urlencode({**kept, **more})


def list_address(visit: PageVisit) -> str:
    """Return the address of the list a case was opened from."""
    kept = {name: visit.query[name][:200] for name in NAMES[:3] if visit.query.get(name)}
    return "/?" + urlencode(kept) if kept else "/"


def neighbours(visit: PageVisit) -> tuple[str | None, str | None]:
    """Return the addresses of the cases before and after this one in its list; None where there is none."""
    at = visit.query.get("at", "")
    if not at:
        return None, None
    found = neighbours_of_task(
        visit.workbench.application,
        visit.person,
        at,
        tab=visit.query.get("tab", "all"),
        text=visit.query.get("text", "")[:100],
        workflow=visit.query.get("workflow") or None,
    )
    if isinstance(found, Refusal):
        return None, None
    return _addresses(visit, found)


def _addresses(visit: PageVisit, found: TaskNeighbours) -> tuple[str | None, str | None]:
    previous, following = (
        None
        if line is None
        else address_of("cases", line.item.task.case) + "?" + place_query(visit, at=line.key)
        for line in (found.previous, found.next)
    )
    return previous, following
