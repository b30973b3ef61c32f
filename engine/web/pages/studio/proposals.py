"""提请: what waits for a second person, agreed to, rejected or taken back."""

from __future__ import annotations

from engine.app.commands import Caller
from engine.app.commands.proposals.proposals import confirm, reject, withdraw
from engine.app.queries.people.proposals import list_proposals
from engine.kernel.refusal import Refusal
from engine.web.rendering import page, refused
from engine.web.visit import Answer, PageVisit, go_to

#: Acts one person did alone that are shown, the newest first.
MAX_SINGLE = 200


def show(visit: PageVisit) -> Answer:
    """List what is proposed; by POST decide on one."""
    application, caller = visit.workbench.application, Caller(visit.person)
    if visit.method == "POST":
        proposal, reason = visit.typed.one("proposal"), visit.typed.one("reason").strip()
        match visit.typed.one("do"):
            case "confirm":
                outcome = confirm(application, caller, proposal, reason or None)
            case "withdraw":
                outcome = withdraw(application, caller, proposal, reason or None)
            case _:
                outcome = reject(application, caller, proposal, reason)
        return refused(visit, outcome) if isinstance(outcome, Refusal) else go_to("proposals", query="done=1")
    known = list_proposals(application, visit.person, everything=True)
    if isinstance(known, Refusal):
        return refused(visit, known)
    found = [one for one in known if one.status in ("open", "confirmed")]
    single = [one for one in reversed(known) if one.status == "single-handed"]
    return page(
        visit, "proposals.html", found=found, single=single[:MAX_SINGLE], more=len(single) > MAX_SINGLE
    )
