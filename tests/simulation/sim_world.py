"""The world of one seed: an office, clients, daemons, a receiver, and time that goes by."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import sim_draws
from sim_processes import BATCH, ERRAND, HOLDERS, HOURS, LIST, STEPS
from sim_scheduler import CALM, Died, Odds, Program, Scheduler
from sim_store import Lock, SimulatedStore

from engine.app.commands import Caller
from engine.app.commands.application import Application
from engine.app.commands.migration.migrate_cases import migrate
from engine.app.commands.papers.jobs import JobRecord, queue_job
from engine.app.definitions.cache import DefinitionCache
from engine.app.definitions.versions import add_versions
from engine.app.delivery.deliver import Outcome, Retry, deliver
from engine.app.execution.recompute import recount_by_pages
from engine.app.history.requests import CommandResult
from engine.app.jobs.worker import PieceError, work
from engine.app.ports.records import CaseFilter, OutboxItem, RegisterEntry
from engine.app.ports.store import ConflictError, Store
from engine.app.session.new_case import NewCase
from engine.app.timers.fire_due import fire_due
from engine.calendars.load import load_calendar
from engine.calendars.yaml_year import read_year
from engine.definition.library import Loaded, load_files
from engine.kernel.refusal import Refusal
from engine.language import say
from engine.lifecycle.case import Case
from engine.lifecycle.command import SYSTEM
from engine.lifecycle.deadlines.schedule import DeadlineCalculator
from engine.store.problem import StoreUnavailableError
from engine.worktime.calendar import Calendar

ZONE = ZoneInfo("Asia/Shanghai")
BEGIN = datetime(2026, 3, 2, 1, tzinfo=UTC)
BUREAU = """
bureau: example
title: 示例单位
timezone: Asia/Shanghai
notify_at: "09:00"
sections: {north: 北片股, south: 南片股}
roles:
  clerk: {title: 经办人, scope: section}
  chief: {title: 股室负责人, scope: section}
  deputy: {title: 分管领导, scope: bureau}
