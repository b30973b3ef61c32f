"""What went wrong and waits for a person: tried again, or closed with a reason."""

from __future__ import annotations

from engine.app.commands import Caller
from engine.app.commands.incidents import dismiss, retry, retry_all
from engine.app.queries.incidents import list_incidents
from engine.kernel.refusal import Refusal
from engine.web.rendering import page, refused
from engine.web.visit import Answer, PageVisit, go_to


def show(visit: PageVisit) -> Answer:
    """List the incidents; by POST try one or all again, or close one."""
    application, caller = visit.workbench.application, Caller(visit.person)
    if visit.method == "POST":
        do, incident = visit.typed.one("do"), visit.typed.one("incident")
        outcome: object
        if do == "all":
            outcome = retry_all(application, caller)
        elif do == "close":
            outcome = dismiss(application, caller, incident, visit.typed.one("reason"))
        else:
            outcome = retry(application, caller, incident)
        return refused(visit, outcome) if isinstance(outcome, Refusal) else go_to("incidents", query="done=1")
    found = list_incidents(application, visit.person)
    if isinstance(found, Refusal):
        return refused(visit, found)
    return page(visit, "incidents.html", found=found)
