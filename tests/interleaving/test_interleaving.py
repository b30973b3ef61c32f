"""Two writing commands at once, the second begun after every store call of the first: as if one had come after the other."""

from __future__ import annotations

import inspect
import itertools
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from house import answer_of, contents, furnish
from houses import LONG, NOT_REPEATED, PUBLISHING, House, fresh
from interleave import plain
from judging import ALL, COMMANDS, check, difference, found, prepare, rotated
from scenarios import ELSEWHERE, REQUEST, SCENARIOS, Scenario
from touched import Touched, keys_of, touched_by

import engine.app.commands
from engine.app.commands.application import Application
from engine.app.history.journal import add_entry
from engine.app.ports.store import Store
from engine.kernel.refusal import Refusal
from engine.store.memory import MemoryStore


def partners() -> Iterator[tuple[str, str]]:
    """Yield the pairs of commands that write the same rows, each beside itself first."""
    for name in ALL:
        yield name, name
    for first, second in itertools.permutations(ALL, 2):
        if ALL[first].rows & ALL[second].rows:
            yield first, second


NAMED = list(partners())
TOUCHED = touched_by(ALL)
#: The pairs of which one writes what the other reads or writes, besides those that are named: thousands.
MET = [
    (first, second)
    for first, second in itertools.permutations(ALL, 2)
    if not ALL[first].rows & ALL[second].rows and TOUCHED[first].meets(TOUCHED[second])
]
PAIRS = NAMED + MET
#: One in so many of `MET` is tried in every run, in memory; a long run tries all, on each kind of store.
SAMPLE = 60


