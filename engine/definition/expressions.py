"""One-line expressions: Jinja2's nodes, an allow-list of them, and our own small tree as the result.

What is written in the usual way is read by `parsing.usual`, all else by Jinja2's parser. Jinja2 only reads the text here; nothing of it runs. What is not on the list is refused with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import lru_cache
from typing import Any, ClassVar

from jinja2 import Environment, nodes
from jinja2.exceptions import TemplateError

from engine.definition.expression_errors import (
    Fault,
    before_parsing,
    no_column,
    not_among,
    syntax_fault,
    without_strings,
)
from engine.definition.parsing.usual import RESERVED, read_usual
from engine.definition.typecheck import Checker
from engine.definition.types import (
    ANY,
    BOOLEAN,
    NUMBER,
    TEXT,
    Type,
    ValueKind,
    kind_name,
    list_of,
    type_of_number,
)
from engine.kernel.did_you_mean import did_you_mean
from engine.language import Message, say
from engine.lifecycle.expressions.arithmetic import Arithmetic
from engine.lifecycle.expressions.expression import (
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
from engine.lifecycle.expressions.rows import ASKING, EACH, ROW_FUNCTIONS, Asked, OverRows

_ENVIRONMENT = Environment(autoescape=False)  # noqa: S701 - only its parser is used, nothing is rendered
_DOTTED = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
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

_ARITHMETIC: Mapping[type[nodes.Node], str] = {nodes.Add: "+", nodes.Sub: "-", nodes.Mul: "*", nodes.Div: "/"}
#: Every name that is a function.
EVERY_FUNCTION = (*FUNCTIONS, *ROW_FUNCTIONS, "asked")


@dataclass(slots=True)
class Parsed:
    """What became of a text: the expression (None when it cannot be used), its type, and the faults."""

    expression: Expression | None
    type: Type
    faults: list[Fault] = field(default_factory=list)


#: Means in `Names` every name that is not listed.
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
        tree = parse_tree(source)
        if isinstance(tree, Fault):
            return Parsed(None, ANY, [tree])
        walk = ExpressionWalk(source, names)
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
                say("条件应得“是或否”，此处得到的是{kind}", kind=kind_name(parsed.type.kind)),
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
def parse_tree(source: str) -> Any:
    """Return Jinja2's node for the expression, or the fault that keeps it from being one."""
    if _DOTTED.fullmatch(source) and not RESERVED.intersection(source.split(".")):
        # Most expressions are a name alone, and reading one is a hundred times quicker without the parser.
        root, *rest = source.split(".")
        node: nodes.Expr = nodes.Name(root, "load")
        for part in rest:
            node = nodes.Getattr(node, part, "load")
        return node
    usual = read_usual(source)
    return _read_by_jinja(source) if usual is None else usual


def _read_by_jinja(source: str) -> Any:
    """Return the node Jinja2's parser makes of an expression, or the fault that keeps it from being one."""
    try:
        template = _ENVIRONMENT.parse("{{ " + source.strip() + "\n}}")
    except TemplateError as error:
        return syntax_fault(source, str(error.message or ""))
    except (ValueError, OverflowError, SyntaxError):
        return Fault("expression-syntax", say("数字过长，或者不是 0–9 写成的"))
    body = template.body
    if len(body) != 1 or not isinstance(body[0], nodes.Output) or len(body[0].nodes) != 1:
        return Fault("expression-syntax", say("此处应是一个表达式"))
    return body[0].nodes[0]


#: Nodes of Jinja2 that are refused, and why.
_REFUSED: Mapping[type[nodes.Node], Message] = {
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
    nodes.FloorDiv: "//",
    nodes.Mod: "%",
    nodes.Pow: "**",
    nodes.Concat: "~",
    nodes.CondExpr: " if ",
    nodes.Test: " is ",
    nodes.Getitem: "[",
    nodes.Dict: "{",
}

#: A decimal number as written, and the digits of one that the parser keeps exactly.
_DECIMAL = re.compile(r"(?<!\d)\d++\.\d+")
_MAX_DIGITS = 15

Visited = tuple[ExpressionNode, Type]
#: Names that are counted in several ways and may stand where rows are asked for, by their root.
_COUNTED: Mapping[str, tuple[str, ...]] = {"children": ("children", "WORKFLOW"), "branches": ("branches",)}


