"""What is said of a question on a terminal: whether it must be answered, what an answer looks like there, what may be chosen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import tzinfo
from typing import Any

from engine.authoring.answer_sheet import must_text
from engine.cli.cases.answers.typed_answer import MANY_FILES
from engine.kernel.plain_text import shortened, visible
from engine.language import Message, say, translate
from engine.lifecycle.forms.in_words import shown_answers
from engine.lifecycle.forms.relevance import is_blank
from engine.lifecycle.model.form import FILES, Field, FieldType, Form

#: Of a longer list only what is searched for is shown.
SHOWN_AT_ONCE = 15
#: Typed instead of an answer.
HELP, STOP, EMPTY = "?", ".", "-"
#: Answered by several lines, the last of them blank.
IN_LINES = (FieldType.LIST, FieldType.PERSONS, *MANY_FILES)
#: How much of an answer is quoted in the question for it, in characters.
_QUOTED = 200

#: Everything here can be typed as it is.
_KINDS: Mapping[FieldType, Message] = {
    FieldType.TEXT: say("文字"),
    FieldType.LONG_TEXT: say("文字"),
    FieldType.INTEGER: say("整数"),
    FieldType.DECIMAL: say("数字，如 1234.50"),
    FieldType.BOOLEAN: say("写 是 或 否"),
    FieldType.DATE: say("日期，如 2024-04-20"),
    FieldType.DATETIME: say("时刻，如 2024-04-20 09:30"),
    FieldType.CHOICE: say("选一项，写序号或文字"),
    FieldType.CHOICES: say("可选多项，写序号或文字，用逗号隔开"),
    FieldType.PERSON: say("一人的编号或姓名"),
    FieldType.PERSONS: say("几人的编号或姓名"),
    FieldType.OBJECT: say("一个检查对象的编号"),
    FieldType.RATIO: say("比例，如 5% 或 1/20"),
    FieldType.LIST: say("几项文字"),
    FieldType.MONEY: say("金额，最多两位小数，如 1234.50"),
    FieldType.TIME: say("时间，如 09:30"),
    FieldType.YES_NO_NA: say("选一项，写序号或文字"),
    FieldType.PLACE: say("地点，写纬度、经度，如 39.904200, 116.407400"),
}


def question_of(
    asked: Field, before: Any, names: Mapping[str, str], zone: tzinfo, *, lines: bool = False
) -> Message:
    """Return the question for an answer; `before` is the one there is, `lines` whether several lines can be typed."""
    kind = say("文件的路径，或本件附件的编号") if asked.type in FILES else _KINDS[asked.type]
    parts: list[Message] = [must_text(asked), kind]
    if asked.type in IN_LINES:
        parts.append(say("一行一项，直接回车到此为止"))
    if asked.type is FieldType.LONG_TEXT and lines:
        parts.append(say("可多行、可粘贴，写完按 Ctrl+D"))
    if asked.unit:
        parts.append(say("单位：{unit}", unit=asked.unit))
    if not is_blank(before):
        said = shortened(answer_text(asked, before, names, zone), _QUOTED)
        parts.append(say("现为 {answer}，回车不变，{mark} 清空", answer=said, mark=EMPTY))
        if lines and is_text(asked):
            parts.append(say("按 ↑ 取来改"))
    return say("{title}（{parts}）", title=asked.title, parts=parts)


def is_text(asked: Field) -> bool:
    """Tell whether an answer is a text as it was typed."""
    return asked.type in (FieldType.TEXT, FieldType.LONG_TEXT)


def said_of(asked: Field, offered: Mapping[str, str]) -> Iterator[str]:
    """Yield what is said above the question: its basis, its help, and what may be chosen."""
    if asked.basis:
        yield str(say("依据：{basis}", basis=asked.basis))
    if asked.help:
        yield visible(translate(asked.help), lines=True)
    if 0 < len(offered) <= SHOWN_AT_ONCE:
        for number, text in enumerate(offered.values(), 1):
            yield f"  {number}  {visible(translate(text))}"
    elif offered:
        yield str(say("  有 {count} 个选项，输入其中几个字查找", count=len(offered)))


def answer_text(
    asked: Field, value: Any, names: Mapping[str, str], zone: tzinfo, *, lines: bool = False
) -> str:
    """Return an answer as whoever checks it reads it; `names` are those of people by id. With `lines` in its lines."""
    if is_blank(value):
        return "-"
    form = Form(id="", title="", fields=(asked,))
    said = shown_answers(form, {asked.name: value}, names, zone)[asked.name]
    return visible(said, lines=lines)
