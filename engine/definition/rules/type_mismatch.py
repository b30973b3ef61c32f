"""Things compared, added or handed over that do not go together."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definition.meaning.names_read import walked
from engine.definition.meaning.subject import MeaningInput
from engine.definition.rule_input import RuleFinding
from engine.definition.rules.rule import Rule
from engine.language import say
from engine.lifecycle.expressions.expression import Call, Compare, Expression, ExpressionNode, Name
from engine.lifecycle.expressions.rows import OverRows
from engine.lifecycle.expressions.source_text import source_text
from engine.yamltext.problem import Severity

#: The last part of a name -> whether it is the id of somebody or something, or what it is called.
_ID, _CALLED = ("id", "opened_by"), ("name", "title")


def check(subject: MeaningInput) -> Iterator[RuleFinding]:
    """Yield the comparisons of an id with a name: both are texts, and never the same."""
    for expression, place in subject.read.written.values():
        for node in walked(expression.node) if isinstance(expression, Expression) else ():
            if isinstance(node, Compare) and {_part(node.left), _part(node.right)} == {_ID, _CALLED}:
                name = node.left if _part(node.left) is _CALLED else node.right
                yield RuleFinding(
                    place,
                    say(
                        "“{condition}”一边是编号，一边是名称，永远不相同",
                        condition=source_text(node),
                    ),
                    say("“{name}”请改为编号（id）", name=source_text(name)),
                )


def _part(node: ExpressionNode) -> tuple[str, ...] | None:
    """Return whether a value is an id or a name, or a list of such."""
    if isinstance(node, OverRows) and node.name in ("collect", "min", "max"):
        return _part(node.of)
    if isinstance(node, Call) and node.name == "unique":
        return _part(node.arguments[0])
    if isinstance(node, Name) and len(node.path) == 2:
        return _ID if node.path[1] in _ID else _CALLED if node.path[1] in _CALLED else None
    return None


RULE = Rule(
    id="type-mismatch",
    severity=Severity.ERROR,
    text=say("两边的类型要相配：日期与日期、数与数、代码与代码。"),
    wrong="""\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    require:
      - {that: "form.visited_on > 5", else: 不符合要求, basis: 条例 第一条}
""",
    right="""\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    require:
      - {that: "days_between(form.visited_on, today) > 5", else: 不符合要求, basis: 条例 第一条}
""",
    meaning=check,
    blocks_graph=False,
)
