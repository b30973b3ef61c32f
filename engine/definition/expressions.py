"""One-line expressions: Jinja2's parser, an allow-list of its nodes, and our own small tree as the result.

Jinja2 only reads the text here; nothing of it runs. What is not on the list is refused with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import Any, ClassVar

from jinja2 import Environment, nodes
from jinja2.exceptions import TemplateError

from engine.definition.expression_errors import Fault, before_parsing, syntax_fault, without_strings
from engine.definition.typecheck import Checker
from engine.definition.types import ANY, BOOLEAN, NUMBER, TEXT, Type, ValueKind, called, list_of
from engine.kernel.did_you_mean import did_you_mean
from engine.language import Message, say
from engine.lifecycle.expressions.expression import (
    Arithmetic,
    Call,
    Compare,
    Expression,
    ExpressionNode,
    ListOf,
    Literal,
    Logic,
    Name,
    Not,
)
from engine.lifecycle.expressions.functions import FUNCTIONS

_ENVIRONMENT = Environment(autoescape=False)  # noqa: S701 - only its parser is used, nothing is rendered
_DOTTED = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_RESERVED = frozenset(
    ["true", "True", "false", "False", "none", "None", "and", "or", "not", "in", "is", "if", "else"]
)
_OPERATORS = {
    "eq": "==",
    "ne": "!=",
    "lt": "<",
    "lteq": "<=",
    "gt": ">",
    "gteq": ">=",
    "in": "in",
    "notin": "not in",
}


@dataclass(slots=True)
class Parsed:
    """What became of a text: the expression (None when it cannot be used), its type, and the faults."""

    expression: Expression | None
    type: Type
    faults: list[Fault] = field(default_factory=list)


#: Stands in `Names` for every name that is not listed.
ANYTHING = "*"

#: Root names an expression may use, with their types.
Names = Mapping[str, Type]


def parse_expression(source: str, names: Names | None, *, exact: bool = True) -> Parsed:
    """Read one expression, check its names against `names` (None: do not) and its types.

    With ``exact=False`` a single decimal stays the text it was written as (for templates).
    Never raises.
    """
    fault = before_parsing(source)
    if fault is not None:
        return Parsed(None, ANY, [fault])
    try:
        tree = _tree(source)
        if isinstance(tree, Fault):
            return Parsed(None, ANY, [tree])
        walk = _ExpressionWalk(source, names)
        node, found = walk.visit(tree)
    except RecursionError:
        return Parsed(None, ANY, [Fault("expression-syntax", say("表达式嵌套过深"))])
    if walk.faults:
        return Parsed(None, found, walk.faults)
    if not exact and isinstance(node, Name):
        node = Name(node.path)
    return Parsed(Expression(source, node), found)


def parse_condition(source: str, names: Names | None) -> Parsed:
    """Read one expression that must be true or false."""
    parsed = parse_expression(source, names)
    if not parsed.faults and parsed.type.kind not in (ValueKind.BOOLEAN, ValueKind.ANY):
        parsed.faults.append(
            Fault(
                "guard-not-boolean",
                say("条件应得“是或否”，此处得到的是{kind}", kind=called(parsed.type.kind)),
                _to_boolean(source, parsed.type),
                0,
                len(source),
            )
        )
        parsed.expression = None
    return parsed


def _to_boolean(source: str, found: Type) -> Message:
    if found.number:
        return say("请写明比较，如 {source} > 0", source=source)
    return say("请写明比较，或用 filled(……) 判断是否已填")


@lru_cache(maxsize=2048)
def _tree(source: str) -> Any:
    """Return Jinja2's node for the expression, or the fault that keeps it from being one."""
    if _DOTTED.fullmatch(source) and not _RESERVED.intersection(source.split(".")):
        # Most expressions are a name alone, and reading one is a hundred times quicker without the parser.
        root, *rest = source.split(".")
        node: nodes.Expr = nodes.Name(root, "load")
        for part in rest:
            node = nodes.Getattr(node, part, "load")
        return node
    try:
        template = _ENVIRONMENT.parse("{{ " + source.strip() + "\n}}")
    except TemplateError as error:
        return syntax_fault(source, str(error.message or ""))
    except (ValueError, OverflowError):
        return Fault("expression-syntax", say("数字过长"))
    body = template.body
    if len(body) != 1 or not isinstance(body[0], nodes.Output) or len(body[0].nodes) != 1:
        return Fault("expression-syntax", say("此处应是一个表达式"))
    return body[0].nodes[0]


