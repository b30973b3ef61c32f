"""Strict YAML: bytes -> nodes with places, and every problem of the file as a file.

Works on the events of the parser, so that a file with a hundred thousand brackets or an alias bomb is refused
before anything is built. Only ``true`` and ``false`` are booleans and only ``-?(0|[1-9][0-9]*)`` (up to 18
digits) is a number; everything else is text as written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import yaml

from engine.kernel.budget import TEXT
from engine.kernel.plain_text import find_forbidden
from engine.language import Message, say
from engine.value import value
from engine.yamltext.nodes import MappingNode, Node, ScalarNode, SequenceNode
from engine.yamltext.problem import Problem, Severity
from engine.yamltext.yaml_diagnosis import diagnose

#: Largest file, in bytes.
MAX_BYTES = TEXT.bytes
#: Deepest nesting.
DEEPEST = TEXT.depth
#: More problems than this of one file are not listed: the first ones explain the rest.
_MAX_PROBLEMS = 100

#: Texts up to so many characters are remembered: nodes never change, and workflows share their forms and their bureau.
_SHORT = 20_000

#: The C parser where the wheel has it; both give the same events.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
#: What a number begins with: most texts need not be held against the pattern.
_BEGIN_NUMBERS = frozenset("-0123456789")
#: What a plain text that is not one begins with; nothing written is no text either.
_NOT_TEXT = _BEGIN_NUMBERS | {""}
_FLAGS = {"true": True, "false": False}
_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_BLANK = "\u3000\u00a0"


@value
class Source:
    """A file as read: its text (for excerpts), its top node if it has one, and its problems."""

    file: str
    text: str
    root: Node | None
    problems: tuple[Problem, ...]


def read_source(file: str, content: bytes | str) -> Source:
    """Read one file; never raises. `root` is None when the file has no usable structure."""
    data = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    if len(data) > MAX_BYTES:
        message = say("文件有 {size} 字节，超过上限 {most} 字节", size=len(data), most=MAX_BYTES)
        hint = say("一个文件写一个流程、表单或单位设置")
        return Source(file, "", None, (Problem(file, 1, 1, "file-size", Severity.ERROR, message, hint),))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        return Source(file, "", None, (_not_utf8(file, data, problem),))
    text = text.replace("\r\n", "\n")
    bad = _FORBIDDEN.search(text)
    if bad is not None:
        line = text.count("\n", 0, bad.start()) + 1
        column = bad.start() - text.rfind("\n", 0, bad.start())
        message = say("有不可见的控制字符 U+{code}", code=f"{ord(bad.group()):04X}")
        hint = say("请删去该字符")
        problem_here = Problem(file, line, column, "file-encoding", Severity.ERROR, message, hint, column + 1)
        return Source(file, text, None, (problem_here,))
    root, problems = (_read_once if len(text) <= _SHORT else _read)(text)
    return Source(file, text, root, tuple(replace(problem, file=file) for problem in problems))


def _read(text: str) -> tuple[Node | None, tuple[Problem, ...]]:
    """Return the top node of a text, and its problems, which do not name a file yet."""
    builder = _Builder("", text)
    root = builder.build()
    return root, tuple(builder.problems)


_read_once = lru_cache(maxsize=128)(_read)


def _not_utf8(file: str, data: bytes, problem: UnicodeDecodeError) -> Problem:
    before = data[: problem.start]
    line = before.count(b"\n") + 1
    column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
    try:
        data.decode("gb18030")
        message = say("文件不是 UTF-8 编码，看来是 GBK（GB18030）")
    except UnicodeDecodeError:
        message = say("文件不是 UTF-8 编码")
    hint = say("请在编辑器中选“另存为”，编码选“UTF-8”")
    return Problem(file, line, column, "file-encoding", Severity.ERROR, message, hint)


class _SourceError(Exception):
    """The file cannot be read any further; the reason is among the problems."""


@dataclass(slots=True)
class _Open:
    """A collection whose end has not been seen."""

    line: int
    column: int
    is_mapping: bool
    children: list[Node] = field(default_factory=list)


def _value_of(text: str) -> str | int | bool | None:
    """Return the value of a plain text."""
    if not text:
        return None
    if text in _FLAGS:
        return _FLAGS[text]
    if text[0] in _BEGIN_NUMBERS and _NUMBER.fullmatch(text):
        return int(text)
    return text


def _events(text: str) -> Iterator[Any]:
    """Return the events of a text: as ``yaml.parse`` gives them, without asking before each whether there is one."""
    loader = _LOADER(text)
    return iter(loader.get_event, None)


class _Builder:
    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.text = text
        self.problems: list[Problem] = []
        #: Whether a plain text begins with a blank that is none for YAML.
        self._odd_blank = False

    def build(self) -> Node | None:
        try:
            return self._nodes(_events(self.text))
        except _SourceError:
            return None
        except yaml.YAMLError as error:
            self.problems.append(diagnose(self.file, self.text, error))
            return None

    def _report(self, rule: str, event: Any, message: Message, hint: Message | None = None) -> None:
        start, end = event.start_mark, event.end_mark
        end_column = end.column + 1 if end.line == start.line else 0
        self.problems.append(
            Problem(
                self.file,
                start.line + 1,
                start.column + 1,
                rule,
                Severity.ERROR,
                message,
                hint,
                end_column,
            )
        )
        if len(self.problems) >= _MAX_PROBLEMS:
            raise _SourceError

    def _nodes(self, events: Iterator[Any]) -> Node | None:
        root: Node | None = None
        stack: list[_Open] = []
        # Of the collection that is open last; it is asked for with each node.
        children: list[Node] | None = None
        documents = 0
        most, flags, not_text, made = TEXT.nodes, _FLAGS, _NOT_TEXT, ScalarNode
        scalar = yaml.ScalarEvent
        begin, end = (
            (yaml.MappingStartEvent, yaml.SequenceStartEvent),
            (yaml.MappingEndEvent, yaml.SequenceEndEvent),
        )
        for count, event in enumerate(events, 1):
            kind = type(event)
            node: Node | None = None
            if count > most:
                self._report("file-size", event, say("内容超过 {most} 项", most=TEXT.nodes))
                raise _SourceError
            if kind is scalar:
                text = event.value
                if text.isprintable() and not (event.anchor or event.tag):
                    # Most texts are as they are written; the rest is looked at one by one.
                    start, stop, plain = event.start_mark, event.end_mark, not event.style
                    value = _value_of(text) if plain and (text[:1] in not_text or text in flags) else text
                    node = made(
                        start.line + 1, start.column + 1, stop.line + 1, stop.column + 1, text, value, plain
                    )
                else:
                    node = self._scalar(event)
            elif kind in begin:
                self._features(event)
                mark = event.start_mark
                stack.append(_Open(mark.line + 1, mark.column + 1, kind is begin[0]))
                children = stack[-1].children
                if len(stack) > DEEPEST:
                    self._report("nesting-depth", event, say("嵌套超过 {most} 层", most=DEEPEST))
                    raise _SourceError
            elif kind in end:
                node = self._close(stack.pop(), event)
                children = stack[-1].children if stack else None
            elif kind is yaml.AliasEvent:
                node = self._alias(event)
            elif kind is yaml.DocumentStartEvent:
                documents += 1
                self._document(event, documents)
            if node is not None:
                if children is not None:
                    children.append(node)
                else:
                    root = node
        return root

    def _alias(self, event: Any) -> Node:
        self._report(
            "yaml-feature",
            event,
            say("不支持别名“*{name}”", name=event.anchor),
            say("请把内容写全；以“*”开头的文字请加引号"),
        )
        mark = event.start_mark
        return ScalarNode(mark.line + 1, mark.column + 1, mark.line + 1, mark.column + 2, "", None)

    def _document(self, event: Any, number: int) -> None:
        if number > 1:
            self._report(
                "yaml-feature",
                event,
                say("一个文件只能有一份内容，此处又起一份（---）"),
                say("请把它分成两个文件"),
            )
            raise _SourceError
        if event.version or event.tags:
            self._report("yaml-feature", event, say("不支持以“%”开头的 YAML 指令"), say("请删去该行"))

    def _features(self, event: Any) -> None:
        if event.anchor:
            self._report(
                "yaml-feature",
                event,
                say("不支持锚点“&{name}”", name=event.anchor),
                say("请把内容写全；以“&”开头的文字请加引号"),
            )
        if event.tag:
            self._report(
                "yaml-feature",
                event,
                say("不支持标签“{tag}”", tag=event.tag),
                say("请删去；以“!”开头的文字请加引号"),
            )

    def _scalar(self, event: Any) -> ScalarNode:
        if event.anchor or event.tag:
            self._features(event)
        text: str = event.value
        plain = not event.style
        value = _value_of(text) if plain else text
        if not text.isprintable() and (found := find_forbidden(text, lines=True)) is not None:
            place, char = found
            self._report(
                "yaml-feature",
                event,
                say("第 {place} 个字是不能使用的控制字符（U+{code}）", place=place, code=f"{ord(char):04X}"),
                say("请删去；文字里可以换行，不能有其他控制字符和改变书写方向的字符"),
            )
        self._odd_blank = self._odd_blank or (plain and text[:1] in _BLANK)
        start, end = event.start_mark, event.end_mark
        return ScalarNode(start.line + 1, start.column + 1, end.line + 1, end.column + 1, text, value, plain)

    def _close(self, opened: _Open, event: Any) -> Node:
        end = event.end_mark
        place = (opened.line, opened.column, end.line + 1, end.column + 1)
        if not opened.is_mapping:
            return SequenceNode(*place, tuple(opened.children))
        children = opened.children
        entries = tuple(zip(children[::2], children[1::2], strict=True))
        self._check_keys(entries)
        return MappingNode(*place, entries)

    def _check_keys(self, entries: tuple[tuple[Node, Node], ...]) -> None:
        texts = {key.text for key, _ in entries if type(key) is ScalarNode}
        if len(texts) == len(entries) and not self._odd_blank and "<<" not in texts:
            # Nearly all keys are words, each once.
            return
        seen: dict[str, ScalarNode] = {}
        for key, _ in entries:
            if not isinstance(key, ScalarNode):
                self._at(key, "yaml-feature", say("键应为一个词，此处是列表或键值"))
                continue
            if key.plain and key.text == "<<":
                self._at(key, "yaml-feature", say("不支持合并键“<<”"), say("请把内容写全"))
            elif key.plain and key.text[:1] in _BLANK and key.text:
                self._at(
                    key,
                    "full-width-punctuation",
                    say("行首的缩进里有全角空格"),
                    say("缩进请用半角空格"),
                )
            first = seen.setdefault(key.text, key)
            if first is not key:
                self._at(
                    key,
                    "duplicate-key",
                    say(
                        "“{key}”写了两次：第 {first} 行和第 {second} 行",
                        key=key.text,
                        first=first.line,
                        second=key.line,
                    ),
                    say("只留一处；同一个键写两次时，前一处会被悄悄丢掉"),
                )

    def _at(self, node: Node, rule: str, message: Message, hint: Message | None = None) -> None:
        end_column = node.end_column if node.end_line == node.line else 0
        self.problems.append(
            Problem(self.file, node.line, node.column, rule, Severity.ERROR, message, hint, end_column)
        )
        if len(self.problems) >= _MAX_PROBLEMS:
            raise _SourceError
