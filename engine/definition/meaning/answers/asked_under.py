"""Conditions with what they leave unsaid: an answer is there only where its question is asked, a required one wherever it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from engine.definition.meaning.names_read import walked
from engine.lifecycle.expressions.arithmetic import Arithmetic
from engine.lifecycle.expressions.expression import (
    COMPARISONS,
    Call,
    Compare,
    ExpressionNode,
    ListOf,
    Literal,
    Logic,
    Name,
    Not,
)
from engine.lifecycle.expressions.functions import FUNCTIONS
from engine.lifecycle.model.form import Field, FieldType

Path = tuple[str, ...]
FieldOf = Callable[[Path], Field | None]

#: Functions whose value is missing where one of their arguments is.
_MISSING_WITH = frozenset({"days_between", "minutes_between", "working_days_between", "add", "days_after"})
#: Functions that say how far it is from the first to the second: below 0 where the second is the earlier.
_DISTANCES = frozenset({"days_between", "minutes_between"})
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "=="}
#: The types whose answer is of several parts; one that must be given has one at least.
SEVERAL = frozenset({FieldType.CHOICES, FieldType.PERSONS, FieldType.FILES, FieldType.PHOTOS, FieldType.LIST})


def always_given(asked: Field | None) -> bool:
    """Tell whether a question of a form is answered wherever the form is filled in."""
    return asked is not None and asked.required and asked.relevant is None and asked.answered


def as_asked(node: ExpressionNode, field_of: FieldOf) -> ExpressionNode:
    """Return a condition that holds where `node` does, with what must hold for the questions it reads to be asked.

    A required question is filled in where it is asked, and not elsewhere. A distance below 0 says which of two days is the earlier. Where
    nothing is to be added it is the same node.
    """
    return _WithUnsaid(field_of).condition(node)


@dataclass(slots=True)
class _WithUnsaid:
    field_of: FieldOf
    #: The questions whose conditions are being added: two that wait for each other are told by another rule.
    within: tuple[Path, ...] = ()

    def condition(self, node: ExpressionNode) -> ExpressionNode:
        kind = node.__class__
        if kind is Compare:
            return self._comparison(node)  # type: ignore[arg-type]
        if kind is Logic:
            items = node.items  # type: ignore[attr-defined]
            found = tuple([self.condition(one) for one in items])
            changed = any(one is not other for one, other in zip(found, items, strict=True))
            return Logic(node.op, found) if changed else node  # type: ignore[attr-defined]
        if isinstance(node, Not):
            item = self.condition(node.item)
            return node if item is node.item else Not(item)
        if isinstance(node, Name):
            return self._together(node, [node])
        if (
            isinstance(node, Call)
            and node.name in ("filled", "empty")
            and isinstance(node.arguments[0], Name)
        ):
            return self._filled(node, node.arguments[0])
        return node

    def _comparison(self, node: Compare) -> ExpressionNode:
        names: list[Name] = []
        _must_be_given(node.left, names)
        _must_be_given(node.right, names)
        added: list[ExpressionNode] = []
        counted = node.left if isinstance(node.left, Call) else node.right
        if isinstance(counted, Call):
            if counted.name == "length" and len(counted.arguments) == 1:
                return self._counted(node, counted, names)
            if counted.name in _DISTANCES:
                added = _order(node, counted, self.field_of)
        return self._together(node, names, added)

    def _together(
        self, node: ExpressionNode, names: Sequence[Name], added: Sequence[ExpressionNode] = ()
    ) -> ExpressionNode:
        """Return a condition together with those under which what it reads is asked."""
        found = [*added]
        for name in names:
            under = self._under(name.path)
            if under is not None and under not in found:
                found.append(under)
        return Logic("and", (*found, node)) if found else node

    def _counted(self, node: Compare, counted: Call, names: Sequence[Name]) -> ExpressionNode:
        """Return a comparison of how many parts an answer has: none where it is not asked, one at least where it must be given."""
        (of,) = counted.arguments
        if not isinstance(of, Name) or of.path[0] != "form":
            return self._together(node, names)
        asked, under = self.field_of(of.path), self._under(of.path)
        if asked is None or under is None or not asked.required or asked.type not in SEVERAL:
            return self._together(node, names)
        number = node.right if counted is node.left else node.left
        if not isinstance(number, Literal) or not isinstance(number.value, int):
            return self._together(node, names)
        left, right = (0, number.value) if counted is node.left else (number.value, 0)
        given = Logic("and", (under, Compare(counted, ">=", Literal(max(asked.least or 1, 1))), node))
        none = Logic("and", (Not(under), Literal(COMPARISONS[node.op](left, right))))
        return self._together(Logic("or", (given, none)), names)

    def _filled(self, node: Call, name: Name) -> ExpressionNode:
        if name.path[0] != "form":
            return self._together(node, [name]) if node.name == "filled" else node
        asked = self.field_of(name.path)
        if asked is None or len(name.path) != 2 or not asked.answered:
            return node
        under = self._under(name.path)
        if not asked.required:
            if under is None:
                return node
            return Logic("and", (under, node)) if node.name == "filled" else Logic("or", (Not(under), node))
        if asked.relevant is None:
            return Literal(node.name == "filled")
        if under is None:
            return node
        return under if node.name == "filled" else Not(under)

    def _under(self, path: Path) -> ExpressionNode | None:
        """Return the condition under which a question is asked; None where it always is, or that cannot be said."""
        of_a_form = path[0] == "form" and len(path) == 2
        if not of_a_form and not (path[0] == "forms" and len(path) == 3):
            return None
        asked = self.field_of(path)
        if asked is None or asked.relevant is None or path in self.within:
            return None
        node: ExpressionNode | None = asked.relevant.expression.node
        if not of_a_form:
            # What else the form looked at may have changed since it was filled in.
            parts = node.items if isinstance(node, Logic) and node.op == "and" else (node,)
            known = [found for part in parts if part is not None and (found := of_form(part, path[1]))]
            node = (Logic("and", tuple(known)) if len(known) > 1 else known[0]) if known else None
        return None if node is None else _UnderWhich(self.field_of, (*self.within, path)).condition(node)


@dataclass(slots=True)
class _UnderWhich(_WithUnsaid):
    """The condition of a question: an answer that is missing there has the question not asked."""

    def condition(self, node: ExpressionNode) -> ExpressionNode:
        if isinstance(node, Name):
            asked = self.field_of(node.path)
            if asked is not None and asked.answered and not asked.required:
                filled = Call("filled", FUNCTIONS["filled"][0], (node,))
                return self._together(node, [node], [filled])
        # Not `super()`: a dataclass with slots is another class than the one written here.
        return _WithUnsaid.condition(self, node)


def _must_be_given(node: ExpressionNode, found: list[Name]) -> None:
    """Note the names without which a value is missing."""
    kind = node.__class__
    if kind is Name:
        found.append(node)  # type: ignore[arg-type]
    elif kind is Arithmetic or (kind is Call and node.name in _MISSING_WITH):  # type: ignore[attr-defined]
        for part in node.parts():
            _must_be_given(part, found)


def _order(node: Compare, counted: Call, field_of: FieldOf) -> list[ExpressionNode]:
    """Return which of two days is the earlier, as a comparison of their distance with a number says."""
    number, op = (node.right, node.op) if counted is node.left else (node.left, _TURNED.get(node.op, ""))
    if not isinstance(number, Literal) or not isinstance(number.value, int) or op not in _TURNED:
        return []
    first, second = counted.arguments
    whole = counted.name == "days_between" and all(_is_day(one, field_of) for one in (first, second))
    least, most = _between(op, number.value)
    if least is not None and least >= 0:
        # A moment later on the same day is no day later.
        if least > 0:
            return [Compare(second, ">", first)]
        return [Compare(second, ">=", first)] if whole or counted.name == "minutes_between" else []
    if most is not None and most <= 0:
        return [Compare(second, "<", first)] if most < 0 else [Compare(second, "<=", first)] if whole else []
    return []


def _between(op: str, number: int) -> tuple[int | None, int | None]:
    """Return the least and the most a whole number is that is compared so."""
    if op == "==":
        return number, number
    if op in (">", ">="):
        return number + (op == ">"), None
    return None, number - (op == "<")


def _is_day(node: ExpressionNode, field_of: FieldOf) -> bool:
    asked = field_of(node.path) if isinstance(node, Name) else None
    return asked is not None and asked.type is FieldType.DATE


def of_form(node: ExpressionNode, form: str) -> ExpressionNode | None:
    """Return a condition of a form as other forms read it; None where it reads something besides its answers."""
    if any(isinstance(part, Name) and part.path[0] != "form" for part in walked(node)):
        return None
    return named(node, form)


def named(node: ExpressionNode, form: str) -> ExpressionNode | None:
    """Return a condition with ``forms.FORM`` in place of ``form``; None where it has parts that are not followed."""
    if isinstance(node, Name):
        return Name(("forms", form, *node.path[1:]), node.exact) if node.path[0] == "form" else node
    if isinstance(node, Literal):
        return node
    if isinstance(node, Not):
        item = named(node.item, form)
        return None if item is None else Not(item)
    parts = [named(one, form) for one in node.parts()]
    kept = tuple(one for one in parts if one is not None)
    if len(kept) < len(parts):
        return None
    match node:
        case Compare():
            return Compare(kept[0], node.op, kept[1])
        case Arithmetic():
            return Arithmetic(node.op, kept[0], kept[1])
        case Logic():
            return Logic(node.op, kept)
        case ListOf():
            return ListOf(kept)
        case Call():
            return Call(node.name, node.function, kept)
    return None
