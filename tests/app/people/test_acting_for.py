from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from engine.app.people.acting_for import with_principals
from engine.app.people.directory import Directory
from engine.app.ports.records import Delegation, RegisterEntry
from engine.lifecycle.case import Case
from engine.lifecycle.command import Actor
from engine.store.memory import MemoryStore

NOW = datetime(2027, 3, 1, 2, tzinfo=UTC)
PEOPLE = [
    RegisterEntry("people", "q", "人员01", "one", {"roles": ["clerk"]}),
    RegisterEntry("people", "p", "人员02", "two", {"roles": ["chief"]}),
    RegisterEntry("inspectors", "insp", "检查员01", "one", {"recusals": ["o-1"]}),
]


def acting(person: str, subject: dict[str, Any], *delegations: Delegation) -> Actor:
    store = MemoryStore()
    with store.write() as transaction:
        transaction.registers.put(PEOPLE, NOW)
        for one in delegations:
            transaction.delegations.add(one)
    case = Case(
        id="visit-1",
        workflow="visit",
        version=1,
        state="open",
        rev=1,
        head="ab",
        title="甲",
        section="one",
        opened_at=NOW,
        entered_at=NOW,
        subject=subject,
    )
    with store.read() as transaction:
        people = Directory(transaction)
        actor = people.actor(person)
        assert actor is not None
        return with_principals(people, actor, case, NOW, process_of)


def delegated(principal: str, delegate: str, *, days: int = 0) -> Delegation:
    begins = NOW + timedelta(days=days)
    return Delegation(
        id=f"{principal}-{delegate}",
        principal=principal,
        delegate=delegate,
        first=date(2027, 3, 1),
        last=date(2027, 3, 2),
        begins=begins,
        ends=begins + timedelta(days=1),
        reason="休假",
        by=principal,
    )


CHIEF = Actor("p", "two", frozenset({"chief"}), "人员02")


def test_the_principals_of_today_are_added() -> None:
    found = acting("q", {"id": "o-1"}, delegated("p", "q"), delegated("insp", "q", days=2))
    assert found == Actor("q", "one", frozenset({"clerk"}), "人员01", (CHIEF,))


def test_without_a_delegation_the_actor_is_as_before() -> None:
    assert acting("q", {"id": "o-1"}, delegated("q", "p")).principals == ()


def test_a_principal_no_register_knows_any_more_is_left_out() -> None:
    found = acting("q", {"id": "o-1"}, delegated("gone", "q"), delegated("p", "q"))
    assert found.principals == (CHIEF,)


def test_who_is_recused_from_the_object_stands_in_for_nobody() -> None:
    order = delegated("p", "insp")
    assert acting("insp", {"id": "o-1"}, order).principals == ()
    assert acting("insp", {"id": "o-2"}, order).principals == (CHIEF,)
    assert acting("insp", {}, order).principals == (CHIEF,)
