"""The expressions of XLSForm, read into a small tree. What is no such expression raises `XPathError`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from engine.language import Message, say

MAX_CHARACTERS = 2_000
_DEEPEST = 40
#: Operators and signs of one expression: one after the other they nest as deep as brackets do.
_OPERATORS = 150

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?|\.\d+)|(?P<text>'[^']*'|\"[^\"]*\")|\$\{(?P<ref>[^{}]*+)\}"
    r"|(?P<name>[^\W\d][\w:]*(?:[-.][\w]+)*)|(?P<op><=|>=|!=|\.\.|//|[=<>+\-*|/(),.@\[\]]))"
)
#: What office programs make of straight quotes.
_QUOTES = str.maketrans(
    {"‘": "'", "’": "'", "“": '"', "”": '"', "\u00a0": " ", "，": ",", "（": "(", "）": ")"}
)


class XPathError(Exception):
    """The expression cannot be written in our grammar; `message` says which part of it."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.text)
        self.message = message


@dataclass(frozen=True, slots=True)
class XPathNumber:
    """A number as written."""

    text: str


@dataclass(frozen=True, slots=True)
class XPathText:
    """A text in quotes."""

    text: str


@dataclass(frozen=True, slots=True)
class XPathReference:
    """``${name}``."""

    name: str


@dataclass(frozen=True, slots=True)
class XPathOwnAnswer:
    """``.``: the answer itself."""


@dataclass(frozen=True, slots=True)
class XPathColumn:
    """A bare name: in a choice filter a column of the sheet of choices."""

    name: str


@dataclass(frozen=True, slots=True)
class XPathFunction:
    """``name(a, b)``."""

    name: str
    arguments: tuple[XPath, ...]


@dataclass(frozen=True, slots=True)
class XPathOperation:
    """``left op right``; without `left` a sign."""

    op: str
    left: XPath | None
    right: XPath


XPath = (
    XPathNumber | XPathText | XPathReference | XPathOwnAnswer | XPathColumn | XPathFunction | XPathOperation
)

#: Operators from the loosest to the tightest.
_LEVELS = (("or",), ("and",), ("=", "!="), ("<", "<=", ">", ">="), ("+", "-"), ("*", "div", "mod"))


@lru_cache(maxsize=256)
def parse_xpath(source: str) -> XPath:
    """Return the tree of an expression. Raises `XPathError`."""
    if len(source) > MAX_CHARACTERS:
        raise XPathError(say("表达式有 {seen} 个字符，最多 {most} 个", seen=len(source), most=MAX_CHARACTERS))
    reader = _XPathReader(_tokens(source.translate(_QUOTES)))
    found = reader.operation(0)
    if reader.token is not None:
        raise XPathError(say("“{text}”处读不懂", text=reader.token[1]))
    return found


def columns_read(source: str) -> tuple[str, ...]:
    """Return the bare names in an expression, in small letters, those of functions among them; none of one that cannot be read."""
    try:
        tokens = _tokens(source.translate(_QUOTES))
    except XPathError:
        return ()
    return tuple(dict.fromkeys(text.lower() for kind, text in tokens if kind == "name"))


def _tokens(source: str) -> list[tuple[str, str]]:
    found = []
    at = 0
    while at < len(source.rstrip()):
        match = _TOKEN.match(source, at)
        if match is None or match.lastgroup is None:
            raise XPathError(say("“{text}”处读不懂", text=source[at : at + 20].strip()))
        found.append((match.lastgroup, match[match.lastgroup]))
        at = match.end()
    return found


class _XPathReader:
    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0
        self._operators = 0

    @property
    def token(self) -> tuple[str, str] | None:
        """Return the token that comes next."""
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _take(self, *texts: str) -> str | None:
        token = self.token
        if token is not None and token[0] in ("op", "name") and token[1] in texts:
            self._at += 1
            return token[1]
        return None

    def _need(self, text: str) -> None:
        if self._take(text) is None:
            raise XPathError(say("此处少一个“{text}”", text=text))

    def _count(self) -> None:
        self._operators += 1
        if self._operators > _OPERATORS:
            raise XPathError(say("表达式的运算超过 {most} 个", most=_OPERATORS))

    def operation(self, level: int) -> XPath:
        """Read operators of `level` and tighter ones."""
        if level == len(_LEVELS):
            return self._signed()
        left = self.operation(level + 1)
        while (op := self._take(*_LEVELS[level])) is not None:
            self._count()
            left = XPathOperation(op, left, self.operation(level + 1))
        return left

    def _signed(self) -> XPath:
        if self._take("-"):
            self._count()
            return XPathOperation("-", None, self._signed())
        self._depth += 1
        if self._depth > _DEEPEST:
            raise XPathError(say("表达式嵌套过深"))
        found = self._single()
        self._depth -= 1
        return found

    def _single(self) -> XPath:
        token = self.token
        if token is None:
            raise XPathError(say("表达式不完整"))
        kind, text = token
        self._at += 1
        if kind == "number":
            return XPathNumber(text)
        if kind == "text":
            return XPathText(text[1:-1])
        if kind == "ref":
            return XPathReference(text.strip().removeprefix("last-saved#"))
        if kind == "name":
            return self._named(text)
        if text == "(":
            found = self.operation(0)
            self._need(")")
            return found
        if text == "." and self.token != ("op", "/"):
            return XPathOwnAnswer()
        raise XPathError(say("不能用路径（{text}），请用 ${{名字}}", text=text))

    def _named(self, name: str) -> XPath:
        if self._take("(") is None:
            if self.token is not None and self.token[1] in ("/", "//", "["):
                raise XPathError(say("不能用路径（{text}），请用 ${{名字}}", text=name))
            return XPathColumn(name)
        arguments: list[XPath] = []
        if self._take(")") is None:
            arguments.append(self.operation(0))
            while self._take(","):
                arguments.append(self.operation(0))
            self._need(")")
        return XPathFunction(name, tuple(arguments))
