"""What an author most likely meant when the YAML parser gives up: its message in plain Chinese, on the right line."""

from __future__ import annotations

import re
from typing import Any

from engine.language import Message, say
from engine.yamltext.lines import lines_of
from engine.yamltext.problem import Problem, Severity

#: A key with a full-width colon where the half-width one belongs.
_WIDE_COLON = re.compile(r"^[\s\-]*[^\s:：#'\"\[{]+(：)")
_TWO_COLONS = re.compile(r"^[\s\-]*[^:#'\"]+:\s+[^'\"\[{|>\s][^#]*?(:)(?:\s|$)")
#: A line that is one word and nothing else.
_WORD_ALONE = re.compile(r"\s*([^\W\d]\w{0,60})\s*(?:#.*)?")
#: Characters of a line; a longer one is not looked into.
_MAX_LINE_LENGTH = 1000


def diagnose(file: str, text: str, error: Any) -> Problem:
    """Return the problem behind a parser's error."""
    mark = getattr(error, "problem_mark", None)
    raw = str(getattr(error, "problem", None) or "")
    # Nobody writes longer lines, and the patterns cost the square of what they are given.
    lines = [line if len(line) <= _MAX_LINE_LENGTH else "" for line in lines_of(text)]
    line = min(mark.line, len(lines) - 1) if mark is not None else 0
    column = mark.column if mark is not None else 0
    looks = (_tab, _wide_blank, _wide_colon, _two_colons, _reserved, _bracketed)
    for look in (*looks, _word_alone) if "could not find expected ':'" in raw else looks:
        found = look(lines, line, column)
        if found is not None:
            return _problem(file, *found)
    context = getattr(error, "context_mark", None)
    # The parser written in Python says the end of a block it wants, and only beside it of what block.
    raw = (
        {
            "while parsing a block mapping": "expected key",
            "while parsing a block collection": "'-' indicator",
        }.get(str(getattr(error, "context", None)), raw)
        if raw.startswith("expected <block end>")
        else raw
    )
    message, hint = _in_words(raw, context.line + 1 if context is not None else None)
    return _problem(file, line, column, "yaml-syntax", message, hint)


Found = tuple[int, int, str, Message, Message]


def _problem(
    file: str, line: int, column: int, rule: str, message: Message, hint: Message | None = None
) -> Problem:
    return Problem(file, line + 1, column + 1, rule, Severity.ERROR, message, hint, column + 2)


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip(" \t\u3000\u00a0"))]


def _nearby(lines: list[str], line: int) -> list[int]:
    """Return the line of the error and the written line before it: the parser often notices one line late."""
    before = next((n for n in range(line - 1, -1, -1) if lines[n].strip()), None)
    return [line] if before is None else [line, before]


def _tab(lines: list[str], line: int, _: int) -> Found | None:
    at = _indent(lines[line]).find("\t")
    if at < 0:
        return None
    return (line, at, "tab-indentation", say("行首的缩进里有制表符（TAB）"), say("缩进请用空格，每层两个"))


def _wide_blank(lines: list[str], line: int, _: int) -> Found | None:
    for number in _nearby(lines, line):
        indent = _indent(lines[number])
        for at, char in enumerate(indent):
            if char in "\u3000\u00a0":
                message = say("行首的缩进里有全角空格")
                return (number, at, "full-width-punctuation", message, say("缩进请用半角空格"))
    return None


def _wide_colon(lines: list[str], line: int, _: int) -> Found | None:
    for number in _nearby(lines, line):
        found = _WIDE_COLON.match(lines[number])
        if found is not None and not re.search(r":(\s|$)", lines[number]):
            at = found.start(1)
            message = say("用了全角冒号“：”")
            hint = say("键的后面请用半角冒号“:”，再空一格")
            return (number, at, "full-width-punctuation", message, hint)
    return None


def _two_colons(lines: list[str], line: int, column: int) -> Found | None:
    found = _TWO_COLONS.match(lines[line])
    if found is None or column != found.start(1):
        return None
    message = say("一行里有两个冒号，看不出哪个分开键和值")
    hint = say('值里含有“: ”时，请给整个值加引号，如 说明: "注意: ……"')
    return (line, column, "quotes-needed", message, hint)


def _reserved(lines: list[str], line: int, column: int) -> Found | None:
    char = lines[line][column : column + 1]
    if char not in ("@", "`", "%"):
        return None
    message = say("以“{char}”开头的文字须加引号", char=char)
    return (line, column, "quotes-needed", message, say('如 "{char}……"', char=char))


def _bracketed(lines: list[str], line: int, column: int) -> Found | None:
    """An expression with a comma or a list, unquoted among braces: YAML cuts it at the comma."""
    found = re.search(r"[{,\[]\s*[^\s:{,]+:\s+[^\s'\"{\[,][^'\"{}]*?([(\[])", lines[line][: column + 1])
    if found is None or not re.match(r"[^{]*\{", lines[line]):
        return None
    start = found.end() - 1
    message = say("花括号里的表达式含有逗号或括号，须加引号")
    hint = say("如 {example}", example='{that: "length(form.signed_by) >= 2"}')
    return (line, start, "quotes-needed", message, hint)


def _word_alone(lines: list[str], line: int, _: int) -> Found | None:
    """A word on a line of its own among keys: the parser misses the colon only when it comes to the next key."""
    for number in _nearby(lines, line)[::-1]:
        word = _WORD_ALONE.fullmatch(lines[number])
        if word is not None:
            message = say("“{word}”单独一行，后面没有冒号", word=word[1])
            hint = say("在一行里写成 {{{word}, ……}}，单独一行时写成 {word}: true", word=word[1])
            return (number, word.start(1), "yaml-syntax", message, hint)
    return None


def _in_words(raw: str, opened: int | None) -> tuple[Message, Message | None]:
    """Translate what the parser says; `opened` is the line where the unfinished thing begins."""
    if "mapping values are not allowed" in raw:
        return say("此处不应有冒号"), say("请检查这一行与上一行的缩进；值里含有“: ”时请加引号")
    if "end of stream" in raw:
        return say("引号没有配对：第 {line} 行开始的文字没有收尾", line=opened or 1), None
    if "',' or ']'" in raw:
        return say("方括号没有配对：第 {line} 行的“[”没有“]”", line=opened or 1), say("各项之间用半角逗号")
    if "',' or '}'" in raw:
        return say("花括号没有配对：第 {line} 行的“{{”没有“}}”", line=opened or 1), say("各项之间用半角逗号")
    if "sequence entries" in raw:
        return say("列表的“-”应另起一行"), None
    if "expected key" in raw:
        return (
            say("此处应是一个键，与第 {line} 行开始的各键对齐", line=opened or 1),
            say("请检查缩进；同一层的键左边要对齐，带引号的值后面不能再有文字"),
        )
    if "'-' indicator" in raw:
        return (
            say("此处应是以“-”开头的一项，与第 {line} 行开始的列表对齐", line=opened or 1),
            say("请检查缩进；列表和键不能混在同一层"),
        )
    if "escape" in raw:
        return say("双引号里的“\\”用法不对"), say("不需要转义时请用单引号")
    if "directive" in raw:
        return say("以“%”开头的行不被支持"), say("以“%”开头的文字请加引号")
    return say("看不懂这里的 YAML 写法（{raw}）", raw=raw or "?"), say("请检查缩进、引号和括号")
