"""In-memory decisions, each with a guard and a deadline, beside the bare event rate of python-statemachine."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, time
from time import perf_counter
from zoneinfo import ZoneInfo

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
  - {{name: amount, title: 数额, type: integer}}
  - {{name: kind, title: 种类, type: text}}
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


def decisions_per_second(seconds: float) -> float:
    """Return how many decisions are made in a second."""
    ring = process()
    now = datetime(2024, 9, 14, 2, tzinfo=UTC)
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
            opened_at=now,
            entered_at=now,
            fields={"amount": 3, "kind": "a"},
            clocks={f"s{n}": ring.time.start(ring.workflow.clocks[f"s{n}"], now)},
        )
        for n in range(SIZE - 1)
    ]
    commands = [Advance(step=f"step{n}", actor=actor) for n in range(SIZE - 1)]
    done, start = 0, perf_counter()
    while perf_counter() - start < seconds:
        for case, command in zip(cases, commands, strict=True):
            if not isinstance(decide(ring, case, command, now), Decision):
                raise SystemExit("a decision of the benchmark was refused")
        done += len(cases)
    return done / (perf_counter() - start)


def statemachine_events_per_second(seconds: float) -> float:
    """Return the bare event rate of python-statemachine on a ring of the same size, without guards."""
    from statemachine import State, StateMachine

    members: dict[str, object] = {f"s{n}": State(initial=n == 0) for n in range(SIZE)}
    advance = None
    for n in range(SIZE):
        source, target = members[f"s{n}"], members[f"s{(n + 1) % SIZE}"]
        part = source.to(target)  # type: ignore[attr-defined]
        advance = part if advance is None else advance | part
    members["advance"] = advance
    machine = type("Ring", (StateMachine,), members)()
    done, start = 0, perf_counter()
    while perf_counter() - start < seconds:
        for _ in range(SIZE):
            machine.send("advance")
        done += SIZE
    return done / (perf_counter() - start)


def measure(seconds: float = 1.5) -> dict[str, float]:
    """Return both rates and their ratio, measured turn about in one run."""
    ours = peer = 0.0
    for _ in range(3):
        ours = max(ours, decisions_per_second(seconds / 3))
        peer = max(peer, statemachine_events_per_second(seconds / 3))
    return {"decisions_per_s": ours, "statemachine_events_per_s": peer, "ratio": ours / peer}


def main() -> int:
    """Print the measurement; the exit code says whether the target (2) is met."""
    found = measure()
    print(f"decisions, guard and deadline   {found['decisions_per_s']:>10,.0f} /s")
    print(f"python-statemachine, bare event {found['statemachine_events_per_s']:>10,.0f} /s")
    print(f"ratio {found['ratio']:.2f} (target 2)")
    return 0 if found["ratio"] >= 2 else 1


if __name__ == "__main__":
    sys.exit(main())
