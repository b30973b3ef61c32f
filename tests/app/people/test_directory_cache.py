from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.app.history.journal import add_entry
from engine.app.people import directory_cache as module
from engine.app.people.directory_cache import HISTORIES, CachedDirectory, DirectoryCache
from engine.app.ports.records import RegisterEntry
from engine.lifecycle.command import Actor
from engine.store.memory import MemoryStore

AT = datetime(2027, 3, 1, tzinfo=UTC)
ENTRY = RegisterEntry("people", "p", "人员01")


@pytest.mark.parametrize("stream", HISTORIES)
def test_a_page_holds_until_one_of_the_histories_goes_on(stream: str) -> None:
    store, cache = MemoryStore(), DirectoryCache()
    with store.read() as transaction:
        first = cache.page(transaction)
        first.know("people", "p", ENTRY)
        assert cache.page(transaction) is first
    with store.write() as transaction:
        add_entry(transaction, AT, "kind", "anna", {}, "register:items")
    with store.read() as transaction:
        assert cache.page(transaction) is first
    with store.write() as transaction:
        add_entry(transaction, AT, "kind", "anna", {}, stream)
    with store.read() as transaction:
        second = cache.page(transaction)
        assert second is not first
        assert second.entries == {}
        assert cache.page(transaction) is second


def test_two_caches_share_nothing() -> None:
    store = MemoryStore()
    with store.read() as transaction:
        DirectoryCache().page(transaction).know("people", "p", ENTRY)
        assert DirectoryCache().page(transaction).entries == {}


def test_what_is_known_and_that_there_is_nothing_to_know() -> None:
    page = CachedDirectory()
    page.know("people", "p", ENTRY)
    page.know("inspectors", "p", None)
    assert page.entries == {("people", "p"): ENTRY, ("inspectors", "p"): None}
    assert (page.by_role, page.everybody, page.delegations) == ({}, None, None)


def test_ids_nobody_has_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_ENTRIES", 3)
    page = CachedDirectory()
    for number in range(8):
        page.know("people", f"nobody-{number}", None)
        assert len(page.entries) <= 3
    assert ("people", "nobody-7") in page.entries


def test_actors_are_known_until_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_ENTRIES", 2)
    page = CachedDirectory()
    for name in ("a", "b"):
        page.know_actor(Actor(name))
    assert set(page.actors) == {"a", "b"}
    page.know_actor(Actor("c"))
    assert page.actors == {"c": Actor("c")}
