"""``to:`` of a step: one state, or several outcomes with conditions that end with ``else``; an outcome may say more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from engine.definition import keywords
from engine.definition.expressions import Names
from engine.definition.reader.conditions import both, read_condition
from engine.definition.reader.diagnostics import Diagnostics, MappingReader, kind_of
from engine.language import say
from engine.lifecycle.expressions.condition import Condition
from engine.yamltext.nodes import MappingNode, Node, ScalarNode, SequenceNode


@dataclass(frozen=True, slots=True)
class StepOutcome:
    """One outcome of a step: the state it leads to (None: where it is) and when."""

    target: str | None
    when: Condition | None
    place: Node | None
    #: It is taken under a condition of its own.
    conditional: bool = False
    #: What the outcome says besides: its title, what it requires, what is done.
    more: MappingReader | None = None


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
        if not entries:
            diagnostics.report(
                "wrong-shape",
                item,
                say("此处应是“环节: 条件”或“else: 环节”，实为{seen}", seen=kind_of(item)),
                say("写法如 {example}", example="- filed: form.route == 'filed'"),
            )
            continue
        key, value = entries[0]
        more = _more(diagnostics, item) if len(entries) > 1 else None
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
            found.append(StepOutcome(state(value), when, key, more=more))
            continue
        condition = read_condition(diagnostics, value, names)
        joined = both(when, condition)
        diagnostics.keep(joined.expression if joined is not None else None, key)
        found.append(StepOutcome(state(key), joined, key, conditional=True, more=more))
    if closed is None:
        diagnostics.report(
            "choice-without-else",
            node,
            say("几个去向都有条件，没有 else（否则）：条件都不成立时，案件停在原处"),
            say("请在最后添加 {example}", example="- else: …"),
        )
    return found


def _more(diagnostics: Diagnostics, item: Node) -> MappingReader | None:
    """Open what an outcome says after its state and its condition."""
    return (
        diagnostics.open(replace(item, entries=item.entries[1:]), "outcome")
        if isinstance(item, MappingNode)
        else None
    )


def is_choice(node: Node | None) -> bool:
    """Tell whether ``to:`` has several outcomes."""
    return isinstance(node, SequenceNode) and not isinstance(node, ScalarNode)
