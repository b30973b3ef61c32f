"""What a rule over a whole workflow looks at: the workflow as read, and where each of its parts is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from engine.definition.symbols import SymbolTable
from engine.language import Message
from engine.lifecycle.model.deadline import Reminder
from engine.lifecycle.model.requirement import Requirement
from engine.lifecycle.model.workflow import Transition, Workflow
from engine.yamltext.nodes import Node
from engine.yamltext.problem import Severity


@dataclass(frozen=True, slots=True)
class RuleFinding:
    """What a rule found, and where."""

    node: Node
    message: Message
    hint: Message | None = None
    severity: Severity | None = None
    #: The file `node` is in, where that is not the one that is judged: a form of a workflow.
    file: str | None = None


@dataclass(frozen=True, slots=True)
class RuleInput:
    """One workflow whose parts and references are sound."""

    workflow: Workflow
    world: SymbolTable
    #: The first key of the file.
    top: Node
    initial: Node
    states: Mapping[str, Node]
    #: The transitions with the places of their keys, in the order written.
    steps: Sequence[tuple[Transition, Mapping[str, Node]]]
    #: Every clock, and where its deadline is written.
    clocks: Mapping[str, Node]
    reminders: Sequence[tuple[str, Reminder, Node]]
    requirements: Sequence[tuple[Requirement, Node]]
    #: Workflows this one starts.
    started: frozenset[str]
    #: The values written at the keys of each step, in the order of `steps`.
    values: Sequence[Mapping[str, Node]] = ()
    #: The identity of an expression or a text -> it, and where it is written.
    written: Mapping[int, tuple[object, Node]] = field(default_factory=dict)
