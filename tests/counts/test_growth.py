"""What the writing transactions of seal and import do does not grow with the history; verifying has none."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from access_factories import BUREAU, services_over
from register_fixtures import register_file
from writing_work import Work, connections_noted, measured

from engine.app.audit.seals import seal as seal_of_daemon
from engine.app.commands import Caller
from engine.app.commands.application import Application, CommandResult, NewCase
from engine.app.commands.delegations import add_delegation, end_delegation
from engine.app.commands.incidents import retry
from engine.app.commands.people import add_person
from engine.app.commands.registers import import_register, label_entries, take_snapshot, undo_import
from engine.app.commands.seal import seal
from engine.app.ports.records import Delegation, RegisterEntry, Timer
from engine.app.queries.audit import verify_histories
from engine.deployment.clocks import VirtualClock
from engine.kernel.refusal import Refusal
from engine.lifecycle.chain import GENESIS, Event, follow
from engine.store.sql import SqlStore, open_store

#: Events in the small house and in the large one.
SIZES, SOAK_SIZES = (1_000, 10_000), (1_000, 1_000_000)
BEGAN = datetime(2020, 1, 1, tzinfo=UTC)


def chain(stream: str, count: int, kind: str, body: Callable[[int], dict[str, Any]]) -> list[Event]:
    """Return a made-up history."""
    made: list[Event] = []
    previous = GENESIS
    for number in range(1, count + 1):
        at = BEGAN + timedelta(minutes=number)
        made.append(follow(stream, number, at, "lena", kind, body(number), previous))
        previous = made[-1].hash
    return made


def aged(services: Application, events: int) -> None:
    """Give the store a past: a quarter of the events in each of two long histories, the others in many short ones."""
    long = events // 4
    with services.store.write() as transaction:
        entries = [
            RegisterEntry("objects", f"E{n}", f"示例{n}", None, {"labels": ["old"]})
            for n in range(events // 10)
        ]
        transaction.registers.put(entries, BEGAN)
        others = [
            # No clerks: whoever holds a task is sent word of it, and this is about histories.
            RegisterEntry("people", f"p{n}", f"示例{n}", "south", {"roles": ["captain"]})
            for n in range(events // 10)
        ]
        transaction.registers.put(others, BEGAN)
        for number in range(events // 10):
            # Over for long, or still to come for others: none of them stands in the way of a new one.
            first = (BEGAN + timedelta(days=number % 900)).date()
            transaction.delegations.add(
                Delegation(
                    id=f"delegation-{number + 1}",
                    principal="anna",
                    delegate="bela",
                    first=first,
                    last=first,
                    begins=BEGAN,
                    ends=BEGAN,
                    reason="休假",
                    by="lena",
                )
            )
        for number in range(events // 10):
            stray = Timer(f"gone-{number}", "old", BEGAN)
            transaction.timers.put([stray])
            transaction.timers.set_aside(stray, "KeyError: 'x'")
        transaction.events.append(
            chain("register:objects", long, "labelled", lambda n: {"ids": [f"E{n}"], "add": ["old"]})
        )
        transaction.events.append(chain("sign-in", long, "password", lambda n: {"person": f"p{n}"}))
        for number in range(long):
            transaction.events.append(chain(f"old:{number}", 2, "noted", lambda n: {"n": n}))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Counts:
    """What each act did in its writing transactions, by name."""

    acts: dict[str, Work]
    #: Reading transactions of one verification.
    readings: int
    #: What the first seal of all did, and how many seals it made.
    first: Work
    seals: int


def counts(path: Path, events: int) -> Counts:
    with (
        connections_noted() as noted,
        closing(open_store(str(path), create=True, synchronous="NORMAL")) as store,
    ):
        services = services_over(store, BUREAU, people=True)
        aged(services, events)
        with measured(noted) as first:
            made = seal_of_daemon(services)
        assert made is not None
        acts: dict[str, Work] = {}
        for _ in range(2):
            # The first round fills caches.
            clock = services.clock
            assert isinstance(clock, VirtualClock)
            clock.advance(timedelta(minutes=1))
            assert isinstance(services.start("errand", "anna", NewCase(title="示例")), CommandResult)
            for name, act in acts_of(services, path.parent, len(acts)).items():
                # Who holds a role is read once after the register of people has changed: a cost of the register, not of histories.
                assert isinstance(services.start("errand", "anna", NewCase(title="示例")), CommandResult)
                with measured(noted) as work:
                    answer = act()
                assert answer is not None
                assert not isinstance(answer, Refusal), (name, str(answer))
                acts[name] = work
        return Counts(acts, readings_of_a_verification(services, store), first, made.number)


def acts_of(services: Application, folder: Path, number: int) -> dict[str, Callable[[], object]]:
    """Return what is measured, by name, in the order in which it is done."""
    file = register_file(folder, "objects", f"id,name\nE1,改名{number}\nE2,改名{number}\nN{number},新户\n")
    day = (services.clock.now() + timedelta(days=10)).date()
    return {
        "import": lambda: import_register(services, Caller("rosa"), "objects", file),
        "label": lambda: label_entries(services, Caller("rosa"), "objects", ["E3"], [f"x{number}"], []),
        "undo": lambda: undo_import(services, Caller("rosa"), "objects"),
        "snapshot": lambda: take_snapshot(services, Caller("rosa"), "objects"),
        "person": lambda: add_person(
            services, Caller("lena"), f"new{number}", "诺拉", section="north", roles=["clerk"]
        ),
        "delegation": lambda: add_delegation(services, Caller("lena"), "anna", "bela", day, day, "休假"),
        "end of a delegation": lambda: end_delegation(
            services, Caller("lena"), newest_delegation(services), "提前回来"
        ),
        "incident": lambda: retried(services, number),
        "seal": lambda: seal(services, Caller("lena")),
        "seal of the daemon": lambda: started_and_sealed(services),
        "verify": lambda: verify_histories(services, "lena"),
    }


def newest_delegation(services: Application) -> str:
    with services.store.read() as transaction:
        return transaction.delegations.all()[-1].id


def retried(services: Application, number: int) -> object:
    answer = retry(services, Caller("lena"), f"gone-{number}/old")
    return "retried" if answer is None else answer


def started_and_sealed(services: Application) -> object:
    assert isinstance(services.start("errand", "anna", NewCase(title="示例")), CommandResult)
    return seal_of_daemon(services)


def readings_of_a_verification(services: Application, store: SqlStore) -> int:
    began = 0

    class Watched:
        def read(self) -> Any:
            nonlocal began
            began += 1
            return store.read()

    watched = Watched()
    services.store = watched  # type: ignore[assignment] # what a query asks of a store
    verify_histories(services, "lena")
    services.store = store
    return began


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory, soak: bool) -> tuple[Counts, Counts]:
    folder = tmp_path_factory.mktemp("growth")
    small, large = SOAK_SIZES if soak else SIZES
    return counts(folder / "small.db", small), counts(folder / "large.db", large)


@pytest.mark.parametrize(
    "act",
    [
        *("import", "label", "undo", "snapshot", "person", "seal", "seal of the daemon"),
        *("delegation", "end of a delegation", "incident"),
    ],
)
def test_a_writing_transaction_does_not_grow_with_the_history(act: str, both: tuple[Counts, Counts]) -> None:
    small, large = (found.acts[act] for found in both)
    assert (large.transactions, large.statements) == (small.transactions, small.statements)
    # Deeper trees of rows cost a few instructions more; one row for each of the thousands would cost thousands.
    assert small.instructions > 100
    assert large.instructions <= small.instructions * 11 // 10 + 50, (small, large)


def test_verifying_writes_nothing_and_lets_go_again_and_again(both: tuple[Counts, Counts]) -> None:
    small, large = both
    assert small.acts["verify"].transactions == large.acts["verify"].transactions == 0
    assert small.readings < large.readings
    assert large.readings > 20


def test_the_first_seal_is_made_in_transactions_of_one_size(both: tuple[Counts, Counts]) -> None:
    small, large = both
    assert (small.first.transactions, small.seals) == (1, 1)
    assert large.first.transactions == large.seals > 1
    # Each but the first of all asks for the entry it follows.
    assert large.first.most_statements == small.first.most_statements + 1
    assert large.first.most_instructions <= small.first.most_instructions * 11 // 10 + 50


#: The rows of the table of `docs/explanation/faults.md` and its Chinese page, in their order.
TABLE = ("seal", "import", "undo", "label", "snapshot", "person", "delegation", "end of a delegation", "incident")  # fmt: skip


@pytest.mark.parametrize("page", ["faults.md", "faults.zh-CN.md"])
def test_the_pages_say_what_is_counted(page: str, both: tuple[Counts, Counts]) -> None:
    text = (Path(__file__).parents[2] / "docs" / "explanation" / page).read_text("utf-8")
    head = next(at for at in ("| writing transaction |", "| 写事务 |") if at in text)
    lines = text[text.index(head) :].splitlines()[2 : 4 + len(TABLE)]
    rows = [[int(cell.replace(",", "")) for cell in line.split("|")[2:4]] for line in lines]
    for found in both:
        for name, (statements, instructions) in zip(TABLE, rows, strict=False):
            work = found.acts[name]
            assert (work.transactions, work.statements) == (1, statements), name
            assert abs(work.instructions - instructions) <= instructions // 10, (name, work.instructions)
        assert rows[-1] == [found.acts["verify"].statements, found.acts["verify"].instructions]
    statements, instructions = rows[-2]
    assert both[1].first.most_statements == statements
    assert abs(both[1].first.most_instructions - instructions) <= instructions // 10
