"""Expressions of XLSForm written again in our grammar, equal in what a missing value means.

There a missing value is the empty text, or no number: `=` with it is false, `!=` true, every other comparison
false. So ``a != b`` becomes ``not (a == b)``, and ``a = ''`` becomes ``empty(a)``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from engine.authoring.xlsform.xpath import (
    XPath,
    XPathColumn,
    XPathError,
    XPathFunction,
    XPathNumber,
    XPathOperation,
    XPathOwnAnswer,
    XPathReference,
    XPathText,
    parse_xpath,
)
from engine.language import say

#: How tightly a piece of our grammar binds.
OR, AND, NOT, COMPARE, SUM, PRODUCT, ATOM = range(1, 8)

_NUMERIC = re.compile(r"-?\d{1,18}(\.\d{1,9})?")
#: A longer piece is no expression of ours, which has 500 characters at the most.
_LONGEST = 2_000
_NUMBERS = ("integer", "decimal")
_TEXTS = ("text", "choice", "time", "file")
#: What `!=` and the others are once the sides change places.
_TURNED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}


@dataclass(frozen=True, slots=True)
class TranslatedValue:
    """A piece of our grammar, and what is known of it."""

    text: str
    #: ``integer decimal boolean date datetime time text choice choices list file place any``
    kind: str
    level: int = ATOM
    #: A text or number that is written there.
    literal: str | None = None
    #: A condition that is always so.
    constant: bool | None = None
    #: A quotient, which may be compared but not kept.
    unrounded: bool = False

    def at(self, level: int) -> str:
        """Return the text, in brackets where it binds less tightly than `level`."""
        return self.text if self.level >= level else f"({self.text})"


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question as expressions find it. `within` are the names of the repeats around it, the outermost first."""

    name: str
    kind: str
    within: tuple[str, ...] = ()


TRUE, FALSE = (
    TranslatedValue("true", "boolean", constant=True),
    TranslatedValue("false", "boolean", constant=False),
)


