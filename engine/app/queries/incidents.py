"""Incidents: what went wrong and waits for a person."""

from __future__ import annotations

from collections.abc import Sequence

from engine.app.access.query import QueryContext, query
from engine.app.incidents.incident import Incident, find_incident, incidents_in
from engine.kernel.refusal import NextAction, Refusal, RefusalReason
from engine.language import say

__all__ = ["Incident", "list_incidents", "show_incident"]


@query("incident.read")
def list_incidents(context: QueryContext, limit: int = 200) -> Sequence[Incident]:
    """Return at most `limit` incidents, oldest first."""
    return incidents_in(context.transaction, limit)[:limit]


@query("incident.read")
def show_incident(context: QueryContext, incident_id: str) -> Incident | Refusal:
    """Return one incident."""
    found = find_incident(context.transaction, incident_id)
    if found is not None:
        return found
    message = say("没有异常“{id}”，也可能已有人处理", id=incident_id)
    return Refusal(None, "", (RefusalReason("incident", message, next=NextAction("list_incidents")),))
