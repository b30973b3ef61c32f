"""Conditions: expressions that are true or false, and can say which clause is to blame."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.language import Message, say
from engine.lifecycle.expressions.expression import EvaluationError, Expression, Logic, NotBooleanError, Scope
from engine.value import value


@value
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
        raise EvaluationError(_no_answer(value, self.expression.source))

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


def explained(problem: EvaluationError) -> Message:
    """Return what is said of something that cannot be worked out; of a condition without an answer, which it is."""
    if not isinstance(problem, NotBooleanError):
        return problem.message
    from engine.lifecycle.expressions.source_text import source_text

    return _no_answer(problem.value, source_text(problem.node))


def _no_answer(value: Any, clause: str) -> Message:
    if value is not None:
        return say("条件“{clause}”应得“是”或“否”，实得“{value}”", clause=clause, value=value)
    return say(
        "条件“{clause}”尚无答案：它所看的内容还没有填写。请先填写；本可不填的，流程里要写明没有填写时怎样，如 filled(…) and …，或写成 … == true",
        clause=clause,
    )
