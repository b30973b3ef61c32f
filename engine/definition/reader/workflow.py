"""A workflow file -> `Workflow`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.definition import keywords
from engine.definition.names import workflow_names
from engine.definition.reader.audience import AudienceReader
from engine.definition.reader.deadlines.clocks import ClockReader
from engine.definition.reader.diagnostics import Diagnostics, MappingReader
from engine.definition.reader.fields import FieldReader
from engine.definition.reader.filing.archive import read_archive
from engine.definition.reader.states import StateReader
from engine.definition.reader.steps.effects import EffectReader
from engine.definition.reader.steps.start import read_day, read_start
from engine.definition.reader.steps.transitions import TransitionReader
from engine.definition.reader.texts.english import check_english, read_english
from engine.definition.rule_input import RuleInput
from engine.definition.rules import GRAPH_RULES, blocks_graph
from engine.definition.symbols import SymbolTable, WorkflowOutline
from engine.definition.types import ANY, type_of
from engine.language import say
from engine.lifecycle.effects import ABOVE
from engine.lifecycle.model.workflow import Workflow
from engine.yamltext.nodes import MappingNode, Node, SequenceNode
from engine.yamltext.problem import Problem, Severity


@dataclass(frozen=True, slots=True)
class ReadWorkflow:
    """A workflow without its forms (they are put in when all are read); None where it has errors."""

    workflow: Workflow | None
    forms: frozenset[str]
    problems: tuple[Problem, ...]
    #: Where its parts are; None where they are not sound.
    subject: RuleInput | None = None


def outline_workflow(file: str, node: MappingNode, world: SymbolTable) -> WorkflowOutline | None:
    """Return what other files may know of a workflow, saying nothing about its faults."""
    diagnostics = Diagnostics(file, muted=True)
    part = diagnostics.open(node, "workflow")
    name = diagnostics.read_name(part.value("workflow"), of_file=True) if part is not None else None
    if part is None or name is None:
        return None
    reader = FieldReader(diagnostics, world, None, of_case=True)
    fields = reader.read(part.value("fields"), "case field")
    states = {}
    ends = set()
    branches: dict[str, str] = {}
    clocks = {clock for clock, _, _ in diagnostics.entries(part.value("clocks"))}
    for state, _, value in diagnostics.entries(part.value("states")):
        states[state] = _text(value, "title") or state
        branches |= _branches(diagnostics, value)
        if _said(value, "final"):
            ends.add(state)
        if isinstance(value, MappingNode) and value.get("deadline", *keywords.KEYS["deadline"]) is not None:
            clocks.add(state)
    forms, with_items, starts, ends_children = _mentioned(diagnostics, part)
    steps = [item for item in diagnostics.items(part.value("transitions")) if isinstance(item, MappingNode)]
    done = [effect for item in steps for effect in _effects(item)]
    return WorkflowOutline(
        id=name,
        about=diagnostics.read_word(part.value("about"), keywords.ABOUT) or "none",
        parties=diagnostics.texts(part.value("parties")),
        fields={asked.written: type_of(asked) for asked in fields} | dict.fromkeys(reader.unsure, ANY),
        declared={asked.written: asked for asked in fields},
        states=states,
        ends=frozenset(ends),
        branches=branches,
        forms=frozenset(forms | set(filter(None, branches.values()))),
        with_items=frozenset(with_items),
        starts=frozenset(starts),
        ends_children=frozenset(ends_children),
        clocks=frozenset(clocks),
        below=any(_said(effect, ABOVE) for effect in done),
        draws=any(_is(effect, "commit") for effect in done),
        steps=frozenset(
            step for item in diagnostics.items(part.value("transitions")) if (step := _text(item, "do"))
        ),
    )


def _branches(diagnostics: Diagnostics, state: Node) -> dict[str, str]:
    """Return the tasks side by side in a state, with the form each fills."""
    node = state.get("branches", *keywords.KEYS["branches"]) if isinstance(state, MappingNode) else None
    return {name: _text(value, "form") or "" for name, _, value in diagnostics.entries(node)}


def _mentioned(
    diagnostics: Diagnostics, part: MappingReader
) -> tuple[set[str], set[str], set[str], set[tuple[str, str]]]:
    forms, with_items, starts, ends = set(), set(), set(), set()
    start = part.value("start")
    if isinstance(start, MappingNode):
        forms.add(_text(start, "form") or "")
    for item in diagnostics.items(part.value("transitions")):
        if not isinstance(item, MappingNode):
            continue
        form = _text(item, "form") or ""
        forms.add(form)
        if _said(item, "item_forms"):
            with_items.add(form)
        for effect in _effects(item):
            if isinstance(effect, MappingNode):
                starts.add(_text(effect, "start") or "")
                ends.add((_text(effect, "end") or "", _text(effect, "to") or ""))
    return forms - {""}, with_items - {""}, starts - {""}, {end for end in ends if all(end)}


def _effects(step: MappingNode) -> Iterator[Node]:
    """Yield what a step does, and what it does besides in one of its outcomes."""
    outcomes = step.get("to", *keywords.KEYS["to"])
    for part in (step, *(outcomes.items if isinstance(outcomes, SequenceNode) else ())):
        then = part.get("then", *keywords.KEYS["then"]) if isinstance(part, MappingNode) else None
        yield from then.items if isinstance(then, SequenceNode) else ()


def _text(node: Node, key: str) -> str | None:
    found = node.get(key, *keywords.KEYS[key]) if isinstance(node, MappingNode) else None
    text = getattr(found, "text", None)
    return text if isinstance(text, str) else None


def _is(node: Node, key: str) -> bool:
    """Tell whether a key is written."""
    return isinstance(node, MappingNode) and node.get(key, *keywords.KEYS[key]) is not None


def _said(node: Node, key: str) -> bool:
    """Tell whether a mark is written: its word alone, or ``true``."""
    return _text(node, key) in ("", "true")


def read_workflow(file: str, text: str, node: MappingNode, world: SymbolTable) -> ReadWorkflow:
    """Read a workflow file; all its problems at once, those over the whole only when its parts are sound."""
    diagnostics = Diagnostics(file, text)
    part = diagnostics.open(node, "workflow")
    if part is None:
        return ReadWorkflow(None, frozenset(), tuple(diagnostics.problems))
    english = read_english(diagnostics, part)
    name = diagnostics.read_name(part.value("workflow"), of_file=True)
    own = world.workflows.get(name or "") or WorkflowOutline(name or "")
    names = workflow_names(own, world)
    parties = diagnostics.texts(part.value("parties"))
    _check_parties(diagnostics, part, world)
    fields = FieldReader(diagnostics, world, None, of_case=True).read(part.value("fields"), "case field")
    audience = AudienceReader(diagnostics, world, parties)
    clocks = ClockReader(diagnostics, audience, names, own.clocks)
    clocks.read_policy(part.value("policy"))
    states = StateReader(diagnostics, audience, names, clocks, own.states)
    states.read_states(part.value("states"), states.read_verbs(part.value("verbs")))
    clocks.read_clocks(part.value("clocks"), states.states, states.state_places)
    effects = EffectReader(diagnostics, world, own, audience)
    steps = TransitionReader(
        diagnostics, world, audience, effects, names, clocks, states.states, states.state_places
    )
    for state, branches in states.branches.items():
        steps.read_branches(state, branches)
    start = read_start(diagnostics, part.value("start"), audience, steps)
    states.left_over(part.value("steps"), "step of several")
    steps.read(part.value("transitions"))
    if "transitions" not in part.entries:
        message = say("流程里没有步骤")
        hint = say(
            "一个环节的步骤写在环节的 steps（步骤）里，几个环节共用的写在流程的 steps 里，写明 from（从）"
        )
        diagnostics.report("missing-key", part.key("states"), message, hint)
    initial = _initial(diagnostics, part, states)
    archive = read_archive(diagnostics, part.value("archive"), names, own, world)
    workflow = Workflow(
        id=own.id,
        title=diagnostics.read_text(part.value("title")) or "",
        about=diagnostics.read_word(part.value("about"), keywords.ABOUT) or "none",
        initial=initial,
        states=states.states,
        transitions=tuple(steps.transitions),
        clocks=clocks.clocks,
        parties={**parties, **audience.titles()},
        superiors=audience.superiors,
        fields={asked.name: asked for asked in fields},
        start_by=start.by,
        start_form=start.form,
        start_then=start.then,
        calendar_start=start.calendar,
        archive=archive,
        effective=read_day(diagnostics, part.value("effective")),
        basis=diagnostics.read_text(part.value("basis")),
        help=diagnostics.read_text(part.value("help")),
        english=english,
    )
    check_english(diagnostics, part)
    subject: RuleInput | None = None
    if not any(blocks_graph(problem) for problem in diagnostics.problems):
        subject = RuleInput(
            workflow=workflow,
            world=world,
            top=part.key("workflow"),
            initial=part.value("initial") or node,
            states=states.state_places,
            steps=[
                (step, {key: place for key, (place, _) in at.entries.items()})
                for step, at in zip(steps.transitions, steps.places, strict=True)
            ],
            clocks=clocks.places,
            reminders=clocks.reminders,
            requirements=steps.requirements,
            started=frozenset(effects.started),
            values=[{key: value for key, (_, value) in at.entries.items()} for at in steps.places],
            written=diagnostics.written,
        )
        for rule in GRAPH_RULES:
            for finding in rule.check(subject):
                diagnostics.report(rule.id, finding.node, finding.message, finding.hint, finding.severity)
    sound = not any(problem.severity is Severity.ERROR for problem in diagnostics.problems)
    return ReadWorkflow(
        workflow if sound else None, frozenset(steps.forms), tuple(diagnostics.problems), subject
    )


def _check_parties(diagnostics: Diagnostics, part: MappingReader, world: SymbolTable) -> None:
    """A party whose name is a role's or a name of the language would hide it."""
    taken = workflow_names(WorkflowOutline(""), world)
    for name, key, _ in Diagnostics(diagnostics.file, muted=True).entries(part.value("parties")):
        if name in taken or name in ("form", "it"):
            diagnostics.report(
                "bad-name", key, say("“{name}”是系统用的名字", name=name), say("请给参与人换一个编号")
            )
        elif world.bureau is not None and name in world.bureau.roles:
            diagnostics.report(
                "bad-name", key, say("“{name}”已是角色的编号", name=name), say("请给参与人换一个编号")
            )


def _initial(diagnostics: Diagnostics, part: MappingReader, states: StateReader) -> str:
    """Return where a case begins: the state that is named, else the first."""
    node = part.value("initial")
    if "initial" not in part.entries:
        return next(iter(states.states), "")
    name = diagnostics.read_name(node)
    if name is None or node is None:
        return ""
    if name not in states.state_places:
        message = say("没有环节“{name}”", name=name)
        diagnostics.unknown("unknown-state", node, message, name, states.state_places)
    return name
