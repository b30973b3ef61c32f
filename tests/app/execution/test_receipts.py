"""Whoever has read a copy need not acknowledge its message, and other messages stay."""

from __future__ import annotations

from bureau_factories import Bureau
from sample_rows import make_inbox

from engine.app.execution.receipts import mark_read
from engine.app.session.unit_of_work import UnitOfWork


def test_only_the_messages_about_the_copies_of_the_case_are_acknowledged() -> None:
    bureau = Bureau()
    entries = [
        make_inbox("a", recipient="dora", case="visit-1", about="circulated"),
        make_inbox("b", recipient="dora", case="visit-1", about="reminded"),
        make_inbox("c", recipient="dora", case="visit-2", about="circulated"),
        make_inbox("d", recipient="anna", case="visit-1", about="circulated"),
    ]
    with bureau.store.write() as transaction:
        transaction.inbox.put(entries)
        mark_read(UnitOfWork(bureau.application, transaction, bureau.clock.now()), "visit-1", "dora")
    with bureau.look() as transaction:
        left = [
            one.id for who in ("dora", "anna") for one in transaction.inbox.of(who, unacked=True, limit=10)
        ]
    assert sorted(left) == ["b", "c", "d"]
