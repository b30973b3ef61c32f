"""Expressions, conditions and the sentences of requirements."""

from __future__ import annotations

from collections.abc import Callable

from engine.definition import keywords
from engine.definition.expressions import Names, Parsed, parse_condition, parse_expression
from engine.definition.reader.diagnostics import Book, Part, kind_of
from engine.definition.templates import parse_template
from engine.definition.typecheck import Checker
from engine.definition.types import ANY, BOOLEAN, NUMBER, TEXT, Type, ValueKind, called, list_of
from engine.language import Message, say
from engine.lifecycle.expressions.condition import All, AnyOf, Condition, CountOf, Every, NotThat, Test
from engine.lifecycle.expressions.expression import Call, Compare, Expression, ListOf, Literal
from engine.lifecycle.expressions.expression import ExpressionNode as Branch
from engine.lifecycle.expressions.functions import FUNCTIONS
from engine.lifecycle.expressions.template import Template
from engine.lifecycle.model.requirement import Requirement
from engine.yamltext.nodes import MappingNode, Node, ScalarNode, SequenceNode


def read_expression(book: Book, node: Node | None, names: Names | None) -> Parsed | None:
    """Read a one-line expression; None when there is none or it is wrong (and noted)."""
    text = _source(book, node)
    if text is None or node is None:
        return None
    if book.muted:
        return None
    parsed = parse_expression(text, names)
    for fault in parsed.faults:
        book.fault(node, fault)
    return parsed if parsed.expression is not None else None


def read_template(book: Book, node: Node | None, names: Names | None) -> Template | None:
    """Read a text with ``{{ names }}`` in it."""
    text = book.read_text(node)
    if text is None or node is None or book.muted:
        return None
    template, faults = parse_template(text, names)
    for fault in faults:
        book.fault(node, fault)
    return template


def read_requirements(book: Book, node: Node | None, names: Names | None) -> list[tuple[Requirement, Node]]:
    """Read a list of ``that / else / basis`` with their places."""
    found = []
    for item in book.items(node):
        part = book.open(item, "requirement")
        if part is None:
            continue
        that = read_condition(book, part.value("that"), names)
        message = book.read_text(part.value("else"))
        basis = book.read_text(part.value("basis"))
        if that is not None and message is not None:
            found.append((Requirement(that=that, message=message, basis=basis), part.key("that")))
    return found


def read_condition(book: Book, node: Node | None, names: Names | None) -> Condition | None:
    """Read a condition, one-line or structured; None when there is none or it is wrong (and noted)."""
    if node is None or book.blank(node) or book.muted:
        return None
    if isinstance(node, ScalarNode):
        parsed = parse_condition(node.text.strip(), names)
        for fault in parsed.faults:
            book.fault(node, fault)
        return Test(parsed.expression) if parsed.expression is not None else None
    if isinstance(node, MappingNode):
        return _structured(book, node, names)
    book.report(
        "wrong-shape",
        node,
        say("此处应是条件，实为{seen}", seen=kind_of(node)),
        say("几个条件都要成立，请写 all:；成立一个即可，请写 any:"),
    )
    return None


def _source(book: Book, node: Node | None) -> str | None:
    if node is None or book.blank(node):
        return None
    if isinstance(node, ScalarNode):
        return node.text.strip()
    hint = None
    if isinstance(node, MappingNode):
        hint = say("以“{”开头的文字会被当成 YAML 的花括号；表达式不用花括号")
    book.report("wrong-shape", node, say("此处应是表达式，实为{seen}", seen=kind_of(node)), hint)
    return None


Reader = Callable[[Book, Part, "Names | None"], "Condition | None"]


