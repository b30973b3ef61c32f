"""Definitions read from published versions: each once, counted with the calendar in force, and every gap a KeyError."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

import pytest

from engine.app.definitions.cache import DefinitionCache
from engine.app.definitions.derived_settings import JOINS
from engine.app.ports.records import RegisterEntry, Version
from engine.calendars.load import load_calendar
from engine.lifecycle.case import Case
from engine.lifecycle.deadlines.schedule import DeadlineCalculator
from engine.store.memory import MemoryStore

AT = datetime(2027, 3, 1, tzinfo=UTC)
KEEPING = DeadlineCalculator(load_calendar([]), UTC, time(9))

BUREAU = """\
bureau: example
title: 示例局
timezone: Asia/Shanghai
notify_at: "09:00"
sections: {north: 北片股}
roles:
  clerk: {title: 经办人, scope: section}
"""
CHECK = """\
form: check
title: 检查表
fields:
  - found: {title: 发现, optional: true}
"""
VISIT = """\
workflow: visit
title: 走访
about: none
initial: open
start: {by: [clerk]}
states:
  open: {title: 待办, for: clerk}
  closed: {title: 办结, final: true}
transitions:
  - {do: close, title: 办结, from: open, to: closed}
"""
ITEMS = """\
workflow: visit
title: 走访
about: object
initial: open
start: {by: [clerk]}
fields:
  - items: {title: 事项, type: list}
states:
  open: {title: 待办, for: clerk}
  closed: {title: 办结, final: true}
transitions:
  - {do: close, title: 办结, from: open, to: closed, form: check, item_forms: true}
