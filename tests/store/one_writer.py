"""A process that writes: advances cases round by round until it is killed, or races for one case once.

``one_writer.py run DB SEED`` prints the number of each unit after it was committed.
``one_writer.py race DB NAME`` waits for a line on stdin, advances the case ``race`` from revision 1, prints the outcome.
"""

from __future__ import annotations

import sys
from pathlib import Path

from sample_instants import case_at, first_event, next_event, outgoing_at, task_at, timer_at

from engine.app.ports.records import IdempotencyRecord
from engine.app.ports.store import ConflictError, Transaction
from engine.lifecycle.chain import Event
from engine.store.sql import open_store


def write(transaction: Transaction, event: Event, seen: int) -> None:
    """Write everything one advance writes; each part names the revision."""
    transaction.events.append([event])
    if seen:
        transaction.cases.save(case_at(event), seen)
    else:
        transaction.cases.add([case_at(event)])
    transaction.tasks.drop([event.stream])
    transaction.tasks.put([task_at(event)])
    transaction.timers.put([timer_at(event)])
    transaction.outbox.put([outgoing_at(event)])
    transaction.record_request(
        IdempotencyRecord(f"{event.stream}:{event.seq}", "d", {"n": event.seq}, event.at)
    )


def run(path: Path, cases: int = 5) -> None:
    """Advance some cases in turn, for ever."""
    store = open_store(path)
    while True:
        for number in range(cases):
            name = f"case-{number}"
            with store.write() as transaction:
                last = transaction.events.last(name)
                event = next_event(last) if last else first_event(name)
                write(transaction, event, last.seq if last else 0)
            print(event.stream, event.seq, flush=True)


def race(path: Path, name: str) -> None:
    """Advance one case from the revision everybody has seen."""
    store = open_store(path)
    with store.read() as transaction:
        last = transaction.events.last("race")
    assert last is not None
    print("ready", flush=True)
    sys.stdin.readline()
    try:
        with store.write() as transaction:
            write(transaction, next_event(last, name), last.seq)
        print("won", flush=True)
    except ConflictError as conflict:
        print("late", conflict.case, flush=True)
    store.close()


if __name__ == "__main__":
    if sys.argv[1] == "run":
        run(Path(sys.argv[2]))
    else:
        race(Path(sys.argv[2]), sys.argv[3])
