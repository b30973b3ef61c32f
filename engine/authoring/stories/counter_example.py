"""The shortest way to where a case is stuck for ever, as a story: all ways are tried, the shortest first, up to a bound."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from engine.authoring.stories.answering import Answering, Remembered
from engine.authoring.stories.beginnings import beginnings
from engine.authoring.stories.going_on import DAYS, can_be_taken, seen, steps_to_try
from engine.authoring.stories.play import day_of
from engine.authoring.stories.stage import ZONE, KeptStage, Stage
from engine.authoring.stories.story import StoryFile, StoryStep
from engine.definition.library import Loaded
from engine.kernel.refusal import Refusal, RefusalReason
from engine.language import Message, in_language, say
from engine.lifecycle.deadlines.schedule import DeadlineCalculator

#: So many situations are looked at, if the caller does not say.
MAX_EXPLORED = 200
#: The codes of the reasons why a draw is refused that lie with what the office holds, not with the workflow.
_LACKING = frozenset({"commitment", "staff"})


@dataclass(frozen=True, slots=True)
class StoryMoment:
    """One step of the story that was found: who did what on which day, and where the case was then."""

    step: StoryStep
    day: str
    who: str
    title: str
    state: str
    state_title: str


@dataclass(frozen=True, slots=True)
class CounterExample:
    """A way to where a case is stuck. `moments` is empty where it is stuck as soon as it is opened."""

    workflow: str
    state: str
    state_title: str
    moments: tuple[StoryMoment, ...]
    #: What the case is given when it begins.
    given: Mapping[str, Any]
    #: What people tried in vain where it is stuck, and why it is refused.
    obstacles: tuple[tuple[str, Message], ...] = ()

    def lines(self) -> Iterator[Message]:
        """Yield the story in sentences."""
        for moment in self.moments:
            if moment.step.wait is not None:
                yield say(
                    "{day}：过了 {days} 天，案件在环节“{state}”",
                    day=moment.day,
                    days=DAYS,
                    state=moment.state_title,
                )
                continue
            answers = [f"{name} = {_flow(value)}" for name, value in moment.step.answers.items()]
            yield say(
                "{day}：{who}办理“{step}”{answers}，案件在环节“{state}”",
                day=moment.day,
                who=moment.who,
                step=moment.title,
                answers=say("（{answers}）", answers=answers) if answers else "",
                state=moment.state_title,
            )
        for step, why in self.obstacles:
            yield say("“{step}”办不成：{why}", step=step, why=why)
        yield say(
            "案件停在环节“{state}”：没有人能办下去，过 {days} 天也没有变化", state=self.state_title, days=DAYS
        )

    def as_story(self) -> str:
        """Return it as a file of stories; its test fails until the case can go on."""
        # Where it is stuck is not expected: the test passes once the case goes on from there.
        rows = [
            f"      - {_flow(_written(moment, known=moment is not self.moments[-1]))}"
            for moment in self.moments
        ]
        last = "      - {wait: 1 day, then: {goes_on: true}}"
        return "\n".join(
            [
                f"test: {self.workflow}",
                "stories:",
                f"  - story: {_flow(str(say('停在“{state}”', state=self.state_title).render('zh_CN')))}",
                f"    given: {_flow({'on': day_of(self.given).isoformat(), **self.given})}",
                "    when:",
                *rows,
                last,
                "",
            ]
        )


@dataclass(frozen=True, slots=True)
class Exploration:
    """What came of trying all ways: a way to where a case is stuck, or none, and how far was looked."""

    found: CounterExample | None
    situations: int
    #: The bound was reached before everything had been looked at.
    cut: bool
    #: Where nothing more was tried, for the office it is played in holds nothing to draw from: state, step, why.
    lacking: tuple[tuple[str, str, Message], ...] = ()


@dataclass(frozen=True, slots=True)
class _Situation:
    """Where a way has led, and the steps of the way."""

    kept: KeptStage
    seen: tuple[Any, ...]
    moments: tuple[StoryMoment, ...]


@dataclass(slots=True)
class _Way:
    """One more step from a situation. It is taken once, when somebody asks where it leads."""

    begins: _Situation
    step: StoryStep
    taken: bool = False
    end: _Situation | None = None

    def leads_to(self, stage: Stage) -> _Situation | None:
        """Return where the step leads; None where it is refused. The stage is somewhere on the way afterwards."""
        if not self.taken:
            self.taken = True
            stage.back_to(self.begins.kept)
            moment = _moment(stage, self.step)
            if moment is not None:
                self.end = _Situation(stage.kept(), seen(stage), (*self.begins.moments, moment))
        return self.end


def explore(
    loaded: Loaded,
    workflow: str,
    time_: DeadlineCalculator,
    most: int = MAX_EXPLORED,
    stories: StoryFile | None = None,
) -> Exploration:
    """Try all ways through a workflow, the shortest first, until one is found on which its case is stuck for ever.

    The case begins as in the `stories` beside the workflow, one beginning after the other; at most `most` situations are looked
    at in all. Every way goes on from where the one before its last step led, in one office that is put back to how it was there.
    Raises StoryError where the case cannot begin.
    """
    sofar = Exploration(None, 0, False)
    with in_language("zh_CN"):
        for given, stage in beginnings(loaded, workflow, time_, stories):
            if sofar.situations >= most:
                return replace(sofar, cut=True)
            sofar = _explored(stage, given, most, sofar)
            if sofar.found is not None or sofar.cut:
                break
    return sofar


def _explored(stage: Stage, given: Mapping[str, Any], most: int, sofar: Exploration) -> Exploration:
    """Try all ways of a case that has begun, besides what was looked at so far."""
    # What answers a step once answers it again, from wherever it is taken.
    stage.answering = Answering(Remembered.nothing())
    first = _Situation(stage.kept(), seen(stage), ())
    ways: deque[_Way] = deque()
    known = {first.seen}
    lacking = list(sofar.lacking)
    situation: _Situation | None = first
    while situation is not None:
        stage.back_to(situation.kept)
        case = stage.case()
        if case is not None and case.open:
            here = [_Way(situation, step) for step in steps_to_try(stage)]
            waited = _Way(situation, StoryStep(line=0, wait=f"{DAYS} days"))
            ways.extend((*here, waited))
            if not any(way.leads_to(stage) for way in here) and _is_stuck(stage, waited):
                state = stage.process(case).state(case.state)
                obstacles = tuple(_obstacles(stage, here))
                lack = [(state.title, step, why.message) for step, why in obstacles if why.code in _LACKING]
                lacking += [one for one in lack if one not in lacking]
                if not lack:
                    said = tuple((step, why.message) for step, why in obstacles)
                    found = CounterExample(
                        stage.workflow, state.id, state.title, situation.moments, given, said
                    )
                    return Exploration(found, sofar.situations + len(known), False, tuple(lacking))
        situation = _next_unknown(stage, ways, known)
        if situation is not None:
            if sofar.situations + len(known) >= most:
                return Exploration(None, sofar.situations + len(known), True, tuple(lacking))
            known.add(situation.seen)
    return Exploration(None, sofar.situations + len(known), False, tuple(lacking))


def _obstacles(stage: Stage, ways: Iterable[_Way]) -> Iterator[tuple[str, RefusalReason]]:
    """Yield the title of each step that is refused, and the first reason why."""
    said = set()
    for way in ways:
        if (way.step.case, way.step.do) in said:
            continue
        said.add((way.step.case, way.step.do))
        stage.back_to(way.begins.kept)
        case = stage.case(way.step.case)
        outcome = stage.take(case, way.step) if case is not None else None
        if isinstance(outcome, Refusal):
            yield outcome.attempt, outcome.reasons[0]


def _is_stuck(stage: Stage, waited: _Way) -> bool:
    """Tell whether days change nothing where nobody can take a step, and nobody can take one after them."""
    after = waited.leads_to(stage)
    if after is None or after.seen != waited.begins.seen:
        return False
    stage.back_to(after.kept)
    return not any(can_be_taken(stage, step) for step in steps_to_try(stage))


def _next_unknown(stage: Stage, ways: deque[_Way], known: set[tuple[Any, ...]]) -> _Situation | None:
    """Return where the first of the ways leads that leads to a situation nobody has looked at; None where none does."""
    while ways:
        end = ways.popleft().leads_to(stage)
        if end is not None and end.seen not in known:
            return end
    return None


def _moment(stage: Stage, step: StoryStep) -> StoryMoment | None:
    """Take a step of a way; None where it is refused."""
    case = stage.case(step.case)
    who = title = ""
    if step.wait is not None:
        stage.wait(step.wait)
    elif case is None:
        return None
    else:
        title = stage.process(case).steps(case.state)[str(step.do)][0].title
        if stage.accepted(case, step) is None:
            return None
        who = _actor(stage, case.id)
    after = stage.case()
    if after is None:
        return None
    state = stage.process(after).state(after.state)
    return StoryMoment(step, _day(stage.clock.now()), who, title, state.id, state.title)


def _actor(stage: Stage, case_id: str) -> str:
    """Return who acted last on a case: the name of the person."""
    with stage.application.store.read() as transaction:
        actors = [event.actor for event in transaction.events.of(case_id) if event.at >= stage.since]
        entry = transaction.registers.get("people", actors[0]) if actors else None
    return entry.name if entry is not None else (actors[0] if actors else "")


def _day(instant: datetime) -> str:
    return instant.astimezone(ZONE).date().isoformat()


def _written(moment: StoryMoment, *, known: bool) -> dict[str, Any]:
    """Return a step as it is written, with the state it led to where that is `known` to stay."""
    step = moment.step
    found: dict[str, Any] = {"wait": step.wait} if step.wait is not None else {"do": step.do}
    if step.case is not None:
        found["case"] = step.case
    if step.answers:
        found["answers"] = dict(step.answers)
    if known and step.case is None:
        found["then"] = {"state": moment.state}
    return found


def _flow(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_flow(one)}" for key, one in value.items()) + "}"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_flow, value))}]"
    if isinstance(value, int):
        return str(value)
    text = str(value)
    return text if text.isidentifier() and text.isascii() else json.dumps(text, ensure_ascii=False)
