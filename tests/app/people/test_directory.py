"""Who holds a role is the same whether the store is asked for it or everybody is read."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from engine.app.people.directory import (
    UNASSIGNED,
    Directory,
    actor_keys,
    actor_of,
    candidate_keys,
    candidates,
    find_actor,
    in_office,
    is_active,
    role_key,
)
from engine.app.people.directory_cache import DirectoryCache
from engine.app.people.message_preferences import SETTING
from engine.app.ports.records import Delegation, RegisterEntry
from engine.calendars.load import load_calendar
from engine.definition.library import load_files
from engine.lifecycle.case import Case
from engine.lifecycle.command import Actor
from engine.lifecycle.deadlines.schedule import DeadlineCalculator
from engine.lifecycle.forms.signature import Signature, Signing
from engine.lifecycle.process import Process
from engine.store.memory import MemoryStore

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
STATES = (None, "active", "left", "")
PEOPLE = [
    RegisterEntry("people", "p-1", "人员01", "one", {"roles": ["clerk", "head"]}),
    RegisterEntry("people", "p-2", "人员02", "two", {"roles": ["clerk"]}),
    # Has left: holds nothing.
    RegisterEntry("people", "p-3", "人员03", "one", {"roles": ["clerk"], "status": "left"}),
    # The word stands in another field.
    RegisterEntry("people", "p-4", "人员04", "one", {"roles": [], "note": "clerk"}),
    # The role stands in one register, the section in the other.
    RegisterEntry("people", "p-5", "人员05", "two", {}),
    RegisterEntry("inspectors", "p-5", "人员05", None, {"roles": ["clerk"], "status": "active"}),
    RegisterEntry("inspectors", "p-6", "人员06", "one", {"status": "active"}),
]
DELEGATION = Delegation(
    id="d-1",
    principal="p-1",
    delegate="p-2",
    first=date(2026, 3, 2),
    last=date(2026, 3, 3),
    begins=NOW,
    ends=NOW + timedelta(days=2),
    reason="休假",
    by="p-1",
)


def test_holders_of_a_role_asked_for_and_read() -> None:
    store = MemoryStore()
    with store.write() as transaction:
        transaction.registers.put(PEOPLE, NOW)
    with store.read() as transaction:
        asked = Directory(transaction)
        read = Directory(transaction)
        assert set(read.all()) == {entry.id for entry in PEOPLE}
        assert asked.holders("clerk", None) == ["p-1", "p-2"]
        assert asked.holders("clerk", "two") == ["p-2"]
        assert asked.holders("inspector", None) == ["p-5", "p-6"]
        for role in ("clerk", "head", "inspector", "nobody"):
            for section in (None, "one", "two"):
                assert Directory(transaction).holders(role, section) == read.holders(role, section)


def test_who_still_works_here() -> None:
    told = [
        (status, in_office(RegisterEntry("people", "p", "", None, {"status": status}))) for status in STATES
    ]
    assert told == [(None, True), ("active", True), ("left", False), ("", False)]
    assert in_office(RegisterEntry("people", "p", ""))


def test_an_actor_is_made_of_every_entry_of_somebody_in_office() -> None:
    found = actor_of("p-5", [entry for entry in PEOPLE if entry.id == "p-5"])
    assert found == Actor("p-5", "two", frozenset({"inspector"}), "人员05")
    assert actor_of("p-3", [PEOPLE[2]]) == Actor("p-3")
    assert actor_of("p-9", []) == Actor("p-9")


def test_the_keys_under_which_somebody_holds_tasks() -> None:
    with_section = Actor("p", "one", frozenset({"head", "clerk"}))
    assert actor_keys(with_section) == ["p:p", "r:clerk", "r:clerk@one", "r:head", "r:head@one"]
    assert actor_keys(Actor("p", None, frozenset({"head"}))) == ["p:p", "r:head"]
    assert actor_keys(Actor("p", "one")) == ["p:p"]


def test_one_person_of_the_registers() -> None:
    store = MemoryStore()
    with store.write() as transaction:
        transaction.registers.put(PEOPLE, NOW)
    with store.read() as transaction:
        assert find_actor(transaction, "p-1") == Actor("p-1", "one", frozenset({"clerk", "head"}), "人员01")
        assert find_actor(transaction, "p-3") == Actor("p-3")
        assert find_actor(transaction, "p-9") is None
        assert [is_active(transaction, person) for person in ("p-1", "p-3", "p-5", "p-6", "p-9")] == [
            True,
            False,
            True,
            True,
            False,
        ]
        people = Directory(transaction)
        for person in ("p-1", "p-3", "p-5", "p-9"):
            assert people.actor(person) == find_actor(transaction, person)


def test_entries_by_id_are_asked_for_once() -> None:
    store = MemoryStore()
    with store.write() as transaction:
        transaction.registers.put(PEOPLE, NOW)
    with store.write() as transaction:
        people = Directory(transaction)
        assert people.entries("people", ["p-2", "p-9", "p-1"]) == {"p-2": PEOPLE[1], "p-1": PEOPLE[0]}
        assert people.entries("inspectors", []) == {}
        transaction.registers.put([replace(PEOPLE[0], name="另一人")], NOW)
        assert people.entries("people", ["p-1"]) == {"p-1": PEOPLE[0]}
        assert people.delegations() == []
        transaction.delegations.add(DELEGATION)
        assert people.delegations() == []
        assert Directory(transaction).delegations() == [DELEGATION]


def test_a_shared_page_is_used_until_the_transaction_writes() -> None:
    store, cache = MemoryStore(), DirectoryCache()
    with store.write() as transaction:
        transaction.registers.put(PEOPLE, NOW)
    with store.read() as transaction:
        assert Directory(transaction, cache).actor("p-1") is not None
        page = cache.page(transaction)
        assert page.entries["people", "p-1"] == PEOPLE[0]
        assert page.entries["inspectors", "p-1"] is None
    with store.write() as transaction:
        transaction.registers.put([replace(PEOPLE[0], name="另一人")], NOW)
        found = Directory(transaction, cache).actor("p-1")
        assert found is not None
        assert found.name == "另一人"
        assert page.entries["people", "p-1"] == PEOPLE[0]


FLOW = """\
workflow: visit
title: 走访
about: object
initial: open
start: {by: [clerk]}
parties: {team: 检查组}
states:
  open:
    title: 待办
    for: [team, clerk, head]
    verbs: {void: {by: clerk, to: closed, approve: [head, team]}}
  team_only: {title: 检查组办理, for: team}
  signing: {title: 会签, for: clerk}
  half: {title: 签或退, for: clerk}
  waiting: {title: 等待}
  closed: {title: 办结, final: true}
