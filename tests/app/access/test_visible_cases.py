"""Which cases a person sees: the rule of queries and of commands."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bureau_factories import Bureau, delegate
from visit_bureau import visit_bureau

from engine.app.access.visible_cases import VisibleCases, roles_of_bureau
from engine.app.definitions.bureau import bureau_of
from engine.app.definitions.derived_settings import BUREAU_ROLES
from engine.app.people.directory import find_actor
from engine.app.ports.records import Delegation
from engine.lifecycle.command import Actor


def sees(bureau: Bureau, person: str, case: str) -> bool:
    """Tell whether somebody may look at a case."""
    one = bureau.case(case)
    with bureau.look() as transaction:
        actor = find_actor(transaction, person) or Actor(person)
        return VisibleCases(transaction, actor, bureau.clock.now(), lambda _: None).sees(one)


def lists(bureau: Bureau, person: str, case: str) -> tuple[bool, bool]:
    """Tell whether a case and its task stand in somebody's lists."""
    one = bureau.case(case)
    with bureau.look() as transaction:
        actor = find_actor(transaction, person) or Actor(person)
        found = VisibleCases(transaction, actor, bureau.clock.now(), lambda _: None)
        return found.lists(one), found.lists_task(one.section, one.id)


def test_of_their_section_and_of_all_with_a_role_of_the_bureau() -> None:
    bureau = visit_bureau()
    case = bureau.start("visit")
    assert {one: sees(bureau, one, case) for one in ("anna", "carl", "bela", "cora", "dora")} == {
        "anna": True,
        "carl": True,
        "bela": False,
        "cora": False,
        "dora": True,
    }
    assert lists(bureau, "carl", case) == (True, True)
    assert lists(bureau, "bela", case) == (False, False)


def test_what_belongs_to_no_section_is_seen_by_all() -> None:
    bureau = visit_bureau()
    with bureau.look() as transaction:
        found = VisibleCases(transaction, Actor("bela", "south"), bureau.clock.now(), lambda _: None)
        assert [found.sees_section(one) for one in (None, "south", "north")] == [True, True, False]
        assert found.lists_task(None, "visit-1")


def test_a_party_of_another_section_sees_the_case() -> None:
    bureau = visit_bureau()
    case = bureau.start("plan", parties={"inspectors": ("bela",)})
    assert sees(bureau, "bela", case)
    assert lists(bureau, "bela", case)[0]
    assert not sees(bureau, "cora", case)


def test_whoever_acts_for_somebody_sees_what_they_see_while_it_lasts() -> None:
    bureau = visit_bureau()
    case = bureau.start("visit")
    made = delegate(
        bureau.application, "carl", "cora", date(2024, 9, 2), date(2024, 9, 6), by="carl", reason="年休假"
    )
    assert isinstance(made, Delegation), str(made)
    assert sees(bureau, "cora", case)
    assert lists(bureau, "cora", case) == (True, True)
    bureau.later(days=9)
    assert not sees(bureau, "cora", case)


def test_whoever_has_a_task_of_the_case_sees_it() -> None:
    bureau = visit_bureau()
    case = bureau.start("visit")
    with bureau.store.write() as transaction:
        (task, *_) = transaction.tasks.of_case(case)
        transaction.tasks.put([replace(task, key="p:bela")])
    assert sees(bureau, "bela", case)
    assert lists(bureau, "bela", case) == (True, True)


def test_whoever_has_acted_sees_the_case_and_a_refused_attempt_is_no_act() -> None:
    bureau = visit_bureau()
    case = bureau.start("visit")
    bureau.no(case, "send", "bela")
    assert not sees(bureau, "bela", case)
    with bureau.store.write() as transaction:
        people = transaction.registers.some("people", ["anna"])
        moved = [replace(one, section="south") for one in people.values()]
        transaction.registers.put(moved, bureau.clock.now())
    assert sees(bureau, "anna", case)
    assert lists(bureau, "anna", case) == (False, False)


def test_which_roles_are_of_the_whole_bureau() -> None:
    bureau = visit_bureau()
    with bureau.store.write() as transaction:
        definitions = bureau.application.definitions
        assert roles_of_bureau(transaction, lambda _: None) == {"deputy"}
        transaction.settings.drop(BUREAU_ROLES)
        # Published by an older program: the bureau itself is asked.
        assert roles_of_bureau(transaction, lambda inside: bureau_of(definitions, inside)) == {"deputy"}
        assert roles_of_bureau(transaction, lambda _: None) == frozenset()


def test_a_role_the_bureau_does_not_have_opens_nothing() -> None:
    bureau = visit_bureau()
    case = bureau.start("visit")
    with bureau.look() as transaction:
        stranger = Actor("zoe", "south", frozenset({"captain"}))
        found = VisibleCases(transaction, stranger, bureau.clock.now(), lambda _: None)
        assert not found.everything
        assert not found.sees_section("north")
    assert not sees(bureau, "bela", case)
