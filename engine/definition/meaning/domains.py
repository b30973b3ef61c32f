"""When conditions hold: what they look at has few values that matter, so all of them are tried.

A choice has its codes, a boolean two values, a number the values around those it is compared with, within its bounds. What
is not understood (a function, a row) is a question of its own with the answers yes and no; the same text is the same question.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import product
from math import prod
from typing import Any

from engine.definition.meaning.answers.days_apart import DaysApart, written_day
from engine.definition.meaning.answers.number_bounds import (
    NUMBERS,
    Bounds,
    Number,
    bounds_of,
    numbers_around,
    only_order,
)
from engine.lifecycle.expressions.arithmetic import Arithmetic
from engine.lifecycle.expressions.expression import (
    COMPARISONS,
    Call,
    Compare,
    EvaluationError,
    ExpressionNode,
    ListOf,
    Literal,
    Logic,
    Name,
    Not,
)
from engine.lifecycle.expressions.rows import OverRows
from engine.lifecycle.expressions.source_text import source_text
from engine.lifecycle.model.form import Field, FieldType

#: More combinations than these are not tried.
MAX_COMBINATIONS = 4096
#: Nor are more than these combinations times conditions.
MAX_TRIED = 65_536
#: What a text is that is none of those it is compared with.
OTHER = "……"
_ORDER = {"==": (0,), "!=": (-1, 1), "<": (-1,), "<=": (-1, 0), ">": (1,), ">=": (0, 1)}
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}

Path = tuple[str, ...]
#: What is known of a name: its field; None where it has none.
FieldOf = Callable[[Path], Field | None]
#: Tells whether a name may have no value.
MayBeMissing = Callable[[Path], bool]


class _MissingError(Exception):
    """A question has no answer, and the condition cannot do without."""


@dataclass(slots=True)
class BoundedField:
    """One thing conditions look at, and the answers that matter."""

    key: str
    answers: list[Any]
    #: How often it is looked at.
    seen: int = 0
    #: It is a text that was not understood.
    opaque: bool = False
    names: frozenset[Path] = frozenset()


@dataclass(slots=True)
class Questions:
    """The questions of some conditions, and what the conditions say for each combination of answers."""

    field_of: FieldOf
    may_be_missing: MayBeMissing
    found: dict[str, BoundedField] = field(default_factory=dict)
    #: What numbers are compared with, and their bounds: the numbers between are worked out when all are known.
    _numbers: dict[str, tuple[set[Fraction], Number | None, Number | None, bool]] = field(
        default_factory=dict
    )
    #: The things that are compared with others, or days with written ones.
    _days: DaysApart | None = None
    #: The identity of a part of a condition -> it, and its text: each combination of answers asks for it again.
    _texts: dict[int, tuple[ExpressionNode, str]] = field(default_factory=dict)

    def look_at(self, node: ExpressionNode) -> None:
        """Note the questions of a condition."""
        match node:
            case Logic(_, items):
                for item in items:
                    self.look_at(item)
            case Not(item):
                self.look_at(item)
            case Literal():
                return
            case Name(path):
                self._note(self._text(node), self._values(path, ()), {path})
            case Compare():
                self._comparison(node)
            case Call(name, _, (Name(path),)) if name in ("filled", "empty"):
                values = self._values(path, ())
                # It is asked for because it may be missing.
                self._note(self._text(node.arguments[0]), [*values, None], {path})
            case _:
                self._opaque(node)

    def _comparison(self, node: Compare) -> None:
        left, op, right = node.left, node.op, node.right
        if isinstance(left, Literal) and isinstance(right, Name) and op in ("in", "not in"):
            self._note(self._member(left, right), [True, False], {right.path})
        elif isinstance(left, Name) and isinstance(right, ListOf) and op in ("in", "not in"):
            numbers = [item for item in right.items if isinstance(item, Literal) and _is_number(item.value)]
            if numbers and len(numbers) == len(right.items):
                for item in numbers:
                    self._with_literal(left, item)
            elif all(isinstance(item, Literal) for item in right.items):
                written = tuple(item.value for item in right.items if isinstance(item, Literal))
                question = self._note(self._text(left), self._values(left.path, written), {left.path})
                # A list of every answer there is, or of none, is worth trying.
                question.seen += not set(question.answers) - set(written) or not set(question.answers) & set(
                    written
                )
            else:
                self._opaque(node)
        elif isinstance(left, Literal) and not isinstance(right, Literal) and op in _TURNED:
            self._comparison(Compare(right, _TURNED[op], left))
        elif op in _ORDER and isinstance(right, Literal):
            self._with_literal(left, right)
        elif op in _ORDER:
            self._note_apart(node, _names(node))
        else:
            self._opaque(node)

    def _with_literal(self, left: ExpressionNode, right: Literal) -> None:
        text = self._text(left)
        if isinstance(right.value, (bool, str)):
            if isinstance(left, Name):
                known = self.field_of(left.path)
                if (
                    known is not None
                    and known.type is FieldType.DATE
                    and written_day(right.value) is not None
                ):
                    self._note_apart(Compare(left, "==", right), {left.path})
                    return
                if known is not None and known.type in (FieldType.DATE, FieldType.DATETIME):
                    self._note(f"{text} ? {right.value}", [-1, 0, 1], {left.path})
                    return
                question = self._note(text, self._values(left.path, (right.value,)), {left.path})
                # What is compared with an answer it cannot have is worth trying: it is never true.
                question.seen += right.value not in question.answers
            else:
                self._note(f"{text} ? {right.value}", [-1, 0, 1], _names(left))
        elif isinstance(right.value, (int, Fraction)):
            points = self._numbers.setdefault(text, (set(), *self._bounds(left), self._whole(left)))[0]
            points.add(Fraction(right.value))
            question = self._note(text, [], _names(left))
            missing = isinstance(left, Name) and self.may_be_missing(left.path)
            question.answers = [None] if missing or None in question.answers else []
        else:
            self._opaque(Compare(left, "==", right))

    def _note_apart(self, node: Compare, names: Iterable[Path]) -> None:
        left, right = self._text(node.left), self._text(node.right)
        order = only_order(self._bounds(node.left), self._bounds(node.right))
        if order is not None:
            self._apart.always(left, right, order)
        apart = self._apart.of(left, right, node)
        self._apart.note(apart)
        self._note(apart.key, list(apart.fixed), names)

    @property
    def _apart(self) -> DaysApart:
        if self._days is None:
            self._days = DaysApart()
        return self._days

    def _bounds(self, node: ExpressionNode) -> Bounds:
        if isinstance(node, Literal):
            written = node.value if isinstance(node.value, (int, Fraction)) else None
            return written, written
        if isinstance(node, Arithmetic):
            return bounds_of(node, self._bounds(node.left), self._bounds(node.right))
        if isinstance(node, (Call, OverRows)) and node.name in ("length", "count"):
            return 0, None
        if isinstance(node, Name) and (node.path[0] == "registers" or node.path[-1] == "problem_count"):
            return 0, None
        known = self.field_of(node.path) if isinstance(node, Name) else None
        if known is None or known.type not in NUMBERS:
            return None, None
        return known.least, known.most

    def _whole(self, node: ExpressionNode) -> bool:
        """Tell whether a number is surely a whole one."""
        known = self.field_of(node.path) if isinstance(node, Name) else None
        counted = isinstance(node, (Call, OverRows)) and node.name in ("length", "count")
        return counted or (known is not None and known.type is FieldType.INTEGER)

    def _values(self, path: Path, written: Sequence[Any]) -> list[Any]:
        known = self.field_of(path)
        if known is not None and known.type is FieldType.CHOICE and known.choices:
            values: list[Any] = list(known.choices)
        elif (
            (known is not None and known.type is FieldType.BOOLEAN)
            or not written
            or any(isinstance(value, bool) for value in written)
        ):
            values = [True, False]
        else:
            before = self.found.get(".".join(path))
            earlier = [v for v in before.answers if v not in (None, OTHER)] if before is not None else []
            values = [*dict.fromkeys((*earlier, *written)), OTHER]
            if known is None and "" in values:
                # What the product sets itself is never an empty text.
                values.remove("")
        return [*values, None] if self.may_be_missing(path) else values

    def _opaque(self, node: ExpressionNode) -> None:
        self._note(self._opaque_key(node), [True, False], _names(node)).opaque = True

    def _member(self, left: Literal, right: Name) -> str:
        return f"{left.value!r} in {self._text(right)}"

    def _note(self, key: str, answers: list[Any], names: Iterable[Path]) -> BoundedField:
        question = self.found.get(key)
        if question is None:
            question = self.found[key] = BoundedField(
                key, list(dict.fromkeys(answers)), names=frozenset(names)
            )
        else:
            question.answers = list(dict.fromkeys((*question.answers, *answers)))
        question.seen += 1
        return question

    def settle(self) -> None:
        """Work out the numbers that matter, once all conditions have been looked at."""
        for key, (points, least, most, whole) in self._numbers.items():
            question = self.found[key]
            among = numbers_around(points, least, most, whole=whole)
            question.answers = list(dict.fromkeys((*among, *question.answers)))
        self._numbers.clear()
        for key, answers in self._days.settle() if self._days is not None else ():
            question = self.found.pop(key)
            for name, few in answers.items():
                self.found[name] = replace(question, key=name, answers=few)

    def few(self, conditions: int) -> bool:
        """Tell whether all combinations can be tried on so many conditions."""
        self.settle()
        combinations = prod(len(question.answers) for question in self.found.values())
        return combinations <= MAX_COMBINATIONS and combinations * conditions <= MAX_TRIED

    def combinations(self) -> Iterator[Mapping[str, Any]]:
        """Yield every combination of answers."""
        keys = list(self.found)
        for values in product(*(self.found[key].answers for key in keys)):
            yield dict(zip(keys, values, strict=True))

    def says(self, node: ExpressionNode, answers: Mapping[str, Any]) -> bool | None:
        """Return what a condition says for some answers; None where it has none."""
        try:
            return bool(self._truth(node, answers))
        except _MissingError:
            return None

    def _truth(self, node: ExpressionNode, answers: Mapping[str, Any]) -> bool:
        match node:
            case Logic("and", items):
                return all(self._truth(item, answers) for item in items)
            case Logic(_, items):
                return any(self._truth(item, answers) for item in items)
            case Not(item):
                return not self._truth(item, answers)
            case Literal(value):
                return value is True
            case Name():
                value = answers[self._text(node)]
                if value is None:
                    raise _MissingError
                return value is True
            case Compare():
                return self._compared(node, answers)
            case Call(name, _, (Name() as inner,)) if name in ("filled", "empty"):
                return (answers[self._text(inner)] is None) == (name == "empty")
        return bool(answers[self._opaque_key(node)])

    def _compared(self, node: Compare, answers: Mapping[str, Any]) -> bool:
        left, op, right = node.left, node.op, node.right
        if isinstance(left, Literal) and isinstance(right, Name) and op in ("in", "not in"):
            return bool(answers[self._member(left, right)]) == (op == "in")
        if isinstance(left, Literal) and not isinstance(right, Literal) and op in _TURNED:
            return self._compared(Compare(right, _TURNED[op], left), answers)
        if isinstance(left, Name) and isinstance(right, ListOf) and op in ("in", "not in"):
            value = answers.get(self._text(left), answers)
            written = [item.value for item in right.items if isinstance(item, Literal)]
            if value is not answers and len(written) == len(right.items):
                return _compare(op, value, written)
        elif op in _ORDER and isinstance(right, Literal):
            text = self._text(left)
            if self._days is not None and f" ? {text}" in self._days.noted:
                return self._apart.order(self._apart.of(text, self._text(right), node), answers) in _ORDER[op]
            if f"{text} ? {right.value}" in answers:
                return answers[f"{text} ? {right.value}"] in _ORDER[op]
            if text in answers:
                return _compare(op, answers[text], right.value)
        elif op in _ORDER:
            apart = self._apart.of(self._text(left), self._text(right), node)
            return self._apart.order(apart, answers) in _ORDER[op]
        positive = Compare(left, {"not in": "in"}.get(op, op), right)
        return bool(answers[self._opaque_key(positive)]) == (op != "not in")

    def _text(self, node: ExpressionNode) -> str:
        known = self._texts.get(id(node))
        if known is None:
            # Kept with its text: another node made later could have the same identity.
            known = self._texts[id(node)] = (node, source_text(node))
        return known[1]

    def _opaque_key(self, node: ExpressionNode) -> str:
        if isinstance(node, Compare) and node.op == "not in":
            node = Compare(node.left, "in", node.right)
        return f"? {self._text(node)}"


class _Looked(dict[str, Any]):
    """Answers that remember which of them were looked at."""

    def __init__(self, answers: Mapping[str, Any]) -> None:
        super().__init__(answers)
        self.keys_looked_at: dict[str, None] = {}

    def __contains__(self, key: object) -> bool:
        found = super().__contains__(key)
        if found:
            self.keys_looked_at[str(key)] = None
        return found

    def __getitem__(self, key: str) -> Any:
        value = super().__getitem__(key)
        self.keys_looked_at[key] = None
        return value

    def get(self, key: str, default: Any = None) -> Any:
        return self[key] if key in self else default  # noqa: SIM401 - `get` itself


@dataclass(slots=True)
class AnswerSets:
    """For which combinations of answers conditions hold: a number with one bit for each combination, in their order.

    A comparison is asked for the answers to what it looks at alone; the rest is done with all combinations at once.
    """

    questions: Questions
    #: A bit for every combination.
    every: int = 0
    #: Question -> each answer, with the combinations it is in.
    _with: dict[str, list[tuple[Any, int]]] = field(default_factory=dict)
    _known: dict[int, tuple[ExpressionNode, int, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        found = self.questions.found
        total = prod(len(question.answers) for question in found.values())
        self.every = (1 << total) - 1
        width = total
        for key, question in found.items():
            period, width = width, width // max(len(question.answers), 1)
            again = self.every // ((1 << period) - 1) if period else 0
            self._with[key] = [
                (answer, (((1 << width) - 1) << (place * width)) * again)
                for place, answer in enumerate(question.answers)
            ]

    def of(self, node: ExpressionNode) -> tuple[int, int]:
        """Return where a condition holds, and where it has no answer."""
        known = self._known.get(id(node))
        if known is None:
            # Kept with its node: another one made later could have the same identity.
            known = self._known[id(node)] = (node, *self._of(node))
        return known[1], known[2]

    def first(self, among: int) -> Mapping[str, Any]:
        """Return the answers of the first of some combinations."""
        place = (among & -among).bit_length() - 1
        return {
            key: next(answer for answer, there in answers if there >> place & 1)
            for key, answers in self._with.items()
        }

    def answers(self, key: str, among: int) -> frozenset[Any]:
        """Return the answers to a question in some combinations."""
        return frozenset(answer for answer, there in self._with[key] if there & among)

    def whatever(self, keys: Iterable[str], among: int) -> int:
        """Return those of some combinations that are among them whatever the answers to some questions are."""
        for key in keys:
            answers = self._with[key]
            if len(answers) < 2:
                continue
            # The combinations of one answer are those of the one before it, moved by so many places.
            width = (answers[1][1] & -answers[1][1]).bit_length() - 1
            kept = self.every
            for place, (_, there) in enumerate(answers):
                kept &= (among & there) >> (place * width)
            among = sum(kept << (place * width) for place in range(len(answers)))
        return among

    def _of(self, node: ExpressionNode) -> tuple[int, int]:
        missing, left = 0, self.every
        match node:
            case Logic("and", items):
                for item in items:
                    holds, unknown = self.of(item)
                    missing |= left & unknown
                    left &= holds
                return left, missing
            case Logic(_, items):
                found = 0
                for item in items:
                    holds, unknown = self.of(item)
                    found |= left & holds
                    missing |= left & unknown
                    left &= ~(holds | unknown)
                return found, missing
            case Not(item):
                holds, missing = self.of(item)
                return self.every & ~(holds | missing), missing
        return self._asked(node)

    def _asked(self, node: ExpressionNode) -> tuple[int, int]:
        if not self.every:
            return 0, 0
        looked = _Looked(self.first(1))
        self.questions.says(node, looked)
        keys = list(looked.keys_looked_at)
        holds = missing = 0
        for row in product(*(self._with[key] for key in keys)):
            there = self.every
            for _, those in row:
                there &= those
            said = self.questions.says(
                node, {key: answer for key, (answer, _) in zip(keys, row, strict=True)}
            )
            if said is None:
                missing |= there
            elif said:
                holds |= there
        return holds, missing


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, Fraction)) and not isinstance(value, bool)


def _compare(op: str, value: Any, written: Any) -> bool:
    """Compare an answer with what is written; an answer of another kind has no place in any order."""
    try:
        return COMPARISONS[op](value, written)
    except EvaluationError:
        raise _MissingError from None


def _names(node: ExpressionNode) -> frozenset[Path]:
    found = set()
    waiting = [node]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Name):
            found.add(part.path)
        waiting.extend(part.parts())
    return frozenset(found)