"""


def publish(store: MemoryStore, number: int, texts: Mapping[str, str], name: str = "visit") -> None:
    with store.write() as transaction:
        parts = {file: f"{name}-{number}-{file}" for file in texts}
        transaction.definitions.put_texts({parts[file]: text.encode() for file, text in texts.items()})
        transaction.definitions.add_version(
            Version(name, number, "ab", parts, AT + timedelta(days=number), "system")
        )


@pytest.fixture
def store() -> MemoryStore:
    made = MemoryStore()
    publish(made, 1, {"bureau.yaml": BUREAU, "visit.yaml": VISIT})
    return made


def test_a_version_is_made_once_and_others_are_others(store: MemoryStore) -> None:
    publish(store, 2, {"bureau.yaml": BUREAU, "visit.yaml": VISIT.replace("走访", "回访")})
    cache = DefinitionCache(KEEPING)
    with store.read() as transaction:
        first, second = cache.get(transaction, "visit", 1), cache.get(transaction, "visit", 2)
        assert (first.version, first.workflow.title, first.bureau.id) == (1, "走访", "example")
        assert (second.version, second.workflow.title) == (2, "回访")
        assert cache.get(transaction, "visit", 1) is first
        assert cache.latest(transaction, "visit") is second
        assert cache.latest(transaction, "errand") is None
        assert DefinitionCache(KEEPING).latest(transaction, "visit") is not second


@pytest.mark.parametrize(("workflow", "number"), [("visit", 2), ("errand", 1)])
def test_what_was_never_published(store: MemoryStore, workflow: str, number: int) -> None:
    with store.read() as transaction, pytest.raises(KeyError, match=f"{workflow} {number}"):
        DefinitionCache(KEEPING).get(transaction, workflow, number)


def test_a_version_with_a_part_missing(store: MemoryStore) -> None:
    with store.write() as transaction:
        transaction.definitions.add_version(Version("visit", 2, "cd", {"bureau.yaml": "lost"}, AT, "system"))
    publish(store, 3, {"visit.yaml": VISIT})
    cache = DefinitionCache(KEEPING)
    with store.read() as transaction:
        with pytest.raises(KeyError, match=r"visit 2: bureau\.yaml"):
            cache.get(transaction, "visit", 2)
        with pytest.raises(KeyError, match="visit 3: bureau"):
            cache.latest(transaction, "visit")


def test_workflows_are_listed_once(store: MemoryStore) -> None:
    publish(store, 2, {"bureau.yaml": BUREAU, "visit.yaml": VISIT})
    errand = VISIT.replace("workflow: visit", "workflow: errand")
    publish(store, 1, {"bureau.yaml": BUREAU, "errand.yaml": errand}, "errand")
    with store.read() as transaction:
        assert DefinitionCache(KEEPING).workflows(transaction) == ["errand", "visit"]


def test_another_calendar_counts_in_what_was_made_before(store: MemoryStore) -> None:
    cache = DefinitionCache(KEEPING)
    other = DeadlineCalculator(load_calendar([]), UTC, time(15))
    with store.read() as transaction:
        before = cache.get(transaction, "visit", 1)
        cache.retime(other)
        after = cache.get(transaction, "visit", 1)
    assert cache.time is other
    assert after is not before
    assert after.time.calendar is other.calendar
    assert after.workflow is before.workflow
    assert (before.time.calendar, after.version) == (KEEPING.calendar, 1)


def test_states_somebody_waits_for(store: MemoryStore) -> None:
    cache = DefinitionCache(KEEPING)
    with store.read() as transaction:
        assert cache.awaited(transaction, "errand") == frozenset()
    with store.write() as transaction:
        transaction.settings.put(JOINS, {"errand": ["closed", "void"]})
    with store.read() as transaction:
        assert cache.awaited(transaction, "errand") == {"closed", "void"}
        assert cache.awaited(transaction, "visit") == frozenset()


def case_with(items: list[object] | None) -> Case:
    return Case(
        id="visit-1",
        workflow="visit",
        version=2,
        state="open",
        rev=1,
        head="ab",
        title="甲",
        section="north",
        opened_at=AT,
        entered_at=AT,
        fields={} if items is None else {"items": items},
    )


def test_the_forms_of_the_items_of_a_case(store: MemoryStore) -> None:
    other = CHECK.replace("form: check", "form: wage")
    publish(store, 2, {"bureau.yaml": BUREAU, "check.yaml": CHECK, "wage.yaml": other, "visit.yaml": ITEMS})
    with store.write() as transaction:
        transaction.registers.put(
            [
                RegisterEntry("items", "L1", "工资", None, {"form": "wage"}),
                RegisterEntry("items", "L2", "合同", None, {"form": "check"}),
                RegisterEntry("items", "L3", "工资二", None, {"form": "wage"}),
                RegisterEntry("items", "L4", "其他", None, {}),
                RegisterEntry("items", "L5", "不在其中", None, {"form": "none"}),
            ],
            AT,
        )
    cache = DefinitionCache(KEEPING)
    with store.read() as transaction:
        forms = cache.get(transaction, "visit", 2).workflow.forms
        assert set(forms) == {"check", "wage"}
        mixed = case_with(["L3", {"code": "L2"}, "L1", "L4", "L5", "L9"])
        assert cache.item_forms(transaction, mixed) == ("wage", "check")
        assert cache.item_forms(transaction, case_with(None)) == ()
        assert cache.item_forms(transaction, case_with([])) == ()


FIRST = VISIT.replace(
    "from: open, to: closed}",
    "from: open, to: closed, require: [{that: {any: [{field: case.title, op: '!=', value: x}]}, else: 不行}]}",
)


def test_a_version_of_before_is_read_in_its_own_language(store: MemoryStore) -> None:
    publish(store, 2, {"bureau.yaml": BUREAU, "visit.yaml": FIRST})
    publish(store, 3, {"bureau.yaml": BUREAU, "visit.yaml": VISIT, "language": "2"})
    with store.read() as transaction:
        (requirement,) = DefinitionCache(KEEPING).get(transaction, "visit", 2).workflow.transitions[0].require
        assert requirement.that.holds({"case": {"title": "y"}})
        # What was true of a missing value then is so still.
        assert requirement.that.holds({"case": {}})
        assert DefinitionCache(KEEPING).get(transaction, "visit", 3).version == 3


def test_a_version_holds_from_its_day_on_and_the_one_before_until_then(store: MemoryStore) -> None:
    later = VISIT.replace("initial: open\n", "initial: open\neffective: 2027-06-01\n")
    publish(store, 2, {"bureau.yaml": BUREAU, "visit.yaml": later})
    cache = DefinitionCache(KEEPING)
    with store.read() as transaction:
        numbers = [
            process.version
            for day in (date(2027, 5, 31), date(2027, 6, 1))
            if (process := cache.in_force(transaction, "visit", day)) is not None
        ]
        assert cache.in_force(transaction, "errand", date(2027, 6, 1)) is None
    assert numbers == [1, 2]


def test_what_was_read_is_kept_for_processes_that_start_later(store: MemoryStore) -> None:
    cache, other = DefinitionCache(KEEPING), DefinitionCache(KEEPING)
    assert not cache.has_read
    with store.write() as transaction:
        cache.get(transaction, "visit", 1)
        assert cache.has_read
        cache.keep_read(transaction)
        assert not cache.has_read
    with store.read() as transaction:
        made = other.get(transaction, "visit", 1)
    assert (made.workflow.title, other.has_read) == ("走访", False)
