"""What a rule over the meaning looks at: a sound workflow with its forms, everything loaded beside it, and the places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.definition import graph, keywords
from engine.definition.meaning.names_read import walked
from engine.definition.meaning.ways import Ways, entries_of
from engine.definition.rule_input import RuleInput
from engine.lifecycle.expressions.expression import Expression, Name
from engine.lifecycle.expressions.template import Template
from engine.lifecycle.model.archive_rule import ArchivePiece
from engine.lifecycle.model.bureau import Bureau
from engine.lifecycle.model.form import Form
from engine.lifecycle.model.workflow import Effect, Transition, Workflow
from engine.yamltext.nodes import MappingNode, Node, ScalarNode, SequenceNode


@dataclass(frozen=True, slots=True)
class FormPlaces:
    """A form and where its expressions are written."""

    form: Form
    written: Mapping[int, tuple[object, Node]]
    top: Node

    def place(self, expression: Expression | None) -> Node:
        """Return where an expression is written."""
        found = self.written.get(id(expression))
        return found[1] if found is not None else self.top


@dataclass(slots=True)
class KnownOfAll:
    """What has been worked out of the workflows that are loaded together, for all of them."""

    #: The ways through each workflow that has been asked for.
    ways: dict[str, Ways] = field(default_factory=dict)
    #: What `engine.definition.meaning.public.texts` found out of the titles the public sees.
    titles_shown: frozenset[str] | None = None
    #: What `engine.definition.meaning.answers.of_any_case` found out of the facts that hold a personal answer.
    personal_facts: frozenset[tuple[str, str]] | None = None
    #: What the rule `never-answered` asks of each form.
    asked_of_forms: dict[str, list[Any]] = field(default_factory=dict)
    #: The forms that are reported on, each with the name of its file.
    forms: dict[str, tuple[str, FormPlaces]] = field(default_factory=dict)


@dataclass(slots=True)
class MeaningInput:
    """One sound workflow among all that were loaded."""

    workflow: Workflow
    read: RuleInput
    others: Mapping[str, Workflow]
    bureau: Bureau | None
    _ways: Ways | None = field(default=None)
    known: KnownOfAll = field(default_factory=KnownOfAll)
    _leaving: Mapping[str, Sequence[tuple[int, Transition]]] | None = None
    _numbers: Mapping[str, frozenset[int]] | None = None
    #: The effects of a step as they are written, by their lines.
    _effects: dict[int, dict[int, MappingNode]] = field(default_factory=dict)
    #: What `engine.definition.meaning.answers.values_there` works out, for the rules that ask for it.
    values: Any = None
    _paths: dict[int, tuple[Expression, tuple[tuple[str, ...], ...]]] = field(default_factory=dict)
    #: What `engine.definition.meaning.gaps` found out of the texts a field of the case is given.
    texts: dict[str, list[str] | None] = field(default_factory=dict)

    def leaving(self, state: str) -> Sequence[tuple[int, Transition]]:
        """Return the steps that may be taken from a state with their numbers, in the order they were written."""
        if self._leaving is None:
            self._leaving = graph.leaving(self.workflow)
        return self._leaving.get(state, ())

    def numbers_of(self, step: str) -> frozenset[int]:
        """Return the numbers of the steps of a name."""
        if self._numbers is None:
            found: dict[str, set[int]] = {}
            for number, one in enumerate(self.workflow.transitions):
                found.setdefault(one.id, set()).add(number)
            self._numbers = {name: frozenset(numbers) for name, numbers in found.items()}
        return self._numbers[step]

    @property
    def ways(self) -> Ways:
        """Return all ways through the workflow, worked out once."""
        if self._ways is None:
            self._ways = self.ways_of(self.workflow)
        return self._ways

    def ways_of(self, workflow: Workflow) -> Ways:
        """Return all ways through one of the workflows loaded together, worked out once."""
        found = self.known.ways.get(workflow.id)
        if found is None:
            found = self.known.ways[workflow.id] = Ways(workflow, entries_of(workflow, self.others.values()))
        return found

    def paths(self, expression: Expression) -> tuple[tuple[str, ...], ...]:
        """Return the names an expression reads."""
        found = self._paths.get(id(expression))
        if found is None:
            parts = walked(expression.node)
            paths = tuple(part.path for part in parts if isinstance(part, Name))
            # Kept with its expression: another one made later could have the same identity.
            found = self._paths[id(expression)] = (expression, paths)
        return found[1]

    def place(self, expression: Expression | Template | None, otherwise: Node) -> Node:
        """Return where an expression or a text is written."""
        found = self.read.written.get(id(expression))
        return found[1] if found is not None else otherwise

    def piece(self, piece: ArchivePiece) -> Node:
        """Return where a piece of the file of a case is written."""
        found = self.read.written.get(id(piece))
        return found[1] if found is not None else self.read.top

    def key(self, step: int, *names: str) -> Node:
        """Return where a key of a step is written: of several the first that is."""
        places = self.read.steps[step][1]
        return next((places[name] for name in names if name in places), places["do"])

    def argument(self, step: int, effect: Effect, *names: str) -> Node:
        """Return where an argument of an effect is written, or one of its entries: ``with`` and the name of the field."""
        if step not in self._effects:
            then = self.read.values[step].get("then")
            listed = then.items if isinstance(then, SequenceNode) else ()
            # Of several on one line the first.
            self._effects[step] = {
                item.line: item for item in reversed(listed) if isinstance(item, MappingNode)
            }
        item = self._effects[step].get(effect.line)
        return self.key(step, "then") if item is None else _inside(item, names)


def _inside(node: MappingNode, names: tuple[str, ...]) -> Node:
    place: Node = node
    for name in names:
        found = next(
            (
                (key, value)
                for key, value in (node.texts() if isinstance(node, MappingNode) else ())
                if isinstance(key, ScalarNode) and name in (key.text, keywords.canonical(key.text))
            ),
            None,
        )
        if found is None:
            return place
        place = found[0]
        node = found[1]  # type: ignore[assignment]
    return place
