"""The way of a case: its states as a picture laid out here, where it is, and how long it was in each."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from engine.app.queries.cases import case_history, show_case
from engine.app.queries.definitions import show_definition
from engine.authoring.diagram.condition_words import ConditionWords
from engine.authoring.diagram.drawn import DrawnArrow, DrawnClock, arrows_of, clocks_of
from engine.kernel.refusal import Refusal
from engine.language import Message, say
from engine.web.rendering import page, refused
from engine.web.visit import Answer, PageVisit

if TYPE_CHECKING:
    from engine.lifecycle.chain import Event
    from engine.lifecycle.model.workflow import Workflow

#: Of the picture, in its own units.
WIDTH, ROW, HEIGHT, LEFT = 520, 64, 40, 110


@dataclass(frozen=True, slots=True)
class DrawnState:
    """One state in the picture: its box, and whether the case is or was in it."""

    id: str
    title: str
    y: int
    #: ``here``, ``been``, ``ahead``.
    mark: str


@dataclass(frozen=True, slots=True)
class DrawnStep:
    """One step in the picture: the curve from state to state."""

    path: str
    back: bool
    #: What is done on it and when, shown where a pointer rests on it.
    title: str = ""


@dataclass(frozen=True, slots=True)
class Stay:
    """One stay of the case in a state."""

    title: str
    since: datetime
    until: datetime | None
    lasted: Message


@dataclass(frozen=True, slots=True)
class StateWays:
    """The clocks of one state and the ways out of it: each with the state it leads to, None where the case stays."""

    title: str
    clocks: Sequence[DrawnClock]
    ways: Sequence[tuple[Message, str | None]]


def show(visit: PageVisit) -> Answer:
    """Show the picture of a case, and its stays as a table."""
    application, person, case_id = visit.workbench.application, visit.person, visit.parts["case"]
    view = show_case(application, person, case_id, as_person=person)
    if isinstance(view, Refusal):
        return refused(visit, view)
    events = case_history(application, person, case_id)
    if isinstance(events, Refusal):
        return refused(visit, events)
    titles = {name: state.title for name, state in view.process.workflow.states.items()}
    stays = stays_of(events, titles, application.clock.now() if view.case.open else None)
    been = {str(event.body["state"]) for event in events if "state" in event.body}
    workflow = view.process.workflow
    words = ConditionWords(workflow, _children(visit, workflow), view.process.bureau)
    arrows = arrows_of(words)
    states, steps = drawn(workflow, view.case.state, been, arrows)
    return page(
        visit,
        "diagram.html",
        view=view,
        states=states,
        steps=steps,
        stays=stays,
        leaving=leaving(workflow, arrows, clocks_of(words)),
        width=WIDTH,
        left=LEFT,
        box=WIDTH - 2 * LEFT,
        height=HEIGHT,
        tall=len(states) * ROW + 10,
    )


def _children(visit: PageVisit, workflow: Workflow) -> Mapping[str, Workflow]:
    """Return the workflow itself and those whose cases it starts, ends or waits for, by id; those that are not published are left out."""
    named = {
        str(effect.arguments[effect.kind])
        for step in workflow.transitions
        for effect in step.then
        if effect.kind in ("start", "end")
    }
    named |= {step.join.workflow for step in workflow.transitions if step.join is not None}
    found = {workflow.id: workflow}
    for name in sorted(named):
        child = show_definition(visit.workbench.application, visit.person, name)
        if not isinstance(child, Refusal):
            found.setdefault(name, child.workflow)
    return found


def ordered(workflow: Workflow) -> list[str]:
    """Return the states from the initial one on, each before those that are further away; unreachable ones last."""
    after: dict[str, list[str]] = {}
    for step in workflow.transitions:
        for source in step.sources:
            if step.target is not None:
                after.setdefault(source, []).append(step.target)
    seen = {workflow.initial: None}
    waiting = deque(seen)
    while waiting:
        for target in after.get(waiting.popleft(), ()):
            if target not in seen:
                seen[target] = None
                waiting.append(target)
    rest = [name for name in workflow.states if name not in seen]
    return [name for name in (*seen, *rest) if name in workflow.states]


def drawn(
    workflow: Workflow, here: str, been: set[str], arrows: Sequence[DrawnArrow]
) -> tuple[list[DrawnState], list[DrawnStep]]:
    """Return the boxes of the states, one below the other, and the curves of the steps: on at the right, back at the left."""
    said: dict[tuple[str, str], list[str]] = {}
    for arrow in arrows:
        said.setdefault((arrow.source, arrow.target), []).append(str(arrow_words(arrow)))
    places = {name: number * ROW + 5 for number, name in enumerate(ordered(workflow))}
    states = [
        DrawnState(
            name,
            workflow.states[name].title,
            y,
            "here" if name == here else "been" if name in been else "ahead",
        )
        for name, y in places.items()
    ]
    curves: dict[tuple[str, str], DrawnStep] = {}
    for way, lines in said.items():
        if way[0] != way[1]:
            curve = _curve(places[way[0]], places[way[1]])
            curves[way] = replace(curve, title="\n".join(lines))
    return states, list(curves.values())


def arrow_words(arrow: DrawnArrow) -> Message:
    """Return an arrow in one sentence: the step, what takes it, its condition, the child cases it starts."""
    parts: list[Message | str] = [arrow.how] if arrow.how else []
    if arrow.condition:
        parts.append(say("条件：{condition}", condition=arrow.condition))
    parts += arrow.children
    return say("{title}（{parts}）", title=arrow.title, parts=parts) if parts else arrow.title


def leaving(
    workflow: Workflow, arrows: Sequence[DrawnArrow], clocks: Sequence[DrawnClock]
) -> list[StateWays]:
    """Return of each state its clocks and the ways out of it, in the order of the picture."""
    found = []
    for name in ordered(workflow):
        ways = [
            (arrow_words(arrow), None if arrow.stays else workflow.states[arrow.target].title)
            for arrow in arrows
            if arrow.source == name
        ]
        running = [one for one in clocks if name in workflow.clocks[one.id].during]
        if ways or running:
            found.append(StateWays(workflow.states[name].title, running, ways))
    return found


def _curve(start: int, end: int) -> DrawnStep:
    back = end < start
    if end - start == ROW:
        return DrawnStep(f"M{WIDTH // 2} {start + HEIGHT}V{end}", False)
    side, way = (LEFT, -1) if back else (WIDTH - LEFT, 1)
    # Longer ways bend further out, and stay within the picture.
    bend = side + way * min(LEFT - 12, 14 + abs(end - start) // ROW * 9)
    first, last = start + HEIGHT // 2 + 4, end + HEIGHT // 2 - 4
    return DrawnStep(f"M{side} {first}C{bend} {first} {bend} {last} {side} {last}", back)


def stays_of(events: Sequence[Event], titles: Mapping[str, str], now: datetime | None) -> list[Stay]:
    """Return the stays of a case, oldest first; the last goes on until `now`, or for ever where the case has ended."""
    moves = [(str(event.body["state"]), event.at) for event in events if "state" in event.body]
    found: list[Stay] = []
    for number, (state, since) in enumerate(moves):
        last = number + 1 == len(moves)
        until = None if last else moves[number + 1][1]
        end = now if last else until
        lasted = say("已结束") if end is None else lasted_words(end - since)
        found.append(Stay(titles.get(state, state), since, until, lasted))
    return found


def lasted_words(time: timedelta) -> Message:
    """Return how long something lasted, in days, hours or minutes."""
    minutes = max(0, time // timedelta(minutes=1))
    if minutes >= 2 * 24 * 60:
        return say("{days} 天", days=minutes // (24 * 60))
    if minutes >= 2 * 60:
        return say("{hours} 小时", hours=minutes // 60)
    return say("{minutes} 分钟", minutes=minutes)
