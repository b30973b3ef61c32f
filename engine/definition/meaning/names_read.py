"""Which forms, fields, parties and clocks an expression reads, and which of them it asks about first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from engine.lifecycle.expressions.expression import Call, ExpressionNode, Name
from engine.lifecycle.expressions.rows import Asked
from engine.lifecycle.model.workflow import Workflow

#: ``("forms", form)``, ``("case", field)``, ``("parties", party)`` or ``("clocks", clock)``.
Fact = tuple[str, str]
#: Functions that have an answer where nothing was written.
MISSING_IS_FINE = ("filled", "empty", "first_filled")


def walked(node: ExpressionNode) -> Sequence[ExpressionNode]:
    """Return a node and every node below it."""
    parts = node.parts()
    if not parts:
        return (node,)
    found, waiting = [node], list(parts)
    while waiting:
        below = waiting.pop()
        found.append(below)
        waiting.extend(below.parts())
    return found


def fact_of(path: tuple[str, ...], workflow: Workflow) -> Fact | None:
    """Return what a name reads of a case of `workflow`; None where it reads something that is always there."""
    root, rest = path[0], path[1:]
    if root == "forms" and rest and rest[0] in workflow.forms:
        return ("forms", rest[0])
    if root == "case" and rest and rest[0] in workflow.fields:
        return ("case", rest[0])
    return ("parties", root) if root in workflow.parties else None


def facts_read(nodes: Iterable[ExpressionNode], workflow: Workflow) -> set[Fact]:
    """Return what some expressions read and do not ask about first: of ``filled(case.a)`` nothing is read."""
    found: set[Fact] = set()
    asked: set[Fact] = set()
    for whole in nodes:
        for node in walked(whole):
            if isinstance(node, Name):
                fact = fact_of(node.path, workflow)
                if fact is not None:
                    found.add(fact)
            elif isinstance(node, Asked) or (isinstance(node, Call) and node.name in MISSING_IS_FINE):
                inner = (fact_of(part.path, workflow) for part in walked(node) if isinstance(part, Name))
                asked.update(fact for fact in inner if fact is not None)
    return found - asked
