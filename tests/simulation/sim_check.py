"""What must hold after a seed, whatever broke when: nothing lost, doubled, stuck or out of order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from sim_draws import draw_problems
from sim_world import World

from engine.app.audit.verify_deployment import verify
from engine.app.history.replay import history, replay
from engine.app.history.requests import CommandResult
from engine.app.ports.jobs import JobRecord, JobState
from engine.app.ports.records import CaseFilter
from engine.app.ports.store import Transaction
from engine.kernel.refusal import Refusal
from engine.lifecycle.case import Case
from engine.lifecycle.chain import Event

#: The steps of a ladder, in the order in which they come.
LADDER = {"reminded": 0, "overdue": 1, "escalated": 2}
#: Events that write to people.
TELLING = ("reminded", "escalated", "urged")


def problems(world: World) -> list[str]:
    """Return everything that is wrong; empty where the seed held."""
    found = [f"stale read: {one}" for one in world.stale]
    with world.store.read() as transaction:
        cases = transaction.cases.find(CaseFilter(), limit=10_000)
        histories = {case.id: list(history(transaction, case.id)) for case in cases}
        found += [f"audit: {one}" for one in verify(transaction)]
        found += _requests(world, transaction, histories)
        found += _timers(world, transaction, cases)
        for case in cases:
            found += _case(transaction, case, histories[case.id])
        found += _children(cases)
        found += _messages(world, transaction, histories)
        found += _publications(transaction, histories)
        found += _jobs(world, transaction)
        found += draw_problems(transaction, cases)
        found += _versions(world, transaction, cases)
    return found


def _requests(world: World, transaction: Transaction, histories: dict[str, list[Event]]) -> Iterator[str]:
    """A request that was acknowledged acted once, one that was refused not at all, any other at most once."""
    acted: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for stream, events in histories.items():
        for event in events:
            if event.kind == "refused":
                continue
            by = event.body.get("title") if event.kind == "started" else event.body.get("reason")
            acted[str(by)].append((stream, event.seq))
    for asked in world.asked:
        places = acted.get(asked.request, [])
        if len(places) > 1:
            yield f"doubled: {asked.request} acted at {places}"
        kept = transaction.idempotency_record(asked.request)
        if isinstance(asked.answer, CommandResult):
            if kept is None:
                yield f"lost: {asked.request} was acknowledged, and no answer is kept"
            where = (asked.answer.case, asked.answer.rev)
            if asked.do != "claim" and where not in places:
                yield f"lost: {asked.request} was acknowledged as {where}, and stands at {places}"
        elif isinstance(asked.answer, Refusal) and (places or kept is not None):
            yield f"doubled: {asked.request} was refused, and acted at {places}"


def _timers(world: World, transaction: Transaction, cases: list[Case]) -> Iterator[str]:
    for timer, problem in transaction.timers.incidents():
        yield f"set aside: {timer.case} {timer.name}: {problem}"
    for case in cases:
        timers = {timer.name: timer.at for timer in transaction.timers.of_case(case.id)}
        for name, at in timers.items():
            if at <= world.scheduler.now:
                yield f"stuck: {case.id} {name} was due at {at}"
        if not case.open:
            if timers:
                yield f"stuck: {case.id} has ended, and has timers {timers}"
            continue
        still = set(case.clocks) if case.suspended_at is not None else set()
        expected = {
            name: clock.next_at for name, clock in case.clocks.items() if clock.next_at and name not in still
        }
        mine = {name: at for name, at in timers.items() if not name.startswith("after:")}
        if mine != expected:
            yield f"lost: {case.id} has timers {mine}, by its clocks {expected}"
        if (
            case.state == "entered"
            and case.suspended_at is None
            and not any(n.startswith("after:") for n in timers)
        ):
            yield f"lost: nothing will end {case.id} by itself"


def _case(transaction: Transaction, case: Case, events: list[Event]) -> Iterator[str]:
    if replay(events) != case:
        yield f"lost: {case.id} is not what its history gives"
    tasks = {task.state for task in transaction.tasks.of_case(case.id)}
    waits = case.workflow == "batch" and case.state == "running"
    if tasks != ({case.state} if case.open else set()) and not waits:
        yield f"stuck: {case.id} in {case.state} has tasks {tasks}"
    last: datetime | None = None
    seen: dict[tuple[str, str, str], list[tuple[int, str]]] = defaultdict(list)
    for event in events:
        if last is not None and event.at < last:
            yield f"order: event {event.seq} of {case.id} is earlier than the one before"
        last = event.at
        if event.kind in LADDER:
            for name, clock in event.body["clocks"].items():
                step = "" if event.kind == "overdue" else str(clock.get("step"))
                seen[name, clock["started_at"], clock["due_at"]].append((LADDER[event.kind], step))
    for key, steps in seen.items():
        if len(set(steps)) != len(steps):
            yield f"doubled: {case.id} {key}: {steps}"
        # The end of the term is told once, also where a suspension has moved it since; an escalation never comes before it.
        ended = any(rank == 1 for other, told in seen.items() if other[:2] == key[:2] for rank, _ in told)
        if any(rank == 2 for rank, _ in steps) and not ended:
            yield f"order: {case.id} {key} was escalated and never overdue: {steps}"
        ranks = [rank for rank, _ in steps if rank]
        if ranks != sorted(ranks):
            yield f"order: {case.id} {key}: {steps}"


def _children(cases: list[Case]) -> Iterator[str]:
    """A parent whose children have all come to where it waits for them does not wait any longer."""
    children: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        if case.parent:
            children[case.parent].append(case)
    for case in cases:
        if case.workflow != "batch":
            continue
        mine = children.get(case.id, [])
        there = [one for one in mine if one.state in ("entered", "closed")]
        if case.state in ("running", "complete", "closed") and len(mine) != 3:
            yield f"doubled or lost: {case.id} has {len(mine)} children"
        if case.state == "running" and len(there) == len(mine):
            yield f"stuck: {case.id} waits for children that are all there"
        if case.state == "drafting" and mine:
            yield f"doubled: {case.id} is not dispatched and has children"


def _messages(world: World, transaction: Transaction, histories: dict[str, list[Event]]) -> Iterator[str]:
    items = transaction.outbox.listed(limit=1_000_000)
    begun = {item.id.rpartition(":")[0] for item in items}
    for item in items:
        if item.status != "sent":
            yield f"stuck: message {item.id} is {item.status}: {item.error}"
        if not world.receiver.came[item.id]:
            yield f"lost: message {item.id} never came"
    known = {item.id for item in items}
    for name in world.receiver.came:
        if name not in known:
            yield f"doubled: message {name} came, and nobody wrote it"
    for repeat in world.receiver.repeated:
        yield f"doubled: message {repeat}"
    for stream, events in histories.items():
        for event in events:
            if event.kind in TELLING and f"{stream}:{event.seq}" not in begun:
                yield f"lost: event {event.seq} ({event.kind}) of {stream} told nobody"


def _publications(transaction: Transaction, histories: dict[str, list[Event]]) -> Iterator[str]:
    """Every step that publishes has one page, and the site was told of it."""
    pages: dict[str, int] = defaultdict(int)
    ordered = {
        str(item.payload.get("publication"))
        for item in transaction.outbox.listed(limit=1_000_000)
        if item.channel == "site"
    }
    for page in transaction.records.publications():
        pages[page.case or ""] += 1
        if page.id not in ordered:
            yield f"lost: the site was never told of {page.id}"
    for stream, events in histories.items():
        steps = sum(
            event.kind not in ("refused", "withdrawn") and event.body.get("step") == "enter"
            for event in events
        )
        if pages[stream] != steps:
            yield f"doubled or lost: {stream} was published {pages[stream]} times by {steps} steps"


def _jobs(world: World, transaction: Transaction) -> Iterator[str]:
    """What was handed in is a job once, and comes to its end with every piece made, or said to have failed."""
    made: dict[str, list[JobRecord]] = defaultdict(list)
    for job in transaction.jobs.all():
        made[str(job.words["request"])].append(job)
        bad = {piece for piece in job.pieces if piece.endswith("bad")}
        if job.state is not (JobState.FAILED if bad else JobState.DONE):
            yield f"stuck: {job.id} is {job.state.value} after {job.done} pieces"
        if set(job.failed) != bad or not set(job.pieces) - bad <= world.made:
            yield f"lost: of {job.pieces} of {job.id} were made {sorted(world.made)}, failed {sorted(job.failed)}"
    known = {asked.request for asked in world.jobs}
    for asked in world.jobs:
        mine = made.get(asked.request, [])
        if len(mine) > 1:
            yield f"doubled: {asked.request} is {len(mine)} jobs"
        if isinstance(asked.answer, Refusal):
            yield f"refused: {asked.request}: {asked.answer}"
        elif asked.answer is not None and [job.id for job in mine] != asked.answer:
            yield f"lost: {asked.request} was told {asked.answer}, and is {[job.id for job in mine]}"
    for request in made.keys() - known:
        yield f"doubled: a job of {request}, which nobody asked for"
    if world.made - {piece for jobs in made.values() for job in jobs for piece in job.pieces}:
        yield "doubled: a piece was made that is of no job"


def _versions(world: World, transaction: Transaction, cases: list[Case]) -> Iterator[str]:
    """At the end every open errand is at the newest version, or it is said why it stays."""
    newest = max(version.number for version in transaction.definitions.versions("errand"))
    for case in cases:
        if case.open and case.workflow == "errand" and case.version != newest and case.id not in world.stayed:
            yield f"lost: {case.id} is at version {case.version} of {newest}"
