"""A definition that is kept otherwise than it is published is found, though its row is stated as any other."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time

import pytest

from engine.app.audit.verify_deployment import verify_kept
from engine.app.definitions import kept_forms
from engine.app.definitions.cache import DefinitionCache
from engine.app.definitions.kept_forms import FORM, READ
from engine.app.ports.records import Version
from engine.calendars.load import load_calendar
from engine.lifecycle.deadlines.schedule import DeadlineCalculator
from engine.store.memory import MemoryStore

BUREAU = """\
bureau: example
title: 示例局
timezone: Asia/Shanghai
notify_at: "09:00"
sections: {north: 北片股}
roles:
  clerk: {title: 经办人, scope: section}
  head: {title: 局长, scope: bureau}
"""
VISIT = """\
workflow: visit
title: 走访
about: none
initial: open
start: {by: [clerk]}
states:
  open: {title: 待办, for: head}
  closed: {title: 办结, final: true}
transitions:
  - {do: close, title: 办结, from: open, to: closed}
"""
AT = datetime(2027, 3, 1, tzinfo=UTC)
NAME = f"{READ}/visit/1"


@pytest.fixture
def store() -> MemoryStore:
    made = MemoryStore()
    row = Version("visit", 1, "ab", {"bureau.yaml": "b-1", "visit.yaml": "v-1"}, AT, "system")
    with made.write() as transaction:
        transaction.definitions.put_texts({"b-1": BUREAU.encode(), "v-1": VISIT.encode()})
        transaction.definitions.add_version(row)
    cache = DefinitionCache(DeadlineCalculator(load_calendar([]), UTC, time(9)))
    with made.write() as transaction:
        cache.get(transaction, "visit", 1)
        cache.keep_read(transaction)
    return made


def found(store: MemoryStore) -> list[tuple[str, str]]:
    with store.read() as transaction:
        return [(one.stream, one.day) for one in verify_kept(transaction)]


def forge(store: MemoryStore, old: str, new: str) -> None:
    """Let a clerk do what is the head's, in what is kept and not in the text."""
    with store.write() as transaction:
        kept = transaction.settings.get(NAME)
        form = json.loads(json.dumps(kept[FORM], ensure_ascii=False).replace(old, new))
        assert form != kept[FORM]
        transaction.settings.put(NAME, {**kept, FORM: form})


def test_what_is_kept_as_it_was_read_is_right(store: MemoryStore) -> None:
    assert found(store) == []


@pytest.mark.parametrize(("old", "new"), [('"head"', '"clerk"'), ("办结", "作废"), ("open", "closed")])
def test_another_definition_than_the_text_is_found(store: MemoryStore, old: str, new: str) -> None:
    forge(store, old, new)
    assert found(store) == [(NAME, "2027-03-01")]


def test_what_another_program_kept_is_not_used_and_not_judged(
    store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    forge(store, '"head"', '"clerk"')
    monkeypatch.setattr(kept_forms, "program", lambda: "another")
    assert found(store) == []
