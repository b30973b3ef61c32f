"""The state of one case, and what its deadlines are counted from, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from engine.authoring.explain import explain_state
from engine.language import Message, say

if TYPE_CHECKING:
    from engine.app.queries.calendar import ClockDays
    from engine.app.queries.cases import TaskView


def explain_case(view: TaskView, clocks: Sequence[ClockDays], only: str | None = None) -> list[str]:
    """Return the sentences about a case; with `only`, the id or title of a clock of it, that deadline day by day.

    Nothing where the case has no such clock running.
    """
    case, workflow = view.case, view.process.workflow
    names = [name for name, _ in sorted(case.clocks.items(), key=lambda pair: pair[1].due_at)]
    found = list(zip(names, clocks, strict=False))
    if only is not None:
        wanted = [clock for name, clock in found if only in (name, clock.title)]
        return [str(line) for clock in wanted for line in (*_clock(clock), *_days(clock))]
    lines: list[Message | str] = [
        say(
            "{id}  {title}：流程“{workflow}”第 {version} 版",
            id=case.id,
            title=case.title,
            workflow=workflow.title,
            version=case.version,
        )
    ]
    lines += explain_state(workflow, case.state)
    for _, clock in found:
        lines += _clock(clock)
    for step in view.steps:
        lines.append(say("可办“{step}”，由{who}", step=step.called, who=list(step.who)))
        lines += [f"    {obstacle}" for obstacle in step.obstacles]
    if case.open and not view.steps and not found:
        lines.append(say("现在没有要人办的，也没有在计时的：等系统或别的案件推进。"))
    return [str(line) for line in lines]


def _clock(clock: ClockDays) -> Iterator[Message]:
    yield say(
        "时限“{title}”：从 {start} 起算，到 {due} 止，其间 {count} 个工作日{mark}",
        title=clock.title,
        start=clock.counted_from.isoformat(),
        due=clock.due_on.isoformat(),
        count=clock.working_days,
        mark=say("（暂定）") if clock.provisional else "",
    )
    if clock.length:
        yield say("{reasons}", reasons=list(clock.length))
    yield from clock.because
    if clock.basis:
        yield say("依据：{basis}", basis=clock.basis)


def _days(clock: ClockDays) -> Iterator[Message | str]:
    for _, sentence, counted in clock.days:
        yield f"    {'+' if counted else ' '} {sentence}"