#: Pairs tried in every run: in memory each beside itself and beside the next one that is said to write the same rows, and a
#: fixed part of those that touch the same.
OFTEN = {
    "memory": [
        *(p for n, p in enumerate(NAMED) if p[0] == p[1] or NAMED[n - 1][0] != p[0]),
        *(p for p in MET if zlib.crc32("+".join(p).encode()) % SAMPLE == 0),
    ],
    "sqlite": [pair for pair in NAMED if pair[0] == pair[1]],
    "postgres": [
        (name, name)
        for name in (
            "import_register",
            "claim_entries",
            "add_person",
            "add_delegation",
            "create_token",
            "publish",
            "seal",
            "Application.start",
            "Application.claim",
        )
    ],
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a test of pairs those of its kind of store; all there are only in a long run, which is the one to make them."""
    kind = metafunc.function.__name__.removeprefix("test_on_").removeprefix("test_in_")
    if kind in OFTEN:
        pairs = PAIRS if metafunc.config.getoption("--soak") else OFTEN[kind]
        metafunc.parametrize("names", pairs, ids=["+".join(pair) for pair in pairs])


#: In a short run each so-manieth schedule is tried, from another one on for each pair: in memory of two different commands
#: (beside itself each command is tried at every call), on a database of every pair, and of a request that is sent twice.
TWO, ON_DATABASE, ON_SERVER, SENT_TWICE = 5, 7, 9, 4


def test_in_memory(names: tuple[str, str], in_memory: House, soak: bool) -> None:
    every = soak or names[0] == names[1]
    assert check(in_memory, names, 1 if every else TWO) > (3 if every else 1)


def test_on_sqlite(names: tuple[str, str], on_sqlite: House, soak: bool) -> None:
    # In memory each schedule is tried in every run; what a database adds is seen in a part of them.
    assert check(on_sqlite, names, 1 if soak else ON_DATABASE) > 1


def test_on_postgres(names: tuple[str, str], on_postgres: House, soak: bool) -> None:
    assert check(on_postgres, names, 1 if soak else ON_SERVER) > 1


def test_pairs_follow_from_what_commands_do() -> None:
    """None of these is named: a new case counts with the calendar, by the definitions, for the people who are there."""
    met = set(MET)
    for pair in (
        ("Application.start", "adopt_year"),
        ("Application.start", "publish"),
        ("Application.start", "import_register people"),
        ("import_register people", "Application.reassign"),
        ("undo_import people", "add_delegation"),
        ("import_register inspectors", "Application.start"),
    ):
        assert {pair, pair[::-1]} <= met, pair
    assert ("save_search", "prove_by_token") not in met
    assert len([pair for pair in MET if pair in OFTEN["memory"]]) > 30


def test_a_place_is_a_key_of_what_is_asked_by_it_and_else_the_whole() -> None:
    assert keys_of("events", ("office",), written=False) == {"office"}
    assert keys_of("events", (["a", "b"],), written=False) == {"a", "b"}
    assert keys_of("tasks", ("anna",), written=False) == keys_of("cases", (), written=False) == {""}
    assert keys_of("tokens", ("t-1",), written=True) == {"t-1"}
    reads, writes = Touched({("cases", "")}), Touched(set(), {("cases", "matter-1")})
    assert reads.meets(writes)
    assert writes.meets(reads)
    assert not reads.meets(reads)
    assert not writes.meets(Touched({("cases", "matter-2")}))


def test_every_pair_can_be_prepared(in_memory: House, soak: bool) -> None:
    pairs = PAIRS if soak else [*NAMED, *OFTEN["memory"]]
    ways = {(ALL[one].before, ALL[two].before): (one, two) for one, two in pairs}
    assert len(ways) > 50
    for one, two in ways.values():
        store = MemoryStore()
        furnish(store)
        prepare(in_memory.application(store, 2), in_memory.folder, (ALL[one], ALL[two]))


@pytest.fixture
def request_id() -> Iterator[str]:
    REQUEST.append("r-1")
    yield "r-1"
    REQUEST.clear()


#: Work in many transactions: the same request is refused while it is under way.
UNDER_WAY = LONG | {"migrate"}
#: What is refused by design: it keeps the attempt.
REFUSED = {"ask_first", "ask_case"}


def is_under_way(answer: object) -> bool:
    return isinstance(answer, Refusal) and [reason.code for reason in answer.reasons] == ["under-way"]


def begun(store: Store) -> int:
    with store.read() as transaction:
        return [event.kind for event in transaction.events.of("office")].count("begun")


@pytest.mark.parametrize("name", [name for name in COMMANDS if name not in NOT_REPEATED])
def test_sent_twice_with_one_id_it_acts_once(
    name: str, in_memory: House, request_id: str, soak: bool
) -> None:
    """One after the other, and at once, the second begun after store calls of the first: all of them in a long run."""
    scenario = COMMANDS[name]
    in_memory.publishes = name in PUBLISHING

    def before(store: Store) -> None:
        REQUEST.clear()
        scenario.before(in_memory.application(store, 2), in_memory.folder)
        REQUEST.append("r-1")

    def act(store: Store) -> object:
        return scenario.act(in_memory.application(store, 0), 0, in_memory.folder)

    # What is prepared differs from what a pair finds: the request is known by then.
    names, counted = (name, name, "sent twice"), list[str]()
    with fresh(in_memory, before, names) as (store, _):
        first = plain(act, store, counted.append)
        once = found(store, [first])
        assert found(store, [plain(act, store)])[0] == once[0]
    every = 1 if soak else min(SENT_TWICE, len(counted))
    for at in itertools.count(rotated(names, every), every):
        with fresh(in_memory, before, names) as stores:
            outcome = in_memory.meeting(stores, at).run(act, act)
            seen = found(stores[0], outcome.answers)
            expected = (once[0], once[1] * 2)
            if name in UNDER_WAY:
                assert outcome.answers[0] == first
                assert outcome.answers[1] == first or is_under_way(outcome.answers[1])
                assert begun(stores[0]) == 1
            else:
                assert seen == expected, difference((name, name), at, seen, [expected])
        if outcome.calls < at:
            break


def test_what_is_judged_in_one_transaction_and_written_in_another_is_seen(in_memory: House) -> None:
    """The check can fail: a command made as they were before."""

    def label(application: Application, number: int, folder: Path) -> object:
        with application.store.read() as transaction:
            entry = transaction.registers.get("objects", "E1")
        assert entry is not None
        labels = [*entry.data.get("labels", ()), f"标签{number}"]
        with application.store.write() as transaction:
            transaction.registers.put(
                [replace(entry, data={**entry.data, "labels": labels})], application.clock.now()
            )
            # Entered, else the rows themselves are found to be nobody's.
            add_entry(transaction, application.clock.now(), "done", "p-1", {}, "register:objects")
        return None

    ALL["made as before"] = Scenario(label, frozenset({"objects"}))
    try:
        with pytest.raises(AssertionError, match="begun at call"):
            check(in_memory, ("made as before", "made as before"))
    finally:
        del ALL["made as before"]


#: Commands of which a second, with another value, replaces what the first has written, and why that is right. Of every
#: other one the second is refused, or leaves what the first has written.
REPLACES: Mapping[str, str] = {
    "undo_import": "whoever takes back names the import they were shown; where another came since, they are refused",
    "set_password": "whoever has the account has the newest password; both are in the history, and a message goes out",
    "set_sign_in_mode": "the mode is named, two agree to it, and the history says from what to what",
    "prove_by_password": "a count of failures",
    "recover_password": "the account of the machine gives the newest password; the history has both, and messages go out",
    "change_firm": "the answer names what is replaced, and the entry keeps it; who names the name they have seen is refused",
    "save_draft": "a person's own; pages and command line name the draft that was seen, and are refused where it is another",
    "keep_definition_draft": "a person's own; the page names the text that was seen, and is refused where it is another",
    "save_search": "a person's own setting, kept under a name: the last one holds",
    "choose_columns": "a person's own setting: the last one holds",
    "enter_own": "the firm's own contact data; the history of the register has both",
    "Application.advance sign": "the last signature ends the step; who signed is in the history",
    "Application.reassign": "whoever loses the work and whoever gets it are sent a message; the history has both",
    "Application.extend": "a deadline that was put off is put off further, as often as the rule allows",
}


DOUBLE = {"/versions", "/tokens", "/signatures"}


def leaves(value: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """Yield each value of `contents` that is written as a whole, with its place; rows by their first column."""
    if isinstance(value, str) and value[:1] in ("{", "["):
        value = json.loads(value)
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, f"{place}/{key}")
    elif isinstance(value, list) and value and all(str(one)[:2] in ('["', "['") for one in value):
        for row in value:
            columns = json.loads(row) if isinstance(row, str) else row
            if place == "/inbox":
                # Whoever is sent two messages has both.
                yield f"{place}/{columns}", True
                continue
            # Versions, tokens and signatures are several of one name.
            key, rest = (
                (f"{columns[0]}/{columns[1]}", columns[2:]) if place in DOUBLE else (columns[0], columns[1:])
            )
            yield from leaves(dict(enumerate(rest)), f"{place}/{key}")
    else:
        yield place, value


def replaced(base: Mapping[str, Any], first: Mapping[str, Any], both: Mapping[str, Any]) -> list[str]:
    """Return the places the first command wrote and the second wrote again, so that what the first wrote is gone."""
    unknown = object()
    found = []
    for place, value in first.items():
        after = both.get(place, unknown)
        kept = value == after or (
            isinstance(value, list) and isinstance(after, list) and all(one in after for one in value)
        )
        if value != base.get(place, unknown) and value and not kept:
            found.append(place)
    return found


def rows_of(store: Store) -> dict[str, Any]:
    with store.read() as transaction:
        found = contents(transaction)
        # Histories only grow, and clocks are counted from what happened.
        for name in ("histories", "refused", "timers", "outbox", "tasks", "sealed", "proposals", "sessions"):
            del found[name]
        kept = {person: transaction.credentials.get(person) for person in ("anna", "lena")}
    return {**dict(leaves(found)), **{f"/password/{person}": str(one) for person, one in kept.items() if one}}


def test_nothing_the_first_has_written_is_replaced_in_silence(in_memory: House) -> None:
    """One after the other, each with a value of its own: the second is refused, adds to it, or is in the list with a reason."""
    seen: dict[str, list[str]] = {}
    for name, scenario in COMMANDS.items():
        in_memory.publishes = name in PUBLISHING

        def before(store: Store, scenario: Scenario = scenario) -> None:
            scenario.before(in_memory.application(store, 2), in_memory.folder)

        with fresh(in_memory, before, (name, "replaced")) as stores:
            base = rows_of(stores[0])
            scenario.act(in_memory.application(stores[0], 0), 0, in_memory.folder)
            first = rows_of(stores[0])
            answer = scenario.act(in_memory.application(stores[1], 1), 1, in_memory.folder)
            if not isinstance(answer, Refusal) and (gone := replaced(base, first, rows_of(stores[1]))):
                seen[name] = gone
    assert seen.keys() == REPLACES.keys(), {name: seen.get(name) for name in seen.keys() ^ REPLACES.keys()}


def test_every_command_is_tried() -> None:
    """Each function in `engine.app.commands`, each verb and each method of `Application` that writes."""
    import importlib
    import pkgutil

    named = set(COMMANDS) | {name.rpartition(".")[2] for name in COMMANDS} | set(ELSEWHERE)
    missing = []
    root = f"{engine.app.commands.__name__}."
    for found_module in pkgutil.walk_packages(engine.app.commands.__path__, root):
        module = importlib.import_module(found_module.name)
        missing += [
            f"{found_module.name}.{name}"
            for name, function in vars(module).items()
            if inspect.isfunction(function)
            and function.__module__ == module.__name__
            and hasattr(function, "use_case")
            and name not in named
        ]
    verbs = {
        name
        for name, function in vars(Application).items()
        if inspect.isfunction(function) and not name.startswith("_")
    }
    from engine.lifecycle.verbs.table import VERBS

    verbs = {
        name for name in verbs if "person" in inspect.signature(getattr(Application, name)).parameters
    } | set(VERBS)
    missing += [f"Application.{name}" for name in sorted(verbs) if f"Application.{name}" not in SCENARIOS]
    assert missing == []
    for place in set(ELSEWHERE.values()):
        assert (Path(__file__).parents[2] / place).is_file()


@pytest.mark.parametrize("name", [name for name in COMMANDS if name not in REFUSED])
def test_the_scenario_does_something(name: str, in_memory: House) -> None:
    """Alone, no command is refused."""
    scenario = COMMANDS[name]
    in_memory.publishes = name in PUBLISHING

    def before(store: Store) -> None:
        scenario.before(in_memory.application(store, 2), in_memory.folder)

    def act(store: Store) -> object:
        return scenario.act(in_memory.application(store, 0), 0, in_memory.folder)

    with fresh(in_memory, before, (name, "alone")) as (store, _):
        answer = answer_of(plain(act, store))
        assert not answer.startswith('["refused"')
        assert "NotSignedIn" not in answer or name.startswith("prove_by")
