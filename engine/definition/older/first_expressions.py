"""Expressions and conditions of the first language, as expressions of today that mean the same.

Then ``!=`` and ``not in`` were true of a missing value, `collect` took the name of a column, and conditions could be
structures of ``all``, ``any``, ``not``, ``field``, ``every`` and ``count``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import nodes

from engine.definition.expression_errors import Fault
from engine.definition.expressions import ExpressionWalk, parse_tree
from engine.definition.types import ANY, Type
from engine.lifecycle.expressions.expression import (
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
from engine.lifecycle.expressions.rows import OverRows
from engine.lifecycle.expressions.source_text import source_text
from engine.yamltext.nodes import MappingNode, Node, ScalarNode, SequenceNode

#: Chinese keys and words of the structures -> what they are in English.
_WORDS: Mapping[str, str] = {
    "全部": "all",
    "任一": "any",
    "非": "not",
    "项": "field",
    "比较": "op",
    "值": "value",
    "另一项": "other",
    "逐一": "every",
    "每隔": "every",
    "计数": "count",
    "其中": "where",
    "等于": "==",
    "不等于": "!=",
    "小于": "<",
    "不大于": "<=",
    "大于": ">",
    "不小于": ">=",
    "属于": "in",
    "不属于": "not in",
    "包含": "contains",
    "已填": "is filled",
    "未填": "is empty",
}
STRUCTURES = ("all", "any", "not", "field", "every", "count")
_NONE = Literal(None)
_PLACE = re.compile(r"\{\{(.*?)\}\}")


class _FirstWalk(ExpressionWalk):
    """Reads an expression of the first language; with `missing`, keeps what it made of missing values."""

    def __init__(self, source: str, missing: bool) -> None:
        super().__init__(source, None)
        self.missing = missing

    def compared(self, left: ExpressionNode, op: str, right: ExpressionNode) -> ExpressionNode:
        if not self.missing:
            return Compare(left, op, right)
        return as_it_was(left, op, right)

    def over_rows(self, name: str, arguments: list[Any]) -> tuple[ExpressionNode, Type]:
        column = arguments[1] if len(arguments) == 2 else None
        if name == "collect" and isinstance(column, nodes.Const) and isinstance(column.value, str):
            rows, _ = self.visit(arguments[0])
            return OverRows("collect", rows, Name(("it", column.value))), ANY
        return super().over_rows(name, arguments)


def as_it_was(left: ExpressionNode, op: str, right: ExpressionNode) -> ExpressionNode:
    """Return a comparison that is true of missing values where it was true of them in the first language."""
    if op in ("==", "!=") and _NONE in (left, right):
        name = "empty" if op == "==" else "filled"
        return Call(name, FUNCTIONS[name][0], (right if left == _NONE else left,))
    if op == "!=":
        return Not(Compare(left, "==", right))
    if op == "not in":
        return Not(Compare(left, "in", right))
    return Compare(left, op, right)


def read(text: str, missing: bool) -> ExpressionNode | None:
    """Return the expression a text was in the first language; None where it was none."""
    try:
        tree = parse_tree(text)
        if isinstance(tree, Fault):
            return None
        walk = _FirstWalk(text, missing)
        node, _ = walk.visit(tree)
    except RecursionError:
        return None
    return None if walk.faults else node


def expression_today(text: str, missing: bool = True) -> str:
    """Return an expression as it is written today; unchanged where nothing about it has changed."""
    node = read(text.strip(), missing)
    if node is None or not _changed(text, missing):
        return text
    return source_text(node)


def template_today(text: str, missing: bool = True) -> str:
    """Return a text with its ``{{ expressions }}`` as they are written today."""
    return _PLACE.sub(lambda found: "{{ " + expression_today(found[1].strip(), missing) + " }}", text)


def _changed(text: str, missing: bool) -> bool:
    return "collect" in text or (
        missing and ("!=" in text or "none" in text.lower() or re.search(r"\bnot\s+in\b", text) is not None)
    )


def condition_today(node: Node, missing: bool = True) -> str | None:
    """Return a condition, one line or a structure, as the expression it is today; None where it was no condition."""
    if isinstance(node, ScalarNode):
        return expression_today(node.text, missing)
    made = _structure(node, missing)
    return None if made is None else source_text(made)


def _structure(node: Node | None, missing: bool) -> ExpressionNode | None:
    if isinstance(node, ScalarNode):
        return read(node.text.strip(), missing)
    if not isinstance(node, MappingNode):
        return None
    keys = {_WORDS.get(key.text, key.text): value for key, value in node.texts()}
    kind = next((kind for kind in STRUCTURES if kind in keys), None)
    return _MADE[kind](keys, missing) if kind is not None else None


def _group(op: str, key: str) -> Callable[[Mapping[str, Node], bool], ExpressionNode | None]:
    def made(keys: Mapping[str, Node], missing: bool) -> ExpressionNode | None:
        listed = keys[key]
        items = (
            [_structure(item, missing) for item in listed.items] if isinstance(listed, SequenceNode) else []
        )
        sound: list[ExpressionNode] = []
        for item in items:
            if item is None:
                return None
            sound.extend(item.items if isinstance(item, Logic) and item.op == op else (item,))
        if not sound:
            return None
        return sound[0] if len(sound) == 1 else Logic(op, tuple(sound))

    return made


def _not(keys: Mapping[str, Node], missing: bool) -> ExpressionNode | None:
    inner = _structure(keys["not"], missing)
    return None if inner is None else Not(inner)


def _test(keys: Mapping[str, Node], missing: bool) -> ExpressionNode | None:
    left, op = _side(keys["field"], missing), _op(keys)
    if left is None or op is None:
        return None
    if op in ("is filled", "is empty"):
        name = op.removeprefix("is ")
        return Call(name, FUNCTIONS[name][0], (left,))
    right = _right(keys, missing)
    if right is None:
        return None
    if op == "contains":
        return Compare(right, "in", left)
    return as_it_was(left, op, right) if missing else Compare(left, op, right)


def _every(keys: Mapping[str, Node], missing: bool) -> ExpressionNode | None:
    rows, where = _side(keys["every"], missing), _structure(keys.get("where"), missing)
    return None if rows is None or where is None else OverRows("every", rows, where)


def _count(keys: Mapping[str, Node], missing: bool) -> ExpressionNode | None:
    rows, op, right = _side(keys["count"], missing), _op(keys), _right(keys, missing)
    if rows is None or op is None or right is None:
        return None
    if "where" not in keys:
        return Compare(Call("length", FUNCTIONS["length"][0], (rows,)), op, right)
    where = _structure(keys["where"], missing)
    return None if where is None else Compare(OverRows("count", rows, where), op, right)


def _op(keys: Mapping[str, Node]) -> str | None:
    node = keys.get("op")
    return _WORDS.get(node.text, node.text) if isinstance(node, ScalarNode) else None


def _side(node: Node | None, missing: bool) -> ExpressionNode | None:
    return read(node.text.strip(), missing) if isinstance(node, ScalarNode) else None


def _right(keys: Mapping[str, Node], missing: bool) -> ExpressionNode | None:
    return _side(keys["other"], missing) if "other" in keys else _literal(keys.get("value"))


def _literal(node: Node | None) -> ExpressionNode | None:
    if isinstance(node, SequenceNode):
        items = [_literal(item) for item in node.items]
        sound = tuple(item for item in items if item is not None)
        return ListOf(sound) if len(sound) == len(items) else None
    if isinstance(node, ScalarNode) and node.value is not None:
        return Literal(node.value)
    return None


_MADE: Mapping[str, Callable[[Mapping[str, Node], bool], ExpressionNode | None]] = {
    "all": _group("and", "all"),
    "any": _group("or", "any"),
    "not": _not,
    "field": _test,
    "every": _every,
    "count": _count,
}
