"""Conditions over what changes by itself, as they are once it has changed: days pass, branches are answered, children end.

A case nobody has a task in waits until a condition holds. What it reads of the day, of branches and of children is put as the
question it comes to: ``today >= case.day`` holds on some day if there is one (``filled(case.day)``), ``today <= case.day`` holds or is
past already, ``branches.done >= 2`` holds once all branches that were opened are answered.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from engine.definition.meaning.domains import MayBeMissing
from engine.definition.meaning.gaps import CHANGES
from engine.definition.meaning.names_read import walked
from engine.language import Message, say
from engine.lifecycle.expressions.expression import Call, Compare, ExpressionNode, Literal, Logic, Name
from engine.lifecycle.expressions.functions import filled
from engine.lifecycle.expressions.source_text import source_text
from engine.lifecycle.model.workflow import Transition, Workflow

_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_TODAY = ("today",)
#: Counts of days, which grow each day that passes where `today` is their second argument.
_COUNTS = ("days_between", "working_days_between")


class UnknownError(Exception):
    """What a condition comes to cannot be said."""


@dataclass(frozen=True, slots=True)
class Settling:
    """What is asked of the conditions under which a case leaves one state."""

    #: The branches of the state.
    branches: tuple[Transition, ...]
    others: Mapping[str, Workflow]
    may_be_missing: MayBeMissing
    #: A kind of child -> how many of it surely have been started in the state, and how many at most (None: any number).
    started: Callable[[str], tuple[int, int | None]]
    #: The questions that are about time that has passed, and what it means that they are answered with no.
    words: dict[str, Message] = field(default_factory=dict)

    def of(self, node: ExpressionNode) -> ExpressionNode:
        """Return a condition as it is at last. Raises UnknownError where it reads what cannot be followed."""
        if isinstance(node, Logic):
            return Logic(node.op, tuple(self.of(item) for item in node.items))
        if isinstance(node, Compare):
            return self._compared(node)
        if isinstance(node, Name) and node.path[0] == "branches" and node.path[2:] == ("done",):
            return self._answered(node)
        if _changing(node) and not _of_one_branch(node):
            raise UnknownError
        return node

    def _compared(self, node: Compare) -> ExpressionNode:
        left, op, right = node.left, node.op, node.right
        if _changing(right) and not _changing(left) and op in _TURNED:
            left, op, right = right, _TURNED[op], left
        if _of_one_branch(node):
            return node
        if _changing(right):
            raise UnknownError
        if isinstance(left, Name) and left.path == _TODAY:
            if op in (">", ">=", "!="):
                return self._there(right)
            return Logic("and", (self._there(right), self._missed(node)))
        if isinstance(left, Call) and left.name in _COUNTS:
            return self._count_of_days(node, left.arguments, op, right)
        if isinstance(left, Name) and left.path[0] == "branches" and len(left.path) == 2:
            return self._of_branches(node, left.path, op, right)
        if isinstance(left, Name) and left.path[0] == "children":
            return self._of_children(node, left.path, op, right)
        raise UnknownError

    def _count_of_days(
        self, node: Compare, between: tuple[ExpressionNode, ...], op: str, right: ExpressionNode
    ) -> ExpressionNode:
        first, second = between
        if isinstance(second, Name) and second.path == _TODAY and not _changing(first):
            further, other = (">", ">="), first
        elif isinstance(first, Name) and first.path == _TODAY and not _changing(second):
            further, other = ("<", "<="), second
        else:
            raise UnknownError
        there = (self._there(other), self._there(right))
        return Logic("and", there if op in (*further, "!=") else (*there, self._missed(node)))

    def _there(self, value: ExpressionNode) -> ExpressionNode:
        """Return the question whether all that `value` is worked out from is there."""
        names = [part for part in walked(value) if isinstance(part, Name)]
        asked = [Call("filled", filled, (name,)) for name in names if self.may_be_missing(name.path)]
        return asked[0] if len(asked) == 1 else Logic("and", tuple(asked)) if asked else Literal(True)

    def _missed(self, node: Compare) -> ExpressionNode:
        """Return a question by itself: the day may be past when the case comes here."""
        return self._question(node, say("{condition}的日子已经过去", condition=source_text(node)))

    def _perhaps(self, node: Compare) -> ExpressionNode:
        """Return a question by itself: what is counted may never be so many."""
        return self._question(node, say("{condition}始终不成立", condition=source_text(node)))

    def _question(self, node: Compare, words: Message) -> ExpressionNode:
        # A comparison of no order is one question, with the answers yes and no.
        asked = Compare(node.left, "in", node.right)
        self.words[f"? {source_text(asked)}"] = words
        return asked

    def _answered(self, node: Name) -> ExpressionNode:
        """Return what it comes to whether a branch is answered: it is, if it is asked for."""
        always = any(branch.id == node.path[1] and branch.when is None for branch in self.branches)
        return Literal(True) if always else self._perhaps(Compare(node, "==", Literal(True)))

    def _of_branches(
        self, node: Compare, path: tuple[str, ...], op: str, right: ExpressionNode
    ) -> ExpressionNode:
        """Return what a count of branches comes to."""
        number = _whole(right)
        if path[1] == "open" and _none_left(op, number):
            return Literal(True)
        if path[1] != "done" or op not in (">", ">=", "=="):
            raise UnknownError
        wanted = number + 1 if op == ">" else number
        if wanted <= sum(branch.when is None for branch in self.branches):
            return Literal(True)
        return self._perhaps(node) if wanted <= len(self.branches) else Literal(False)

    def _of_children(
        self, node: Compare, path: tuple[str, ...], op: str, right: ExpressionNode
    ) -> ExpressionNode:
        """Return what a count of child cases comes to: those that are open end, in one of their ends."""
        number = _whole(right)
        child = self.others.get(path[1]) if len(path) > 1 else None
        if child is None:
            raise UnknownError
        if path[2:] == ("open",) and _none_left(op, number):
            return Literal(True)
        if len(path) != 4 or path[2] != "in" or op not in (">", ">=", "=="):
            raise UnknownError
        ends = {state.id for state in child.states.values() if state.final}
        wanted = number + 1 if op == ">" else number
        surely, most = self.started(child.id)
        if wanted < 1 or path[3] not in ends:
            raise UnknownError
        if most is not None and wanted > most:
            return Literal(False)
        # Of more than are asked for, one too many may have ended before the case comes here.
        comes = wanted == surely == most if op == "==" else wanted <= surely
        return Literal(True) if comes and len(ends) == 1 else self._perhaps(node)


def _of_one_branch(node: ExpressionNode) -> bool:
    """Tell whether nothing changes that is read but the answers of branches: those are given once."""
    names = [part.path for part in walked(node) if isinstance(part, Name) and part.path[0] in CHANGES]
    return all(path[0] == "branches" and path[2:3] == ("answers",) for path in names)


def _whole(node: ExpressionNode) -> int:
    if isinstance(node, Literal) and isinstance(node.value, int) and not isinstance(node.value, bool):
        return node.value
    raise UnknownError


def _none_left(op: str, number: int) -> bool:
    return (op, number) in (("==", 0), ("<", 1), ("<=", 0))


def _changing(node: ExpressionNode) -> bool:
    return any(isinstance(part, Name) and part.path[0] in CHANGES for part in walked(node))
