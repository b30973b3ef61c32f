"""Expressions as they are usually written -> the nodes Jinja2 makes of them, at a fourth of what its parser costs.

Names, calls, whole numbers, texts without a backslash, lists, comparisons, ``and``, ``or``, ``not``, ``+ - * /`` and
parentheses. Whatever else is in a text (a fault, a filter, a decimal) is left to Jinja2, whose nodes and faults are the
measure: `tests/definition/parsing/test_usual.py` holds both against each other.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from jinja2 import nodes

#: The words of the language; none is a name.
RESERVED = frozenset(
    ["true", "True", "false", "False", "none", "None", "and", "or", "not", "in", "is", "if", "else"]
)
_CONSTANTS = {"true": True, "True": True, "false": False, "False": False, "none": None, "None": None}
_COMPARED = {"==": "eq", "!=": "ne", "<": "lt", "<=": "lteq", ">": "gt", ">=": "gteq"}
_ADDED: dict[str, type[nodes.BinExpr]] = {"+": nodes.Add, "-": nodes.Sub}
_MULTIPLIED: dict[str, type[nodes.BinExpr]] = {"*": nodes.Mul, "/": nodes.Div}
_TOKEN = re.compile(
    r"""\s*(?:([^\W\d]\w*)|((?:0|[1-9][0-9]{0,17})(?![\w.]))|('[^'\\\n]*'|"[^"\\\n]*")|(==|!=|<=|>=|[<>()\[\],.+\-*/])|(\S))"""
)
_NAME, _NUMBER, _TEXT, _SIGN, _OTHER = 1, 2, 3, 4, 5


class _UnusualError(Exception):
    """The text is left to Jinja2."""


def read_usual(source: str) -> nodes.Expr | None:
    """Return the node of a text as Jinja2 reads it; None where the text is unusual or no expression."""
    tokens = [(found.lastindex or 0, found[found.lastindex or 0]) for found in _TOKEN.finditer(source)]
    if any(kind == _OTHER for kind, _ in tokens):
        return None
    reader = _Descent([*tokens, (0, "")])
    try:
        read = reader.either()
    except _UnusualError:
        return None
    return read if reader.at == len(tokens) else None


class _Descent:
    """The tokens of one text, and how far they have been read."""

    __slots__ = ("at", "tokens")

    def __init__(self, tokens: list[tuple[int, str]]) -> None:
        self.tokens = tokens
        self.at = 0

    def either(self) -> nodes.Expr:
        left = self.both()
        while self.tokens[self.at] == (_NAME, "or"):
            self.at += 1
            left = nodes.Or(left, self.both())
        return left

    def both(self) -> nodes.Expr:
        left = self.negated()
        while self.tokens[self.at] == (_NAME, "and"):
            self.at += 1
            left = nodes.And(left, self.negated())
        return left

    def negated(self) -> nodes.Expr:
        if self.tokens[self.at] == (_NAME, "not"):
            self.at += 1
            return nodes.Not(self.negated())
        return self.compared()

    def compared(self) -> nodes.Expr:
        left = self.added()
        ops: list[nodes.Operand] = []
        while True:
            kind, text = self.tokens[self.at]
            if kind == _SIGN and text in _COMPARED:
                op = _COMPARED[text]
            elif kind == _NAME and text == "in":
                op = "in"
            elif kind == _NAME and text == "not" and self.tokens[self.at + 1] == (_NAME, "in"):
                self.at += 1
                op = "notin"
            else:
                return nodes.Compare(left, ops) if ops else left
            self.at += 1
            ops.append(nodes.Operand(op, self.added()))

    def added(self) -> nodes.Expr:
        return self._row(_ADDED, self.multiplied)

    def multiplied(self) -> nodes.Expr:
        return self._row(_MULTIPLIED, self.signed)

    def _row(self, made: dict[str, type[nodes.BinExpr]], part: Callable[[], nodes.Expr]) -> nodes.Expr:
        left = part()
        while self.tokens[self.at][0] == _SIGN and (kind := made.get(self.tokens[self.at][1])) is not None:
            self.at += 1
            left = kind(left, part())
        return left

    def signed(self) -> nodes.Expr:
        if self.tokens[self.at] == (_SIGN, "-"):
            self.at += 1
            return nodes.Neg(self.signed())
        return self.value()

    def value(self) -> nodes.Expr:
        kind, text = self.tokens[self.at]
        self.at += 1
        node: nodes.Expr
        if kind == _NAME:
            if text not in RESERVED:
                node = nodes.Name(text, "load")
            elif text in _CONSTANTS:
                node = nodes.Const(_CONSTANTS[text])
            else:
                raise _UnusualError
        elif kind == _TEXT:
            node = nodes.Const(text[1:-1])
        elif kind == _NUMBER:
            node = nodes.Const(int(text))
        elif kind == _SIGN and text == "(":
            node = self.either()
            self._expect(")")
        elif kind == _SIGN and text == "[":
            node = nodes.List(self._listed("]"))
        else:
            raise _UnusualError
        return self._followed(node)

    def _followed(self, node: nodes.Expr) -> nodes.Expr:
        """Read what follows a value: ``.name`` and arguments."""
        while self.tokens[self.at][0] == _SIGN:
            sign = self.tokens[self.at][1]
            if sign == ".":
                kind, text = self.tokens[self.at + 1]
                if kind != _NAME:
                    raise _UnusualError
                node = nodes.Getattr(node, text, "load")
                self.at += 2
            elif sign == "(":
                self.at += 1
                node = nodes.Call(node, self._listed(")"), [], None, None)
            elif sign == "[":
                raise _UnusualError
            else:
                break
        return node

    def _listed(self, closing: str) -> list[nodes.Expr]:
        found: list[nodes.Expr] = []
        while self.tokens[self.at] != (_SIGN, closing):
            if found:
                self._expect(",")
            found.append(self.either())
        self.at += 1
        return found

    def _expect(self, sign: str) -> None:
        if self.tokens[self.at] != (_SIGN, sign):
            raise _UnusualError
        self.at += 1