def _structured(book: Book, node: MappingNode, names: Names | None) -> Condition | None:
    written = {keywords.canonical(key.text) for key, _ in node.texts()}
    # 逐一 and 每隔 are both `every`; `count` and `every` may stand beside `where`.
    for key, (shape, reader) in _SHAPES.items():
        if key in written:
            part = book.open(node, shape)
            return None if part is None or set(part.entries) == set() else reader(book, part, names)
    book.report(
        "wrong-shape",
        node,
        say("看不出这是哪种条件"),
        say("应有其一：all（全部）、any（任一）、not（非）、field（项）、every（逐一）、count（计数）"),
    )
    return None


def _group(
    book: Book, part: Part, names: Names | None, key: str, make: Callable[[tuple[Condition, ...]], Condition]
) -> Condition | None:
    nodes = list(book.items(part.value(key)))
    found = [read_condition(book, item, names) for item in nodes]
    sound = tuple(item for item in found if item is not None)
    if not nodes and isinstance(part.value(key), SequenceNode):
        book.report("missing-value", part.key(key), say("“{key}”下面没有条件", key=key))
        return None
    return make(sound) if sound and len(sound) == len(found) else None


def _all(book: Book, part: Part, names: Names | None) -> Condition | None:
    return _group(book, part, names, "all", All)


def _any(book: Book, part: Part, names: Names | None) -> Condition | None:
    return _group(book, part, names, "any", AnyOf)


def _not(book: Book, part: Part, names: Names | None) -> Condition | None:
    inner = read_condition(book, part.value("not"), names)
    return None if inner is None else NotThat(inner, f"not ({_describe(inner)})")


def _test(book: Book, part: Part, names: Names | None) -> Condition | None:
    left = read_expression(book, part.value("field"), names)
    op = book.read_word(part.value("op"), keywords.OPERATORS)
    if op in ("is filled", "is empty"):
        for key in ("value", "other"):
            if key in part.entries:
                book.report("unknown-key", part.key(key), say("“{op}”后面不写“{key}”", op=op, key=key))
        if left is None or left.expression is None:
            return None
        name = "filled" if op == "is filled" else "empty"
        call = Call(name, FUNCTIONS[name][0], (left.expression.node,))
        return Test(Expression(f"{name}({left.expression.source})", call))
    right = _right_side(book, part, names)
    if left is None or op is None or right is None or left.expression is None:
        return None
    return _compared(book, part, left, op, right)


Side = tuple[Branch, Type, str]


def _right_side(book: Book, part: Part, names: Names | None) -> Side | None:
    has_value, has_other = "value" in part.entries, "other" in part.entries
    if has_value == has_other:
        if has_value:
            book.report("unknown-key", part.key("other"), say("value（值）与 other（另一项）只能写一个"))
        elif "op" in part.entries:
            book.report(
                "missing-key",
                part.key("op"),
                say("缺少“value”（值）"),
                say("与另一栏比较时写 other（另一项）"),
            )
        return None
    if has_other:
        parsed = read_expression(book, part.value("other"), names)
        if parsed is None or parsed.expression is None:
            return None
        return parsed.expression.node, parsed.type, parsed.expression.source
    return _literal(book, part.value("value"))


def _literal(book: Book, node: Node | None) -> Side | None:
    if isinstance(node, SequenceNode):
        sides = [_literal(book, item) for item in node.items]
        sound = [side for side in sides if side is not None]
        if len(sound) != len(sides):
            return None
        kinds = {found.kind for _, found, _ in sound}
        item = sound[0][1] if len(kinds) == 1 else ANY
        source = ", ".join(text for _, _, text in sound)
        return ListOf(tuple(branch for branch, _, _ in sound)), list_of(item), f"[{source}]"
    if isinstance(node, ScalarNode) and node.value is not None:
        value = node.value
        if isinstance(value, bool):
            return Literal(value), BOOLEAN, "true" if value else "false"
        if isinstance(value, int):
            return Literal(value), NUMBER, str(value)
        return Literal(value), TEXT, "'" + value.replace("'", "\\'") + "'"
    if node is not None and not book.blank(node):
        book.report("wrong-shape", node, say("此处应是一个值或列表，实为{seen}", seen=kind_of(node)))
    return None


