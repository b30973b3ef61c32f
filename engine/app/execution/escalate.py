"""Whom a decision reaches: who holds the roles of an escalation, who takes a task over, who is notified.

Besides, whom something concerns that no step says it to: an applicant, whoever is no longer of a case, whose last day a
calendar has moved. `EVENTS` is what happens outside the messages of the transitions and is said here or elsewhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from engine.app.people.directory import role_key
from engine.app.session.messages import SINGLE
from engine.app.session.unit_of_work import UnitOfWork
from engine.language import Message, say
from engine.lifecycle.case import Case, EventKind
from engine.lifecycle.decision import Decision

if TYPE_CHECKING:
    from datetime import date

    from engine.lifecycle.verbs.approve import Approve

#: Whoever has more tasks than this has too many, and they are not counted further.
MAX_COUNTED = 10_000
ABOUT = "notify"
#: What happens -> the function that says it to whom it concerns.
EVENTS: Mapping[str, str] = {
    "a request is approved": "engine.app.execution.escalate.tell_applicant",
    "a request is not approved": "engine.lifecycle.verbs.approve.denied",
    "somebody is no longer of a case": "engine.app.execution.escalate.tell_who_left",
    "a task is taken from somebody": "engine.app.execution.escalate.tell_who_left",
    "a calendar moves a last day": "engine.app.execution.escalate.tell_of_moved_days",
    "a firm is changed in the register": "engine.app.registers.firm_messages.tell_of_changed_firms",
    "a paper is made void": "engine.app.commands.papers.papers.void_paper",
    "a case waits for nothing": "engine.app.execution.case_incident.report_stuck",
    "a case goes on by another version": "engine.app.execution.migrate_case._say_what_changed",
    "a child is opened again after its parent has gone on": "engine.app.execution.other_cases.tell_if_reopened",
    "a firm writes on its page": "engine.app.rectification.entry.FirmEntry.enter",
    "a question is not answered": "engine.app.timers.ask_messages.remind_asked",
    "a certificate ends while its holder has visits": "engine.app.registers.inspector_messages.tell_of_ending_certificates",
}


def first_filled_role(uow: UnitOfWork, case: Case, chain: tuple[str, ...]) -> str:
    """Return the first role of `chain` that somebody holds; where nobody holds any, the first."""
    process = uow.process(case)
    return next((role for role in chain if uow.people.recipients(process, case, role)), chain[0])


def least_loaded(uow: UnitOfWork, case: Case, role: str) -> str | None:
    """Return the holder of `role` with the fewest tasks of their own, other than who has the task now; None: nobody."""
    people = uow.people.recipients(uow.process(case), case, role)
    uow.flush()
    burdens = [
        (len(uow.transaction.tasks.of_keys([f"p:{person}"], limit=MAX_COUNTED)), person)
        for person in people
        if person != case.assignee
    ]
    return min(burdens, default=(0, None))[1]


def notify(uow: UnitOfWork, case: Case, decision: Decision) -> None:
    """Tell those a decision names, an escalation to the first role of its chain that somebody holds.

    A role notified of an escalation sees the task in its own list too.
    """
    process = uow.process(case)
    for number, (named, message) in enumerate(decision.notices):
        goes_up = decision.escalation_chain and number == 0
        audience = first_filled_role(uow, case, decision.escalation_chain) if goes_up else named
        people = uow.people.recipients(process, case, audience)
        personal = audience.startswith("p:") or audience in process.workflow.parties
        uow.tell(case, people, message, str(decision.kind), urgent=decision.urgent, personal=personal)
        if decision.kind is EventKind.ESCALATED and audience not in process.workflow.parties:
            uow.escalate(case, role_key(process, audience, case.section))


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
        case=after.title, id=after.id, verb=verb.title if verb else command.verb, days=days[0] if days else _content(asked),
    )  # fmt: skip
    uow.tell(after, people, text, ABOUT, personal=True)


def _content(asked: Mapping[str, Any]) -> Message | str:
    """Return what was asked for, behind a colon; empty where the request does not say it."""
    return say("：{content}", content=asked["content"]) if asked.get("content") else ""


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


def tell_of_moved_days(uow: UnitOfWork, moved: Iterable[tuple[Case, str, date, date]], by: str) -> None:
    """Send word to whom a case concerns, other than `by`, of clocks (case, id, day before, day now) that end on another day than they did."""
    found: dict[str, list[tuple[Case, Message]]] = defaultdict(list)
    for case, clock, was, now in moved:
        if was == now:
            continue
        rule = uow.process(case).workflow.clocks.get(clock)
        words = {
            "case": case.title,
            "id": case.id,
            "clock": rule.title if rule else clock,
            "was": was.isoformat(),
            "now": now.isoformat(),
        }
        if now < was:
            text = say("“{case}”（{id}）的“{clock}”因日历变更由 {was} 提前到 {now}", **words)
        else:
            text = say("“{case}”（{id}）的“{clock}”因日历变更由 {was} 改到 {now}，比原来晚", **words)
        for person in uow.concerned_by(case):
            if person != by:
                found[person].append((case, text))
    uow.tell_of_each(found, _moved_in_many, lambda case: f"{case.id}:calendar:{case.rev}")


def _moved_in_many(cases: Sequence[Case]) -> Message:
    return say(
        "日历变更，你的在办件中 {count} 件的到期日有变动：{cases}等；请逐件核对现在的到期日",
        count=len(cases),
        cases=[say("“{title}”（{id}）", title=case.title, id=case.id) for case in cases[:SINGLE]],
    )
