"""Texts with ``{{ names }}`` in them: the same expressions as in conditions, put into a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.definition.expression_errors import Fault
from engine.definition.expressions import Names, parse_expression
from engine.language import Message, say
from engine.lifecycle.expressions.expression import Expression
from engine.lifecycle.expressions.template import Template

#: Longest template, in characters.
MAX_LENGTH = 4000
_PLACE = re.compile(r"\{\{(.*?)\}\}")
_WIDE = re.compile("｛｛|｝｝")
#: A name between single braces: it would be shown as it is.
_SINGLE = re.compile(r"(?<!\{)\{\s*([a-z]\w*)(?:\.\w+)+\s*\}(?!\})")
#: What is meant as a place, in half or full width.
_MEANT = re.compile(r"(?:\{\{|｛｛).{1,200}?(?:\}\}|｝｝)")
_STRAY = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")


def parse_template(source: str, names: Names | None) -> tuple[Template | None, list[Fault]]:
    """Read a text template; each ``{{ … }}`` is checked as an expression. Never raises."""
    if len(source) > MAX_LENGTH:
        message = say("文字模板有 {seen} 个字符，最多 {most} 个", seen=len(source), most=MAX_LENGTH)
        return None, [Fault("template-syntax", message)]
    parts: list[str | Expression] = []
    faults: list[Fault] = []
    wide = _WIDE.search(source)
    if wide is not None:
        message = say("花括号写成了全角“{mark}”，会照原样显示", mark=wide.group())
        faults.append(Fault("template-syntax", message, say("请用半角的双花括号"), wide.start(), 2))
    single = _SINGLE.search(source)
    if single is not None and names is not None and single[1] in names:
        message = say("“{text}”会照原样显示", text=single.group())
        hint = say("要写出它的值，请用双花括号")
        faults.append(Fault("template-syntax", message, hint, single.start(), len(single.group())))
    last = 0
    for found in _PLACE.finditer(source):
        faults.extend(_stray(source, last, found.start()))
        if found.start() > last:
            parts.append(source[last : found.start()])
        inner = found.group(1)
        start = found.start(1) + len(inner) - len(inner.lstrip())
        parsed = parse_expression(inner.strip(), names, exact=False)
        faults.extend(
            Fault(fault.rule, fault.message, fault.hint, fault.at + start, fault.length)
            for fault in parsed.faults
        )
        if parsed.expression is not None:
            parts.append(parsed.expression)
        last = found.end()
    faults.extend(_stray(source, last, len(source)))
    if source[last:]:
        parts.append(source[last:])
    return (None if faults else Template(source, tuple(parts))), faults


def shows_places(text: str) -> bool:
    """Tell whether a text in which nothing is filled in has places as a template has them."""
    return ("{{" in text or "｛｛" in text) and _MEANT.search(text) is not None


def as_written(text: str) -> tuple[Message, Message]:
    """Return what is said of such a text, and what to do about it."""
    found = _MEANT.search(text)
    return (
        say(
            "“{text}”会照原样记下、显示：这里的文字不代入答案", text=text if found is None else found.group()
        ),
        say("要取它的值，去掉花括号写成“= 表达式”；只有标题和消息里可以写双花括号"),
    )


def _stray(source: str, start: int, end: int) -> Iterator[Fault]:
    found = _STRAY.search(source, start, end)
    if found is None:
        return
    if found.group() in ("{{", "}}"):
        message = say("双花括号没有配对")
    else:
        message = say("文字模板里只能用双花括号，不能用“{mark}”", mark=found.group())
    yield Fault("template-syntax", message, None, found.start(), 2)
