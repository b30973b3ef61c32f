"""Whoever has visits that are not made, and whose certificate ends soon, is sent word, and so are the others of the case and its section."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from engine.app.ports.records import CaseFilter
from engine.app.session.measures import each_case
from engine.app.session.messages import SINGLE
from engine.app.session.unit_of_work import UnitOfWork
from engine.language import say
from engine.yamltext.resource import read_resource

if TYPE_CHECKING:
    from engine.app.ports.records import RegisterEntry
    from engine.app.ports.store import Transaction
    from engine.app.services import Services
    from engine.lifecycle.case import Case

INSPECTORS = "inspectors"
_LIMITS = Path(__file__).with_suffix(".yaml")


def ending_certificates(transaction: Transaction, today: date, days: int) -> list[tuple[RegisterEntry, date]]:
    """Return the inspectors whose certificates end within `days`, each with the last day."""
    return [
        (entry, last)
        for entry in transaction.registers.all(INSPECTORS)
        if (last := _day(entry.data.get("cert_valid_to"))) is not None
        and today <= last <= today + timedelta(days=days)
    ]


def tell_of_ending_certificates(services: Services) -> int:
    """Send word of certificates that end within the days of the file beside this while visits of their holders wait; return how many cases these are.

    Everybody of a visit, and whoever has its task, once for each visit and last day; whoever tasks go up to that nobody touches,
    once for each certificate.
    """
    now, days = services.clock.now(), int(read_resource(_LIMITS)["days"])
    with services.store.write() as transaction:
        uow = UnitOfWork(services, transaction, now)
        today = now.astimezone(services.definitions.time.zone).date()
        ending = {entry.id: (entry, last) for entry, last in ending_certificates(transaction, today, days)}
        above: dict[tuple[str, str], list[Case]] = defaultdict(list)
        found = 0
        for case in each_case(transaction, CaseFilter(open=True)) if ending else ():
            members = {person for people in case.parties.values() for person in people} & ending.keys()
            for person in sorted(_with_visit_ahead(uow, case, members)):
                found += 1
                entry, last = ending[person]
                text = say(
                    "“{case}”（{id}）：检查人员“{person}”的执法证件 {last} 到期，到期后不能检查；请在到期前检查，或及时换证、更换人员",
                    case=case.title, id=case.id, person=entry.name, last=last.isoformat(),
                )  # fmt: skip
                mark = f"{case.id}:certificate:{person}:{last.isoformat()}"
                uow.tell(case, uow.concerned_by(case), text, "notify", mark, personal=True)
                for one in _above(uow, case):
                    above[person, one].append(case)
        for (person, one), cases in above.items():
            entry, last = ending[person]
            text = say(
                "检查人员“{person}”的执法证件 {last} 到期，名下还有 {count} 件待检查：{cases}；请安排换证、在到期前检查，或者更换人员",
                person=entry.name, last=last.isoformat(), count=len(cases),
                cases=[say("“{title}”（{id}）", title=case.title, id=case.id) for case in cases[:SINGLE]],
            )  # fmt: skip
            mark = f"certificate:{person}:{last.isoformat()}:{one}"
            uow.tell(cases[0], (one,), text, "notify", mark, personal=True, several=len(cases) > 1)
        uow.flush()
    return found


def _with_visit_ahead(uow: UnitOfWork, case: Case, members: set[str]) -> set[str]:
    """Return those of `members` who have still to visit: while a clock runs that ends with the visit, and where no step asks what is inspected, while the task is theirs."""
    if not members:
        return members
    workflow = uow.process(case).workflow
    visiting = {
        source for step in workflow.transitions if step.item_forms and step.form for source in step.sources
    }
    if not visiting:
        return members.intersection(uow.holders_of(case))
    running = (workflow.clocks[name].during for name in case.clocks if name in workflow.clocks)
    return members if case.state in visiting or any(visiting & states for states in running) else set()


def _above(uow: UnitOfWork, case: Case) -> list[str]:
    """Return who holds the first role, of those a task goes up to on which nobody has done anything, that somebody holds."""
    process = uow.process(case)
    rule = process.bureau.untouched
    for role in rule.escalate if rule is not None else ():
        if people := uow.people.recipients(process, case, role):
            return list(people)
    return []


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None