"""
#: Minutes of a claim on a message: shorter than a machine stands still.
LEASE = 30
#: How long nobody else sends what one sends, by the clock behind the clocks, which are wrong by three minutes at most.
CLAIM = timedelta(minutes=LEASE - 7)
#: How often a client asks again before it leaves a request as one whose answer it never learned.
TRIES = 4
CLIENTS, DAEMONS, WORKERS = 3, 2, 2
#: What is served by daemons, as often as it stands here: a robot of a group, the public site.
CHANNELS = ("hook", "hook", "site")
#: What workers of the simulation do, and pieces of one job.
JOB, PIECES = "packages", 3


@cache
def definitions(version: int) -> Loaded:
    """Return the processes in one of their versions."""
    texts = {
        "bureau.yaml": BUREAU + sim_draws.POLICY,
        "workflow.batch.yaml": BATCH,
        "form.list.yaml": LIST,
        "workflow.errand.yaml": ERRAND.format(hours=HOURS[version]),
        "workflow.lots.yaml": sim_draws.LOTS,
        "form.plan.yaml": sim_draws.PLAN,
        "form.results.yaml": sim_draws.RESULTS,
    }
    loaded = load_files({name: text.strip() + "\n" for name, text in texts.items()})
    assert loaded.sound, loaded.problems
    return loaded


@cache
def calendars() -> tuple[Calendar, ...]:
    """Return the national calendar, and it with a made-up holiday more."""
    national = load_calendar([])
    text = "year: 2026\ntitle: 示例\nsource: 示例\nholidays: {示例假: [2026-03-03..2026-03-04], 元旦: 2026-01-03, 春节: 2026-02-14, 清明节: 2026-04-04, 劳动节: 2026-05-02, 端午节: 2026-06-20, 中秋节: 2026-09-26, 国庆节: 2026-10-03}\nworkdays: []\n"
    data, problems = read_year("new.yaml", text.encode())
    assert data is not None, problems
    return national, national.with_year(data)


def timekeeping(number: int) -> DeadlineCalculator:
    """Return how time is counted with one of the calendars."""
    return DeadlineCalculator(calendars()[number], ZONE, time(9))


@dataclass(slots=True)
class Asked:
    """A request of a client, and what it was told: the last answer, or None where it never learned."""

    request: str
    do: str
    by: str
    case: str
    answer: CommandResult | Refusal | None = None


@dataclass(slots=True)
class AskedJob:
    """Work handed to the workers, and what whoever asked was told."""

    request: str
    pieces: tuple[str, ...]
    answer: list[str] | Refusal | None = None


@dataclass(slots=True)
class MachineClock:
    """The clock of one machine."""

    scheduler: Scheduler
    offset: timedelta

    def now(self) -> datetime:
        """Return what it shows."""
        return self.scheduler.now + self.offset


class Receiver:
    """What is sent arrives here; it takes, refuses, takes without an answer, or is so slow that the claim runs out."""

    batch = 3

    def __init__(self, scheduler: Scheduler) -> None:
        self._scheduler = scheduler
        self.came: Counter[str] = Counter()
        #: Messages that came again though they must not.
        self.repeated: list[str] = []
        #: message -> who is sending it, in which of its rounds, and until when nobody else may.
        self._claimed: dict[str, tuple[str, int, datetime]] = {}
        #: Message -> the number of the call at which its sender had marked it.
        self._settled: dict[str, int] = {}

    def send(self, items: Sequence[OutboxItem]) -> list[Outcome]:
        """Take the items one by one, as far as the sender lives."""
        scheduler, outcomes = self._scheduler, []
        for item in items:
            what = scheduler.chance.randrange(100) if scheduler.odds.die else 99
            if what < 6:
                scheduler.faults["refused by the receiver"] += 1
                outcomes.append(Outcome(item.id, say("不收")))
                continue
            self._take(item.id)
            if what < 9:
                scheduler.faults["answer lost"] += 1
                self._claimed.pop(item.id)
                outcomes.append(Outcome(item.id, say("没有回音")))
            elif what < 11:
                scheduler.faults["killed while sending"] += 1
                raise Died
            else:
                outcomes.append(Outcome(item.id))
        return outcomes

    def _take(self, name: str) -> None:
        sender, now = self._scheduler.program, self._scheduler.now
        other, _, until = self._claimed.get(name, (sender.name, 0, now))
        # Whose own claim has run out, on a machine that is slow, may send what others have sent meanwhile.
        holds = now < sender.wrote_at + CLAIM
        settled = self._settled.get(name, sender.wrote_call) < sender.wrote_call
        if holds and (settled or (other != sender.name and now < until)):
            self.repeated.append(f"{name} by {sender.name}, after {other}")
        self.came[name] += 1
        # The claim was made in the transaction its sender began last.
        self._claimed[name] = (sender.name, sender.round, sender.wrote_at + CLAIM)

    def settle(self, sender: Program) -> None:
        """Note that a sender has come to the end of its round undisturbed: what it sent comes no more."""
        mine = [name for name, claim in self._claimed.items() if claim[:2] == (sender.name, sender.round)]
        for name in mine:
            self._settled[name] = self._scheduler.calls
            del self._claimed[name]


@dataclass
class World:
    """One seed. `tamper` wraps the store of every program: that is how faults of the product are planted."""

    store: Store
    seed: int
    readers_wait: bool
    odds: Odds = field(default_factory=Odds)
    tamper: Callable[[Any], Any] = lambda store: store
    lease: int = LEASE

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)  # noqa: S311 - a seed is to be run again, not to be kept secret
        self.scheduler = Scheduler(self.chance, BEGIN, self.odds)
        self.receiver = Receiver(self.scheduler)
        self.lock = Lock(self.readers_wait)
        self.asked: list[Asked] = []
        #: case -> the highest revision a client was told, by client: what it may never read less than.
        self.stale: list[str] = []
        self.jobs: list[AskedJob] = []
        #: Piece of a job -> how often it was begun; those that were made, and those that cannot be.
        self.begun: Counter[str] = Counter()
        self.made: set[str] = set()
        #: Cases that stay at their version at the end, and why.
        self.stayed: dict[str, str] = {}
        self.calendar = 0
        self._furnish()
        clients = [self._client(f"client-{n}") for n in range(CLIENTS)]
        daemons = [self._daemon(f"daemon-{n}") for n in range(DAEMONS)]
        workers = [self._worker(f"worker-{n}") for n in range(WORKERS)]
        self.scheduler.programs = [*clients, *daemons, *workers, Program("time", self._time_goes_by)]

    def _furnish(self) -> None:
        people = [
            RegisterEntry("people", person, person.title(), section, {"roles": [role]})
            for section, holders in HOLDERS.items()
            for role, person in holders.items()
        ]
        people.append(RegisterEntry("people", "dora", "Dora", None, {"roles": ["deputy"]}))
        with self.store.write() as transaction:
            transaction.registers.put([*people, *sim_draws.registers()], BEGIN)
            add_versions(transaction, definitions(0), BEGIN, SYSTEM)

    def _office(self, offset: timedelta) -> Application:
        """Return what a process has after its start: nothing it knows is older than that."""
        store = self.tamper(SimulatedStore(self.store, self.scheduler, self.lock))
        return Application(
            store,
            MachineClock(self.scheduler, offset),
            DefinitionCache(timekeeping(self.calendar)),
            channels=("hook",),
            entropy=sim_draws.entropy,
        )

    def _offset(self) -> timedelta:
        return timedelta(seconds=self.chance.randint(-180, 180)) if self.odds.die else timedelta(0)

    def _time_goes_by(self) -> None:
        self.scheduler.now += timedelta(minutes=self.chance.choice((0, 1, 7, 30, 75, 240)))

    # Daemons

    def _daemon(self, name: str) -> Program:
        program = Program(name, lambda: None, self._offset(), weight=2)
        offices: dict[int, Application] = {}

        def act() -> None:
            if program.deaths not in offices:
                offices.clear()
                offices[program.deaths] = self._office(program.offset)
            office = offices[program.deaths]
            try:
                self._round(office, self.chance.randrange(100))
            except StoreUnavailableError:
                self.scheduler.faults["a daemon's round broken off"] += 1

        program.act = act
        return program

    def _round(self, office: Application, what: int) -> None:
        if what < 37:
            fire_due(office)
        elif what < 74:
            self._deliver(office, self.chance.choice(CHANNELS))
        elif what < 84:
            migrate(office, Caller("dora", dry_run=what < 76), "errand")
        elif what < 88:
            # Whichever calendar holds, every daemon comes to count with it.
            self.calendar = self.chance.randrange(2)
            recount_by_pages(office, timekeeping(self.calendar), SYSTEM)
        else:
            with office.store.write() as transaction:
                add_versions(transaction, definitions(self.chance.randrange(2)), office.clock.now(), SYSTEM)

    def _deliver(self, office: Application, channel: str) -> None:
        # One channel at a time: several are served by threads side by side, whose order no seed decides.
        retry = Retry(minutes=(1,) * 200, lease=self.lease)
        program = self.scheduler.program
        program.round += 1
        before = program.faults
        deliver(office.store, {channel: self.receiver}, office.clock.now(), retry=retry, clock=office.clock)
        if program.faults == before:
            self.receiver.settle(program)

    # Workers

    def _worker(self, name: str) -> Program:
        program = Program(name, lambda: None, self._offset())
        offices: dict[int, Application] = {}

        def act() -> None:
            if program.deaths not in offices:
                offices.clear()
                offices[program.deaths] = self._office(program.offset)
            office, kinds = offices[program.deaths], {JOB: self._piece}
            try:
                # A process started anew has another name, as its number is another.
                name = f"{program.name}-{program.deaths}"
                work(office.store, office.clock, name, kinds, self.chance.randrange(1, 6))
            except StoreUnavailableError:
                self.scheduler.faults["a worker broken off"] += 1

        program.act = act
        return program

    def _piece(self, _: JobRecord, piece: str) -> None:
        """Make a piece, which stays when its maker is killed before it has said so."""
        self.begun[piece] += 1
        self.scheduler.give_way()
        if piece.endswith("bad"):
            raise PieceError(say("做不了"))
        if self.scheduler.one_in_a_thousand(20 * self.scheduler.odds.die):
            self.scheduler.fault("killed at a piece")
            raise Died
        self.made.add(piece)

    def _queue(self, office: Application, request: str) -> None:
        """Hand work to the workers, again with the same request until it is known what became of it."""
        names = [str(number) for number in range(PIECES - 1)]
        names.append("bad" if self.chance.randrange(4) == 0 else "last")
        asked = AskedJob(request, tuple(f"{request}/{name}" for name in names))
        self.jobs.append(asked)
        for _ in range(TRIES):
            try:
                caller = Caller("dora", request_id=request)
                asked.answer = queue_job(office, caller, JOB, {"request": request}, asked.pieces)
                return
            except (StoreUnavailableError, ConflictError):
                self.scheduler.faults["a client asks again"] += 1

    # Clients

    def _client(self, name: str) -> Program:
        program = Program(name, lambda: None, self._offset(), weight=4)
        offices: dict[int, Application] = {}
        under_way: list[Asked] = []
        counted = [0]

        def act() -> None:
            if program.deaths not in offices:
                offices.clear()
                offices[program.deaths] = self._office(program.offset)
            office = offices[program.deaths]
            if not under_way:
                counted[0] += 1
                if self.chance.randrange(25) == 0:
                    self._queue(office, f"{name}-{counted[0]}")
                    return
                under_way.append(self._wish(office, f"{name}-{counted[0]}"))
            self._ask(office, under_way[0])
            under_way.clear()

        program.act = act
        return program

    def _wish(self, office: Application, request: str) -> Asked:
        """Look at the office and decide what to ask for."""
        try:
            with office.store.read() as transaction:
                cases = transaction.cases.find(CaseFilter(open=True), limit=40)
        except StoreUnavailableError:
            cases = []
        if len(cases) < 6 or self.chance.randrange(12) == 0:
            section = self.chance.choice(sorted(HOLDERS))
            workflow = "batch" if self.chance.randrange(3) == 0 else "errand"
            if not any(case.workflow == "lots" for case in cases) and self.chance.randrange(6) == 0:
                workflow = "lots"
            return self._note(Asked(request, f"start {workflow}", HOLDERS[section]["clerk"], ""))
        case = self.chance.choice(cases)
        holders = HOLDERS[case.section or "north"]
        verb = self.chance.choice((*["step"] * 12, "claim", "suspend", "resume", "urge", "return"))
        if verb == "step":
            step, role = {**STEPS, **sim_draws.STEPS}.get(case.state, ("send", "clerk"))
            return self._note(Asked(request, step, holders[role], case.id))
        by = holders["clerk" if verb == "claim" else "chief"]
        return self._note(Asked(request, verb, by, case.id))

    def _note(self, asked: Asked) -> Asked:
        self.asked.append(asked)
        return asked

    def _ask(self, office: Application, asked: Asked) -> None:
        for _ in range(TRIES):
            try:
                asked.answer = self._send(office, asked)
                break
            except (StoreUnavailableError, ConflictError):
                self.scheduler.faults["a client asks again"] += 1
        if isinstance(asked.answer, CommandResult):
            self._look_again(office, asked.answer)

    def _look_again(self, office: Application, told: CommandResult) -> None:
        """Whoever was told of a revision never reads an earlier one afterwards."""
        try:
            with office.store.read() as transaction:
                case = transaction.cases.get(told.case)
        except StoreUnavailableError:
            return
        if case is None or case.rev < told.rev:
            self.stale.append(f"{told.case}: told of {told.rev}, read {case.rev if case else None}")

    def _send(self, office: Application, asked: Asked) -> CommandResult | Refusal:
        how: dict[str, Any] = {"request_id": asked.request}
        section = next(name for name, holders in HOLDERS.items() if asked.by in holders.values())
        match asked.do.split():
            case ["start", workflow]:
                new = NewCase(title=asked.request, section=section)
                return office.start(workflow, asked.by, new, **how)
            case ["dispatch"]:
                rows = [{"name": f"{asked.request} {n}", "section": section} for n in range(3)]
                answers = {"errands": rows}
                return office.advance(asked.case, "dispatch", asked.by, answers, reason=asked.request, **how)
            case ["approve" | "commit" | "type_results" | "draw" as step]:
                with office.store.read() as transaction:
                    typed = sim_draws.answers(transaction, asked.case, step)
                return office.advance(asked.case, step, asked.by, typed, reason=asked.request, **how)
            case ["claim"]:
                return office.claim(asked.case, asked.by, **how)
            case ["suspend"]:
                return office.suspend(asked.case, asked.by, reason=asked.request, **how)
            case ["resume"]:
                return office.resume(asked.case, asked.by, reason=asked.request, **how)
            case ["urge"]:
                return office.urge(asked.case, asked.by, reason=asked.request, **how)
            case ["return"]:
                return office.send_back(asked.case, asked.by, "open", reason=asked.request, **how)
        return office.advance(asked.case, asked.do, asked.by, reason=asked.request, **how)

    # The end

    def play(self, acts: int) -> None:
        """Let so many acts happen under faults; then everything works again, and what is due is done."""
        self.scheduler.run(acts)
        self.scheduler.odds = CALM
        office = self._office(timedelta(0))
        program = Program("the end", lambda: self._settle(office))
        self.scheduler.programs = [program]
        self.scheduler.run(1)

    def _draw_all(self, office: Application) -> None:
        """Bring every draw that is committed to its end, on a day on which all results are known."""
        self.scheduler.now += timedelta(days=3)
        for state in ("committed", "typed"):
            with office.store.read() as transaction:
                cases = transaction.cases.find(CaseFilter(workflow="lots", open=True), limit=1000)
            for case in cases:
                if case.state == state:
                    step, role = sim_draws.STEPS[state]
                    by = HOLDERS[case.section or "north"][role]
                    asked = self._note(Asked(f"end-{case.id}-{step}", step, by, case.id))
                    asked.answer = self._send(office, asked)
                    assert isinstance(asked.answer, CommandResult), asked.answer

    def _settle(self, office: Application) -> None:
        with office.store.read() as transaction:
            cases: list[Case] = transaction.cases.find(CaseFilter(), limit=10_000)
        # Later than every clock and every claim of the seed.
        latest = max([case.entered_at for case in cases], default=BEGIN)
        self.scheduler.now = max(self.scheduler.now, latest) + timedelta(hours=12)
        self._until_quiet(office)
        self._draw_all(office)
        work(office.store, office.clock, "the end", {JOB: self._piece})
        moved = migrate(office, Caller("dora"), "errand")
        assert not isinstance(moved, Refusal), moved
        self.stayed = {row["case"]: str(row["reasons"]) for row in moved["cases"] if row["reasons"]}
        # What a migration has made due is done, and told.
        self._until_quiet(office)

    def _until_quiet(self, office: Application) -> None:
        """Do what is due and send what waits, until there is neither."""
        for _ in range(80):
            fire_due(office)
            with office.store.read() as transaction:
                waiting = transaction.outbox.listed(status="waiting", limit=100_000)
            if not waiting:
                break
            if all(item.next_at is not None and item.next_at > self.scheduler.now for item in waiting):
                # Somebody's claim, or a further try, has to run out.
                self.scheduler.now += timedelta(minutes=LEASE + 1)
            for channel in sorted({item.channel for item in waiting}):
                self._deliver(office, channel)
