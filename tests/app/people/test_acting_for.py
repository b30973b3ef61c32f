from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from engine.app.people.acting_for import why_not_for, with_principals
from engine.app.people.directory import Directory
from engine.app.ports.records import Delegation, RegisterEntry
from engine.lifecycle.case import Case
from engine.lifecycle.command import Actor
from engine.lifecycle.model.people.incompatible import IncompatibleRoles
from engine.store.memory import MemoryStore

#: Nobody holds both; names, as the bureau of a process has them.
ROLES = {name: SimpleNamespace(title=name) for name in ("clerk", "chief", "drawer", "witness")}
PROCESS: Any = SimpleNamespace(
    bureau=SimpleNamespace(
        incompatible_roles=(IncompatibleRoles(("drawer", "witness"), "条例"),), roles=ROLES
    )
)
NOW = datetime(2027, 3, 1, 2, tzinfo=UTC)
PEOPLE = [
    RegisterEntry("people", "q", "人员01", "one", {"roles": ["clerk"]}),
    RegisterEntry("people", "p", "人员02", "two", {"roles": ["chief"]}),
    RegisterEntry("people", "draws", "人员03", "one", {"roles": ["drawer"]}),
    RegisterEntry("people", "sees", "人员04", "one", {"roles": ["witness"]}),
    RegisterEntry("inspectors", "insp", "检查员01", "one", {"recusals": ["o-1"]}),
    RegisterEntry("objects", "o-9", "甲", None, {"former_ids": ["o-1"]}),
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
        return with_principals(people, actor, case, NOW, lambda _: PROCESS)


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
    assert found == Actor("q", "one", frozenset({"clerk"}), "人员01", (CHIEF,), delegated=True)


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
    # The firm of the recusal has another code by now.
    assert acting("insp", {"id": "o-9"}, order).principals == ()


def test_who_stands_in_for_somebody_is_known_to_have_been_given_it_once() -> None:
    assert acting("q", {"id": "o-1"}, delegated("p", "q", days=9)).delegated
    assert acting("p", {"id": "o-1"}, delegated("p", "q", days=9)).delegated
    assert not acting("draws", {"id": "o-1"}, delegated("p", "q")).delegated


def test_nobody_stands_in_for_a_role_that_excludes_their_own_or_that_of_another_they_stand_in_for() -> None:
    assert acting("draws", {}, delegated("sees", "draws")).principals == ()
    both = (delegated("sees", "q"), delegated("draws", "q"), delegated("p", "q"))
    assert [one.id for one in acting("q", {}, *both).principals] == ["p"]
    # Barred by what they hold themselves, nobody bars the other.
    three = (delegated("sees", "draws"), delegated("p", "draws"))
    assert [one.id for one in acting("draws", {}, *three).principals] == ["p"]
    store = MemoryStore()
    with store.write() as transaction:
        transaction.registers.put(PEOPLE, NOW)
        transaction.delegations.add(delegated("sees", "draws"))
    with store.read() as transaction:
        people = Directory(transaction)
        actor = people.actor("draws")
        assert actor is not None
        (reason,) = why_not_for(people, actor, NOW, PROCESS.bureau)
    assert "“draws”不能代“sees”办理：会兼任witness（“sees”）和drawer（“draws”）" in str(reason)
