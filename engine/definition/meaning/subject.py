"""What a rule over the meaning looks at: a sound workflow with its forms, everything loaded beside it, and the places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.definition import keywords
from engine.definition.meaning.ways import Ways, entries_of
from engine.definition.rule_input import RuleInput
from engine.lifecycle.expressions.expression import Expression
from engine.lifecycle.expressions.template import Template
from engine.lifecycle.model.archive_rule import ArchivePiece
from engine.lifecycle.model.bureau import Bureau
from engine.lifecycle.model.form import Form
from engine.lifecycle.model.workflow import Effect, Workflow
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
class MeaningInput:
    """One sound workflow among all that were loaded."""

    workflow: Workflow
    read: RuleInput
    others: Mapping[str, Workflow]
    bureau: Bureau | None
    _ways: Ways | None = field(default=None)
    #: The ways through each workflow that has been asked for, for all that are loaded together.
    known: dict[str, Ways] = field(default_factory=dict)

    @property
    def ways(self) -> Ways:
        """Return all ways through the workflow, worked out once."""
        if self._ways is None:
            self._ways = self.ways_of(self.workflow)
        return self._ways

    def ways_of(self, workflow: Workflow) -> Ways:
        """Return all ways through one of the workflows loaded together, worked out once."""
        found = self.known.get(workflow.id)
        if found is None:
            found = self.known[workflow.id] = Ways(workflow, entries_of(workflow, self.others.values()))
        return found

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
        then = self.read.values[step].get("then")
        for item in then.items if isinstance(then, SequenceNode) else ():
            if item.line == effect.line and isinstance(item, MappingNode):
                return _inside(item, names)
        return self.key(step, "then")


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
