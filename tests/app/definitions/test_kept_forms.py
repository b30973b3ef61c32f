"""Definitions that were read are kept beside their texts, and hold as long as texts and program are the same."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

import pytest

from engine.app.definitions import kept_forms
from engine.app.definitions.cache import DefinitionCache
from engine.app.definitions.kept_forms import FORM, READ, SOURCE, find, keep
from engine.app.ports.records import Version
from engine.app.ports.store import Transaction
from engine.calendars.load import load_calendar
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
ROW = Version("visit", 1, "ab", {"bureau.yaml": "b-1", "visit.yaml": "v-1"}, AT, "system")
NAME = f"{READ}/visit/1"


class UntouchableError(Exception):
    """A text was read."""


@pytest.fixture
def store() -> MemoryStore:
    made = MemoryStore()
    with made.write() as transaction:
        transaction.definitions.put_texts({"b-1": BUREAU.encode(), "v-1": VISIT.encode()})
        transaction.definitions.add_version(ROW)
    return made


def read_and_kept(store: MemoryStore) -> Any:
    """Read the definition from its texts, and keep it; returns what came of it."""
    cache = DefinitionCache(KEEPING)
    with store.read() as transaction:
        found = cache.get(transaction, "visit", 1)
    assert cache.has_read
    with store.write() as transaction:
        cache.keep_read(transaction)
    assert not cache.has_read
    return found


def no_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise UntouchableError

    monkeypatch.setattr(DefinitionCache, "_read_texts", refuse)


def test_what_was_read_is_found_by_whoever_starts_later(
    store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = read_and_kept(store)
    no_texts(monkeypatch)
    later = DefinitionCache(KEEPING)
    with store.read() as transaction:
        again = later.get(transaction, "visit", 1)
    assert (again.workflow, again.bureau) == (first.workflow, first.bureau)
    assert not later.has_read


def test_it_is_written_once(store: MemoryStore) -> None:
    found = read_and_kept(store)
    with store.write() as transaction:
        assert keep(transaction, ROW, found.workflow, found.bureau) is False


@pytest.mark.parametrize("other", ["program", "texts", "source", "form", "kind"])
def test_of_other_texts_another_program_or_damaged_it_is_not_used(
    store: MemoryStore, monkeypatch: pytest.MonkeyPatch, other: str
) -> None:
    read_and_kept(store)
    row = ROW
    with store.write() as transaction:
        kept = transaction.settings.get(NAME)
        if other == "program":
            monkeypatch.setattr(kept_forms, "program", lambda: "another")
        elif other == "texts":
            row = Version("visit", 1, "ab", {**ROW.parts, "visit.yaml": "v-2"}, AT, "system")
        elif other == "source":
            transaction.settings.put(NAME, {**kept, SOURCE: "?"})
        elif other == "form":
            transaction.settings.put(NAME, {**kept, FORM: ["(", ["os.system", "true"], None]})
        else:
            transaction.settings.put(NAME, {**kept, FORM: ["(", "visit", "example"]})
    assert found_in(store, row) is None


def found_in(store: MemoryStore, row: Version) -> object:
    with store.read() as transaction:
        return find(transaction, row)


def test_a_program_that_does_not_know_what_it_is_keeps_nothing(
    store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_forms, "program", lambda: "")
    read_and_kept(store)
    assert found_in(store, ROW) is None
    with store.read() as transaction:
        assert _kept(transaction) is None


def _kept(transaction: Transaction) -> object:
    return transaction.settings.get(NAME)