def _compared(book: Book, part: Part, left: Parsed, op: str, right: Side) -> Condition | None:
    assert left.expression is not None  # noqa: S101 - narrows the type; the caller has looked
    branch, found, source = right
    faults: list[bool] = []

    def note(rule: str, message: Message, hint: Message | None, near: str) -> None:
        faults.append(True)
        key = "value" if "value" in part.entries else "other"
        place = part.value(key) if near else part.value("field")
        book.report(rule, place or part.node, message, hint)

    # A code of digits is a text even where YAML reads a number: the author cannot be asked to know.
    if isinstance(branch, Literal) and isinstance(branch.value, int) and not isinstance(branch.value, bool):
        choices = left.type.choices or (left.type.item.choices if left.type.item else None)
        if choices is not None:
            branch, found, source = Literal(str(branch.value)), TEXT, f"'{branch.value}'"
    checker = Checker(note)
    node: Branch
    if op == "contains":
        checker.compare(branch, found, "in", left.expression.node, left.type)
        node = Compare(branch, "in", left.expression.node)
        shown = f"{source} in {left.expression.source}"
    else:
        a, b = checker.compare(left.expression.node, left.type, op, branch, found)
        node = Compare(a, op, b)
        shown = f"{left.expression.source} {op} {source}"
    return None if faults else Test(Expression(shown, node))


def _row_names(
    book: Book, part: Part, key: str, names: Names | None
) -> tuple[Expression, Names | None] | None:
    rows = read_expression(book, part.value(key), names)
    if rows is None or rows.expression is None:
        return None
    if rows.type.kind not in (ValueKind.LIST, ValueKind.ANY):
        value = part.value(key) or part.node
        book.report("type-mismatch", value, say("此处应是列表，实为{kind}", kind=called(rows.type.kind)))
        return None
    inner = None if names is None else {**names, "it": rows.type.item or ANY}
    return rows.expression, inner


def _every(book: Book, part: Part, names: Names | None) -> Condition | None:
    rows = _row_names(book, part, "every", names)
    if rows is None:
        return None
    where = read_condition(book, part.value("where"), rows[1])
    if where is None:
        return None
    return Every(rows[0], where, f"every {rows[0].source}: {_describe(where)}")


def _count(book: Book, part: Part, names: Names | None) -> Condition | None:
    rows = _row_names(book, part, "count", names)
    where = read_condition(book, part.value("where"), rows[1]) if rows is not None else None
    op = book.read_word(part.value("op"), keywords.OPERATORS)
    right = _right_side(book, part, names)
    if rows is None or op is None or right is None or ("where" in part.entries and where is None):
        return None
    branch, found, source = right
    if op not in ("==", "!=", "<", "<=", ">", ">="):
        book.report("unknown-word", part.value("op") or part.node, say("数目只能比大小，不能用“{op}”", op=op))
        return None
    if found.kind not in (ValueKind.NUMBER, ValueKind.ANY):
        key = "value" if "value" in part.entries else "other"
        book.report(
            "type-mismatch",
            part.value(key) or part.node,
            say("数目要与整数比较，此处是{kind}", kind=called(found.kind)),
        )
        return None
    inside = f": {_describe(where)}" if where is not None else ""
    text = f"count {rows[0].source}{inside} {op} {source}"
    return CountOf(rows[0], where, op, Expression(source, branch), text)


_SHAPES: dict[str, tuple[str, Reader]] = {
    "all": ("all", _all),
    "any": ("any", _any),
    "not": ("not", _not),
    "field": ("test", _test),
    "every": ("every", _every),
    "count": ("count", _count),
}


def _describe(condition: Condition) -> str:
    match condition:
        case Test(expression):
            return expression.source
        case All(items):
            return " and ".join(f"({_describe(item)})" for item in items)
        case AnyOf(items):
            return " or ".join(f"({_describe(item)})" for item in items)
        case NotThat() | Every() | CountOf():
            return condition.source
    return ""
