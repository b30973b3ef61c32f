"""What a rehearsal showed, as numbers and as a page of text."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.language import Message, say
from engine.lifecycle.model.workflow import Workflow


@dataclass(slots=True)
class SimulationReport:
    """What a rehearsal showed of one workflow."""

    workflow: str
    cases: int = 0
    closed: int = 0
    #: state -> how often a case entered it
    visits: Counter[str] = field(default_factory=Counter)
    #: step -> how often it was taken
    taken: Counter[str] = field(default_factory=Counter)
    #: final state -> how many cases ended there
    ends: Counter[str] = field(default_factory=Counter)
    #: state -> working days spent there, one entry per stay
    stays: Mapping[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    reminders: int = 0
    overdue: int = 0
    escalations: int = 0
    #: step -> sentence -> how often it was the obstacle when nobody found answers that pass
    obstacles: Mapping[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    never_entered: tuple[str, ...] = ()
    never_taken: tuple[str, ...] = ()
    #: step -> the state it waits in was reached, and still nobody could take it
    stuck: tuple[str, ...] = ()
    #: state -> how many cases were still there when the rehearsal ended
    left: Counter[str] = field(default_factory=Counter)
    #: How many times it was rehearsed, and how many of the last of them reached nothing new.
    rounds: int = 1
    without_news: int = 0

    def add(self, other: SimulationReport) -> None:
        """Take in what one more round showed of the same workflow."""
        before = (self.never_entered, self.never_taken)
        self.rounds += 1
        self.cases += other.cases
        self.closed += other.closed
        self.reminders += other.reminders
        self.overdue += other.overdue
        self.escalations += other.escalations
        for mine, more in (
            (self.visits, other.visits),
            (self.taken, other.taken),
            (self.ends, other.ends),
            (self.left, other.left),
        ):
            mine.update(more)
        for state, days in other.stays.items():
            self.stays[state].extend(days)
        for step, sentences in other.obstacles.items():
            self.obstacles[step].update(sentences)
        self.never_entered = tuple(state for state in self.never_entered if state in other.never_entered)
        self.never_taken = tuple(step for step in self.never_taken if step in other.never_taken)
        self.stuck = tuple(step for step in self.never_taken if self.obstacles.get(step))
        unchanged = before == (self.never_entered, self.never_taken)
        self.without_news = self.without_news + 1 if unchanged else 0

    def as_json(self) -> dict[str, Any]:
        """Return plain values; stays as their number, their sum and the longest, in working days."""
        return {
            "workflow": self.workflow,
            "cases": self.cases,
            "closed": self.closed,
            "ends": dict(self.ends),
            "visits": dict(self.visits),
            "taken": dict(self.taken),
            "stays": {
                s: {"count": len(d), "sum": sum(d), "longest": max(d)} for s, d in self.stays.items() if d
            },
            "reminders": self.reminders,
            "overdue": self.overdue,
            "escalations": self.escalations,
            "obstacles": {step: dict(found.most_common(5)) for step, found in self.obstacles.items()},
            "never_entered": list(self.never_entered),
            "never_taken": list(self.never_taken),
            "stuck": list(self.stuck),
            "left": dict(self.left),
            "rounds": self.rounds,
        }


def as_text(found: SimulationReport, workflow: Workflow) -> str:
    """Return the page a section reads before it publishes."""
    return "\n".join(str(line) for line in _lines(found, workflow))


def _lines(found: SimulationReport, workflow: Workflow) -> Iterator[Message]:
    yield say(
        "演练《{title}》{cases} 件，办结 {closed} 件",
        title=workflow.title,
        cases=found.cases,
        closed=found.closed,
    )
    for name, state in workflow.states.items():
        if not found.visits[name]:
            continue
        if state.final:
            yield say(
                "  {state}（{id}）：办结于此 {count} 件", state=state.title, id=name, count=found.ends[name]
            )
            continue
        stays = found.stays.get(name) or [0]
        yield say(
            "  {state}（{id}）：到过 {visits} 次，平均停留 {mean} 个工作日，最长 {longest}",
            state=state.title,
            id=name,
            visits=found.visits[name],
            mean=sum(stays) // len(stays),
            longest=max(stays),
        )
    yield say(
        "提醒 {reminders} 次，逾期 {overdue} 次，升级督办 {escalations} 次",
        reminders=found.reminders,
        overdue=found.overdue,
        escalations=found.escalations,
    )
    if found.never_entered:
        titles = [workflow.states[name].title for name in found.never_entered]
        yield say("没有到过的环节：{states}", states=titles)
    named = {step.id: step.title for step in workflow.transitions}
    untried = [step for step in found.never_taken if step not in found.stuck]
    if untried:
        yield say(
            "没有机会办的步骤：{steps}",
            steps=[say("{title}（{id}）", title=named[step], id=step) for step in untried],
        )
    for step in found.stuck:
        yield say("办不成的步骤：{title}（{step}）", title=named[step], step=step)
        for sentence, count in found.obstacles[step].most_common(3):
            yield say("  {sentence}（{count} 次）", sentence=sentence, count=count)
    if found.left:
        yield say(
            "没有办结的 {count} 件停在：{states}",
            count=found.left.total(),
            states=[
                say("{state}（{id}）{count} 件", state=workflow.states[name].title, id=name, count=count)
                for name, count in found.left.items()
            ],
        )
    if not found.never_entered and not found.never_taken:
        yield say("每个环节都到过，每个步骤都办成过")
    elif found.rounds > 1:
        yield say(
            "共演练 {rounds} 轮，最后 {last} 轮没有走到新的环节和步骤，到此为止；要接着演练，换一个 --seed，或用 --cases 写多演练几件",
            rounds=found.rounds,
            last=found.without_news,
        )
