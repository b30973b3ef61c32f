"""Conditions joined with those of the headings above a question, and codes that are offered under a condition."""

from __future__ import annotations

from collections.abc import Mapping

from engine.definition.expressions import Names
from engine.definition.reader.conditions import read_condition
from engine.definition.reader.diagnostics import Diagnostics
from engine.kernel.did_you_mean import did_you_mean
from engine.language import say
from engine.lifecycle.expressions.condition import Condition
from engine.lifecycle.expressions.expression import Expression, ExpressionNode, Logic
from engine.lifecycle.model.form import Offer
from engine.yamltext.nodes import Node


def all_of(*conditions: Condition | None) -> Condition | None:
    """Return the condition that is true when all of these are; None where there are none."""
    found = [condition for condition in conditions if condition is not None]
    if len(found) < 2:
        return found[0] if found else None
    parts: list[ExpressionNode] = []
    for condition in found:
        node = condition.expression.node
        parts += node.items if isinstance(node, Logic) and node.op == "and" else (node,)
    source = " and ".join(_in_brackets(condition.expression) for condition in found)
    return Condition(Expression(source, Logic("and", tuple(parts))))


def _in_brackets(expression: Expression) -> str:
    loose = isinstance(expression.node, Logic) and expression.node.op == "or"
    return f"({expression.source})" if loose else expression.source


def read_offers(
    diagnostics: Diagnostics, node: Node | None, names: Names | None, choices: Mapping[str, str]
) -> tuple[Offer, ...]:
    """Read ``offered:``, a list of codes with the condition under which they may be chosen."""
    found = []
    for item in diagnostics.items(node):
        part = diagnostics.open(item, "offer")
        if part is None:
            continue
        place = part.value("codes")
        codes = read_codes(diagnostics, place, choices) if place is not None else ()
        when = read_condition(diagnostics, part.value("when"), names)
        if codes and when is not None:
            found.append(Offer(codes=codes, when=when))
    return tuple(found)


def read_codes(diagnostics: Diagnostics, node: Node, choices: Mapping[str, str]) -> tuple[str, ...]:
    """Read codes that are choices of the question; what is none is reported."""
    found = []
    for item in diagnostics.one_or_many(node):
        code = diagnostics.read_text(item)
        if code is None:
            continue
        if code in choices:
            found.append(code)
        elif choices:
            message = say("选项里没有代码“{code}”", code=code)
            diagnostics.report("unknown-choice", item, message, did_you_mean(code, choices))
    return tuple(found)
