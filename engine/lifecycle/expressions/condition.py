"""Conditions: expressions that are true or false, and can say which clause is to blame."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.lifecycle.expressions.expression import EvaluationError, Expression, Logic, Scope, not_boolean


@dataclass(frozen=True, slots=True)
class Condition:
    """An expression whose value must be a real boolean."""

    expression: Expression

    def holds(self, scope: Scope) -> bool:
        """Tell whether the condition is true; raises `EvaluationError` where it has no answer."""
        value = self.expression.value(scope)
        if value is True:
            return True
        if value is False:
            return False
        raise not_boolean(value, self.expression.node, self.expression.source)

    def failing(self, scope: Scope) -> Iterator[str]:
        """Yield the clauses because of which the condition is false: of several joined by ``and``, the false ones."""
        if self.holds(scope):
            return
        from engine.lifecycle.expressions.source_text import source_text

        node = self.expression.node
        if not isinstance(node, Logic) or node.op != "and":
            yield self.expression.source
            return
        for clause in node.items:
            try:
                false = clause.compile()(scope) is False
            except EvaluationError:
                # Only asked where the clauses before it hold.
                continue
            if false:
                yield source_text(clause)

    def expressions(self) -> Iterator[Expression]:
        """Yield every expression inside."""
        yield self.expression
