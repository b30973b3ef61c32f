"""Whoever has visits that are not made, and whose certificate ends soon, is sent word, and so are the others of the case."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from engine.app.ports.records import CaseFilter
from engine.app.session.measures import each_case
from engine.app.session.unit_of_work import UnitOfWork
from engine.language import say
from engine.yamltext.resource import read_resource

if TYPE_CHECKING:
    from engine.app.ports.records import RegisterEntry
    from engine.app.ports.store import Transaction
    from engine.app.services import Services

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
    """Send word of certificates that end within the days of the file beside this, once for each case and last day; return how many cases that are."""
    now, days = services.clock.now(), int(read_resource(_LIMITS)["days"])
    with services.store.write() as transaction:
        uow = UnitOfWork(services, transaction, now)
        today = now.astimezone(services.definitions.time.zone).date()
        ending = {entry.id: last for entry, last in ending_certificates(transaction, today, days)}
        found = 0
        for case in each_case(transaction, CaseFilter(open=True)) if ending else ():
            members = {person for people in case.parties.values() for person in people} & ending.keys()
            holders = uow.holders_of(case)
            # Where the task of the case is nobody's of them, no visit of theirs is ahead.
            for person in sorted(members.intersection(holders)):
                found += 1
                last = ending[person].isoformat()
                text = say(
                    "“{case}”（{id}）：检查人员“{person}”的执法证件 {last} 到期，到期后不能检查；请在到期前检查，或及时换证、更换人员",
                    case=case.title, id=case.id, person=person, last=last,
                )  # fmt: skip
                mark = f"{case.id}:certificate:{person}:{last}"
                uow.tell(case, holders, text, "notify", mark, personal=True)
        uow.flush()
    return found


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None
