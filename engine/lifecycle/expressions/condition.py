"""Conditions: expressions and structured tests, combined by all / any / not, that can say which clause failed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from engine.language import say
from engine.lifecycle.expressions.expression import COMPARISONS, EvaluationError, Expression, Scope


class Condition(Protocol):
    """Something that is true or false of a scope."""

    def holds(self, scope: Scope) -> bool:
        """Tell whether the condition is true; raises `EvaluationError` where it has no answer."""
        ...

    def failing(self, scope: Scope) -> Iterator[str]:
        """Yield the clauses, as the author wrote them, because of which the condition is false."""
        ...

    def expressions(self) -> Iterator[Expression]:
        """Yield every expression inside."""
        ...


@dataclass(frozen=True, slots=True)
class Test:
    """A whole expression; its value must be a real boolean."""

    expression: Expression

    def holds(self, scope: Scope) -> bool:
        value = self.expression.value(scope)
        if value is True or value is False:
            return bool(value)
        if value is None:
            raise EvaluationError(say("条件“{clause}”尚无答案", clause=self.expression.source))
        raise EvaluationError(
            say("条件“{clause}”应得“是”或“否”，实得“{value}”", clause=self.expression.source, value=value)
        )

    def failing(self, scope: Scope) -> Iterator[str]:
        if not self.holds(scope):
            yield self.expression.source

    def expressions(self) -> Iterator[Expression]:
        yield self.expression


@dataclass(frozen=True, slots=True)
class All:
    """True when every item is; an empty one is true."""

    items: tuple[Condition, ...]

    def holds(self, scope: Scope) -> bool:
        return all(item.holds(scope) for item in self.items)

    def failing(self, scope: Scope) -> Iterator[str]:
        for item in self.items:
            yield from item.failing(scope)

    def expressions(self) -> Iterator[Expression]:
        for item in self.items:
            yield from item.expressions()


@dataclass(frozen=True, slots=True)
class AnyOf:
    """True when at least one item is."""

    items: tuple[Condition, ...]

    def holds(self, scope: Scope) -> bool:
        return any(item.holds(scope) for item in self.items)

    def failing(self, scope: Scope) -> Iterator[str]:
        if not self.holds(scope):
            for item in self.items:
                yield from item.failing(scope)

    def expressions(self) -> Iterator[Expression]:
        for item in self.items:
            yield from item.expressions()


@dataclass(frozen=True, slots=True)
class NotThat:
    """True when the item is false."""

    item: Condition
    source: str

    def holds(self, scope: Scope) -> bool:
        return not self.item.holds(scope)

    def failing(self, scope: Scope) -> Iterator[str]:
        if self.item.holds(scope):
            yield self.source

    def expressions(self) -> Iterator[Expression]:
        yield from self.item.expressions()


@dataclass(frozen=True, slots=True)
class Every:
    """True when `where` holds for every row of a list, the row being ``it``; true for no rows."""

    rows: Expression
    where: Condition
    source: str

    def holds(self, scope: Scope) -> bool:
        return all(self.where.holds({**scope, "it": row}) for row in self.rows.value(scope) or ())

    def failing(self, scope: Scope) -> Iterator[str]:
        if not self.holds(scope):
            yield self.source

    def expressions(self) -> Iterator[Expression]:
        yield self.rows
        yield from self.where.expressions()


@dataclass(frozen=True, slots=True)
class CountOf:
    """Compares how many rows of a list meet `where` (all of them, without it) with a number."""

    rows: Expression
    where: Condition | None
    op: str
    number: Expression
    source: str

    def holds(self, scope: Scope) -> bool:
        rows = self.rows.value(scope) or ()
        where = self.where
        found = len(rows) if where is None else sum(where.holds({**scope, "it": row}) for row in rows)
        return COMPARISONS[self.op](found, self.number.value(scope))

    def failing(self, scope: Scope) -> Iterator[str]:
        if not self.holds(scope):
            yield self.source

    def expressions(self) -> Iterator[Expression]:
        yield self.rows
        yield self.number
        if self.where is not None:
            yield from self.where.expressions()
