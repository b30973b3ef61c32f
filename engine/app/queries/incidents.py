"""Incidents: what went wrong and waits for a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.app.access.query import QueryContext, query
from engine.app.incidents.incident import Incident, find_incident, incidents_in, unknown_incident
from engine.kernel.refusal import Refusal

__all__ = ["Incident", "Incidents", "list_incidents", "show_incident"]

#: Incidents looked through where some of them are not shown.
MAX_INCIDENTS = 100_000


@dataclass(frozen=True, slots=True)
class Incidents:
    """The incidents a viewer is shown, and how many others there are: of cases they do not see."""

    rows: Sequence[Incident]
    hidden: int


@query("incident.read")
def list_incidents(context: QueryContext, limit: int = 200) -> Incidents:
    """Return at most `limit` incidents, oldest first."""
    if not context.limited:
        return Incidents(incidents_in(context.transaction, limit)[:limit], 0)
    found = incidents_in(context.transaction, MAX_INCIDENTS)
    seen = [one for one in found if _sees(context, one)]
    return Incidents(seen[:limit], len(found) - len(seen))


@query("incident.read")
def show_incident(context: QueryContext, incident_id: str) -> Incident | Refusal:
    """Return one incident."""
    found = find_incident(context.transaction, incident_id)
    if found is not None and _sees(context, found):
        return found
    context.hidden = found.case if found is not None else None
    return Refusal(None, "", (unknown_incident(incident_id),))


def _sees(context: QueryContext, incident: Incident) -> bool:
    """Tell whether the viewer sees the case of an incident; one of no case is the deployment's own."""
    case = context.transaction.cases.get(incident.case) if incident.case else None
    return case is None or context.sees(case)
