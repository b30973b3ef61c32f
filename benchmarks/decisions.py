"""In-memory decisions, each with a guard and a deadline, beside a table by hand and bare events of two libraries."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from benchmarks.honest.decide import decide as from_table
from benchmarks.inputs import deadlines
from benchmarks.slices import minima
from engine.calendars.load import load_calendar
from engine.definition.library import load_files
from engine.lifecycle.case import Case
from engine.lifecycle.command import Actor, Advance
from engine.lifecycle.deadlines.schedule import DeadlineCalculator
from engine.lifecycle.decide import Decision, decide
from engine.lifecycle.process import Process

BUREAU = """\
bureau: bench
title: 基准
timezone: Asia/Shanghai
notify_at: "09:00"
sections: {one: 一股}
roles: {clerk: {title: 经办人, scope: section}}
"""

#: Twelve states in a ring, every step with a guard and a deadline of 20 working days.
SIZE = 12


def _workflow() -> str:
    states = "\n".join(
        f"  s{n}: {{title: 环节{n}, for: clerk, deadline: 20 working days, remind: [5 working days before]}}"
        for n in range(SIZE)
    )
    steps = "\n".join(
        f"  - {{do: step{n}, title: 第{n}步, from: s{n}, to: s{(n + 1) % SIZE}, by: clerk, "
        f"require: [{{that: \"case.amount >= 1 and case.kind in ['a', 'b']\", else: 数额不足, basis: 本局内部控制要求}}]}}"
        for n in range(SIZE)
    )
    return f"""\
workflow: ring
title: 环
about: none
initial: s0
start: {{by: [clerk]}}
fields:
  - amount: {{title: 数额, type: integer}}
  - kind: {{title: 种类}}
states:
{states}
  done: {{title: 完, final: true}}
transitions:
{steps}
  - {{do: finish, title: 结束, from: s{SIZE - 1}, to: done, by: clerk}}
"""


def process() -> Process:
    """Return the process decisions are measured on."""
    loaded = load_files({"ring.yaml": _workflow(), "bureau.yaml": BUREAU})
    if not loaded.sound or loaded.bureau is None:
        raise SystemExit("\n".join(f"{p.file}:{p.line}: {p.message}" for p in loaded.problems))
    timekeeping = DeadlineCalculator(load_calendar([]), ZoneInfo("Asia/Shanghai"), time(9))
    return Process(loaded.workflows["ring"], loaded.bureau, timekeeping, 1)


NOW = datetime(2024, 9, 14, 2, tzinfo=UTC)
#: Decisions of one slice, and how many slices of each side.
SLICE, ROUNDS = 50 * (SIZE - 1), 60


def ours() -> Callable[[], None]:
    """Return what makes a slice of decisions."""
    ring = process()
    actor = Actor("clerk-1", "one", frozenset({"clerk"}))
    cases = [
        Case(
            id=f"ring-{n}",
            workflow="ring",
            version=1,
            state=f"s{n}",
            rev=1,
            head="0" * 64,
            title="基准",
            section="one",
            opened_at=NOW,
            entered_at=NOW,
            fields={"amount": 3, "kind": "a"},
            clocks={f"s{n}": ring.time.start(ring.workflow.clocks[f"s{n}"], NOW)},
        )
        for n in range(SIZE - 1)
    ]
    commands = [Advance(step=f"step{n}", actor=actor) for n in range(SIZE - 1)]

    def act() -> None:
        for _ in range(SLICE // (SIZE - 1)):
            for case, command in zip(cases, commands, strict=True):
                if not isinstance(decide(ring, case, command, NOW), Decision):
                    raise SystemExit("a decision of the benchmark was refused")

    return act


def by_hand() -> Callable[[], None]:
    """Return what makes the same decisions from a table, with the same checks (`benchmarks.honest.decide`)."""
    table = deadlines(days=20, remind=(5,))
    actor = {"id": "clerk-1", "section": "one", "roles": frozenset({"clerk"})}
    cases = [
        {
            "state": f"s{n}",
            "section": "one",
            "fields": {"amount": 3, "kind": "a"},
            "clocks": {f"s{n}": {"due_on": "2024-10-14"}},
            "assignee": None,
            "closed_at": None,
            "suspended_at": None,
        }
        for n in range(SIZE - 1)
    ]
    wanted = [f"step{n}" for n in range(SIZE - 1)]

    def act() -> None:
        for _ in range(SLICE // (SIZE - 1)):
            for case, step in zip(cases, wanted, strict=True):
                from_table(case, step, actor, None, NOW, table)

    return act


def bare_transitions() -> Callable[[], None]:
    """Return what triggers as many bare events of `transitions` on a ring of the same size, each with one condition."""
    from transitions import Machine

    class Model:
        amount = 3

        def enough(self) -> bool:
            return self.amount >= 1

    model = Model()
    machine = Machine(model, states=[f"s{n}" for n in range(SIZE)], initial="s0", auto_transitions=False)
    for n in range(SIZE):
        machine.add_transition(f"step{n}", f"s{n}", f"s{(n + 1) % SIZE}", conditions="enough")
    events = [getattr(model, f"step{n}") for n in range(SIZE)]

    def act() -> None:
        for number in range(SLICE):
            events[number % SIZE]()
        # The next slice begins where this one began.
        machine.set_state("s0")

    return act


def bare_statemachine() -> Callable[[], None]:
    """Return what sends as many bare events of python-statemachine on a ring of the same size, without conditions."""
    from statemachine import State, StateMachine

    members: dict[str, object] = {f"s{n}": State(initial=n == 0) for n in range(SIZE)}
    advance = None
    for n in range(SIZE):
        source, target = members[f"s{n}"], members[f"s{(n + 1) % SIZE}"]
        part = source.to(target)  # type: ignore[attr-defined]
        advance = part if advance is None else advance | part
    members["advance"] = advance
    machine = type("Ring", (StateMachine,), members)()

    def act() -> None:
        for _ in range(SLICE):
            machine.send("advance")

    return act


def decisions() -> dict[str, float]:
    """Return decisions and events per second of processor time, all sides in turn."""
    sides = [ours(), by_hand(), bare_transitions(), bare_statemachine()]
    mine, hand, transitions, machine = minima(sides, ROUNDS)
    return {
        "decisions_per_s": SLICE / mine,
        "by_hand_per_s": SLICE / hand,
        "share_of_by_hand": hand / mine,
        "decision_us": 1e6 * mine / SLICE,
        "transitions_event_us": 1e6 * transitions / SLICE,
        "times_transitions": mine / transitions,
        "statemachine_events_per_s": SLICE / machine,
        "ratio": machine / mine,
    }


#: What is measured for the lines.
PARTS = {"decision": decisions}
