from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from engine.app.definitions.bureau import bureau_of
from engine.app.definitions.cache import DefinitionCache
from engine.app.ports.records import Version
from engine.calendars.load import load_calendar
from engine.lifecycle.deadlines.schedule import DeadlineCalculator
from engine.store.memory import MemoryStore

AT = datetime(2027, 3, 1, tzinfo=UTC)
BUREAU = """\
bureau: {name}
title: 示例局
timezone: Asia/Shanghai
notify_at: "09:00"
sections: {{north: 北片股}}
roles:
  clerk: {{title: 经办人, scope: section}}
"""
WORKFLOW = """\
workflow: {name}
title: 办件
about: none
initial: open
states:
  open: {{title: 待办, for: clerk}}
  closed: {{title: 办结, final: true}}
transitions:
  - {{do: close, title: 办结, from: open, to: closed}}
"""


def publish(store: MemoryStore, workflow: str, number: int, bureau: str, days: int) -> None:
    texts = {
        "bureau.yaml": BUREAU.format(name=bureau).encode(),
        "flow.yaml": WORKFLOW.format(name=workflow).encode(),
    }
    parts = {file: f"{workflow}-{number}-{file}" for file in texts}
    with store.write() as transaction:
        transaction.definitions.put_texts({parts[file]: text for file, text in texts.items()})
        transaction.definitions.add_version(
            Version(workflow, number, "ab", parts, AT + timedelta(days=days), "system")
        )


def current(store: MemoryStore) -> str | None:
    cache = DefinitionCache(DeadlineCalculator(load_calendar([]), UTC, time(9)))
    with store.read() as transaction:
        bureau = bureau_of(cache, transaction)
    return bureau.id if bureau is not None else None


def test_the_bureau_is_that_of_the_last_publication() -> None:
    store = MemoryStore()
    assert current(store) is None
    publish(store, "visit", 1, "first", 2)
    assert current(store) == "first"
    publish(store, "errand", 1, "earlier", 1)
    assert current(store) == "first"
    publish(store, "visit", 2, "second", 3)
    assert current(store) == "second"


def test_of_two_at_one_instant_it_is_always_the_same() -> None:
    store = MemoryStore()
    publish(store, "visit", 1, "visit_one", 0)
    publish(store, "visit", 2, "visit_two", 0)
    publish(store, "errand", 3, "errand_three", 0)
    assert current(store) == "visit_two"
