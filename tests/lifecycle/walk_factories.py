"""One case of a small workflow, decided on with the core alone: no store, no transaction, a clock set by hand."""

from __future__ import annotations

import textwrap
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from engine.calendars.load import load_calendar
from engine.definition.library import load_files
from engine.kernel.refusal import Refusal
from engine.lifecycle.case import Case, evolve
from engine.lifecycle.chain import follow
from engine.lifecycle.command import ENGINE, Actor, Advance, Command
from engine.lifecycle.deadlines.clock_transitions import clocks_after
from engine.lifecycle.deadlines.on_timer import Recheck, TimedStep, on_timer
from engine.lifecycle.deadlines.schedule import DeadlineCalculator
from engine.lifecycle.decide import Decision, decide
from engine.lifecycle.process import Process
from engine.lifecycle.scope import make_scope
from engine.lifecycle.verbs.claim import Claim
from engine.lifecycle.verbs.extend import Extend
from engine.lifecycle.verbs.reassign import Reassign
from engine.lifecycle.verbs.suspend import Resume, Suspend
from engine.worktime.periods import Season

ZONE = ZoneInfo("Asia/Shanghai")
CALENDAR = load_calendar([])
HOURS = (Season(((time(9), time(12)), (time(13, 30), time(17, 30)))),)
TIME = DeadlineCalculator(CALENDAR, ZONE, time(9), HOURS)

BUREAU = """
bureau: example
title: 示例区人力资源和社会保障局
timezone: Asia/Shanghai
notify_at: "09:00"
sections: {north: 北片股, south: 南片股}
roles:
  clerk: {title: 经办人, scope: section}
  chief: {title: 股室负责人, scope: section}
  deputy: {title: 分管领导, scope: bureau}
codes:
  outcomes: {clean: 未发现问题, problem: 发现问题}
targets: {coverage: 5%}
"""

ANNA = Actor("anna", "north", frozenset({"clerk"}), "安娜")
BELA = Actor("bela", "south", frozenset({"clerk"}), "贝拉")
CARL = Actor("carl", "north", frozenset({"chief"}), "卡尔")
DORA = Actor("dora", None, frozenset({"deputy"}), "多拉")
SELF = Actor(ENGINE)


def shanghai(text: str) -> datetime:
    """Return the instant of ``2024-09-02 10:00`` in Shanghai, in UTC; without an hour it is ten o'clock."""
    day, _, hour = text.partition(" ")
    moment = time.fromisoformat(hour) if hour else time(10)
    return datetime.combine(date.fromisoformat(day), moment, ZONE).astimezone(UTC)


def shown(instant: datetime | None) -> str | None:
    """Return an instant as people in Shanghai write it."""
    return instant.astimezone(ZONE).strftime("%Y-%m-%d %H:%M") if instant else None


def process_of(workflow: str, *others: str, time: DeadlineCalculator = TIME) -> Process:
    """Return the first workflow of the texts, checked and made ready."""
    files = {f"{n}.yaml": textwrap.dedent(text) for n, text in enumerate((workflow, *others, BUREAU))}
    loaded = load_files(files)
    errors = [str(problem) for problem in loaded.problems if problem.severity == "error"]
    assert not errors, "\n".join(errors)
    assert loaded.bureau is not None
    name = textwrap.dedent(workflow).strip().split("\n")[0].split(":")[1].strip()
    return Process(loaded.workflows[name], loaded.bureau, time, 1)


