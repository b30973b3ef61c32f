"""``to:`` of a step: one state, or several outcomes with conditions that end with ``else``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.definition import keywords
from engine.definition.expressions import Names
from engine.definition.reader.conditions import read_condition
from engine.definition.reader.diagnostics import Diagnostics, kind_of
from engine.language import say
from engine.lifecycle.expressions.condition import Condition
from engine.lifecycle.expressions.expression import Expression, ExpressionNode, Logic
from engine.yamltext.nodes import MappingNode, Node, ScalarNode, SequenceNode


@dataclass(frozen=True, slots=True)
class StepOutcome:
    """One outcome of a step: the state it leads to (None: where it is) and when."""

    target: str | None
    when: Condition | None
    place: Node | None
    #: It is taken under a condition of its own.
    conditional: bool = False


def read_outcomes(
    diagnostics: Diagnostics,
    node: Node | None,
    names: Names | None,
    when: Condition | None,
    state: Callable[[Node | None], str | None],
) -> list[StepOutcome]:
    """Return the outcomes of a step whose own condition is `when`; `state` reads the name of a state.

    A single state is one outcome. Of several the first whose condition holds is taken; the last is ``else``.
    """
    if not isinstance(node, SequenceNode):
        return [StepOutcome(state(node), when, node)]
    found: list[StepOutcome] = []
    closed: Node | None = None
    for item in node.items:
        entries = list(item.texts()) if isinstance(item, MappingNode) else []
        if len(entries) != 1:
            diagnostics.report(
                "wrong-shape",
                item,
                say("此处应是“环节: 条件”或“else: 环节”，实为{seen}", seen=kind_of(item)),
                say("写法如 {example}", example="- filed: form.route == 'filed'"),
            )
            continue
        key, value = entries[0]
        if closed is not None:
            diagnostics.report(
                "choice-without-else",
                key,
                say("else（否则）之后还有去向，永远轮不到"),
                say("请把 else（否则）移到最后"),
            )
            continue
        if keywords.canonical(key.text) == "else":
            closed = key
            found.append(StepOutcome(state(value), when, key))
            continue
        condition = read_condition(diagnostics, value, names)
        both = _both(when, condition)
        diagnostics.keep(both.expression if both is not None else None, key)
        found.append(StepOutcome(state(key), both, key, conditional=True))
    if closed is None:
        diagnostics.report(
            "choice-without-else",
            node,
            say("几个去向都有条件，没有 else（否则）：条件都不成立时，案件停在原处"),
            say("请在最后添加 {example}", example="- else: …"),
        )
    return found


def _both(first: Condition | None, second: Condition | None) -> Condition | None:
    if first is None or second is None:
        return first or second
    one, other = first.expression, second.expression
    node = Logic("and", (*_clauses(one.node), *_clauses(other.node)))
    return Condition(Expression(f"({one.source}) and ({other.source})", node))


def _clauses(node: ExpressionNode) -> tuple[ExpressionNode, ...]:
    return node.items if isinstance(node, Logic) and node.op == "and" else (node,)


def is_choice(node: Node | None) -> bool:
    """Tell whether ``to:`` has several outcomes."""
    return isinstance(node, SequenceNode) and not isinstance(node, ScalarNode)