class ExpressionWalk:
    """One pass over the tree: our nodes, their types, and every fault on the way."""

    def __init__(self, source: str, names: Names | None) -> None:
        self.source = source
        self.bare = without_strings(source)
        self.names = names
        self.faults: list[Fault] = []
        self.checker = Checker(self._mistyped)

    def visit(self, node: nodes.Node) -> Visited:
        """Return our node for one of Jinja2's, and its type."""
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
        hint = _INSTEAD.get(kind, say("可用：名字、文字、数、列表、比较、and or not、+ - * / 和规定的函数"))
        return self._fault("expression-forbidden", message, hint, _TEXTUAL.get(kind, ""))

    def _const(self, node: nodes.Const) -> Visited:
        value = node.value
        if isinstance(value, float):
            if value != value or value in (float("inf"), float("-inf")):
                return self._fault("expression-syntax", say("数字过大"))
            if any(
                len(found.replace(".", "").lstrip("0")) > _MAX_DIGITS for found in _DECIMAL.findall(self.bare)
            ):
                return self._fault("expression-syntax", say("小数最多 {most} 位数字", most=_MAX_DIGITS))
            number = Fraction(repr(value))
            return Literal(number), type_of_number(number)
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
            if path[0] in EVERY_FUNCTION and len(path) == 1:
                hint: Message | None = say("{name} 是函数，请写 {name}(……)", name=path[0])
            else:
                hint = did_you_mean(path[0], (*self.names, *EVERY_FUNCTION)) or say(
                    "文字请加引号；可用的名字：{names}", names=list(self.names)
                )
            return self._unknown(path, 0, say("没有“{name}”这个名字", name=path[0]), hint)
        found = root
        kept = [path[0]]
        for depth, part in enumerate(path[1:], 1):
            if found.vague:
                kept += path[depth:]
                break
            if found.kind is not ValueKind.RECORD:
                return self._unknown(path, depth, *no_column(path[:depth], part, found))
            column = found.columns.get(part)
            if column is None:
                if found.open:
                    found = ANY
                    kept += path[depth:]
                    break
                return self._unknown(path, depth, *not_among(path[:depth], part, found))
            found = column
            kept.append(column.kept_as or part)
        return Name(tuple(kept), exact=found.kind is ValueKind.EXACT), found

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
            tests.append(self.compared(a, op, b))
            left, left_type = right, right_type
        return (tests[0] if len(tests) == 1 else Logic("and", tuple(tests))), BOOLEAN

    def compared(self, left: ExpressionNode, op: str, right: ExpressionNode) -> ExpressionNode:
        """Return the node of one comparison."""
        return Compare(left, op, right)

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
        op = _ARITHMETIC[type(node)]
        left, left_type = self.checker.written(*self.visit(node.left))
        right, right_type = self.checker.written(*self.visit(node.right))
        found = self.checker.arithmetic(op, left_type, right_type)
        if op in "*/" and any(
            not isinstance(part, Literal) and of.unit is None
            for part, of in ((left, left_type), (right, right_type))
        ):
            # A written number is a mere factor; what a name or a count without a unit counts is not known.
            found = replace(found, unit=None)
        return Arithmetic(op, left, right), found

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
                say("可用的函数：{names}", names=list(EVERY_FUNCTION)),
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
        if name in ROW_FUNCTIONS:
            return self.over_rows(name, arguments)
        if name == "asked":
            return self._asked(arguments)
        known = FUNCTIONS.get(name)
        if known is None:
            hint = did_you_mean(name, EVERY_FUNCTION)
            return self._fault("unknown-function", say("没有函数“{name}”", name=name), hint, name)
        function, least, most = known
        if not least <= len(arguments) <= most:
            return self._arity(name, most, len(arguments))
        visited = [self.visit(argument) for argument in arguments]
        if name in ("lesser", "greater"):
            visited = [self.checker.written(*each) for each in visited]
        parts = tuple(part for part, _ in visited)
        found = self.checker.call(name, parts, [found for _, found in visited])
        return Call(name, function, parts), found

    def _arity(self, name: str, most: int, seen: int, hint: Message | None = None) -> Visited:
        message = say("函数 {name} 要 {most} 个参数，实为 {seen} 个", name=name, most=most, seen=seen)
        return self._fault("unknown-function", message, hint, name)

    def over_rows(self, name: str, arguments: list[Any]) -> Visited:
        """Read ``count(rows, condition)`` and its kin: the second argument sees each row as ``it``, as does a third, a condition."""
        if name in ASKING and len(arguments) == 3:
            return self._arity(name, 2, 3, say("两个条件用 and 连接"))
        if len(arguments) not in (2, 3):
            hint = (
                say("如 count(inspectors, it.cert_valid_to >= today)；总数用 length(……)")
                if name == "count"
                else None
            )
            return self._arity(name, 2, len(arguments), hint)
        if (
            name == "collect"
            and isinstance(arguments[1], nodes.Const)
            and isinstance(arguments[1].value, str)
        ):
            column = arguments[1].value
            message = say("collect 的第二个参数是每一行要取的值，不是加引号的列名")
            return self._fault("type-mismatch", message, say("请写 it.{name}", name=column), "collect")
        rows, found = self.visit(arguments[0])
        if (
            isinstance(rows, Name)
            and rows.path[0] in _COUNTED
            and len(rows.path) == len(_COUNTED[rows.path[0]])
        ):
            rows = Name((*rows.path, EACH))
            found = list_of(found.item) if found.item is not None else ANY
        self.checker.rows(name, found)
        outside = self.names
        if outside is not None:
            self.names = {**outside, "it": found.item or ANY}
        of, inner = self.visit(arguments[1])
        where, chosen = self.visit(arguments[2]) if len(arguments) > 2 else (None, BOOLEAN)
        self.names = outside
        if where is not None:
            self.checker.boolean(where, chosen, name)
        return OverRows(name, rows, of, where), self.checker.over_rows(name, of, inner)

    def _asked(self, arguments: list[Any]) -> Visited:
        """Read ``asked(form.FIELD)``."""
        if len(arguments) != 1:
            return self._arity("asked", 1, len(arguments))
        node, _ = self.visit(arguments[0])
        if isinstance(node, Name) and (node.path[0], len(node.path)) in (("form", 2), ("forms", 3)):
            return Asked(Name(node.path[:-1]), node.path[-1]), BOOLEAN
        if self.faults:
            return Literal(None), ANY
        message = say("asked 问的是表单的一栏，如 asked(form.refusal_note)")
        return self._fault("type-mismatch", message, say("是否已填用 filled(……)"), "asked")

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
        nodes.Mul: _arithmetic,
        nodes.Div: _arithmetic,
        nodes.Neg: _neg,
        nodes.Call: _call,
        nodes.Filter: _filter,
    }
