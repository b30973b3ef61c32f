"""A client: one process that asks the office for one thing after the other and journals what it was answered.

It can be killed at any moment. After a restart it reads its journal, sends the command that was not answered once more
under the same request id, and goes on. Everything it asks for carries its request id as the title or the reason, so
that the command can be found in the history without asking the product.
"""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.app.commands.application import Application
from engine.app.definitions.cache import DefinitionCache
from engine.app.history.requests import CommandResult
from engine.app.session.new_case import NewCase
from engine.deployment.home import find_home
from engine.deployment.open import open_application
from engine.kernel.refusal import Refusal
from engine.store.problem import StoreUnavailableError
from tests.chaos.environment import PEOPLE
from tests.chaos.journal import Journal, lines_of
from tests.chaos.shared_clock import SharedClock

#: Open cases one client works on at the same time.
HELD = 6
#: One command in so many is of a kind or at a time that must be refused, one case in so many is left alone for good.
WRONG_ONE_IN, LEFT_ONE_IN = 25, 30

#: What may be done where, and how often compared with the others: (verb, weight).
CHOICES: dict[str, tuple[tuple[str, int], ...]] = {
    "open": (("finish", 6), ("claim", 3), ("reassign", 2), ("suspend", 2), ("extend", 1), ("urge", 1)),
    "to_enter": (("enter", 6), ("claim", 2), ("suspend", 1), ("return", 1)),
    "entered": (("publish", 6), ("return", 1)),
}
#: What the verbs that are no steps are called in the office.
METHODS = {"return": "send_back", "urge": "urge", "extend": "extend", "reassign": "reassign"}
BACK = {"to_enter": "open", "entered": "to_enter"}
#: Pages an SQLite database may grow to by itself.
_ROOMY = 1_073_741_823
STEPS = ("finish", "enter", "publish")


@dataclass(slots=True)
class Held:
    """A case as the client believes it to be."""

    case: str
    state: str
    #: Who has claimed it.
    holder: str | None = None
    suspended: bool = False
    extended: int = 0


@dataclass(slots=True)
class Client:
    """One life of a client."""

    name: str
    application: Application
    journal: Journal
    chance: random.Random
    number: int = 0
    held: dict[str, Held] = field(default_factory=dict)
    #: A case of another client, to race for.
    others: Callable[[], str | None] = lambda: None
    #: Called before every try.
    heed: Callable[[], None] = lambda: None

    def remember(self, path: Path) -> dict[str, Any] | None:
        """Take up the journal; returns the command that was not answered, if there is one."""
        asked: dict[str, Any] | None = None
        for line in lines_of(path):
            if "do" in line:
                self.number = line["n"]
                asked = line
            elif asked is not None and line.get("n") == asked["n"]:
                self.learn(asked, line)
                asked = None
        return asked

    def learn(self, asked: dict[str, Any], answer: dict[str, Any]) -> None:
        """Take up what came of a command."""
        if "refused" in answer:
            # Others, or a clock, were quicker: the case is looked at again, or left to whoever has it.
            self.held.pop(str(asked.get("case")), None)
            return
        case = answer["case"]
        if answer["closed"] or asked.get("foreign") or asked.get("leave"):
            self.held.pop(case, None)
            return
        held = self.held.setdefault(case, Held(case, answer["state"]))
        if held.state != answer["state"]:
            held.state, held.holder, held.extended = answer["state"], None, 0
        match asked["do"]:
            case "claim":
                held.holder = asked["by"]
            case "reassign":
                held.holder = asked["to"]
            case "suspend":
                held.suspended = True
            case "resume":
                held.suspended = False
            case "extend":
                held.extended += 1

    def choose(self) -> dict[str, Any]:
        """Return the next command as a line of the journal."""
        chance = self.chance
        self.number += 1
        line: dict[str, Any] = {"n": self.number, "by": chance.choice(PEOPLE)}
        foreign = self.others() if chance.randrange(WRONG_ONE_IN) == 0 else None
        if foreign:
            return {**line, "do": chance.choice(STEPS), "case": foreign, "foreign": True}
        if len(self.held) < HELD:
            return {**line, "do": "start", "leave": chance.randrange(LEFT_ONE_IN) == 0}
        held = chance.choice(list(self.held.values()))
        line["case"] = held.case
        if chance.randrange(WRONG_ONE_IN) == 0:
            return {**line, "do": chance.choice(STEPS)}
        if held.suspended:
            return {**line, "do": "resume"}
        verbs = [(verb, often) for verb, often in CHOICES[held.state] if self._makes_sense(held, verb)]
        verb = chance.choices([verb for verb, _ in verbs], [often for _, often in verbs])[0]
        line["do"] = verb
        if verb in STEPS and held.holder:
            line["by"] = held.holder
        if verb == "reassign":
            line["to"] = chance.choice([one for one in PEOPLE if one != held.holder])
        if verb == "return":
            line["to"] = BACK[held.state]
        return line

    def _makes_sense(self, held: Held, verb: str) -> bool:
        if not hasattr(self.application, METHODS.get(verb, "advance")):
            # An older version that has no such verb.
            return False
        if verb == "claim":
            return held.holder is None
        return verb != "extend" or held.extended < 2

    def send(self, line: dict[str, Any]) -> CommandResult | Refusal:
        """Ask the office for what a line says."""
        application, by, case = self.application, line["by"], line.get("case", "")
        request = f"{self.name}-{line['n']}"
        how: dict[str, Any] = {"request_id": request}
        match line["do"]:
            case "start":
                return application.start("drill", by, NewCase(title=request), **how)
            case "enter":
                answers = {"result": f"结果 {request}", "people": line["n"] % 50}
                return application.advance(case, "enter", by, answers, reason=request, **how)
            case "finish" | "publish" as step:
                return application.advance(case, step, by, reason=request, **how)
            case "claim":
                return application.claim(case, by, **how)
            case "reassign":
                return application.reassign(case, by, line["to"], reason=request, **how)
            case "extend":
                return application.extend(case, by, 1, reason=request, **how)
            case "suspend":
                return application.suspend(case, by, reason=request, **how)
            case "resume":
                return application.resume(case, by, reason=request, **how)
            case "urge":
                return application.urge(case, by, reason=request, **how)
            case "return":
                return application.send_back(case, by, line["to"], reason=request, **how)
        raise AssertionError(line)

    def carry_through(self, line: dict[str, Any]) -> None:
        """Ask until there is an answer, and journal it."""
        while True:
            try:
                self.heed()
                outcome = self.send(line)
            except StoreUnavailableError as problem:
                self.journal.write({"told": str(problem)[:200]}, sync=False)
                time.sleep(0.05 + self.chance.random() / 10)
                continue
            except Exception as problem:  # noqa: BLE001 - a fault of the product: kept for the report
                words = {"fell": f"{type(problem).__module__}.{type(problem).__name__}: {problem}"[:600]}
                self.journal.write(words, sync=False)
                time.sleep(0.05 + self.chance.random() / 10)
                continue
            break
        if isinstance(outcome, Refusal):
            answer: dict[str, Any] = {"refused": [reason.code for reason in outcome.reasons]}
        else:
            answer = {
                "case": outcome.case,
                "rev": outcome.rev,
                "state": outcome.state,
                "closed": outcome.closed,
            }
            if outcome.repeated:
                answer["repeated"] = True
        self.journal.write({"n": line["n"], **answer}, sync=True)
        self.learn(line, answer)


