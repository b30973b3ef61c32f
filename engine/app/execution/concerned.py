"""Whom something concerns that no step says it to: an applicant, whoever is no longer of a case, whose last day has come nearer.

`EVENTS` is what happens outside the messages of the transitions and is said here or elsewhere; a test walks it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from engine.language import say
from engine.lifecycle.case import EventKind

if TYPE_CHECKING:
    from datetime import date

    from engine.app.session.unit_of_work import UnitOfWork
    from engine.lifecycle.case import Case
    from engine.lifecycle.decision import Decision
    from engine.lifecycle.verbs.approve import Approve

ABOUT = "notify"
#: What happens -> the function that says it to whom it concerns.
EVENTS: Mapping[str, str] = {
    "a request is approved": "engine.app.execution.concerned.tell_applicant",
    "a request is not approved": "engine.lifecycle.verbs.approve.denied",
    "somebody is no longer of a case": "engine.app.execution.concerned.tell_who_left",
    "a task is taken from somebody": "engine.app.execution.concerned.tell_who_left",
    "a calendar brings a last day nearer": "engine.app.execution.concerned.tell_of_earlier_days",
    "a firm is changed in the register": "engine.app.registers.changed_firms.tell_of_changed_firms",
    "a paper is made void": "engine.app.commands.papers.papers.void_paper",
    "a certificate ends while its holder has visits": "engine.app.registers.ending_certificates.tell_of_ending_certificates",
}


def tell_applicant(uow: UnitOfWork, before: Case, after: Case, command: Approve) -> None:
    """Send word to whoever asked for what has been approved, with the last day where that has moved."""
    asked = before.asked.get(command.verb) or {}
    people = [str(one) for one in (asked.get("by"), asked.get("for")) if one and one != command.actor.id]
    process = uow.process(after)
    verb = process.state(before.state).verbs.get(command.verb)
    days = [
        say("，“{clock}”到 {day}", clock=process.workflow.clocks[name].title, day=clock.due_on.isoformat())
        for name, clock in after.clocks.items()
        if name in process.workflow.clocks
        and name in before.clocks
        and clock.due_on != before.clocks[name].due_on
    ]
    text = say(
        "“{case}”（{id}）的{verb}申请已获批准{days}",
        case=after.title, id=after.id, verb=verb.title if verb else command.verb, days=days[0] if days else "",
    )  # fmt: skip
    uow.tell(after, people, text, ABOUT, personal=True)


def tell_who_left(uow: UnitOfWork, before: Case, after: Case, decision: Decision, by: str) -> None:
    """Send word to whoever was of a party of a case, or had its task by name, and is no more."""
    there = {person for people in after.parties.values() for person in people}
    left = {person for people in before.parties.values() for person in people} - there
    if decision.kind is EventKind.REASSIGNED and before.assignee != after.assignee and before.assignee:
        left.add(before.assignee)
    people = sorted(left - {by, after.assignee or ""})
    if people:
        text = say(
            "你不再承办“{case}”（{id}）：“{step}”以后由他人承办，请交接手中的材料",
            case=after.title, id=after.id, step=decision.title,
        )  # fmt: skip
        uow.tell(after, people, text, ABOUT, personal=True)


def tell_of_earlier_days(uow: UnitOfWork, after: Case, moved: Iterable[tuple[str, date, date]]) -> None:
    """Send word to whom a case concerns of clocks (id, day before, day now) that end earlier than they did."""
    for clock, was, now in moved:
        if now < was:
            rule = uow.process(after).workflow.clocks.get(clock)
            text = say(
                "“{case}”（{id}）的“{clock}”因日历变更由 {was} 提前到 {now}",
                case=after.title, id=after.id, clock=rule.title if rule else clock,
                was=was.isoformat(), now=now.isoformat(),
            )  # fmt: skip
            uow.tell(after, uow.concerned_by(after), text, ABOUT, personal=True)
