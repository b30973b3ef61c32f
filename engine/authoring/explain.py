"""What a rule, a state or a deadline is about, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.definition.library import Loaded
from engine.definition.meaning.names_read import Fact
from engine.definition.meaning.ways import Ways, entries_of
from engine.definition.rules import RULES
from engine.language import Message, say
from engine.lifecycle.model.workflow import Workflow


def explain_rule(name: str) -> list[str]:
    """Return what a rule asks for, with its two examples; nothing for a rule that does not exist."""
    rule = RULES.get(name)
    if rule is None:
        return []
    lines = [f"{rule.id} [{rule.severity.value}]", str(rule.text)]
    for heading, text in ((say("不对的写法："), rule.wrong), (say("对的写法："), rule.right)):
        if text:
            lines += ["", str(heading), *(f"    {line}" for line in text.rstrip("\n").split("\n"))]
    return lines


def explain_part(loaded: Loaded, name: str) -> list[str]:
    """Return what is true of ``WORKFLOW.STATE`` or ``WORKFLOW.CLOCK``; nothing where there is none."""
    first, _, second = name.partition(".")
    workflow = loaded.workflows.get(first)
    if workflow is None:
        return []
    lines: list[str] = []
    if second in workflow.states:
        lines += map(str, _state(workflow, second, loaded.workflows))
    if second in workflow.clocks and second not in workflow.states:
        lines += map(str, _clock(workflow, second))
    return lines


def explain_state(
    workflow: Workflow, name: str, others: Mapping[str, Workflow] | None = None
) -> list[Message]:
    """Return what is true of a state of a workflow; `others` are the workflows that may start it."""
    return list(_state(workflow, name, others or {workflow.id: workflow}))


def _state(workflow: Workflow, name: str, others: Mapping[str, Workflow]) -> Iterator[Message]:
    state = workflow.states[name]
    yield say("{workflow}·{state}（{id}）", workflow=workflow.title, state=state.title, id=name)
    if state.help:
        yield say("说明：{help}", help=state.help)
    if state.audience:
        yield say("由谁办：{who}", who=[workflow.parties.get(one, one) for one in state.audience])
    into = [step.title for step in workflow.transitions if step.target == name]
    out = [step.title for step in workflow.leaving(name)]
    yield say("怎样进来：{steps}", steps=list(dict.fromkeys(into)) or [say("启动")])
    if out:
        yield say("怎样出去：{steps}", steps=list(dict.fromkeys(out)))
    clocks = [clock.title for clock in workflow.clocks.values() if name in clock.during]
    if clocks:
        yield say("在这里计时：{clocks}", clocks=clocks)
    ways = Ways(workflow, entries_of(workflow, others.values()))
    sure = ways.must().get(name, frozenset())
    may = ways.may().get(name, frozenset()) - sure
    if sure:
        yield say("到这里时一定有：{names}", names=_names(sure))
    if may:
        yield say("到这里时可能有：{names}", names=_names(may))


def _clock(workflow: Workflow, name: str) -> Iterator[Message]:
    clock = workflow.clocks[name]
    yield say("{workflow}·时限“{clock}”（{id}）", workflow=workflow.title, clock=clock.title, id=name)
    yield say(
        "在哪些环节计时：{states}",
        states=[workflow.states[one].title for one in workflow.states if one in clock.during],
    )
    if clock.since is not None:
        yield say("从哪一天起算：{since}", since=clock.since.source)
    if clock.starts_on:
        yield say("由哪一步起计：{steps}", steps=list(clock.starts_on))
    if clock.pauses_in:
        yield say(
            "在哪些环节停计：{states}", states=[workflow.states[one].title for one in sorted(clock.pauses_in)]
        )
    if clock.basis:
        yield say("依据：{basis}", basis=clock.basis)


def _names(facts: frozenset[Fact]) -> list[str]:
    return sorted(f"{kind}.{name}" if kind != "parties" else name for kind, name in facts)