@dataclass(frozen=True, slots=True)
class Translator:
    """Translates the expressions of one question."""

    #: Finds the question of a name.
    find: Callable[[str], AskedQuestion | None]
    own: AskedQuestion | None
    #: The repeats around the question whose expressions these are.
    within: tuple[str, ...] = ()
    #: Choice filter: what is in the columns of the choice.
    columns: Mapping[str, str] | None = None

    def condition(self, source: str) -> TranslatedValue:
        """Return an expression as a condition. Raises `XPathError`."""
        return self._truth(self.visit(parse_xpath(source)))

    def value(self, source: str) -> TranslatedValue:
        """Return an expression as a value. Raises `XPathError`."""
        return self.visit(parse_xpath(source))

    def visit(self, node: XPath) -> TranslatedValue:
        """Return one part of the tree. Raises `XPathError`."""
        found = self._visited(node)
        # `if` writes its condition twice: one in another makes a text that doubles each time.
        if len(found.text) > _LONGEST:
            raise XPathError(say("改写出来的算式超过 {most} 个字符", most=_LONGEST))
        return found

    def _visited(self, node: XPath) -> TranslatedValue:
        match node:
            case XPathNumber(text):
                return TranslatedValue(text, "decimal" if "." in text else "integer", literal=text)
            case XPathText(text):
                return TranslatedValue(quoted(text), "text", literal=text)
            case XPathOwnAnswer():
                if self.own is None:
                    raise XPathError(say("“.”在此处没有所指"))
                return self._path(self.own)
            case XPathReference(name):
                return self._path(self._asked(name))
            case XPathColumn(name):
                if self.columns is None:
                    raise XPathError(say("不知道“{name}”是什么；问题要写成 ${{{name}}}", name=name))
                text = self.columns.get(name.lower(), "")
                return TranslatedValue(quoted(text), "text", literal=text)
            case XPathFunction(name, arguments):
                return self._function(name, arguments)
            case XPathOperation(op, left, right):
                return self._operation(op, left, right)

    def _asked(self, name: str) -> AskedQuestion:
        found = self.find(name)
        if found is None:
            raise XPathError(say("没有名为“{name}”的问题，或它没能导入", name=name))
        return found

    def _path(self, asked: AskedQuestion) -> TranslatedValue:
        if not asked.within:
            return TranslatedValue(f"form.{asked.name}", asked.kind)
        if asked.within == self.within:
            return TranslatedValue(f"it.{asked.name}", asked.kind)
        raise XPathError(say("“{name}”在重复组里，只能用 sum、count、min、max 取", name=asked.name))

    def _rows(self, within: tuple[str, ...]) -> str:
        """Return the list of rows of a repeat."""
        if len(within) == 1:
            return f"form.{within[0]}"
        if within[:-1] == self.within:
            return f"it.{within[-1]}"
        raise XPathError(say("“{name}”在另一个重复组里", name=within[-1]))

    def _truth(self, value: TranslatedValue) -> TranslatedValue:
        if value.kind == "boolean":
            return value
        if value.literal is not None:
            number = _NUMERIC.fullmatch(value.literal) and value.kind in _NUMBERS
            return TRUE if value.literal not in ("", "0") or (not number and value.literal) else FALSE
        if value.kind in _NUMBERS:
            return TranslatedValue(f"{value.at(SUM)} != 0", "boolean", COMPARE)
        return TranslatedValue(f"filled({value.text})", "boolean")

    def _operation(self, op: str, left: XPath | None, right: XPath) -> TranslatedValue:
        if op in ("and", "or"):
            assert left is not None  # noqa: S101 - narrows the type: only a sign has no left side
            return join_values(op, self._truth(self.visit(left)), self._truth(self.visit(right)))
        if left is None:
            value = self._number(self.visit(right), "-")
            text = f"-{value.text}" if value.literal is not None else f"0 - {value.at(PRODUCT)}"
            literal = f"-{value.literal}" if value.literal is not None else None
            return replace(value, text=text, literal=literal, level=ATOM if literal else SUM)
        a, b = self.visit(left), self.visit(right)
        if op in ("=", "!="):
            equal = self._equal(a, b)
            return equal if op == "=" else negated(equal)
        if op in _TURNED:
            return self._ordered(op, a, b)
        return self._arithmetic(op, a, b)

    def _equal(self, a: TranslatedValue, b: TranslatedValue) -> TranslatedValue:
        if a.literal is not None and b.literal is None:
            a, b = b, a
        if a.literal is not None and b.literal is not None:
            return TRUE if a.literal == b.literal else FALSE
        if a.constant is not None and b.constant is None:
            a, b = b, a
        if b.literal is None:
            self._comparable(a, b)
            if b.constant is not None and a.kind == "boolean":
                return a if b.constant else negated(a)
            return TranslatedValue(f"{a.at(SUM)} == {b.at(SUM)}", "boolean", COMPARE)
        if b.literal == "":
            return TranslatedValue(f"empty({a.text})", "boolean")
        if a.kind == "choices":
            return TranslatedValue(
                f"length({a.text}) == 1 and {quoted(b.literal)} in {a.text}", "boolean", AND
            )
        if a.kind == "boolean":
            return a if b.literal.lower() in ("ok", "true", "1", "yes") else negated(a)
        return TranslatedValue(f"{a.at(SUM)} == {self._beside(a, b)}", "boolean", COMPARE)

    def _beside(self, a: TranslatedValue, b: TranslatedValue) -> str:
        """Return a literal as it is written beside a value of the kind of `a`."""
        assert b.literal is not None  # noqa: S101 - narrows the type: callers have looked
        if a.kind in _NUMBERS:
            if not _NUMERIC.fullmatch(b.literal):
                raise XPathError(say("数字不能与“{text}”比较", text=b.literal))
            return b.literal
        if a.kind in (*_TEXTS, "date", "datetime"):
            return quoted(b.literal)
        return b.text

    def _comparable(self, a: TranslatedValue, b: TranslatedValue) -> None:
        groups = [_NUMBERS, _TEXTS, ("date",), ("datetime",), ("boolean",), ("choices",)]
        if any(a.kind in group and b.kind in group for group in groups) or "any" in (a.kind, b.kind):
            return
        raise XPathError(say("不能拿“{left}”与“{right}”比较：类型不同", left=a.text, right=b.text))

    def _ordered(self, op: str, a: TranslatedValue, b: TranslatedValue) -> TranslatedValue:
        if a.literal is not None and b.literal is None:
            a, b, op = b, a, _TURNED[op]
        if b.literal is not None and a.literal is None:
            if a.kind in ("boolean", "choices", "text", "choice"):
                raise XPathError(say("“{text}”没有大小先后", text=a.text))
            return TranslatedValue(f"{a.at(SUM)} {op} {self._beside(a, b)}", "boolean", COMPARE)
        self._comparable(a, b)
        return TranslatedValue(f"{a.at(SUM)} {op} {b.at(SUM)}", "boolean", COMPARE)

    def _arithmetic(self, op: str, a: TranslatedValue, b: TranslatedValue) -> TranslatedValue:
        if op == "-" and a.kind == b.kind == "date":
            return TranslatedValue(f"days_between({b.text}, {a.text})", "integer")
        if op in "+-" and a.kind == "date" and b.kind == "integer":
            days = b.text if op == "+" else f"-{b.text}" if b.literal else f"0 - {b.at(PRODUCT)}"
            return TranslatedValue(f"days_after({a.text}, {days})", "date")
        if op == "mod":
            raise XPathError(say("我们的算式没有 mod"))
        a, b = self._number(a, op), self._number(b, op)
        unrounded = op == "div" or a.unrounded or b.unrounded
        kind = "decimal" if op == "div" or "decimal" in (a.kind, b.kind) else "integer"
        if op in "+-":
            return TranslatedValue(f"{a.at(SUM)} {op} {b.at(PRODUCT)}", kind, SUM, unrounded=unrounded)
        sign = "/" if op == "div" else "*"
        return TranslatedValue(f"{a.at(PRODUCT)} {sign} {b.at(ATOM)}", kind, PRODUCT, unrounded=unrounded)

    def _number(self, value: TranslatedValue, op: str) -> TranslatedValue:
        if value.kind in _NUMBERS or value.kind == "any":
            return value
        if value.literal is not None and _NUMERIC.fullmatch(value.literal):
            kind = "decimal" if "." in value.literal else "integer"
            return TranslatedValue(value.literal, kind, literal=value.literal)
        raise XPathError(say("“{op}”两边应是数字，“{text}”不是", op=op, text=value.text))

    def _function(self, name: str, arguments: tuple[XPath, ...]) -> TranslatedValue:
        known = self.FUNCTIONS.get(name)
        if known is None:
            raise XPathError(say("我们的条件没有函数 {name}()", name=name))
        least, most, translate = known
        if not least <= len(arguments) <= most:
            raise XPathError(say("函数 {name}() 的参数个数不对", name=name))
        return translate(self, name, arguments)

    def _constant(self, name: str, _: tuple[XPath, ...]) -> TranslatedValue:
        return {"true": TRUE, "false": FALSE, "today": TranslatedValue("today", "date")}[name]

    def _not(self, _: str, arguments: tuple[XPath, ...]) -> TranslatedValue:
        return negated(self._truth(self.visit(arguments[0])))

    def _boolean(self, _: str, arguments: tuple[XPath, ...]) -> TranslatedValue:
        return self._truth(self.visit(arguments[0]))

    def _selected(self, _: str, arguments: tuple[XPath, ...]) -> TranslatedValue:
        value, code = self.visit(arguments[0]), self.visit(arguments[1])
        if value.kind == "choices":
            return TranslatedValue(f"{code.at(SUM)} in {value.text}", "boolean", COMPARE)
        return self._equal(value, code)

    def _length(self, name: str, arguments: tuple[XPath, ...]) -> TranslatedValue:
        value = self.visit(arguments[0])
        if value.kind not in (("choices",) if name == "count-selected" else ("text", "choice")):
            raise XPathError(say("{name}() 不能用于“{text}”", name=name, text=value.text))
        return TranslatedValue(f"length({value.text})", "integer")

    def _count(self, name: str, arguments: tuple[XPath, ...]) -> TranslatedValue:
        if not isinstance(arguments[0], XPathReference):
            raise XPathError(say("{name}() 里应是 ${{重复组或其中的问题}}", name=name))
        asked = self._asked(arguments[0].name)
        if asked.kind == "list":
            return TranslatedValue(f"length({self._rows((*asked.within, asked.name))})", "integer")
        if not asked.within:
            raise XPathError(say("{name}() 里应是 ${{重复组或其中的问题}}", name=name))
        return TranslatedValue(f"count({self._rows(asked.within)}, filled(it.{asked.name}))", "integer")

    def _over_rows(self, name: str, arguments: tuple[XPath, ...]) -> TranslatedValue:
        if len(arguments) != 1 or not isinstance(arguments[0], XPathReference):
            raise XPathError(say("{name}() 只能用于重复组里的一个问题", name=name))
        asked = self._asked(arguments[0].name)
        if not asked.within or asked.kind not in (*_NUMBERS, "date"):
            raise XPathError(say("{name}() 只能用于重复组里的一个问题", name=name))
        return TranslatedValue(f"{name}({self._rows(asked.within)}, it.{asked.name})", asked.kind)

    def _if(self, _: str, arguments: tuple[XPath, ...]) -> TranslatedValue:
        test, a, b = (self.visit(part) for part in arguments)
        if not (a.kind == b.kind == "boolean"):
            raise XPathError(say("我们的算式没有 if(…, …, …)；只有两个结果都是“是或否”时才能改写"))
        test = self._truth(test)
        return join_values("or", join_values("and", test, a), join_values("and", negated(test), b))

    def _first(self, _: str, arguments: tuple[XPath, ...]) -> TranslatedValue:
        a, b = (self.visit(part) for part in arguments)
        self._comparable(a, b)
        return TranslatedValue(f"first_filled({a.text}, {b.text})", a.kind)

    def _round(self, name: str, arguments: tuple[XPath, ...]) -> TranslatedValue:
        value = self._number(self.visit(arguments[0]), name)
        if name == "int":
            return TranslatedValue(f"round_down({value.text})", "integer")
        places = self.visit(arguments[1]).literal if len(arguments) > 1 else "0"
        if places is None or not (places.isascii() and places.isdecimal() and len(places) < 3):
            raise XPathError(say("round() 的第二个参数应是位数"))
        more = "" if places == "0" else f", {places}"
        return TranslatedValue(f"round({value.text}{more})", "decimal" if more else "integer")

    def _as_kind(self, name: str, arguments: tuple[XPath, ...]) -> TranslatedValue:
        value = self.visit(arguments[0])
        kinds = {"date": ("date",), "number": _NUMBERS, "string": _TEXTS}[name]
        if value.kind in kinds:
            return value
        if value.literal is not None and name == "number":
            return self._number(value, name)
        if value.literal is not None and name == "date" and re.fullmatch(r"\d{4}-\d\d-\d\d", value.literal):
            return replace(value, kind="date")
        raise XPathError(say("{name}() 不能用于“{text}”", name=name, text=value.text))

    def _contains(self, _: str, arguments: tuple[XPath, ...]) -> TranslatedValue:
        whole, part = (self.visit(one) for one in arguments)
        if whole.kind != "text" or part.kind not in ("text", "choice"):
            raise XPathError(say("{name}() 不能用于“{text}”", name="contains", text=whole.text))
        return TranslatedValue(f"{part.at(SUM)} in {whole.at(SUM)}", "boolean", COMPARE)

    FUNCTIONS: ClassVar[Mapping[str, tuple[int, int, Callable[..., TranslatedValue]]]] = {
        "true": (0, 0, _constant),
        "false": (0, 0, _constant),
        "today": (0, 0, _constant),
        "not": (1, 1, _not),
        "boolean": (1, 1, _boolean),
        "selected": (2, 2, _selected),
        "count-selected": (1, 1, _length),
        "string-length": (1, 1, _length),
        "count": (1, 1, _count),
        "count-non-empty": (1, 1, _count),
        "sum": (1, 1, _over_rows),
        "min": (1, 1, _over_rows),
        "max": (1, 1, _over_rows),
        "if": (3, 3, _if),
        "coalesce": (2, 2, _first),
        "round": (1, 2, _round),
        "int": (1, 1, _round),
        "date": (1, 1, _as_kind),
        "number": (1, 1, _as_kind),
        "string": (1, 1, _as_kind),
        "contains": (2, 2, _contains),
    }


def join_values(op: str, a: TranslatedValue, b: TranslatedValue) -> TranslatedValue:
    """Return ``a and b`` or ``a or b``, without what is always so."""
    for one, other in ((a, b), (b, a)):
        if one.constant is not None:
            return other if one.constant == (op == "and") else one
    level = AND if op == "and" else OR
    return TranslatedValue(f"{a.at(level)} {op} {b.at(level)}", "boolean", level)


def negated(value: TranslatedValue) -> TranslatedValue:
    """Return the opposite of a condition."""
    if value.constant is not None:
        return FALSE if value.constant else TRUE
    for positive, negative in (("empty(", "filled("), ("filled(", "empty(")):
        if value.level == ATOM and value.text.startswith(positive):
            return replace(value, text=negative + value.text.removeprefix(positive))
    return TranslatedValue(f"not ({value.text})", "boolean", NOT)


def quoted(text: str) -> str:
    """Return a text as it is written in an expression. Raises `XPathError` for one that cannot be."""
    mark = '"' if "'" in text else "'"
    if mark in text or "\n" in text:
        raise XPathError(say("文字“{text}”里有两种引号或换行", text=text))
    return mark + text.replace("\\", "\\\\") + mark
