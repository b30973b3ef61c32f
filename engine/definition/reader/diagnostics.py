"""The notes taken while one file is read, and the small readings every part is made of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from engine.definition import keywords
from engine.definition.expression_errors import Fault
from engine.definition.grammar import SHAPES, ValueShape
from engine.definition.rules import RULES
from engine.definition.short.words_alone import ALONE, in_one_list, said_alone
from engine.definition.templates import as_written, shows_places
from engine.kernel.clean_text import has_invisible, is_invisible, without_invisible
from engine.kernel.did_you_mean import did_you_mean, nearest
from engine.language import BilingualText, DefinedText, Message, say
from engine.yamltext.lines import lines_of
from engine.yamltext.nodes import MappingNode, Node, ScalarNode, SequenceNode
from engine.yamltext.problem import Problem, Severity

_NAME = re.compile(r"[^\W\d_]\w{0,63}")
_FILE_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
_WIDE = re.compile("[，、；：（）［］｛｝“”‘’\u3000]")

#: Keys that exist elsewhere or nowhere, and what to say about them.
_TEACH: Mapping[tuple[str, str], tuple[str, Message, Message]] = (
    {
        (shape, key): (
            "form-default-forbidden",
            say("表单的字段不能有默认值"),
            say("结果须由填表人逐项填写；可算出的值用 computed（计算）"),
        )
        for shape in ("field", "column", "case field", "row")
        for key in ("default", "默认", "默认值", "缺省")
    }
    | {
        (shape, key): (
            "unknown-key",
            say("不写“{key}”：没有写 optional（选填）的都必须填", key=key),
            say("请删去；可以不填的写 optional"),
        )
        for shape in ("field", "column")
        for key in ("required", "必填")
    }
    | {
        (shape, old): (
            "unknown-key",
            say("“{old}”已改写作“{new}”", old=old, new=new),
            say("请写 {new}", new=new),
        )
        for shapes, old, new in (
            (("field",), "relevant", "when"),
            (("field",), "适用", "当"),
            (("field", "column", "case field"), "least", "min"),
            (("field", "column", "case field", "extend"), "most", "max"),
            (("field", "column", "case field"), "name", "- NAME: {title: …}"),
            (("field", "column", "case field"), "标识", "- NAME: {title: …}"),
            (("overdue",), "after", "3 working days: {escalate: …}"),
        )
        for shape in shapes
    }
    | {
        ("step", key): (
            "unknown-key",
            say("环节里的步骤不写“{key}”：编号就是它的键，从这个环节开始", key=key),
            say("从几个环节开始的步骤写在流程的 steps（步骤）里，写明 from（从）"),
        )
        for key in ("do", "动作", "from", "从")
    }
    | {
        ("step of several", key): (
            "unknown-key",
            say("steps（步骤）里的步骤不写“{key}”：编号就是它的键", key=key),
            say("一个编号有几种办法、从不同环节开始的，写在 transitions（办理）里"),
        )
        for key in ("do", "动作")
    }
    | {
        ("state", key): (
            "unknown-key",
            say("环节的时限从进入环节起算，不写“{key}”", key=key),
            say(
                "从别的日子起算、会停计的，写成 clocks（时钟）里的一个：during 写本环节，{key} 写在那里",
                key=key,
            ),
        )
        for key in ("since", "起算", "pauses_in", "停计环节", "starts_on", "起计于", "stops_on", "止计于")
    }
)


#: shape -> the keys that must be there.
_REQUIRED = {
    shape: tuple(name for name, key in keys.items() if key.required) for shape, keys in SHAPES.items()
}


@dataclass(slots=True)
class MappingReader:
    """A mapping opened by its shape: English key -> (key as written, value)."""

    node: MappingNode
    shape: str
    entries: dict[str, tuple[ScalarNode, Node]] = field(default_factory=dict)

    def value(self, key: str) -> Node | None:
        """Return the value written at `key`, or None."""
        found = self.entries.get(key)
        return found[1] if found is not None else None

    def key(self, key: str) -> Node:
        """Return the place of `key`, or of the part when it is not written."""
        found = self.entries.get(key)
        return found[0] if found is not None else self.node


@dataclass(slots=True)
class Diagnostics:
    """Collects the problems of one file; muted, it forgets them."""

    file: str
    text: str = ""
    muted: bool = False
    problems: list[Problem] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    #: The identity of what an expression or a text was read into -> it, and its place.
    written: dict[int, tuple[object, Node]] = field(default_factory=dict)
    #: A text of the file -> its English, as the file says it; and the texts that were read.
    english: Mapping[str, str] = field(default_factory=dict)
    texts_read: set[str] = field(default_factory=set)

    def report(
        self,
        rule: str,
        node: Node,
        message: Message,
        hint: Message | None = None,
        severity: Severity | None = None,
    ) -> None:
        """Note a problem at a node."""
        end = node.end_column if node.end_line == node.line else 0
        self._note(rule, node.line, node.column, end, message, hint, severity)

    def keep(self, made: object, node: Node) -> None:
        """Remember where what `made` was read from is written."""
        if made is not None:
            self.written[id(made)] = (made, node)

    def fault(self, node: Node, fault: Fault, skipped: int = 0) -> None:
        """Note a fault inside the text of a node, `skipped` characters in, at its own column where that is known."""
        line, column = self._place(node, fault.at + skipped)
        self._note(fault.rule, line, column, column + fault.length, fault.message, fault.hint, None)

    def _note(
        self,
        rule: str,
        line: int,
        column: int,
        end: int,
        message: Message,
        hint: Message | None,
        severity: Severity | None,
    ) -> None:
        if not self.muted:
            chosen = severity or RULES[rule].severity
            self.problems.append(Problem(self.file, line, column, rule, chosen, message, hint, end))

    def _place(self, node: Node, at: int) -> tuple[int, int]:
        if not isinstance(node, ScalarNode) or node.line != node.end_line:
            return node.line, node.column
        if not self.lines:
            self.lines = lines_of(self.text)
        written = self.lines[node.line - 1][node.column - 1 : node.end_column - 1]
        quote = 0 if node.plain else 1
        if written[quote : len(written) - quote] == node.text:
            return node.line, node.column + quote + at
        return node.line, node.column

    def blank(self, node: Node) -> bool:
        """Tell whether nothing was written."""
        return isinstance(node, ScalarNode) and node.value is None

    def open(self, node: Node, shape: str) -> MappingReader | None:
        """Open a mapping by its shape; notes unknown, repeated and missing keys."""
        if not isinstance(node, MappingNode):
            self._not_a_mapping(node, shape)
            return None
        keys, required, known = SHAPES[shape], _REQUIRED[shape], keywords.ENGLISH
        part = MappingReader(node, shape)
        entries = part.entries
        for key, value in node.entries:
            if not isinstance(key, ScalarNode):
                continue
            english, alone, written = known.get(key.text, key.text), None, value
            if english not in keys:
                alone = said_alone(key, value, shape)
                if alone is None:
                    self._unknown_key(key, shape)
                    continue
                english, written = alone
            if english in entries:
                first = entries[english][0]
                if english == "verbs" != keywords.canonical(first.text) and alone is not None:
                    entries[english] = (first, in_one_list(entries[english][1], written))
                    continue
                if first.text != key.text:
                    self.report(
                        "duplicate-key",
                        key,
                        say(
                            "“{second}”与第 {line} 行的“{first}”是同一个键",
                            second=key.text,
                            line=first.line,
                            first=first.text,
                        ),
                        say("只留一处"),
                    )
                continue
            form, needed = keys[english].form, english in required
            empty = self.blank(written) and form is not ValueShape.BOOLEAN
            if isinstance(written, SequenceNode):
                empty = needed and form is ValueShape.NAMES and not written.items
            elif isinstance(written, ScalarNode) and needed and form is ValueShape.TEXT:
                empty = empty or written.is_null
            if empty:
                self.report(
                    "missing-value",
                    key,
                    say("“{key}”后面没有内容", key=key.text),
                    say("请填写，或删去这一行"),
                )
                # Kept, so that it is not reported as missing as well.
            entries[english] = (key, written)
        self._missing_keys(part)
        return part

    def _missing_keys(self, part: MappingReader) -> None:
        for name in _REQUIRED[part.shape]:
            if name not in part.entries:
                start = part.node.entries[0][0] if part.node.entries else part.node
                self.report(
                    "missing-key",
                    start,
                    say("缺少“{key}”（{chinese}）", key=name, chinese=keywords.KEYS[name][0]),
                )

    def _not_a_mapping(self, node: Node, shape: str) -> None:
        hint = say("应写成“键: 值”，可用的键：{keys}", keys=list(SHAPES[shape]))
        if isinstance(node, ScalarNode) and node.value is not None:
            if "：" in node.text:
                message = say("用了全角冒号“：”")
                self.report("full-width-punctuation", node, message, say("键的后面请用半角冒号“:”，再空一格"))
                return
            if re.match(r"[^\s:]+:\S", node.text):
                self.report(
                    "wrong-shape", node, say("冒号后面缺一个空格"), say("如 {example}", example="title: …")
                )
                return
        self.report("wrong-shape", node, say("此处应是“键: 值”，实为{seen}", seen=kind_of(node)), hint)

    def _unknown_key(self, key: ScalarNode, shape: str) -> None:
        taught = _TEACH.get((shape, key.text))
        if taught is not None:
            rule, message, hint = taught
            self.report(rule, key, message, hint)
            return
        if "：" in key.text:
            self.report(
                "full-width-punctuation",
                key,
                say("用了全角冒号“：”"),
                say("键的后面请用半角冒号“:”，再空一格"),
            )
            return
        keys = SHAPES[shape]
        known = [*keys, *(word for name in keys for word in keywords.KEYS.get(name, ()))]
        if shape in ALONE:
            known += [word for pair in ALONE[shape][1].items() for word in pair]
        hint_near = did_you_mean(key.text, known)
        # A Chinese word of another place is no slip of the pen, though one of its two characters may be that of a word here.
        if hint_near is None or nearest(key.text, known) is None or key.text in keywords.ENGLISH:
            chinese = not key.text.isascii()
            names = [keywords.KEYS[name][0] if chinese and name in keywords.KEYS else name for name in keys]
            hint_near = say("请检查缩进；此处可用的键：{keys}", keys=names)
        self.report("unknown-key", key, say("此处没有“{key}”这个键", key=key.text), hint_near)

    def read_text(self, node: Node | None, *, places: bool = False) -> str | None:
        """Return a text; whole numbers count as the text they are written as. With `places` it may have some for expressions."""
        if node is None or self.blank(node):
            return None
        if isinstance(node, ScalarNode) and not isinstance(node.value, bool):
            if node.is_null:
                return None
            if text := without_invisible(node.text):
                if not places and ("{" in text or "｛" in text) and shows_places(text):
                    self.report("value-not-expression", node, *as_written(text))
                if self.english:
                    self.texts_read.add(text)
                return BilingualText(text, self.english[text]) if text in self.english else DefinedText(text)
            self.report("missing-value", node, say("此处应有文字，实为空白"))
            return None
        hint = say("请加引号") if isinstance(node, ScalarNode) else None
        self.report("wrong-shape", node, say("此处应是文字，实为{seen}", seen=kind_of(node)), hint)
        return None

    def read_name(self, node: Node | None, *, of_file: bool = False) -> str | None:
        """Return a name (an id); with `of_file` only a-z, 0-9 and underscores."""
        if node is None or self.blank(node):
            return None
        if not isinstance(node, ScalarNode):
            self.report("wrong-shape", node, say("此处应是一个编号，实为{seen}", seen=kind_of(node)))
            return None
        pattern = _FILE_NAME if of_file else _NAME
        if pattern.fullmatch(node.text) and not isinstance(node.value, bool):
            return node.text
        wide = _WIDE.search(node.text)
        if wide is not None:
            self.report(
                "full-width-punctuation",
                node,
                say("编号“{text}”里有全角“{char}”", text=node.text, char=wide.group()),
                say("请用半角标点；列表的各项之间用半角逗号“,”"),
            )
        elif has_invisible(node.text):
            codes = [f"U+{ord(char):04X}" for char in node.text if is_invisible(char)]
            self.report(
                "bad-name",
                node,
                say("编号“{text}”里有看不见的字符：{codes}", text=node.text, codes=codes),
                say("请删去这个编号，再用键盘输入一遍"),
            )
        elif of_file:
            self.report(
                "bad-name",
                node,
                say("编号“{text}”不合写法", text=node.text),
                say("以小写字母开头，只用小写字母、数字和下划线，如 annual_plan"),
            )
        else:
            self.report(
                "bad-name",
                node,
                say("编号“{text}”不合写法", text=node.text),
                say("以字母或汉字开头，只用字母、汉字、数字和下划线，最多 64 个字符"),
            )
        return None

    def read_names(self, node: Node | None) -> list[tuple[str, ScalarNode]]:
        """Return one or several names with their places."""
        found: list[tuple[str, ScalarNode]] = []
        for item in self.one_or_many(node):
            name = self.read_name(item)
            if name is not None and isinstance(item, ScalarNode):
                if any(name == other for other, _ in found):
                    self.report("duplicate-name", item, say("“{name}”列了两次", name=name))
                else:
                    found.append((name, item))
        return found

    def one_or_many(self, node: Node | None) -> Iterator[Node]:
        """Yield the items of a list, or the single value that stands for a list of one."""
        if node is None or self.blank(node):
            return
        if isinstance(node, SequenceNode):
            for item in node.items:
                if self.blank(item):
                    self.report("missing-value", item, say("列表的这一项是空的"))
                else:
                    yield item
        elif isinstance(node, ScalarNode):
            yield node
        else:
            self.report("wrong-shape", node, say("此处应是一个编号或列表，实为{seen}", seen=kind_of(node)))

    def read_flag(self, node: Node | None) -> bool:
        """Return true or false; not written is false, the word alone (``optional``) is true."""
        if node is None:
            return False
        if self.blank(node):
            return True
        if isinstance(node, ScalarNode) and isinstance(node.value, bool):
            return node.value
        seen = node.text if isinstance(node, ScalarNode) else kind_of(node)
        self.report(
            "wrong-shape",
            node,
            say("此处应写 true 或 false，实为“{seen}”", seen=seen),
            say("yes、no、on、off 和加引号的 true 都是文字"),
        )
        return False

    def read_integer(self, node: Node | None) -> int | None:
        """Return a whole number."""
        if node is None or self.blank(node):
            return None
        if isinstance(node, ScalarNode) and isinstance(node.value, int) and not isinstance(node.value, bool):
            return node.value
        seen = node.text if isinstance(node, ScalarNode) else kind_of(node)
        self.report(
            "wrong-shape",
            node,
            say("此处应是整数，实为“{seen}”", seen=seen),
            say("整数不带引号、小数点、分节号和前导的 0"),
        )
        return None

    def read_word(self, node: Node | None, words: Mapping[str, str]) -> str | None:
        """Return the English word that was written in either language."""
        if node is None or self.blank(node):
            return None
        text = node.text if isinstance(node, ScalarNode) else None
        found = keywords.word(text, words) if text is not None else None
        if found is None:
            near = nearest(text, [*words, *words.values()]) if text else None
            hint = say("是否想写“{name}”？", name=near) if near else None
            self.report(
                "unknown-word",
                node,
                say(
                    "应为下列之一：{words}；实为“{seen}”",
                    words=keywords.both(words),
                    seen=text if text is not None else kind_of(node),
                ),
                hint,
            )
        return found

    def entries(self, node: Node | None, *, names: bool = True) -> Iterator[tuple[str, ScalarNode, Node]]:
        """Yield (name, key, value) of a mapping whose keys are the author's own."""
        if node is None or self.blank(node):
            return
        if not isinstance(node, MappingNode):
            if isinstance(node, ScalarNode) and "：" in node.text:
                self._not_a_mapping(node, "state")
            else:
                self.report("wrong-shape", node, say("此处应是“编号: 内容”，实为{seen}", seen=kind_of(node)))
            return
        seen: set[str] = set()
        for key, value in node.texts():
            name = self.read_name(key) if names else key.text
            if name is not None and name not in seen:
                seen.add(name)
                yield name, key, value

    def items(self, node: Node | None) -> Iterator[Node]:
        """Yield the items of a list of parts."""
        if node is None or self.blank(node):
            return
        if not isinstance(node, SequenceNode):
            hint = say("列表的每一项以“- ”开头")
            self.report("wrong-shape", node, say("此处应是列表，实为{seen}", seen=kind_of(node)), hint)
            return
        for item in node.items:
            if self.blank(item):
                self.report("missing-value", item, say("列表的这一项是空的"))
            else:
                yield item

    def texts(self, node: Node | None, *, names: bool = True) -> dict[str, str]:
        """Return a mapping of names to texts."""
        found = {}
        for name, key, value in self.entries(node, names=names):
            text = self.read_text(value)
            if text is not None:
                found[name] = text
            elif self.blank(value):
                self.report("missing-value", key, say("“{key}”后面没有内容", key=key.text))
        return found

    def unknown(
        self,
        rule: str,
        node: Node,
        message: Message,
        name: str,
        known: Iterable[str],
        severity: Severity | None = None,
    ) -> None:
        """Note a reference to something that is not there, with the nearest thing that is."""
        self.report(rule, node, message, did_you_mean(name, known), severity)


def kind_of(node: Node) -> Message:
    """Return what a node is, in words."""
    if isinstance(node, MappingNode):
        return say("一组“键: 值”")
    if isinstance(node, SequenceNode):
        return say("列表")
    if isinstance(node, ScalarNode) and isinstance(node.value, bool):
        return say("是或否（{text}）", text=node.text)
    if isinstance(node, ScalarNode) and node.value is None:
        return say("空白")
    return say("“{text}”", text=_short(node))


def _short(node: Node) -> str:
    text = node.text if isinstance(node, ScalarNode) else ""
    return text if len(text) <= 40 else text[:40] + "…"
