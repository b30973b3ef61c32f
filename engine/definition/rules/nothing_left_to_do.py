"""A state in which a case can stand for ever: no task, no clock, no child, no day and no step of the engine brings it on."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from engine.definition.meaning.answers.values_there import Answers, ValuesThere
from engine.definition.meaning.conditions import example, gap_of_steps
from engine.definition.meaning.domains import MayBeMissing, Path
from engine.definition.meaning.fields_known import missing_unless
from engine.definition.meaning.gaps import changes_by_itself, fields_kept, may_be_written
from engine.definition.meaning.names_read import walked
from engine.definition.meaning.subject import MeaningInput
from engine.definition.meaning.waits.clock_runs import Runs, runs_in
from engine.definition.meaning.waits.of_each_other import parents_that_wait, started_before
from engine.definition.meaning.waits.settled import Settling, UnknownError
from engine.definition.rule_input import RuleFinding
from engine.definition.rules.rule import Rule
from engine.language import Message, say
from engine.lifecycle.expressions.expression import ExpressionNode, Literal, Logic, Name
from engine.lifecycle.model.form import Form
from engine.lifecycle.model.workflow import State, Transition
from engine.yamltext.problem import Severity


def check(subject: MeaningInput) -> Iterator[RuleFinding]:
    """Yield the states in which nothing may be left to do."""
    workflow, ways = subject.workflow, subject.ways
    for name, state in workflow.states.items():
        if state.final or name not in ways.may():
            continue
        leaving = [
            (number, step) for number, step in subject.leaving(name) if step.target not in (None, name)
        ]
        if any(_comes_by_itself(subject, name, step) for _, step in leaving):
            continue
        by_engine = [(n, step) for n, step in leaving if _waits_for_more(subject, name, step)]
        by_people = [step for _, step in leaving if not step.by_engine]
        if by_people and (state.audience or any(step.by for step in by_people)):
            yield from _gap(subject, name, [*(step for _, step in by_engine), *by_people], people=True)
            continue
        if by_engine:
            yield from _gap(subject, name, [step for _, step in by_engine], people=False)
            yield from _each_other(subject, name, by_engine)
        elif leaving:
            yield from _never_expires(subject, name)


def _comes_by_itself(subject: MeaningInput, state: str, step: Transition) -> bool:
    """Tell whether time or a child brings the step."""
    if step.on_expiry is not None:
        clock = subject.workflow.clocks[step.on_expiry]
        return step.when is None and runs_in(subject.ways, clock, state) is Runs.ALWAYS
    return bool(step.join or step.after) and step.when is None


def _waits_for_more(subject: MeaningInput, state: str, step: Transition) -> bool:
    """Tell whether the engine takes a step under a condition: of its own, or besides the time or the child that brings it."""
    if step.on_expiry is not None:
        clock = subject.workflow.clocks[step.on_expiry]
        runs = runs_in(subject.ways, clock, state)
        return step.when is not None and runs in (Runs.ALWAYS, Runs.SOMETIMES)
    return step.automatic or (step.when is not None and bool(step.join or step.after))


def _never_expires(subject: MeaningInput, state: str) -> Iterator[RuleFinding]:
    waiting = [step for _, step in subject.leaving(state) if step.on_expiry is not None]
    if not waiting or any(step.when is not None for step in waiting):
        return
    clock = subject.workflow.clocks[str(waiting[0].on_expiry)]
    runs = runs_in(subject.ways, clock, state)
    names = {"state": subject.workflow.states[state].title, "clock": clock.title}
    if runs is Runs.PAUSED:
        message = say("案件会一直停在环节“{state}”：时限“{clock}”在这里停计，等不到它届满", **names)
        hint = say("请把这个环节从 pauses_in（停计环节）里去掉，或加一步由人办理")
    elif runs is Runs.NEVER:
        message = say(
            "案件会一直停在环节“{state}”：时限“{clock}”到这里时没有起计或者已经停了，等不到它届满", **names
        )
        hint = say("请核对时限的 starts_on（起计动作）和 stops_on（停止动作）")
    else:
        message = say(
            "案件会一直停在环节“{state}”：按有的走法，时限“{clock}”到这里时没有起计或者已经停了，等不到它届满",
            **names,
        )
        hint = say("请核对时限的 starts_on（起计动作）和 stops_on（停止动作），或加一步由人办理")
    yield RuleFinding(subject.read.states[state], message, hint)


def _each_other(
    subject: MeaningInput, state: str, steps: list[tuple[int, Transition]]
) -> Iterator[RuleFinding]:
    """Yield that a case waits for its parent, which waits for it."""
    for parent, name in parents_that_wait(subject, steps):
        yield RuleFinding(
            subject.read.states[state],
            say(
                "案件会一直停在环节“{state}”：它等上级案件“{parent}”的 {name}，而上级案件先要等它办完才记 {name}",
                state=subject.workflow.states[state].title,
                parent=parent.title,
                name=name,
            ),
            say("请让上级案件在等它以前就记下 {name}，或加一步由人办理", name=name),
        )


def _gap(
    subject: MeaningInput, state: str, steps: list[Transition], *, people: bool
) -> Iterator[RuleFinding]:
    found = _gap_of(subject, state, steps, staying=False, people=people)
    if found is None:
        # A step that stays may bring about what is asked for, or stand in the way of an outcome behind it.
        every = [
            step
            for _, step in subject.leaving(state)
            if not step.by_engine or _waits_for_more(subject, state, step)
        ]
        if len(every) > len(steps):
            found = _gap_of(subject, state, every, staying=True, people=people)
    if found is not None:
        yield found


def _gap_of(
    subject: MeaningInput, state: str, steps: list[Transition], *, staying: bool, people: bool
) -> RuleFinding | None:
    """Return the finding where for some answers none of some steps can be taken; `staying`: they are all there are."""
    form = (
        subject.workflow.forms.get(steps[0].form or "") if len({step.form for step in steps}) == 1 else None
    )
    if form is None and any(step.form for step in steps):
        return None
    steps = _without_special_outcomes(steps)
    first = {step.id: step for step in reversed(steps)}
    if any(step.when is None for step in first.values()):
        return None
    if not staying and any(
        _asked_again(subject, state, step) or (step.when and may_be_written(subject, state, _node(step)))
        for step in steps
    ):
        return None
    field_of = fields_kept(subject, form)
    missing = missing_unless(subject.ways.must().get(state, frozenset()), field_of)
    branches = tuple(step for _, step in subject.leaving(state) if step.branch)
    settling = Settling(branches, subject.others, missing, partial(started_before, subject.ways, state))
    outcomes = _outcomes(steps, settling, people=people)
    otherwise = any(None in found for found in outcomes)
    if otherwise:
        # With an outcome for all other answers only a condition that has no answer is in the way.
        missing = _of_the_case(missing)
        steps = [step for step in steps if _may_lack(step, missing)]
    values = ValuesThere.of(subject)
    there = partial(_there, values, form, state)
    gap = gap_of_steps(outcomes, field_of, missing, there) if outcomes and steps else None
    if gap is None:
        return None
    found = gap.answers
    asked = [say("{condition}不成立", condition=step.when.expression.source) for step in steps if step.when]
    shown = example(found, field_of, settling.words) if found else say("{answers}", answers=asked)
    place = subject.read.states[state]
    if people and len({step.id for step in steps}) == 1:
        number, last = subject.workflow.transitions.index(steps[-1]), steps[-1].when
        place = subject.place(
            last.expression if last is not None else None, subject.key(number, "when", "do")
        )
    return RuleFinding(
        place,
        *_said(subject.workflow.states[state], shown, otherwise=otherwise, people=people),
        # Where it is somebody's task, it is seen to stand. Some numbers are not followed: they may not come about.
        Severity.WARNING if people or not gap.sure else None,
    )


def _without_special_outcomes(steps: list[Transition]) -> list[Transition]:
    """Return steps without the outcomes whose place another outcome of the same step takes while they have not come about.

    Such is an outcome that asks for what the other asks for, and besides for what changes by itself: where it fails for that,
    the step is taken with the other outcome.
    """
    kept, asked = [], {(step.id, *map(repr, _parts(step))) for step in steps}
    for step in steps:
        parts = _parts(step)
        still = [part for part in parts if not changes_by_itself(part)]
        if len(still) == len(parts) or (step.id, *map(repr, still)) not in asked:
            kept.append(step)
    return kept


def _parts(step: Transition) -> list[ExpressionNode]:
    """Return what the condition of a step asks for, each part joined by ``and`` for itself."""
    if step.when is None:
        return []
    node = step.when.expression.node
    return list(node.items) if isinstance(node, Logic) and node.op == "and" else [node]


def _there(values: ValuesThere, form: Form | None, state: str, path: Path) -> Answers | None:
    """Return the answers to a question there can be in a state; None where they are not known, or the form that is filled in asks it."""
    if path[0] not in ("case", "forms") or (form is not None and path[:2] == ("forms", form.id)):
        return None
    return values.before(path, [state])


def _node(step: Transition) -> ExpressionNode:
    return step.when.expression.node if step.when is not None else Literal(True)


def _outcomes(
    steps: list[Transition], settling: Settling, *, people: bool
) -> list[list[ExpressionNode | None]]:
    """Return the conditions of the outcomes of each step as they are at last; none where nothing can be in the way, or be said."""
    found: dict[str, list[ExpressionNode | None]] = {}
    for step in steps:
        found.setdefault(step.id, []).append(_node(step) if step.when is not None else None)
    if not any(changes_by_itself(_node(step)) for step in steps):
        return list(found.values())
    if people:
        return []
    try:
        return [
            [None if node is None else settling.of(node) for node in outcomes] for outcomes in found.values()
        ]
    except UnknownError:
        return []


def _said(state: State, shown: Message, *, otherwise: bool, people: bool) -> tuple[Message, Message]:
    """Return what is said of a state in which nothing is left to do, and what to do about it."""
    if otherwise:
        message = say(
            "环节“{state}”：{example}时条件没有答案，后面的去向也轮不到，办不下去",
            state=state.title,
            example=shown,
        )
        return message, say("请先问填了没有：filled(…) and …，或写成 … == true")
    if people:
        message = say(
            "环节“{state}”的各步都有条件，{example}时哪一步都办不了，案件停在这里",
            state=state.title,
            example=shown,
        )
    else:
        message = say(
            "案件会一直停在环节“{state}”：{example}时，没有待办，没有时限，也没有哪一步自动办理",
            state=state.title,
            example=shown,
        )
    if people or state.audience:
        return message, say("请给最后一步去掉 when（当），或加一步由人办理")
    return message, say("请给最后一步去掉 when（当），或写由谁办（for）")


def _asked_again(subject: MeaningInput, state: str, step: Transition) -> bool:
    """Tell whether a step stays for all other answers of its form: it is taken again, and answered otherwise then."""
    nodes = walked(step.when.expression.node) if step.when is not None else ()
    return any(isinstance(part, Name) and part.path[0] == "form" for part in nodes) and any(
        other.id == step.id and other.target in (None, state) and other.when is None
        for _, other in subject.leaving(state)
    )


def _may_lack(step: Transition, missing: MayBeMissing) -> bool:
    """Tell whether the condition of a step may have no answer."""
    parts = walked(step.when.expression.node) if step.when is not None else ()
    return any(isinstance(part, Name) and missing(part.path) for part in parts)


def _of_the_case(may_be_missing: MayBeMissing) -> MayBeMissing:
    """Return the same but for the form that is filled in: whoever does can fill in what is asked."""

    def missing(path: Path) -> bool:
        return path[0] != "form" and may_be_missing(path)

    return missing


RULE = Rule(
    id="nothing-left-to-do",
    severity=Severity.ERROR,
    text=say("案件在每个环节都有待办、时限、子案件或自动办理把它带下去。"),
    wrong="""\
fields:
  - found: {title: 发现问题, boolean}
states:
  open: {title: 待办, for: clerk}
  judged: {title: 已判断}
  done: {title: 办结, final}
transitions:
  - {do: judge, title: 判断, from: open, to: judged, form: onsite_check, then: [{set: {found: = form.refused}}]}
  - {do: close, title: 办结, from: judged, to: done, automatic, when: case.found}
""",
    right="""\
fields:
  - found: {title: 发现问题, boolean}
states:
  open: {title: 待办, for: clerk}
  judged: {title: 已判断}
  done: {title: 办结, final}
transitions:
  - {do: judge, title: 判断, from: open, to: judged, form: onsite_check, then: [{set: {found: = form.refused}}]}
  - {do: again, title: 重办, from: judged, to: open, automatic, when: not case.found}
  - {do: close, title: 办结, from: judged, to: done, automatic}
""",
    meaning=check,
    blocks_graph=False,
)
