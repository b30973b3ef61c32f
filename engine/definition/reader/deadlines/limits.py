"""How a limit of time is written around its length: a mark behind it, or ``on`` a date."""

from __future__ import annotations

import re
from dataclasses import replace

from engine.definition import keywords
from engine.definition.expressions import Names
from engine.definition.reader.conditions import read_expression
from engine.definition.reader.diagnostics import Diagnostics
from engine.definition.types import ValueKind, kind_name
from engine.language import say
from engine.lifecycle.expressions.expression import Expression
from engine.lifecycle.model.period_mark import PeriodMark
from engine.yamltext.nodes import MappingNode, Node, ScalarNode

_ON = re.compile(r"(?:on|至)\s+")
_MARK = re.compile(rf"({'|'.join(name for pair in keywords.MARKS.items() for name in pair)})\s+")


def read_marked(diagnostics: Diagnostics, node: Node | None) -> tuple[Node | None, PeriodMark]:
    """Return the length of ``5 working days`` or ``suggested 5 working days``, and its mark.

    The mark may also stand behind it: ``{5 working days: suggested}``.
    """
    if isinstance(node, ScalarNode) and node.value is not None and (found := _MARK.match(node.text)):
        mark = keywords.word(found[1], keywords.MARKS)
        skipped = found.end()
        text = node.text[skipped:]
        inner = replace(node, text=text, value=text, column=node.column + skipped)
        return inner, PeriodMark(mark) if mark is not None else PeriodMark.STATUTORY
    if not isinstance(node, MappingNode):
        return node, PeriodMark.STATUTORY
    entries = list(node.texts())
    if len(entries) != 1:
        diagnostics.report(
            "deadline-syntax",
            node,
            say("一个时限只写一段时间和一个标记，此处有 {count} 项", count=len(entries)),
            say("写法如 {example}", example="suggested 5 working days"),
        )
        return None, PeriodMark.STATUTORY
    length, written = entries[0]
    mark = diagnostics.read_word(written, keywords.MARKS)
    return length, PeriodMark(mark) if mark is not None else PeriodMark.STATUTORY


def is_on_date(node: Node | None) -> bool:
    """Tell whether a deadline is written as ``on EXPRESSION``."""
    return isinstance(node, ScalarNode) and _ON.match(node.text) is not None


def read_on_date(diagnostics: Diagnostics, node: Node | None, names: Names | None) -> Expression | None:
    """Read the expression behind ``on``."""
    if not isinstance(node, ScalarNode) or (prefix := _ON.match(node.text)) is None:
        return None
    skipped = prefix.end()
    inner = replace(node, text=node.text[skipped:], column=node.column + skipped)
    return read_date(diagnostics, inner, names, say("到期日"))


def read_date(
    diagnostics: Diagnostics, node: Node | None, names: Names | None, called_here: object
) -> Expression | None:
    """Read an expression that gives a date; says so where it gives something else."""
    parsed = read_expression(diagnostics, node, names)
    if parsed is None or node is None:
        return None
    if parsed.type.kind not in (ValueKind.DATE, ValueKind.DATETIME, ValueKind.ANY):
        diagnostics.report(
            "type-mismatch",
            node,
            say("{what}应是日期，此处是{kind}", what=called_here, kind=kind_name(parsed.type.kind)),
        )
    return parsed.expression