#: Nodes of Jinja2 that are refused, and why.
_REFUSED: Mapping[type[nodes.Node], Message] = {
    nodes.Mul: say("不能用“*”"),
    nodes.Div: say("不能用“/”"),
    nodes.FloorDiv: say("不能用“//”"),
    nodes.Mod: say("不能用“%”"),
    nodes.Pow: say("不能用“**”"),
    nodes.Concat: say("不能用“~”连接文字"),
    nodes.CondExpr: say("不能用“…… if …… else ……”"),
    nodes.Test: say("不能用“is ……”"),
    nodes.Dict: say("不能写花括号"),
    nodes.Tuple: say("几项并列请用方括号"),
    nodes.Getitem: say("不能用方括号取值"),
    nodes.Slice: say("不能截取"),
    nodes.Pos: say("数字前不用“+”"),
    nodes.TemplateData: say("此处应是一个表达式"),
}
_INSTEAD: Mapping[type[nodes.Node], Message] = {
    nodes.Test: say("判断是否已填用 filled(……)、empty(……)，判断相等用“==”"),
    nodes.CondExpr: say("请分成两条，各写 when"),
    nodes.Tuple: say("如 ['a', 'b']"),
    nodes.Getitem: say("请用“.”，如 form.visited_on"),
    nodes.Concat: say("文字模板里可写几个 {{ …… }}"),
}
_TEXTUAL: Mapping[type[nodes.Node], str] = {
    nodes.Mul: "*",
    nodes.Div: "/",
    nodes.FloorDiv: "//",
    nodes.Mod: "%",
    nodes.Pow: "**",
    nodes.Concat: "~",
    nodes.CondExpr: " if ",
    nodes.Test: " is ",
    nodes.Getitem: "[",
    nodes.Dict: "{",
}

Visited = tuple[ExpressionNode, Type]


