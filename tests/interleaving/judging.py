"""What two commands at once have left, held against what either order of them leaves."""

from __future__ import annotations

import itertools
import json
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from firm_scenarios import FIRM_PAGE
from further_scenarios import MORE, WORKERS, first_of_all
from house import RefusedError, answer_of, contents
from houses import PUBLISHING, House, fresh
from interleave import Act, plain
from scenarios import DAEMON, SCENARIOS, Scenario

from engine.app.audit.verify_deployment import verify
from engine.app.commands.application import Application
from engine.app.ports.store import Store

COMMANDS = {**SCENARIOS, **MORE, **FIRM_PAGE}
ALL = {**COMMANDS, **DAEMON, **WORKERS}


#: The cases a case may be moved and counted of.
CASES = ("matter-1", "matter-2")
#: What was found in a store, and what the two have answered.
Seen = tuple[dict[str, Any], list[str]]

#: Work in many transactions, done by doing it again where it was broken off: the agreement holds for both, and each takes cases.
SHARED = {("migrate", "migrate")}


def rotated(names: tuple[str, ...], every: int) -> int:
    """Return the first call at which a second command begins where only each `every`-th is tried: another one for each pair."""
    return 1 + zlib.crc32("+".join(names).encode()) % every


def check(house: House, names: tuple[str, str], every: int = 1) -> int:
    """Try all schedules of a pair, or each `every`-th, from another one on for each pair; returns how many there were."""
    first, second = (ALL[name] for name in names)
    house.publishes = not PUBLISHING.isdisjoint(names)
    numbers = (0, 1)

    def act(which: int) -> Act:
        scenario = (first, second)[which]
        return lambda store: scenario.act(house.application(store, which), numbers[which], house.folder)

    def before(store: Store) -> None:
        prepare(house.application(store, 2), house.folder, (first, second))

    def outcome_of(store: Store, answers: list[object]) -> tuple[Any, list[str]]:
        for scenario in {first.act: first, second.act: second}.values():
            if scenario.again:
                scenario.act(house.application(store, 2), 2, house.folder)
        return found(store, answers)

    serial = []
    calls = 0
    for order in ((0, 1), (1, 0)):
        with fresh(house, before, names) as stores:
            answers: list[object] = [None, None]
            for which in order:
                counted: list[str] = []
                answers[which] = plain(act(which), stores[which], counted.append)
                calls = calls or len(counted)
            serial.append(outcome_of(stores[0], answers))
    if names in SHARED:
        serial = [without_agreement(one) for one in serial]
    # A command with few calls is begun beside at one of them all the same.
    every = min(every, calls)
    for tried, at in enumerate(itertools.count(rotated(names, every), every), 1):
        with fresh(house, before, names) as stores:
            meeting = house.meeting(stores, at)
            outcome = meeting.run(act(0), act(1))
            seen = outcome_of(stores[0], outcome.answers)
            if names in SHARED:
                seen = without_agreement(seen)
            assert agrees(names, seen, serial), difference(names, at, seen, serial)
            with stores[0].read() as transaction:
                assert [str(finding) for finding in verify(transaction)] == []
        if outcome.calls < at:
            return tried
    raise AssertionError("unreachable")


def prepare(application: Application, folder: Path, pair: tuple[Scenario, Scenario]) -> None:
    """Do what has to be done before each of a pair.

    What the first preparation has done already, or made impossible, is refused to the second and left out: a case is
    not both suspended and asked about. What is right is still what either order of the two gives.
    """
    befores = dict.fromkeys(scenario.before for scenario in pair)
    for number, before in enumerate(sorted(befores, key=lambda one: one is not first_of_all)):
        try:
            before(application, folder)
        except RefusedError:
            if number == 0:
                raise


def found(store: Store, answers: list[object]) -> tuple[Any, list[str]]:
    with store.read() as transaction:
        return contents(transaction), [answer_of(answer) for answer in answers]


def without_agreement(seen: tuple[Any, list[str]]) -> tuple[Any, list[str]]:
    """Return what was found without who agreed to it, how often it was begun, and which of the two took which case."""
    there, answers = seen
    kept = {name: one for name, one in there["histories"].items() if name not in ("office", "proposals")}
    return {**there, "proposals": None, "histories": kept}, sorted(
        case["case"] for answer in answers for case in json.loads(answer)[2]["cases"]
    )


def difference(names: tuple[str, str], at: int, seen: tuple[Any, list[str]], serial: list[Any]) -> str:
    """Say where an outcome differs from both orders."""
    lines = [f"{names}, begun at call {at}: {seen[1]}"]
    for contents_then, answers in serial:
        lines.append(f"  answers {answers}")
        lines += [
            f"  {key}: {contents_then[key]} != {seen[0][key]}"
            for key in contents_then
            if contents_then[key] != seen[0][key]
        ]
    return "\n".join(lines)


#: Work in many transactions beside work in many: of each case, what one of the two orders leaves of it.
PART_BY_PART = {frozenset({"migrate", "sweep"}): "case", frozenset({"deliver", "sign_head"}): "head"}
#: What a head says about how far the history had come when it was signed.
_OF_SIZE = ("size", "subtrees", "signature", "proof")


def agrees(names: Sequence[str], seen: Seen, serial: Sequence[Seen]) -> bool:
    """Tell whether what was found is what one of the two orders leaves; of work in many transactions, each part of it."""
    way = PART_BY_PART.get(frozenset(names))
    if way == "case":
        return all(_part(seen, case) in [_part(one, case) for one in serial] for case in (*CASES, None))
    if way == "head":
        sizes = [_size(one) for one in serial]
        whole = [_without_size(one) for one in serial]
        return _without_size(seen) in whole and min(sizes) <= _size(seen) <= max(sizes)
    return seen in serial


def _part(seen: Seen, case: str | None) -> list[str]:
    """Return every row, entry and answer that is about a case; with None those that are about none."""
    return [text for about, text in _rows(seen) if about == case]


def _rows(seen: Seen) -> Iterator[tuple[str | None, str]]:
    there, answers = seen
    for key, value in there.items():
        named = value.items() if isinstance(value, dict) else [("", value)]
        for name, found in named:
            for row in found if isinstance(found, list) else [found]:
                text = f"{key} {name} {row}"
                yield next((case for case in CASES if case in text), None), text
    for answer in answers:
        kind, _, made = json.loads(answer)
        if not isinstance(made, dict) or "cases" not in made:
            yield None, answer
            continue
        yield None, f"{kind} { ({**made, 'cases': len(made['cases'])}) }"
        for one in made["cases"]:
            yield one["case"], f"{kind} {one}"


def _heads(seen: Seen) -> Iterator[dict[str, Any]]:
    for text in (*seen[0]["histories"].get("head", ()), *seen[1]):
        body = json.loads(text)[-1]
        if isinstance(body, dict) and "size" in body:
            yield body


def _size(seen: Seen) -> int:
    """Return how far the history had come when the head was signed."""
    (size,) = {body["size"] for body in _heads(seen)}
    return int(size)


def _without_size(seen: Seen) -> list[str]:
    """Return every row, entry and answer without what follows from the size of the head."""
    rows = [text for _, text in _rows(({**seen[0], "histories": {}}, []))]
    for text in (*(one for name, h in sorted(seen[0]["histories"].items()) for one in (name, *h)), *seen[1]):
        try:
            *kind, body = json.loads(text)
        except ValueError:
            kind, body = [], text
        if isinstance(body, dict):
            body = {key: value for key, value in body.items() if key not in _OF_SIZE}
        rows.append(f"{kind} {body}")
    return rows