def run_client(
    name: str,
    home: str,
    clock: Path,
    journals: Path,
    seed: str,
    *,
    processes: DefinitionCache | None = None,
    database: str | None = None,
) -> None:
    """Live: until SIGTERM, which lets the command under way come to its end. `processes` may come from a parent."""
    stopping: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, frame: stopping.append(number))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    path = journals / f"{name}.jsonl"
    application = _opened(home, clock, database, stopping)
    if application is None:
        return
    if processes is not None:
        application.definitions = processes
    client = Client(name, application, Journal(path), random.Random(seed))
    client.others = _Foreign(journals, name, client.chance)
    client.heed = _Room(application)
    unanswered = client.remember(path)
    if unanswered is not None:
        client.carry_through(unanswered)
    while not stopping:
        line = client.choose()
        client.journal.write(line, sync=False)
        client.carry_through(line)


def _opened(home: str, clock: Path, database: str | None, stopping: Sequence[int]) -> Application | None:
    """Open the deployment, however long its database takes to come back; None when it is to stop before."""
    from dataclasses import replace

    place = find_home(home)
    if database is not None:
        place = replace(place, settings={**place.settings, "database": database})
    while not stopping:
        try:
            return open_application(place, clock=SharedClock(clock))
        except StoreUnavailableError:
            time.sleep(0.1)
    return None


class _Room:
    """Lets an SQLite database grow no further from SIGUSR1 to SIGUSR2, as on a disk that is full."""

    def __init__(self, application: Application) -> None:
        self._application = application
        #: The most pages wanted, and those set.
        self._wanted = self._set = _ROOMY
        signal.signal(signal.SIGUSR1, lambda number, frame: self._want(1))
        signal.signal(signal.SIGUSR2, lambda number, frame: self._want(_ROOMY))

    def _want(self, pages: int) -> None:
        self._wanted = pages

    def __call__(self) -> None:
        """Set what was asked for; below its size a database is held at its size."""
        wanted = self._wanted
        if wanted == self._set:
            return
        store: Any = self._application.store
        with store.engine.connect() as connection:
            connection.exec_driver_sql(f"PRAGMA max_page_count={wanted}")
        self._set = wanted


class _Foreign:
    """Cases other clients have started, as their journals tell."""

    def __init__(self, journals: Path, name: str, chance: random.Random) -> None:
        self._journals = journals
        self._name = name
        self._chance = chance

    def __call__(self) -> str | None:
        """Return a case another client touched lately."""
        paths = [path for path in sorted(self._journals.glob("*.jsonl")) if path.stem != self._name]
        if not paths:
            return None
        with self._chance.choice(paths).open("rb") as file:
            file.seek(max(0, file.seek(0, 2) - 4000))
            cases = [part.split(b'"', 1)[0] for part in file.read().split(b'"case":"')[1:]]
        return self._chance.choice(cases).decode() if cases else None
