"""What is drawn of a workflow, however it is drawn: arrows with who or what takes them and when, clocks, child cases.

Of a step with several outcomes the first whose condition holds is taken, so each outcome has its number.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.authoring.diagram.condition_words import ConditionWords
from engine.language import Message, say
from engine.lifecycle.deadlines.escalation import describe_overdue_step
from engine.lifecycle.deadlines.period_text import describe_limit, describe_period
from engine.lifecycle.expressions.expression import Expression
from engine.lifecycle.model.deadline import ClockRule, Limit
from engine.lifecycle.model.period_mark import mark_text
from engine.lifecycle.model.workflow import Effect, Transition, Verb
from engine.lifecycle.verbs.table import DECLARED
from engine.worktime.periods import OnDay

#: The verbs that lead to a state the definition names.
LEADING = ("void", "return")


@dataclass(frozen=True, slots=True)
class DrawnArrow:
    """One way from a state to a state."""

    source: str
    #: The same state where the case stays.
    target: str
    title: Message
    #: What takes it where no person does, and who where a verb does; empty for a step of a person.
    how: Message | str
    #: The condition in words; empty where it is always taken.
    condition: str
    #: The child cases that are started and ended with it.
    children: tuple[Message, ...]
    stays: bool = False
    #: A verb (作废、退回), which may be there in many states.
    verb: bool = False


@dataclass(frozen=True, slots=True)
class DrawnClock:
    """One clock: its length, and what happens when it is over."""

    id: str
    title: str
    length: Message
    #: One sentence for each thing that happens.
    ends: tuple[Message, ...]


def arrows_of(words: ConditionWords) -> list[DrawnArrow]:
    """Return the arrows of a workflow: its steps in the order they were written, then its verbs."""
    workflow = words.workflow
    found = [
        _step(words, step, source, _outcomes(workflow.transitions, step, source))
        for step in workflow.transitions
        for source in step.sources
    ]
    for state in workflow.states.values():
        for verb in state.verbs.values():
            if verb.id in LEADING:
                found += (_verb(words, verb, state.id, target) for target in verb.to)
    return found


def clocks_of(words: ConditionWords) -> list[DrawnClock]:
    """Return the clocks of a workflow, in the order they were written."""
    return [_clock(words, clock) for clock in words.workflow.clocks.values()]


def _outcomes(steps: Sequence[Transition], step: Transition, source: str) -> list[Transition]:
    """Return the outcomes of a step in a state, this one among them, in the order they are tried."""
    return [one for one in steps if one.id == step.id and source in one.sources]


def _step(words: ConditionWords, step: Transition, source: str, outcomes: list[Transition]) -> DrawnArrow:
    title = say("{title}", title=step.title)
    number = next(n for n, one in enumerate(outcomes, 1) if one is step)
    if len(outcomes) > 1:
        title = say("{title}（{number}）", title=step.title, number=number)
    condition = words.condition(step.when, step.form) if step.when is not None else ""
    if not condition and len(outcomes) > 1:
        condition = str(say("其余情形"))
    children = tuple(line for effect in step.then for line in _children(words, effect, step.form))
    stays = step.target is None or step.target == source
    return DrawnArrow(source, step.target or source, title, _how(words, step), condition, children, stays)


def _how(words: ConditionWords, step: Transition) -> Message | str:
    if step.join is not None:
        values = {"workflow": words.child(step.join.workflow)}
        if not step.join.states:
            return say("“{workflow}”子件全部办结时自动", **values)
        states = words.states(step.join.workflow, step.join.states)
        return say("“{workflow}”子件全部到了“{states}”时自动", states=states, **values)
    if step.after is not None:
        return say("满 {period} 自动", period=describe_period(step.after))
    if step.on_expiry is not None:
        return say("“{clock}”届满时自动", clock=words.workflow.clocks[step.on_expiry].title)
    if step.on_answer is not None:
        return say("系统“{system}”答复时自动", system=step.on_answer)
    return say("自动") if step.automatic else ""


def _children(words: ConditionWords, effect: Effect, form: str | None) -> Iterator[Message]:
    if effect.kind not in ("start", "end"):
        return
    child = words.child(str(effect.arguments[effect.kind]))
    each = effect.arguments.get("each")
    if effect.kind == "end":
        line = say("终止子件“{workflow}”", workflow=child)
    elif isinstance(each, Expression):
        line = say("按{rows}逐个启动子件“{workflow}”", rows=words.value(each, form), workflow=child)
    elif each is not None:
        line = say("为每个抽中的对象启动子件“{workflow}”", workflow=child)
    else:
        line = say("启动子件“{workflow}”", workflow=child)
    if effect.when is not None:
        line = say("{what}（{condition}时）", what=line, condition=words.condition(effect.when, form))
    yield line


def _verb(words: ConditionWords, verb: Verb, source: str, target: str) -> DrawnArrow:
    title = say("{title}", title=verb.title or DECLARED[verb.id].title)
    who = [words.who(name) for name in verb.by]
    how: Message | str = ""
    if who and verb.approve:
        approve = [words.who(name) for name in verb.approve]
        how = say("由{who}提出，{approve}批准", who=who, approve=approve)
    elif who:
        how = say("由{who}办理", who=who)
    children = (say("连同未办结的子件"),) if verb.with_children else ()
    return DrawnArrow(source, target, title, how, "", children, verb=True)


def _clock(words: ConditionWords, clock: ClockRule) -> DrawnClock:
    workflow = words.workflow
    length = _limit(words, clock.limits[0])
    for limit in clock.limits[1:]:
        length = say("{first}；且不晚于：{other}", first=length, other=_limit(words, limit))
    ends = [
        say(
            "届满时{step}，到“{state}”",
            step=step.title,
            state=workflow.states[step.target or step.sources[0]].title,
        )
        for step in workflow.transitions
        if step.on_expiry == clock.id
    ]
    ends += [describe_overdue_step(step, words.who) for step in clock.overdue]
    return DrawnClock(clock.id, clock.title, length, tuple(ends) or (say("届满时只显示逾期"),))


def _limit(words: ConditionWords, limit: Limit) -> Message:
    length = describe_limit(words.workflow, limit)
    mark = mark_text(limit.mark)
    if limit.since is not None and isinstance(limit.length, OnDay):
        length = say("到{day}为止", day=words.value(limit.since))
    elif limit.since is not None:
        length = say("从{day}起，{limit}", day=words.value(limit.since), limit=length)
    if mark:
        length = say("{limit}{mark}", limit=length, mark=mark)
    if limit.when is not None:
        length = say("{condition}时，{limit}", condition=words.condition(limit.when), limit=length)
    return length