class Walk:
    """A case on its way; `take` must succeed, `no` must be refused, `tick` fires what is due."""

    def __init__(
        self, workflow: str, *others: str, at: str = "2024-09-02", process: Process | None = None, **new: Any
    ) -> None:
        self.process = process or process_of(workflow, *others)
        self.now = shanghai(at)
        #: Facts from outside the case.
        self.facts: dict[str, Any] = {}
        #: (kind, title, whom it tells) of everything that happened
        self.log: list[tuple[str, str, tuple[str, ...]]] = []
        flow = self.process.workflow
        case = Case(
            id=f"{flow.id}-1",
            workflow=flow.id,
            version=1,
            state=new.pop("state", flow.initial),
            rev=1,
            head="0" * 64,
            title="示例件",
            section=new.pop("section", "north"),
            opened_at=self.now,
            entered_at=self.now,
            **new,
        )
        scope = make_scope(self.process, case, SELF, self.now, self.facts)
        started = clocks_after(self.process, None, case.state, self.now, scope)
        self.case = replace(case, clocks={name: clock for name, clock in started.items() if clock})

    @property
    def state(self) -> str:
        return self.case.state

    @property
    def kinds(self) -> list[str]:
        """Return the kinds of what happened so far."""
        return [kind for kind, _, _ in self.log]

    def try_(self, step: str, actor: Actor = ANNA, answers: Any = None, **how: Any) -> Decision | Refusal:
        """Decide a step and change nothing."""
        facts = {**self.facts, **how.pop("facts", {})}
        command = Advance(step=step, actor=actor, answers=answers, facts=facts, **how)
        return decide(self.process, self.case, command, self.now)

    def take(self, step: str, actor: Actor = ANNA, answers: Any = None, **how: Any) -> Decision:
        """Take a step."""
        return self.apply(self.try_(step, actor, answers, **how), actor)

    def no(self, step: str, actor: Actor = ANNA, answers: Any = None, **how: Any) -> Refusal:
        """Try a step that must be refused."""
        outcome = self.try_(step, actor, answers, **how)
        assert isinstance(outcome, Refusal), f"{step} should have been refused"
        return outcome

    def do(self, command: Command) -> Decision:
        """Carry a verb out."""
        return self.apply(decide(self.process, self.case, command, self.now), command.actor)

    def not_done(self, command: Command) -> Refusal:
        """Try a verb that must be refused."""
        outcome = decide(self.process, self.case, command, self.now)
        assert isinstance(outcome, Refusal), f"{command} should have been refused"
        return outcome

    def apply(self, outcome: Decision | Refusal, actor: Actor = SELF) -> Decision:
        """Let a decision take effect on the case (effects of the definition are left out)."""
        assert isinstance(outcome, Decision), str(outcome)
        body = {"step": outcome.step, **outcome.change.as_json()}
        event = follow(
            self.case.id, self.case.rev + 1, self.now, actor.id, outcome.kind, body, self.case.head
        )
        self.case = evolve(self.case, outcome.change, self.now, event.seq, event.hash)
        self.log.append((outcome.kind.value, outcome.title, tuple(to for to, _ in outcome.notices)))
        return outcome

    def at(self, text: str) -> Walk:
        """Set the clock; nothing fires."""
        self.now = shanghai(text)
        return self

    def fire(self, timer: str) -> Decision | TimedStep | Recheck | None:
        """Let a timer come due now."""
        outcome = on_timer(self.process, self.case, timer, self.now)
        if isinstance(outcome, Decision):
            self.apply(outcome)
        return outcome

    def until(self, text: str) -> list[tuple[str, str | None, tuple[str, ...]]]:
        """Let time go by, every clock firing at its instant; returns (kind, when, whom it tells)."""
        end, out = shanghai(text), []
        while True:
            due = [
                (c.next_at, name) for name, c in self.case.clocks.items() if c.next_at and c.next_at <= end
            ]
            if not due:
                break
            at, name = min(due)
            self.now = max(at, self.now)
            before = len(self.log)
            assert self.fire(name) is not None, f"{name} did not fire at {shown(at)}"
            kind, _, told = self.log[before]
            out.append((kind, shown(self.now), told))
        self.now = end
        return out

    def due(self, clock: str) -> str:
        """Return the due day of a running clock, with 暂定 behind it where it is provisional."""
        running = self.case.clocks[clock]
        return running.due_on.isoformat() + (" 暂定" if running.provisional else "")

    def later(self, **by: int) -> Walk:
        """Move the clock on; nothing fires."""
        self.now += timedelta(**by)
        return self


def reasons(refusal: Refusal) -> list[tuple[str, str]]:
    """Return (code, sentence) of every reason."""
    return [(reason.code, str(reason.message)) for reason in refusal.reasons]


def claim(actor: Actor) -> Claim:
    return Claim(actor=actor)


def extend(actor: Actor, count: int, clock: str | None = None, reason: str | None = "材料未齐") -> Extend:
    return Extend(actor=actor, count=count, clock=clock, reason=reason)


def reassign(actor: Actor, to: Actor, reason: str | None = "出差") -> Reassign:
    return Reassign(actor=actor, to=to, reason=reason)


def suspend(actor: Actor, reason: str | None = "等待鉴定") -> Suspend:
    return Suspend(actor=actor, reason=reason)


def resume(actor: Actor) -> Resume:
    return Resume(actor=actor)
