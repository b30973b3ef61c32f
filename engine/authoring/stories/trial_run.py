"""A trial run: a case played by hand as made-up people on chosen days, in memory, kept as a story from its beginning.

The run is the text of its story: whoever goes on plays all of it again and takes one step more. Nothing of it is in a store.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from engine.app.commands.application import CommandRefused
from engine.app.people.directory import Directory
from engine.app.queries.cases import CaseFilter
from engine.authoring.stories.answering import INSPECTORS
from engine.authoring.stories.play import day_of, opened
from engine.authoring.stories.stage import Stage
from engine.authoring.stories.story import Story, StoryError, StoryStep, read_stories
from engine.kernel.refusal import Refusal
from engine.language import Message, say
from engine.lifecycle.expressions.dates import days_of
from engine.lifecycle.model.form import FieldType
from engine.lifecycle.permission import allowed

if TYPE_CHECKING:
    from engine.app.queries.papers.documents import Renderer
    from engine.definition.library import Loaded
    from engine.lifecycle.case import Case
    from engine.lifecycle.command import Actor
    from engine.lifecycle.deadlines.schedule import DeadlineCalculator

#: Steps of one run at most: all of them are taken again with each.
MAX_STEPS = 80
#: Closed child cases a run may begin with.
MAX_CHILDREN = 200
#: What a case begins with that is a mapping; the rest is a text.
_MAPPINGS = frozenset({"fields", "about", "parties", "answers", "closed_children", "registers", "people"})
#: Years of one wait at most.
MAX_YEARS = 3
#: Days from the beginning to the days that are made up.
_AHEAD = 30
#: Under which name a run is a story.
_FILE = "trial"


@dataclass(slots=True)
class TrialRun:
    """A run up to where it is: the office it is played in, and its story."""

    stage: Stage
    story: Story
    #: What kept a step from being taken that was taken before: the text of the definition has changed since.
    stopped: Message | None = None

    @property
    def steps(self) -> Sequence[StoryStep]:
        """Return the steps taken so far."""
        return self.story.steps

    def cases(self) -> list[tuple[str | None, Case]]:
        """Return the case and its children that are open, each as a story calls it; the case of the run goes first."""
        with self.stage.application.store.read() as transaction:
            every = transaction.cases.find(CaseFilter(), limit=1000)
        counted: dict[str, int] = {}
        found: list[tuple[str | None, Case]] = []
        for case in every:
            counted[case.workflow] = counted.get(case.workflow, 0) + 1
            if case.id == self.stage.case_id:
                found.insert(0, (None, case))
            elif case.open:
                found.append((f"{case.workflow} {counted[case.workflow]}", case))
        return found

    def actor(self, person: str) -> Actor:
        """Return one of the made-up people. Raises KeyError for somebody who is none."""
        with self.stage.application.store.read() as transaction:
            return Directory(transaction).all()[person]

    def people(self, case: Case) -> list[tuple[str, str]]:
        """Return who can act on a case now, id and name; those of its parties and roles with a task go first."""
        stage = self.stage
        process = stage.process(case)
        with stage.application.store.read() as transaction:
            people = Directory(transaction)
            ids = [
                one
                for found in (process.manual_steps(case.state) if case.open else {}).values()
                for name in allowed(process, case, found[0])
                for one in people.recipients(process, case, name)
            ]
            every = people.all()
        ids += [role.id for role in process.bureau.roles.values()]
        ids += list(INSPECTORS)
        named = [(one, every[one].name or one) for one in dict.fromkeys(ids) if one in every]
        return [(one, name if name == one else f"{name} {one}") for one, name in named]


def begun(workflow: str, name: str, given: Mapping[str, Any]) -> str:
    """Return the text of a run in which nothing was done yet; `given` is what a story is given."""
    return _text(workflow, name, given, ())


def with_made_up_days(loaded: Loaded, workflow: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a run is given, with a day a month on for every fact of the case that is a day and is not given."""
    found = loaded.workflows.get(workflow)
    day = (day_of(given) + timedelta(days=_AHEAD)).isoformat()
    days = {one.name: day for one in found.fields.values() if one.type is FieldType.DATE} if found else {}
    return {**given, "fields": {**days, **dict(given.get("fields") or {})}}


def with_step(text: str, step: StoryStep) -> str:
    """Return the text of a run with one step more. Raises StoryError."""
    workflow, story = _read(text)
    if len(story.steps) >= MAX_STEPS:
        raise StoryError(say("一次试办最多 {most} 步", most=MAX_STEPS))
    return _text(workflow, story.name, story.given, (*story.steps, step))


def without_last(text: str) -> str:
    """Return the text of a run without its last step. Raises StoryError."""
    workflow, story = _read(text)
    return _text(workflow, story.name, story.given, story.steps[:-1])


def with_states(run: TrialRun, workflow: str) -> str:
    """Return the text of a run as a story that expects to end as it did: its last step says the state it led to."""
    case = run.stage.case()
    return _text(
        workflow, run.story.name, run.story.given, run.story.steps, case.state if case is not None else ""
    )