class _ExpressionWalk:
    """One pass over the tree: our nodes, their types, and every fault on the way."""

    def __init__(self, source: str, names: Names | None) -> None:
        self.source = source
        self.bare = without_strings(source)
        self.names = names
        self.faults: list[Fault] = []
        self.checker = Checker(self._mistyped)

    def visit(self, node: nodes.Node) -> Visited:
        visitor = self.VISITORS.get(type(node))
        if visitor is not None:
            return visitor(self, node)
        return self._refuse(node)

    def _mistyped(self, rule: str, message: Message, hint: Message | None, near: str) -> None:
        at = self.source.find(near) if near else 0
        self.faults.append(Fault(rule, message, hint, max(at, 0), len(near) or len(self.source)))

    def _fault(self, rule: str, message: Message, hint: Message | None = None, near: str = "") -> Visited:
        at = self.bare.find(near) if near else 0
        self.faults.append(Fault(rule, message, hint, max(at, 0), max(len(near), 1)))
        return Literal(None), ANY

    def _refuse(self, node: nodes.Node) -> Visited:
        kind = type(node)
        message = _REFUSED.get(kind, say("表达式里不能有这种写法"))
        hint = _INSTEAD.get(kind, say("可用：名字、文字、整数、列表、比较、and or not、+ - 和规定的函数"))
        return self._fault("expression-forbidden", message, hint, _TEXTUAL.get(kind, ""))

    def _const(self, node: nodes.Const) -> Visited:
        value = node.value
        if isinstance(value, float):
            if value != value or value in (float("inf"), float("-inf")):
                return self._fault("expression-syntax", say("数字过大"))
            return Literal(Fraction(repr(value))), Type(ValueKind.EXACT)
        if value is None:
            return Literal(None), ANY
        if isinstance(value, bool):
            return Literal(value), BOOLEAN
        if isinstance(value, int):
            if abs(value) >= 10**18:
                return self._fault("expression-syntax", say("数字过大"))
            return Literal(value), NUMBER
        return Literal(str(value)), TEXT

    def _name(self, node: nodes.Name) -> Visited:
        return self._path((node.name,))

    def _getattr(self, node: nodes.Getattr) -> Visited:
        path = [node.attr]
        inner: nodes.Node = node.node
        while isinstance(inner, nodes.Getattr):
            path.append(inner.attr)
            inner = inner.node
        if not isinstance(inner, nodes.Name):
            return self._fault(
                "expression-forbidden",
                say("“.{name}”前面应是名字", name=node.attr),
                say("只能逐级取名字，如 form.visited_on"),
                f".{node.attr}",
            )
        path.append(inner.name)
        return self._path(tuple(reversed(path)))

    def _path(self, path: tuple[str, ...]) -> Visited:
        for part in path:
            if part.startswith("_"):
                return self._fault(
                    "expression-forbidden",
                    say("名字不能以下划线开头：“{name}”", name=part),
                    None,
                    part,
                )
        if self.names is None:
            return Name(path), ANY
        root = self.names.get(path[0]) or self.names.get(ANYTHING)
        if root is None:
            if path[0] in FUNCTIONS and len(path) == 1:
                hint: Message | None = say("{name} 是函数，请写 {name}(……)", name=path[0])
            else:
                hint = did_you_mean(path[0], (*self.names, *FUNCTIONS)) or say(
                    "文字请加引号；可用的名字：{names}", names=list(self.names)
                )
            return self._unknown(path, 0, say("没有“{name}”这个名字", name=path[0]), hint)
        found = root
        for depth, part in enumerate(path[1:], 1):
            if found.vague:
                break
            if found.kind is not ValueKind.RECORD:
                return self._unknown(path, depth, *_no_column(path[:depth], part, found))
            column = found.columns.get(part)
            if column is None:
                if found.open:
                    found = ANY
                    break
                where = ".".join(path[:depth])
                message = say("“{where}”里没有“{name}”", where=where, name=part)
                return self._unknown(path, depth, message, did_you_mean(part, found.columns))
            found = column
        return Name(path, exact=found.kind is ValueKind.EXACT), found

    def _unknown(self, path: tuple[str, ...], depth: int, message: Message, hint: Message | None) -> Visited:
        dotted = r"\s*\.\s*".join(re.escape(part) for part in path[: depth + 1])
        found = re.search(rf"(?<![\w.]){dotted}(?!\w)", self.bare)
        end = found.end() if found is not None else len(path[depth])
        self.faults.append(
            Fault("unknown-name", message, hint, max(0, end - len(path[depth])), len(path[depth]))
        )
        return Literal(None), ANY

    def _list(self, node: nodes.List) -> Visited:
        visited = [self.visit(item) for item in node.items]
        kinds = {found.kind for _, found in visited}
        item = visited[0][1] if len(kinds) == 1 else ANY
        return ListOf(tuple(part for part, _ in visited)), list_of(item)

    def _compare(self, node: nodes.Compare) -> Visited:
        left, left_type = self.visit(node.expr)
        tests: list[ExpressionNode] = []
        for operand in node.ops:
            op = _OPERATORS[operand.op]
            right, right_type = self.visit(operand.expr)
            a, b = self.checker.compare(left, left_type, op, right, right_type)
            tests.append(Compare(a, op, b))
            left, left_type = right, right_type
        return (tests[0] if len(tests) == 1 else Logic("and", tuple(tests))), BOOLEAN

    def _logic(self, node: nodes.BinExpr) -> Visited:
        op = "and" if isinstance(node, nodes.And) else "or"
        items: list[ExpressionNode] = []
        for side in (node.left, node.right):
            part, found = self.visit(side)
            self.checker.boolean(part, found, op)
            if isinstance(part, Logic) and part.op == op:
                items.extend(part.items)
            else:
                items.append(part)
        return Logic(op, tuple(items)), BOOLEAN

    def _not(self, node: nodes.Not) -> Visited:
        part, found = self.visit(node.node)
        self.checker.boolean(part, found, "not")
        return Not(part), BOOLEAN

    def _arithmetic(self, node: nodes.BinExpr) -> Visited:
        op = "+" if isinstance(node, nodes.Add) else "-"
        left, left_type = self.visit(node.left)
        right, right_type = self.visit(node.right)
        return Arithmetic(op, left, right), self.checker.arithmetic(op, left_type, right_type)

    def _neg(self, node: nodes.Neg) -> Visited:
        part, found = self.visit(node.node)
        if isinstance(part, Literal) and isinstance(part.value, (int, Fraction)):
            return Literal(-part.value), found
        return Arithmetic("-", Literal(0), part), self.checker.arithmetic("-", NUMBER, found)

    def _call(self, node: nodes.Call) -> Visited:
        target = node.node
        if not isinstance(target, nodes.Name):
            shown = f".{target.attr}" if isinstance(target, nodes.Getattr) else "("
            return self._fault(
                "expression-forbidden",
                say("不能对值调用方法"),
                say("可用的函数：{names}", names=list(FUNCTIONS)),
                shown,
            )
        if node.kwargs or node.dyn_args or node.dyn_kwargs:
            return self._fault("expression-forbidden", say("函数的参数按次序写，不写名字"), None, target.name)
        return self._function(target.name, list(node.args))

    def _filter(self, node: nodes.Filter) -> Visited:
        if node.node is None or node.kwargs or node.dyn_args or node.dyn_kwargs:
            return self._fault("expression-forbidden", say("函数的参数按次序写，不写名字"), None, node.name)
        return self._function(node.name, [node.node, *node.args])

    def _function(self, name: str, arguments: list[Any]) -> Visited:
        known = FUNCTIONS.get(name)
        if known is None:
            hint = did_you_mean(name, FUNCTIONS)
            return self._fault("unknown-function", say("没有函数“{name}”", name=name), hint, name)
        function, least, most = known
        if not least <= len(arguments) <= most:
            return self._fault(
                "unknown-function",
                say(
                    "函数 {name} 要 {most} 个参数，实为 {seen} 个", name=name, most=most, seen=len(arguments)
                ),
                None,
                name,
            )
        visited = [self.visit(argument) for argument in arguments]
        parts = tuple(part for part, _ in visited)
        found = self.checker.call(name, parts, [found for _, found in visited])
        return Call(name, function, parts), found

    VISITORS: ClassVar[Mapping[type[nodes.Node], Callable[..., Visited]]] = {
        nodes.Const: _const,
        nodes.Name: _name,
        nodes.Getattr: _getattr,
        nodes.List: _list,
        nodes.Compare: _compare,
        nodes.And: _logic,
        nodes.Or: _logic,
        nodes.Not: _not,
        nodes.Add: _arithmetic,
        nodes.Sub: _arithmetic,
        nodes.Neg: _neg,
        nodes.Call: _call,
        nodes.Filter: _filter,
    }


def _no_column(path: tuple[str, ...], part: str, found: Type) -> tuple[Message, Message | None]:
    where = ".".join(path)
    if found.kind is ValueKind.LIST and found.item is not None and found.item.kind is ValueKind.RECORD:
        return (
            say("“{where}”是列表，不能直接取“{name}”", where=where, name=part),
            say("请用 collect({where}, '{name}')，或用 every / count 逐行判断", where=where, name=part),
        )
    return (
        say("“{where}”是{kind}，里面没有“{name}”", where=where, kind=called(found.kind), name=part),
        None,
    )
