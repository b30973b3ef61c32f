"""A clock that is started, stopped or paused where it does not run."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definition.meaning.effect_reads import expressions_of
from engine.definition.meaning.subject import MeaningInput
from engine.definition.rule_input import RuleFinding, RuleInput
from engine.definition.rules.rule import Rule
from engine.kernel.did_you_mean import did_you_mean
from engine.language import say
from engine.lifecycle.expressions.expression import Expression
from engine.lifecycle.model.deadline import ClockRule
from engine.lifecycle.model.workflow import Effect
from engine.yamltext.problem import Severity


def check(subject: RuleInput) -> Iterator[RuleFinding]:
    """Yield what is written in ``starts_on``, ``stops_on`` and ``pauses_in`` and can have no effect."""
    for name, clock in subject.workflow.clocks.items():
        place = subject.clocks[name]
        for state in sorted(clock.pauses_in - clock.during):
            yield RuleFinding(
                place,
                say("时限“{clock}”在环节“{state}”停计，而那里不在它的期间内", clock=name, state=state),
                say("请把“{state}”写进 during（期间）", state=state),
            )
        if clock.pauses_in and clock.pauses_in >= clock.during:
            yield RuleFinding(place, say("时限“{clock}”在它的所有环节都停计，永远不会到期", clock=name))
        for step in clock.starts_on:
            yield from _start(subject, clock, step)
        for step in clock.stops_on:
            yield from _stop(subject, clock, step)
    yield from _expiries(subject)


def _expiries(subject: RuleInput) -> Iterator[RuleFinding]:
    for step, places in subject.steps:
        if step.on_expiry is None:
            continue
        clock = subject.workflow.clocks.get(step.on_expiry)
        if clock is None:
            # What is wrong with the clock itself is a finding of its reader.
            continue
        for state in sorted(set(step.sources) - clock.during):
            yield RuleFinding(
                places["on_expiry"],
                say("时限“{clock}”在环节“{state}”不计时，那里等不到它届满", clock=clock.id, state=state),
                say("请把“{state}”写进 during（期间）", state=state),
            )


def check_steps(subject: MeaningInput) -> Iterator[RuleFinding]:
    """Yield the publications held against a clock that runs in no state they are made in, and what is read of such a clock."""
    yield from _read(subject)
    clocks = subject.workflow.clocks
    for number, step in enumerate(subject.workflow.transitions):
        for effect in step.then:
            name = effect.arguments.get("clock") if effect.kind == "publish" else None
            if name is None or name not in clocks or clocks[name].during & set(step.sources):
                continue
            yield RuleFinding(
                subject.argument(number, effect, "clock"),
                say(
                    "“{step}”的公示按时限“{clock}”算是否逾期，而它在这一步的环节不计时",
                    step=step.title,
                    clock=clocks[name].title or name,
                ),
                say("请写在这一步的环节计时的时限"),
                Severity.WARNING,
            )


def _read(subject: MeaningInput) -> Iterator[RuleFinding]:
    clocks = subject.workflow.clocks
    for number, step in enumerate(subject.workflow.transitions):
        sources = set(step.sources)
        read: list[tuple[Expression, Effect | None, tuple[str, ...]]] = [
            *((one.expression, None, ("require", "when", "to")) for one in step.conditions),
            *((one.that.expression, None, ("warn",)) for one in step.warn),
        ]
        for effect in step.then:
            read += [(one, effect, keys) for keys, some in expressions_of(effect) for one in some]
        for expression, by, keys in read:
            paths = subject.paths(expression)
            for name in sorted(
                {path[1] for path in paths if path[0] == "clocks" and path[1:]} & clocks.keys()
            ):
                if not sources or clocks[name].during & sources:
                    continue
                place = (
                    subject.place(expression, subject.key(number, *keys))
                    if by is None
                    else subject.argument(number, by, *keys)
                )
                running = [other for other, clock in clocks.items() if clock.during & sources]
                yield RuleFinding(
                    place,
                    say(
                        "“{step}”读时限“{clock}”，而它在这一步的环节不计时，没有可读的",
                        step=step.title,
                        clock=clocks[name].title or name,
                    ),
                    say("在那里计时的：{clocks}", clocks=running) if running else None,
                    Severity.WARNING,
                )


def _start(subject: RuleInput, clock: ClockRule, step: str) -> Iterator[RuleFinding]:
    place = subject.clocks[clock.id]
    found = [t for t in subject.workflow.transitions if t.id == step]
    if not found:
        yield _unknown(subject, clock, step)
    elif not any(state in clock.during for t in found for state in ((t.target,) if t.target else t.sources)):
        yield RuleFinding(
            place,
            say("时限“{clock}”由“{step}”起计，而“{step}”之后的环节不在它的期间内", clock=clock.id, step=step),
        )


def _stop(subject: RuleInput, clock: ClockRule, step: str) -> Iterator[RuleFinding]:
    place = subject.clocks[clock.id]
    found = [t for t in subject.workflow.transitions if t.id == step]
    if not found:
        yield _unknown(subject, clock, step)
    elif not any(clock.during & set(t.sources) for t in found):
        yield RuleFinding(
            place,
            say("时限“{clock}”由“{step}”止计，而“{step}”不从它的期间内办理", clock=clock.id, step=step),
        )


def _unknown(subject: RuleInput, clock: ClockRule, step: str) -> RuleFinding:
    known = {t.id for t in subject.workflow.transitions}
    return RuleFinding(
        subject.clocks[clock.id],
        say("时限“{clock}”提到的动作“{step}”不存在", clock=clock.id, step=step),
        did_you_mean(step, known),
    )


RULE = Rule(
    id="clock-out-of-place",
    severity=Severity.ERROR,
    text=say("时限的起计、止计动作须存在并落在它的期间内，停计环节须在它的期间内。"),
    wrong="""\
states:
  open: {title: 待办, for: clerk}
  waiting: {title: 待补正, for: clerk}
  done: {title: 办结, final}
clocks:
  handle: {title: 办理, during: open, deadline: 20 working days, pauses_in: waiting}
transitions:
  - {do: ask, title: 要求补正, from: open, to: waiting}
  - {do: receive, title: 收到补正, from: waiting, to: open}
  - {do: finish, title: 办结, from: open, to: done}
""",
    right="""\
states:
  open: {title: 待办, for: clerk}
  waiting: {title: 待补正, for: clerk}
  done: {title: 办结, final}
clocks:
  handle: {title: 办理, during: [open, waiting], deadline: 20 working days, pauses_in: waiting}
transitions:
  - {do: ask, title: 要求补正, from: open, to: waiting}
  - {do: receive, title: 收到补正, from: waiting, to: open}
  - {do: finish, title: 办结, from: open, to: done}
""",
    check=check,
    meaning=check_steps,
    blocks_graph=False,
)