def replay(
    loaded: Loaded, text: str, time_: DeadlineCalculator, renderer: Renderer | None = None
) -> TrialRun:
    """Play a run from its beginning. Raises StoryError for what is no text of a run."""
    workflow, story = _read(text)
    for key, value in story.given.items():
        if isinstance(value, Mapping) != (key in _MAPPINGS):
            raise StoryError(say("看不懂案件的开头：{problem}", problem=key))
    if any(_many(wanted) for wanted in dict(story.given.get("closed_children") or {}).values()):
        raise StoryError(say("已办结的子案件最多 {most} 件", most=MAX_CHILDREN))
    if workflow not in loaded.workflows:
        raise StoryError(say("流程“{workflow}”的文字还有错，不能试办", workflow=workflow))
    try:
        stage = opened(loaded, workflow, time_, story.given)
    except CommandRefused as problem:
        raise StoryError(" ".join(str(one) for one in problem.refusal.reasons)) from None
    except (ValueError, TypeError, AttributeError, KeyError, OverflowError) as problem:
        # Whatever was put into the text by hand: it is no beginning of a case.
        raise StoryError(say("看不懂案件的开头：{problem}", problem=str(problem))) from None
    stage.application.renderer = renderer
    run = TrialRun(stage, story)
    for number, step in enumerate(story.steps[:MAX_STEPS], 1):
        if (stopped := _taken(stage, step)) is not None:
            run.stopped = say(
                "第 {number} 步“{step}”现在办不了：{why}",
                number=number,
                step=step.do or step.wait,
                why=stopped,
            )
            break
    return run


def _many(wanted: Any) -> bool:
    count = wanted.get("count", 1) if isinstance(wanted, Mapping) else wanted
    return not isinstance(count, int) or count > MAX_CHILDREN


def take(run: TrialRun, step: StoryStep, *, dry_run: bool = False) -> Refusal | None:
    """Take a step exactly as it is given, nothing answered for anybody; return why it is refused."""
    stage = run.stage
    case = stage.case(step.case)
    if case is None:
        raise StoryError(say("没有在办的“{workflow}”子案件", workflow=step.case))
    outcome = _advance(stage, case, step, dry_run=dry_run)
    return outcome if isinstance(outcome, Refusal) else None


def _advance(stage: Stage, case: Case, step: StoryStep, *, dry_run: bool = False) -> Any:
    # A minute passes, as in a story.
    stage.clock.set(stage.clock.now() + timedelta(minutes=1))
    stage.since = stage.clock.now()
    return stage.application.advance(
        case.id, str(step.do), str(step.by), dict(step.answers) or None, reason=step.reason, dry_run=dry_run
    )


def _taken(stage: Stage, step: StoryStep) -> str | None:
    if step.wait is not None:
        if _too_long(stage, step.wait):
            return str(say("一次最多等 {most} 年", most=MAX_YEARS))
        return (
            None
            if stage.wait(step.wait)
            else str(say("看不懂等多久：“{text}”；写日期，或如 10 working days", text=step.wait))
        )
    case = stage.case(step.case)
    if case is None:
        return str(say("没有在办的“{workflow}”子案件", workflow=step.case))
    outcome = _advance(stage, case, step)
    return " ".join(str(one) for one in outcome.reasons) if isinstance(outcome, Refusal) else None


def _too_long(stage: Stage, text: str) -> bool:
    """Tell whether a wait goes on for more years than a run is played for: each day of it costs time."""
    today = stage.clock.now().date()
    try:
        return date.fromisoformat(text).year > today.year + MAX_YEARS
    except ValueError:
        found = days_of(text)
        return found is not None and found.count > MAX_YEARS * 366


def _read(text: str) -> tuple[str, Story]:
    found = read_stories(_FILE, text.encode())
    if len(found.stories) != 1:
        raise StoryError(say("试办的文字里应有一个故事"))
    return found.workflow, found.stories[0]


def _text(
    workflow: str, name: str, given: Mapping[str, Any], steps: Sequence[StoryStep], state: str = ""
) -> str:
    lines = [f"test: {workflow}", "stories:", f"  - story: {_value(name)}"]
    if given:
        lines.append(f"    given: {_value(given)}")
    if steps:
        lines.append("    when:")
    for step in steps:
        keys = list(_keys(step))
        if state and step is steps[-1]:
            keys.append(f"then: {_value({'state': state})}")
        lines += [f"      {'- ' if number == 0 else '  '}{line}" for number, line in enumerate(keys)]
    return "\n".join(lines) + "\n"


def _keys(step: StoryStep) -> Iterator[str]:
    for key in ("wait", "do", "by", "case", "reason"):
        value = getattr(step, key)
        if value is not None:
            yield f"{key}: {_value(value)}"
    if step.answers:
        yield f"answers: {_value(step.answers)}"


def _value(value: Any) -> str:
    """Return a value as YAML: JSON is a part of it."""
    return json.dumps(value, ensure_ascii=False)