transitions:
  - {do: hand_over, title: 交检查组, from: open, to: team_only}
  - {do: submit, title: 送签, from: team_only, to: signing}
  - {do: sign, title: 会签, from: signing, to: half, sign: {mode: all, by: team}}
  - {do: sign_half, title: 签, from: half, to: waiting, sign: {mode: any, by: head}}
  - {do: send_back, title: 退, from: half, to: open}
  - {do: close, title: 办结, from: waiting, to: closed, after: 1 day}
"""
OFFICE = """\
bureau: example
title: 示例局
timezone: Asia/Shanghai
notify_at: "09:00"
sections: {one: 一股, two: 二股}
roles:
  clerk: {title: 经办人, scope: section}
  head: {title: 局长, scope: bureau}
"""


@pytest.fixture(scope="module")
def process() -> Process:
    loaded = load_files({"bureau.yaml": OFFICE, "visit.yaml": FLOW})
    assert [str(problem.message) for problem in loaded.problems if problem.severity == "error"] == []
    assert loaded.bureau is not None
    keeping = DeadlineCalculator(load_calendar([]), UTC, time(9))
    return Process(loaded.workflows["visit"], loaded.bureau, keeping)


def case(state: str, **more: Any) -> Case:
    values = {"workflow": "visit", "version": 1, "state": state, "rev": 1, "head": "a", "title": "甲"}
    return Case(**{"id": "visit-1", **values, "section": "one", "opened_at": NOW, "entered_at": NOW, **more})


TEAM = {"team": ("p-1", "p-2")}


@pytest.mark.parametrize(
    ("found", "keys"),
    [
        (case("open"), ["r:clerk@one", "r:head"]),
        (case("open", section=None), ["r:clerk", "r:head"]),
        (case("open", parties=TEAM), ["p:p-1", "p:p-2", "r:clerk@one", "r:head"]),
        (case("open", parties=TEAM, assignee="p-2"), ["p:p-2", "p:p-1", "r:clerk@one", "r:head"]),
        (case("team_only"), [UNASSIGNED]),
        (case("waiting", assignee="p-1"), []),
        (case("closed"), []),
    ],
)
def test_the_keys_a_task_stands_under(process: Process, found: Case, keys: list[str]) -> None:
    assert candidate_keys(process, found) == keys


@pytest.mark.parametrize(
    ("found", "rows"),
    [
        (case("open", assignee="p-9"), {"p:p-9": "p-9", "r:clerk@one": "p-9", "r:head": "p-9"}),
        (case("waiting"), {}),
        # All steps are signed: those who have to sign, and nobody else.
        (case("signing", parties=TEAM, assignee="p-9"), {"p:p-1": None, "p:p-2": None}),
        (
            case("signing", parties=TEAM, signing={"sign": Signing(signed=(Signature("p-1", NOW),))}),
            {"p:p-2": None},
        ),
        # Another step can be taken without a signature.
        (case("half", assignee="p-9"), {"p:p-9": "p-9", "r:clerk@one": "p-9", "r:head": None}),
        # Whoever is asked to approve has it besides.
        (
            case("open", parties=TEAM, assignee="p-9", asked={"void": {"by": "p-9"}}),
            {"p:p-9": "p-9", "p:p-1": None, "p:p-2": None, "r:clerk@one": "p-9", "r:head": None},
        ),
    ],
)
def test_the_rows_of_a_task(process: Process, found: Case, rows: dict[str, str | None]) -> None:
    assert candidates(process, found) == rows


def test_the_key_of_a_role(process: Process) -> None:
    assert [
        role_key(process, role, section)
        for role, section in (("clerk", "two"), ("clerk", None), ("head", "two"), ("unknown", "two"))
    ] == ["r:clerk@two", "r:clerk", "r:head", "r:unknown"]


@pytest.mark.parametrize(
    ("audience", "people"),
    [
        ("p:p-7", ["p-7"]),
        ("team", ["p-1", "p-2"]),
        ("clerk", ["p-1"]),
        ("head", ["p-1"]),
        ("nobody", []),
    ],
)
def test_who_a_message_goes_to(process: Process, audience: str, people: list[str]) -> None:
    store = MemoryStore()
    with store.write() as transaction:
        transaction.registers.put(PEOPLE, NOW)
    with store.read() as transaction:
        found = Directory(transaction).recipients(process, case("open", parties=TEAM), audience)
        assert list(found) == people
        assert list(Directory(transaction).recipients(process, case("open"), "team")) == []


def test_whom_a_key_of_a_task_means_and_which_messages_they_want() -> None:
    store = MemoryStore()
    with store.write() as transaction:
        transaction.registers.put(PEOPLE, NOW)
        transaction.settings.put(SETTING, {"p-1": {"arrived": "none"}})
    with store.read() as transaction:
        people = Directory(transaction)
        behind = {key: list(people.behind(key)) for key in ("p:p-9", "r:clerk@one", "r:clerk", "r:head", "-")}
        assert people.preferences() == {"p-1": {"arrived": "none"}}
    assert behind == {
        "p:p-9": ["p-9"],
        "r:clerk@one": ["p-1"],
        "r:clerk": ["p-1", "p-2"],
        "r:head": ["p-1"],
        "-": [],
    }
