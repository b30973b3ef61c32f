"""What is wrong with the text of an expression before it can be understood at all, in plain words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.definition.types import Type, ValueKind, kind_name
from engine.kernel.did_you_mean import did_you_mean
from engine.language import Message, say

#: Longest expression, in characters.
MAX_LENGTH = 500
#: Deepest nesting of brackets.
_DEEPEST = 20

_STRINGS = re.compile(r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"")
_WIDE = {
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
    "，": ",",
    "（": "(",
    "）": ")",
    "＝": "==",
    "＞": ">",
    "＜": "<",
    "≥": ">=",
    "≤": "<=",
    "≠": "!=",
    "！": "not",
    "｜": "|",
    "．": ".",
    "。": ".",
    "【": "[",
    "】": "]",
    "\u3000": " ",
    "＋": "+",
    "－": "-",
    "：": ":",
    "；": ";",
    "、": ",",
}

_WIDE_SIGN = re.compile(f"[{''.join(_WIDE)}]")
_OPENING = re.compile(r"[(\[{]")


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong in an expression: which rule, where (characters from its start) and what."""

    rule: str
    message: Message
    hint: Message | None = None
    at: int = 0
    length: int = 1


def before_parsing(source: str) -> Fault | None:
    """Return what keeps `source` from being parsed: its length, braces, full-width characters, nesting."""
    if not source.strip():
        return Fault("expression-syntax", say("此处应有表达式，实为空白"))
    if len(source) > MAX_LENGTH:
        message = say("表达式有 {seen} 个字符，最多 {most} 个", seen=len(source), most=MAX_LENGTH)
        return Fault("expression-syntax", message, say("请拆成几条"))
    if "\n" in source.strip("\n"):
        return Fault("expression-syntax", say("表达式应写在一行里"), say("太长的可以用 >- 折行"))
    bare = without_strings(source)
    if "{{" in bare or "{%" in bare or "{#" in bare or "}}" in bare or "%}" in bare:
        at = min(i for i in (bare.find(m) for m in ("{{", "{%", "{#", "}}", "%}")) if i >= 0)
        return Fault(
            "expression-syntax",
            say("此处直接写表达式，不用花括号"),
            say("如 form.problem_count > 0"),
            at,
            2,
        )
    wide = _WIDE_SIGN.search(bare)
    if wide is not None:
        char = wide.group()
        message = say("用了全角“{char}”", char=char)
        hint = say("请改为半角“{right}”", right=_WIDE[char])
        return Fault("full-width-punctuation", message, hint, wide.start(), 1)
    depth = 0
    # Fewer brackets than that cannot be nested so deep.
    for at, char in enumerate(bare if len(_OPENING.findall(bare)) > _DEEPEST else ""):
        depth += (char in "([{") - (char in ")]}")
        if depth > _DEEPEST:
            return Fault("expression-syntax", say("括号嵌套超过 {most} 层", most=_DEEPEST), None, at)
    return None


def without_strings(source: str) -> str:
    """Return `source` with every quoted text blanked out, so that what is left is syntax."""
    if "'" not in source and '"' not in source:
        return source
    return _STRINGS.sub(lambda found: " " * len(found.group()), source)


_TRANSLATED: tuple[tuple[str, Message, Message], ...] = (
    (r"(?<![=!<>])=(?!=)", say("单个“=”不是比较"), say("比较相等请写“==”")),
    (r"&&|\bAND\b|且|并且", say("此处的“并且”写法不对"), say("请写 and")),
    (r"\|\||\bOR\b|或者|或", say("此处的“或者”写法不对"), say("请写 or")),
    (r"!(?!=)|\bNOT\b", say("此处的“非”写法不对"), say("请写 not")),
    (r"<>", say("“<>”不是比较"), say("不等于请写“!=”")),
    (r";", say("一处只能写一个表达式"), say("请用 and / or 连接")),
)


def syntax_fault(source: str, raw: str) -> Fault:
    """Return what an author most likely meant where the parser says `raw`."""
    bare = without_strings(source)
    for pattern, message, hint in _TRANSLATED:
        found = re.search(pattern, bare)
        if found is not None:
            return Fault("expression-syntax", message, hint, found.start(), len(found.group()))
    unexpected = re.search(r"unexpected char '(.)' at (\d+)", raw)
    if unexpected is not None:
        char = unexpected.group(1)
        at = max(0, bare.find(char))
        if char in "'\"":
            return Fault("expression-syntax", say("引号没有配对"), None, max(0, source.find(char)))
        return Fault("expression-syntax", say("表达式里不能用“{char}”", char=char), None, at)
    for opening, closing in ("()", "[]"):
        if bare.count(opening) != bare.count(closing):
            message = say("括号“{opening}”与“{closing}”没有配对", opening=opening, closing=closing)
            hint = say("写在花括号或方括号里的表达式，含有逗号时请整个加引号")
            return Fault("expression-syntax", message, hint, max(0, bare.find(opening), bare.find(closing)))
    return Fault(
        "expression-syntax",
        say("看不懂这个表达式"),
        say("写法如 form.finished_on >= form.started_on and form.method == 'onsite'"),
        0,
        len(source),
    )


def not_among(path: tuple[str, ...], name: str, found: Type) -> tuple[Message, Message | None]:
    """Return what to say of a name that is not among those the record at `path` holds, and what to do about it."""
    if path == ("draw",) and not found.columns:
        return say("本流程没有抽取，“draw”里没有“{name}”", name=name), say(
            "抽取从写有 commit（承诺）的一步开始"
        )
    message = say("“{where}”里没有“{name}”", where=".".join(path), name=name)
    near = did_you_mean(name, found.columns)
    if near is None and path == ("draw",):
        near = say("可写：{names}", names=list(found.columns))
    return message, near


def no_column(path: tuple[str, ...], part: str, found: Type) -> tuple[Message, Message | None]:
    """Return what to say of a name that is asked of what holds no names, and what to do about it."""
    where = ".".join(path)
    if found.kind is ValueKind.LIST and found.item is not None and found.item.kind is ValueKind.RECORD:
        return (
            say("“{where}”是列表，不能直接取“{name}”", where=where, name=part),
            say("请用 collect({where}, it.{name})，或用 every、some、count 逐行判断", where=where, name=part),
        )
    return (
        say("“{where}”是{kind}，里面没有“{name}”", where=where, kind=kind_name(found.kind), name=part),
        None,
    )


def comparison_hint(a: Type, b: Type) -> Message | None:
    """Return how to compare two values whose types do not fit; None where nothing is known."""
    kinds = {a.kind, b.kind}
    if kinds == {ValueKind.DATE, ValueKind.NUMBER} or kinds == {ValueKind.DATE, ValueKind.EXACT}:
        return say("要比天数请用 days_between(前, 后)")
    if kinds == {ValueKind.LIST, ValueKind.NUMBER}:
        return say("要比数目请用 length(……)")
    if kinds == {ValueKind.LIST, ValueKind.TEXT}:
        return say("判断是否在列表里请用 in")
    if kinds == {ValueKind.TEXT, ValueKind.NUMBER}:
        return say("代码和编号是文字，请加引号")
    if kinds == {ValueKind.TEXT, ValueKind.BOOLEAN}:
        return say("是或否直接写 true、false，不加引号")
    return None
