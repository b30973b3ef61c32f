"""Whatever is done to the stores, they hold the same afterwards."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from sample_rows import (
    after,
    make_case,
    make_chain,
    make_delegation,
    make_entry,
    make_heartbeat,
    make_inbox,
    make_outgoing,
    make_task,
    make_timer,
    make_token,
)

from engine.app.ports.records import CaseFilter, FailedAttempt
from engine.app.ports.store import ConflictError, Store, Transaction
from engine.store.memory import MemoryStore
from engine.store.sql import open_store
from tests.contract.test_contract_transactions import BrokenError, contents

NAMES = st.sampled_from(["case-a", "case-b", "case-丙"])
SMALL = st.integers(1, 4)


def save(transaction: Transaction, name: str, number: int) -> None:
    """Move a case on, sometimes from a revision that is not the present one."""
    found = transaction.cases.get(name, lock=True)
    if found is not None:
        closed = after(days=1) if number == 3 else None
        transaction.cases.save(
            replace(found, rev=found.rev + 1, state=f"s{number}", parent="batch", closed_at=closed),
            found.rev if number < 4 else 99,
        )


def follow_up(transaction: Transaction, name: str, number: int) -> None:
    """Add events, or one that does not follow."""
    last = transaction.events.last(name) if number < 4 else None
    transaction.events.append(make_chain(name, number, since=last))


def retry(transaction: Transaction, name: str, number: int) -> None:
    """Note a failure, the last one now and then."""
    transaction.outbox.failed(name, "坏", after(hours=number) if number < 4 else None)


ACTS: dict[str, Callable[[Transaction, str, int], Any]] = {
    "add": lambda transaction, name, number: transaction.cases.add(
        [make_case(name, state=f"s{number}", parent="batch")]
    ),
    "save": save,
    "number": lambda transaction, name, number: transaction.cases.number(name, number),
    "follow up": follow_up,
    "task": lambda transaction, name, number: transaction.tasks.put(
        [make_task(name, f"p:{number}", due_at=after(days=number))]
    ),
    "no task": lambda transaction, name, number: transaction.tasks.drop([name]),
    "timer": lambda transaction, name, number: transaction.timers.put(
        [make_timer(name, f"t{number}", at=after(hours=number))]
    ),
    "no timer": lambda transaction, name, number: transaction.timers.drop([(name, f"t{number}")]),
    "set aside": lambda transaction, name, number: transaction.timers.set_aside(
        make_timer(name, f"t{number}"), f"e{number}"
    ),
    "outgoing": lambda transaction, name, number: transaction.outbox.put(
        [make_outgoing(name, payload={"n": number})]
    ),
    "sent": lambda transaction, name, number: transaction.outbox.sent([name], after(hours=number)),
    "failed": retry,
    "claim": lambda transaction, name, number: transaction.outbox.lease(
        [name, name], after(hours=number), f"c{number}"
    ),
    "hold": lambda transaction, name, number: transaction.outbox.extend_lease([name], after(hours=number)),
    "retry": lambda transaction, name, number: transaction.outbox.retry(name),
    "dismiss": lambda transaction, name, number: transaction.outbox.dismiss(name),
    "inbox": lambda transaction, name, number: transaction.inbox.put(
        [make_inbox(f"{name}-{number}", title=f"t{number}")]
    ),
    "ack": lambda transaction, name, number: transaction.inbox.ack(
        "p-1", [f"{name}-{number}"], after(hours=number)
    ),
    "entry": lambda transaction, name, number: transaction.registers.put(
        [make_entry(name, data={"n": number})], after(days=number)
    ),
    "no entry": lambda transaction, name, number: transaction.registers.remove("objects", [name]),
    "setting": lambda transaction, name, number: transaction.settings.put(name, number),
    "delegation": lambda transaction, name, number: transaction.delegations.add(
        make_delegation(f"{name}-{number}", reason=f"r{number}")
    ),
    "no delegation": lambda transaction, name, number: transaction.delegations.end(f"{name}-{number}"),
    "token": lambda transaction, name, number: transaction.tokens.add(
        make_token(f"{name}-{number}", created_at=after(hours=number))
    ),
    "no token": lambda transaction, name, number: transaction.tokens.revoke(
        f"{name}-{number}", after(hours=number)
    ),
    "attempt": lambda transaction, name, number: transaction.sign_in_attempts.add(
        FailedAttempt(name, number, after(hours=number))
    ),
    "no attempt": lambda transaction, name, number: transaction.sign_in_attempts.drop(
        name, up_to=number if number < 4 else None
    ),
    "heartbeat": lambda transaction, name, number: transaction.daemons.put(
        make_heartbeat(name, at=after(hours=number))
    ),
    "no heartbeat": lambda transaction, name, number: transaction.daemons.drop_before(after(hours=number)),
}
STEPS = st.lists(st.tuples(st.sampled_from(sorted(ACTS)), NAMES, SMALL), max_size=8)
#: A unit: parts, each kept or undone alone, and whether the whole is kept.
UNITS = st.lists(st.tuples(st.lists(st.tuples(STEPS, st.booleans()), max_size=3), st.booleans()), max_size=6)


def carry_out(store: Store, parts: list[tuple[list[tuple[str, str, int]], bool]], keep: bool) -> list[str]:
    """Carry out one unit; returns what became of its parts."""
    out: list[str] = []
    with suppress(BrokenError), store.write() as transaction:
        for steps, keep_part in parts:
            try:
                with transaction.savepoint():
                    out += [f"{act}: {ACTS[act](transaction, name, number)}" for act, name, number in steps]
                    if not keep_part:
                        raise BrokenError
            except BrokenError:
                out.append("undone")
            except ConflictError as conflict:
                out.append(f"conflict: {conflict.case}")
        if not keep:
            raise BrokenError
    return out


@settings(max_examples=30, deadline=None)
@given(UNITS)
def test_both_stores_hold_the_same(empty_database: Path, units: list[tuple[list[Any], bool]]) -> None:
    memory = MemoryStore()
    with TemporaryDirectory() as directory:
        path = Path(directory) / "same.db"
        shutil.copy(empty_database, path)
        with closing(open_store(path, synchronous="NORMAL")) as sql:
            for parts, keep in units:
                assert carry_out(memory, parts, keep) == carry_out(sql, parts, keep)
                with memory.read() as one, sql.read() as other:
                    assert contents(one) == contents(other)
                    for reached in ([], ["s1"], ["s1", "s2", "s4"]):
                        asked = ("batch", "inspection", reached)
                        assert one.cases.has_open_children_outside(
                            *asked
                        ) == other.cases.has_open_children_outside(*asked)
                    assert one.cases.count_children("batch") == other.cases.count_children("batch")
                    wanted = CaseFilter(parent="batch", open=True)
                    assert one.cases.find(wanted) == other.cases.find(wanted)
