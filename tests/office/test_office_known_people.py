"""What is known of people is kept between commands, and never longer than it is true."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from bureau_factories import Bureau, delegate, refused

from engine.app.history.journal import add_entry
from engine.app.people import directory_cache as known_people
from engine.app.people.directory import Directory
from engine.app.ports.records import Delegation, RegisterEntry
from engine.app.ports.store import Transaction
from engine.app.registers.maintenance import put_one
from engine.lifecycle.command import SYSTEM
from engine.store.memory.reference_data import MemoryRegisters, MemorySettings

TOLD = """
workflow: visit
title: 检查
about: object
initial: open
start: {by: [clerk]}
states:
  open: {title: 待检查, for: clerk}
  closed: {title: 已办结, final: true}
transitions:
  - do: note
    title: 记录
    from: open
    then: [{notify: [chief], message: "已记录"}]
  - {do: close, title: 办结, from: open, to: closed}
"""


@pytest.fixture
def bureau(bureau_at: Callable[..., Bureau]) -> Bureau:
    return bureau_at(TOLD)


def person(bureau: Bureau, who: str, **data: Any) -> None:
    """Let the entry of somebody be another."""
    with bureau.look() as transaction:
        entry = transaction.registers.get("people", who)
    assert entry is not None
    with bureau.application.store.write() as transaction:
        put_one(transaction, bureau.clock.now(), replace(entry, data={**entry.data, **data}), SYSTEM)


def told(bureau: Bureau, case: str) -> list[str]:
    before = len(bureau.outbox())
    bureau.take(case, "note")
    return [str(item.recipient) for item in bureau.outbox()[before:]]


def test_the_next_command_knows_of_a_change(bureau: Bureau) -> None:
    case = bureau.start("visit", section="north")
    assert told(bureau, case) == ["carl"]
    person(bureau, "anton", roles=["clerk", "chief"])
    assert told(bureau, case) == ["anton", "carl"]
    person(bureau, "carl", status="left")
    assert told(bureau, case) == ["anton"]
    person(bureau, "anna", roles=[])
    bureau.no(case, "note", "anna")
    bureau.leaves("bela")
    assert "bela" in bureau.no(case, "note", "bela")[0]


def test_who_stands_in_is_known_from_the_day_on_and_until_it_is_taken_back(bureau: Bureau) -> None:
    case = bureau.start("visit", section="north")
    refused(bureau.application.advance(case, "note", "carl"))
    day = date(2024, 9, 2)
    made = delegate(bureau.application, "anna", "carl", day, day, by="anna", reason="年休假")
    assert isinstance(made, Delegation), made
    bureau.take(case, "note", "carl")
    bureau.later(days=1)
    refused(bureau.application.advance(case, "note", "carl"))


def test_nothing_is_asked_twice(bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
    case = bureau.start("visit", section="north")
    assert told(bureau, case) == ["carl"]

    def asked(*_: Any) -> Any:
        raise AssertionError("asked again")

    for name in ("get", "some", "all", "mentioning", "with_role"):
        monkeypatch.setattr(MemoryRegisters, name, asked)
    monkeypatch.setattr(MemorySettings, "get", asked)
    assert told(bureau, case) == ["carl"]


@contextmanager
def undone(bureau: Bureau) -> Iterator[Transaction]:
    """Yield a unit of which nothing stays."""
    with suppress(ZeroDivisionError), bureau.store.write() as transaction:
        yield transaction
        raise ZeroDivisionError


def test_what_is_undone_is_not_known(bureau: Bureau) -> None:
    case = bureau.start("visit", section="north")
    assert told(bureau, case) == ["carl"]
    with undone(bureau) as transaction:
        eve = RegisterEntry("people", "eve", "Eve", "north", {"roles": ["chief"]})
        transaction.registers.put([eve], bureau.clock.now())
        add_entry(
            transaction, bureau.application.clock.now(), "entered", SYSTEM, {}, stream="register:people"
        )
        assert Directory(transaction, bureau.application.directory_cache).holders("chief", "north") == [
            "carl",
            "eve",
        ]
    assert told(bureau, case) == ["carl"]


def test_another_entry_in_the_place_of_one_that_was_undone(bureau: Bureau) -> None:
    """What is read beside the first is true, and no longer so after the second: they have the same number."""
    case = bureau.start("visit", section="north")
    with undone(bureau) as transaction:
        add_entry(
            transaction, bureau.application.clock.now(), "refused", SYSTEM, {}, stream="register:people"
        )
        assert Directory(transaction, bureau.application.directory_cache).holders("chief", "north") == [
            "carl"
        ]
    person(bureau, "anton", roles=["clerk", "chief"])
    assert told(bureau, case) == ["anton", "carl"]


def test_ids_nobody_has_do_not_fill_the_memory(bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known_people, "MAX_ENTRIES", 10)
    case = bureau.start("visit", section="north")
    for number in range(40):
        refused(bureau.application.advance(case, "note", f"nobody-{number}"))
    with bureau.look() as transaction:
        assert len(bureau.application.directory_cache.page(transaction).entries) <= 10
    assert told(bureau, case) == ["carl"]
