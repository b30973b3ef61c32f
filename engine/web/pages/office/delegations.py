"""委托: who acts for whom, made and ended."""

from __future__ import annotations

from datetime import date

from engine.app.commands import Caller
from engine.app.commands.delegations import add_delegation, end_delegation
from engine.app.queries.people.delegations import list_delegations
from engine.app.queries.people.persons import list_people
from engine.kernel.refusal import Refusal
from engine.language import Message, say
from engine.web.rendering import page, refused, status_of
from engine.web.visit import Answer, PageVisit, go_to


def show(visit: PageVisit) -> Answer:
    """List the delegations; by POST make one, or end one with a reason."""
    application, person = visit.workbench.application, visit.person
    wrong: tuple[Message, ...] = ()
    status = 200
    if visit.method == "POST":
        outcome = _changed(visit)
        if isinstance(outcome, Message):
            wrong, status = (outcome,), 422
        elif isinstance(outcome, Refusal):
            wrong, status = tuple(reason.message for reason in outcome.reasons), status_of(outcome)
        else:
            return go_to("delegations", query="done=1")
    found = list_delegations(application, person, everything=visit.query.get("all") == "1")
    people = list_people(application, person)
    if isinstance(found, Refusal):
        return refused(visit, found)
    names = {} if isinstance(people, Refusal) else {p.actor.id: p.actor.name for p in people if p.active}
    return page(visit, "delegations.html", status=status, found=found, names=names, wrong=wrong)


def _changed(visit: PageVisit) -> object:
    application, caller, typed = visit.workbench.application, Caller(visit.person), visit.typed
    if typed.one("do") == "end":
        return end_delegation(application, caller, typed.one("delegation"), typed.one("reason"))
    try:
        first, last = (date.fromisoformat(typed.one(name)) for name in ("first", "last"))
    except ValueError:
        return say("请写明起止日期")
    principal = typed.one("principal") or visit.person
    return add_delegation(
        application, caller, principal, typed.one("delegate"), first, last, typed.one("reason")
    )
