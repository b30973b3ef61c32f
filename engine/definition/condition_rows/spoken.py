"""A condition read aloud: questions by their titles, comparisons in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType

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
from engine.lifecycle.expressions.rows import Asked, OverRows

_NUMBERS = (int, Fraction)
#: What a comparison with a number is called.
_OF_NUMBERS: Mapping[str, Message] = {
    "<": say("小于"),
    "<=": say("不大于"),
    ">": say("大于"),
    ">=": say("不小于"),
}
#: What a comparison is called, between its sides.
COMPARED: Mapping[str, Message] = {
    "==": say("是"),
    "!=": say("不是"),
    "<": say("小于（早于）"),
    "<=": say("不大于（不晚于）"),
    ">": say("大于（晚于）"),
    ">=": say("不小于（不早于）"),
    "in": say("是其中之一："),
    "not in": say("不在其中："),
}


def spoken(source: str, titles: Mapping[str, str]) -> str:
    """Return a condition in words, dotted names by their titles; the text itself where it is wrong."""
    from engine.definition.expressions import parse_expression

    parsed = parse_expression(source, None)
    return source if parsed.expression is None else said(parsed.expression, titles)


def code_of(name: str, code: str) -> str:
    """Return the key among the titles under which the text of a code of one question is kept."""
    # Neither a dotted name nor a text between quotes looks like that.
    return f"{name} '{code}'"


def said_condition(expression: Expression, titles: Mapping[str, str]) -> str:
    """Return a condition in words: one that is a name alone asks whether the answer is yes."""
    return _held(expression.node, titles)


def said(
    expression: Expression, titles: Mapping[str, str], codes: Mapping[str, str] = MappingProxyType({})
) -> str:
    """Return an expression in words, dotted names by their titles and codes by their texts.

    `codes` are those of any question; of one question they are among the titles, each under `code_of`.
    """
    # What is written as a text can be the name of nothing.
    return _said(expression.node, {**titles, **{f"'{code}'": text for code, text in codes.items()}})


def _said(node: ExpressionNode, titles: Mapping[str, str], *, inside: bool = False) -> str:
    match node:
        case Logic(op, items):
            between = str(say("，并且")) if op == "and" else str(say("，或者"))
            text = between.join(_held(item, titles, inside=True) for item in items)
            return str(say("（{text}）", text=text)) if inside else text
        case Not(Call("disjoint", _, (first, second))):
            return str(
                say(
                    "{first}至少有其中一项：{second}",
                    first=_said(first, titles),
                    second=_beside(second, first, titles),
                )
            )
        case Not(Name() as asked):
            return str(say("{left}为{right}", left=_said(asked, titles), right=say("“否”")))
        case Not(item):
            return str(say("不成立：{text}", text=_said(item, titles, inside=True)))
        case Compare():
            return _compared(node, titles)
        case Call(name, _, arguments) if (name, len(arguments)) in _CALLS:
            beside = _beside(arguments[1], arguments[0], titles) if len(arguments) > 1 else ""
            return str(_sentence(name, _said(arguments[0], titles), beside))
        case Asked(form, field):
            return str(say("问过{what}", what=_said(_below(form, field), titles)))
        case OverRows("collect", rows, Name(("it", "id")), None):
            return _said(rows, titles)
        case OverRows("every" | "some" | "count" as name, rows, of):
            return str(_sentence(name, first=_said(rows, titles), second=_held(of, titles)))
        case _:
            return _plainly(node, titles)


def _compared(node: Compare, titles: Mapping[str, str]) -> str:
    match node:
        case Compare(Literal() as one, "in" | "not in" as op, Name() as several):
            both = {"rows": _said(several, titles), "what": _beside(one, several, titles)}
            return str(say("{rows}含有{what}", **both) if op == "in" else say("{rows}不含{what}", **both))
        case Compare(left, "==" | "!=" as op, Literal(bool(yes))):
            flag = {"left": _said(left, titles), "right": say("“是”") if yes else say("“否”")}
            return str(say("{left}为{right}", **flag) if op == "==" else say("{left}不为{right}", **flag))
        case Compare(left, "==", right):
            # Whole: the word alone is also an answer.
            parts = {"left": _beside(left, right, titles), "right": _beside(right, left, titles)}
            return str(say("{left} 是 {right}", **parts))
    sides = (node.left, node.right)
    number = any(isinstance(one, Literal) and type(one.value) in _NUMBERS for one in sides)
    compared = (_OF_NUMBERS if number else COMPARED).get(node.op, COMPARED[node.op])
    return str(
        say(
            "{left} {op} {right}",
            left=_beside(node.left, node.right, titles),
            op=compared,
            right=_beside(node.right, node.left, titles),
        )
    )


def _held(node: ExpressionNode, titles: Mapping[str, str], *, inside: bool = False) -> str:
    """Return a part that is a condition, in words."""
    text = _said(node, titles, inside=inside)
    return str(say("{left}为{right}", left=text, right=say("“是”"))) if isinstance(node, Name) else text


def _beside(node: ExpressionNode, other: ExpressionNode, titles: Mapping[str, str]) -> str:
    """Return a part in words; codes are those of the question it is beside."""
    if isinstance(other, Name):
        name = ".".join(other.path)
        if isinstance(node, Literal) and isinstance(node.value, str):
            return titles.get(code_of(name, node.value)) or _said(node, titles)
        if isinstance(node, ListOf):
            return str(say("{items}", items=[_beside(item, other, titles) for item in node.items]))
    return _said(node, titles)


#: Functions that are said in words, with how many arguments.
_CALLS = frozenset(
    {
        ("filled", 1),
        ("empty", 1),
        ("length", 1),
        ("disjoint", 2),
        ("within", 2),
        ("same_members", 2),
        ("first_filled", 2),
    }
)


def _sentence(name: str, first: str, second: str = "") -> Message:
    match name:
        case "filled":
            return say("{what}已填", what=first)
        case "empty":
            return say("{what}没有填", what=first)
        case "length":
            return say("{what}的个数", what=first)
        case "disjoint":
            return say("{first}与{second}没有共同的项", first=first, second=second)
        case "within":
            return say("{first}都在{second}之中", first=first, second=second)
        case "same_members":
            return say("{first}与{second}是同样的一些", first=first, second=second)
        case "first_filled":
            return say("{first}（没有填的，用{second}）", first=first, second=second)
        case "every":
            return say("{rows}的每一行都：{what}", rows=first, what=second)
        case "some":
            return say("{rows}至少一行：{what}", rows=first, what=second)
    return say("{rows}的行数（{what}）", rows=first, what=second)


def _plainly(node: ExpressionNode, titles: Mapping[str, str]) -> str:
    match node:
        case Literal(str(text)):
            return titles.get(f"'{text}'", text)
        case Literal(value):
            return _value(value)
        case Name(path):
            return str(say("“{name}”", name=_title(path, titles)))
        case Arithmetic(op, left, right):
            return f"{_said(left, titles, inside=True)} {op} {_said(right, titles, inside=True)}"
        case ListOf(items):
            return str(say("{items}", items=[_said(item, titles) for item in items]))
        case Call(name, _, arguments):
            return f"{name}({', '.join(_said(one, titles) for one in arguments)})"
        case OverRows(name):
            return f"{name}({', '.join(_said(one, titles) for one in node.parts())})"
    raise TypeError(type(node).__name__)


def _title(path: Sequence[str], titles: Mapping[str, str]) -> str:
    name = ".".join(path)
    return titles.get(name, name)


def _below(form: ExpressionNode, field: str) -> ExpressionNode:
    return Name((*form.path, field)) if isinstance(form, Name) else Name((field,))


def _value(value: object) -> str:
    if value is None:
        return str(say("没有值"))
    if isinstance(value, bool):
        return str(say("是")) if value else str(say("否"))
    if isinstance(value, Fraction):
        from engine.definition.condition_rows.rows import written

        return written(Literal(value)) or str(value)
    return str(value)
