"""An empty answer sheet of a form: YAML with comments, ready to be filled in and given to ``--form``.

Nothing is filled in beforehand, not even where only one answer is likely: what nobody wrote, nobody answered.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from engine.language import Message, say, translate
from engine.lifecycle.forms.answers import ROW_CHOICES
from engine.lifecycle.forms.row_parts import ROW_PARTS
from engine.lifecycle.model.form import Field, FieldType, Form

_KINDS: dict[FieldType, Message] = {
    FieldType.TEXT: say("文字"),
    FieldType.LONG_TEXT: say("文字，可多行"),
    FieldType.INTEGER: say("整数"),
    FieldType.DECIMAL: say('数字，如 "1234.50"'),
    FieldType.BOOLEAN: say("true 是，false 否"),
    FieldType.DATE: say("日期，如 2024-04-20"),
    FieldType.DATETIME: say('时刻，如 "2024-04-20T09:30+08:00"'),
    FieldType.CHOICE: say("选一项"),
    FieldType.CHOICES: say("可选多项，如 [甲, 乙]"),
    FieldType.PERSON: say("一人的编号"),
    FieldType.PERSONS: say("几人的编号，如 [insp-01, insp-02]"),
    FieldType.OBJECT: say("一个检查对象的编号"),
    FieldType.FILE: say("附件的编号，如 F1（先用 ssj case attach 存入）"),
    FieldType.FILES: say("附件的列表"),
    FieldType.RATIO: say('比例，如 "5%"、"1/20"'),
    FieldType.LIST: say("列表"),
    FieldType.MONEY: say('金额，最多两位小数，如 "1234.50"'),
    FieldType.TIME: say('时间，如 "09:30"'),
    FieldType.YES_NO_NA: say("是、否 或 不适用"),
    FieldType.PLACE: say('地点，写纬度、经度，如 "39.904200, 116.407400"'),
    FieldType.PHOTO: say("照片：附件的编号，如 F1（先用 ssj case attach 存入）"),
    FieldType.PHOTOS: say("照片的列表"),
    FieldType.SIGNATURE: say("签名的图片：附件的编号，如 F1（先用 ssj case attach 存入）"),
    FieldType.NOTE: say("说明文字，不用填"),
}


def kind_of(asked: Field) -> Message:
    """Return what an answer to the field looks like."""
    return _KINDS[asked.type]


def answer_sheet(form: Form, item_forms: Sequence[Form] = ()) -> str:
    """Return the sheet of `form`, with those of `item_forms` under ``items`` (一企一表)."""
    lines = [*_head(form), *_fields(form, ""), *_rows(form, "")]
    if item_forms:
        lines += ["", *_comment(say("各抽查事项的检查表，每份一段"), ""), "items:"]
        for item in item_forms:
            lines.append(f"  {item.id}:")
            lines += [
                *_comment(say("《{title}》", title=item.title), "    "),
                *_fields(item, "    "),
                *_rows(item, "    "),
            ]
    return "\n".join(lines) + "\n"


def _head(form: Form) -> Iterator[str]:
    yield from _comment(say("《{title}》（{id}）", title=form.title, id=form.id), "")
    if form.help:
        yield from _comment(form.help, "")
    if form.basis:
        yield from _comment(say("依据：{basis}", basis=form.basis), "")
    for constraint in form.constraints:
        yield from _comment(say("填写不当时会提示：{text}", text=constraint.message), "")


def _fields(form: Form, indent: str) -> Iterator[str]:
    from engine.definition.condition_rows.asked_when import asked_when

    above: tuple[str | None, str | None] = (None, None)
    for asked in form.fields:
        if asked.computed is not None:
            continue
        yield from _headings(asked, above, indent)
        above = (asked.page, asked.section or above[1])
        if asked.type is FieldType.NOTE:
            yield from _comment(asked.title, indent)
            continue
        yield from _question(asked, asked_when(form, asked), indent)
        yield f"{indent}{asked.name}:"


def _headings(asked: Field, above: tuple[str | None, str | None], indent: str) -> Iterator[str]:
    """Yield the headings that begin with a question."""
    if asked.page is not None and asked.page != above[0]:
        yield ""
        yield from _comment(say("〖{page}〗", page=asked.page), indent)
    if asked.section is not None and asked.section != above[1]:
        yield ""
        yield from _comment(say("【{section}】", section=asked.section), indent)


def _question(asked: Field, when: str, indent: str) -> Iterator[str]:
    """Yield what is said of a question above the line for its answer."""
    yield from _comment(_hint(asked, when), indent)
    if when and not asked.required:
        yield from _comment(say("仅当满足条件时填写：{clauses}", clauses=when), indent)
    if asked.help:
        yield from _comment(asked.help, indent)
    if asked.basis:
        yield from _comment(say("依据：{basis}", basis=asked.basis), indent)
    if asked.example is not None:
        example = json.dumps(asked.example, ensure_ascii=False)
        yield from _comment(say("例如：{example}", example=example), indent)
    for constraint in asked.constraints:
        yield from _comment(say("填写不当时会提示：{text}", text=constraint.message), indent)
    for code, text in asked.choices.items():
        yield f"{indent}#   {code}  {translate(text)}"
    if asked.exclusive:
        alone = [asked.choices[code] for code in asked.exclusive]
        yield from _comment(say("选了这些就不能再选别的：{names}", names=alone), indent)
    yield from _columns(asked, indent)


def _columns(asked: Field, indent: str) -> Iterator[str]:
    if not asked.columns:
        return
    yield from _comment(say("每行一项，照下面的样子写："), indent)
    for number, column in enumerate(one for one in asked.columns if one.answered):
        mark = "- " if number == 0 else "  "
        yield f"{indent}#   {mark}{column.name}:    # {_hint(column)}"
        yield from (f"{indent}#         {code}  {translate(text)}" for code, text in column.choices.items())


def must_text(asked: Field, when: str = "") -> Message:
    """Return whether a question must be answered, should be, or may be; `when` it is asked, where it is not always."""
    if asked.required and when:
        return say("视情况必填：{when}", when=when)
    if asked.required:
        return say("必填")
    return say("建议填写") if asked.recommended else say("选填")


def _hint(asked: Field, when: str = "") -> Message:
    parts = [must_text(asked, when), kind_of(asked)]
    if asked.unit:
        parts.append(say("单位：{unit}", unit=asked.unit))
    if asked.least is not None:
        parts.append(say("至少 {least}", least=asked.least))
    if asked.most is not None:
        parts.append(say("至多 {most}", most=asked.most))
    return say("{title}（{parts}）", title=asked.title, parts=parts)


def _rows(form: Form, indent: str) -> Iterator[str]:
    if not form.rows:
        return
    yield ""
    answers = list(ROW_CHOICES)
    yield from _comment(
        say(
            "逐项检查：answer 填 {answers} 之一；不符合的在 note 写明问题，还可写 {parts}",
            answers=answers,
            parts=[f"{part.name} {translate(part.title)}" for part in ROW_PARTS if part.name != "note"],
        ),
        indent,
    )
    yield f"{indent}rows:"
    for row in form.rows:
        yield from _comment(say("{title}：{points}", title=row.title, points=row.points), indent + "  ")
        yield from _comment(say("依据：{basis}", basis=row.basis), indent + "  ")
        if row.method:
            yield from _comment(say("方法：{method}", method=row.method), indent + "  ")
        yield f"{indent}  {row.id}:"
        yield f"{indent}    answer:"
        yield f"{indent}    note:"


def _comment(text: Message | str, indent: str) -> list[str]:
    return [
        f"{indent}# {line}" for line in (translate(text) if isinstance(text, str) else str(text)).splitlines()
    ]
