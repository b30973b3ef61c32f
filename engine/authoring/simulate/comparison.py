"""Two texts of a process, rehearsed alike, side by side: what came of each, and in what they differ."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.authoring.simulate.report import SimulationReport
from engine.language import Message, say
from engine.lifecycle.model.workflow import Workflow


def compared(before: SimulationReport, after: SimulationReport) -> dict[str, Any]:
    """Return both reports as plain values, ``before`` and ``after``."""
    return {"before": before.as_json(), "after": after.as_json()}


def comparison(
    before: SimulationReport, old: Workflow, after: SimulationReport, new: Workflow
) -> Iterator[Message]:
    """Yield what differs between the rehearsals of two texts, state by state and step by step; that nothing does, too."""
    found = list(_differences(before, old, after, new))
    yield say(
        "演练两版《{title}》各 {cases} 件：原来办结 {was} 件，改后办结 {now} 件",
        title=new.title,
        cases=after.cases,
        was=before.closed,
        now=after.closed,
    )
    yield from found or [say("两版没有不同")]


def _differences(
    before: SimulationReport, old: Workflow, after: SimulationReport, new: Workflow
) -> Iterator[Message]:
    for name in dict.fromkeys((*old.states, *new.states)):
        was, now = _of_state(before, name), _of_state(after, name)
        if was != now:
            yield say(
                "  {state}（{id}）：到过 {was} → {now} 次，平均停留 {mean_was} → {mean_now} 个工作日",
                state=(new.states.get(name) or old.states[name]).title,
                id=name,
                was=was[0],
                now=now[0],
                mean_was=was[1],
                mean_now=now[1],
            )
    titles = {step.id: step.title for one in (old, new) for step in one.transitions}
    for step, title in titles.items():
        if before.taken[step] != after.taken[step]:
            words = {"was": before.taken[step], "now": after.taken[step]}
            yield say("  {step}（{id}）：办过 {was} → {now} 次", step=title, id=step, **words)
    for word, one, other in (
        (say("提醒"), before.reminders, after.reminders),
        (say("逾期"), before.overdue, after.overdue),
        (say("升级督办"), before.escalations, after.escalations),
    ):
        if one != other:
            yield say("  {what}：{was} → {now} 次", what=word, was=one, now=other)


def _of_state(report: SimulationReport, name: str) -> tuple[int, int]:
    """Return how often a state was entered, and how many working days a stay lasted on average, rounded down."""
    stays = report.stays.get(name) or [0]
    return report.visits[name], sum(stays) // len(stays)
