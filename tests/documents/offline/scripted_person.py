"""A scripted person who fills in forms: what is answered by the type of a question, typed line by line, tapped on a phone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from engine.lifecycle.forms.row_parts import ROW_PARTS
from engine.lifecycle.model.form import Field, FieldType, Form

ZONE = ZoneInfo("Asia/Shanghai")
PEOPLE = {"P01": "检查员甲", "P02": "检查员乙"}
#: What the scripted person answers where the type of a question does not say it.
SAID: Mapping[str, Any] = {
    "visited_on": "2024-09-18",
    "arrived_at": "2024-09-18T09:30:00+08:00",
    "left_at": "2024-09-18T11:00:00+08:00",
    "finished_on": "2024-09-18",
    "signed_on": "2024-09-18",
    "recusal_asked": "false",
    "object_signed": "true",
    "record": "<script>alert(1)</script>\n第二行",
}

#: What the scripted person says of a row that is not in order.
PROBLEM: Mapping[str, str] = {
    "note": "两人没有书面合同",
    "evidence": "照片2",
    "article": "劳动合同法 第十条",
    "measure": "补订书面劳动合同",
    "due_on": "2024-10-08",
    "person": "示例人乙",
}


def answer(asked: Field, people: Sequence[str] = tuple(PEOPLE)) -> Any:
    """Return an answer to a question by its type, as a file states it."""
    if asked.name in SAID:
        return SAID[asked.name]
    match asked.type:
        case FieldType.CHOICES:
            return [next(iter(asked.choices))]
        case FieldType.CHOICE:
            return next(iter(asked.choices))
        case FieldType.PERSONS:
            return list(people)
        case FieldType.LIST:
            return ["甲项", "乙项"]
        case FieldType.BOOLEAN:
            return "true"
        case FieldType.INTEGER:
            return "3"
        case FieldType.DECIMAL | FieldType.MONEY:
            return "1000"
        case FieldType.DATE:
            return "2024-09-18"
        case FieldType.FILES:
            return None
        case _:
            return "示例内容"


def of_form(form: Form, people: Sequence[str] = tuple(PEOPLE)) -> dict[str, Any]:
    """Return the answers to a form; the first of its rows is not in order."""
    found = {
        asked.name: value
        for asked in form.fields
        if asked.answered and asked.relevant is None and (value := answer(asked, people)) is not None
    }
    if form.rows:
        rows = {row.id: {"answer": "pass"} for row in form.rows}
        rows[form.rows[0].id] = {"answer": "fail", **PROBLEM}
        found["rows"] = rows
    return found


def typed_lines(base: Form, items: Sequence[Form], answers: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is typed at the terminal, in the order of the questions."""
    for form, given in ((base, answers), *((item, answers["items"][item.id]) for item in items)):
        for row in form.rows:
            yield given["rows"][row.id]["answer"]
            if given["rows"][row.id]["answer"] == "fail":
                yield from (given["rows"][row.id].get(part.name, "") for part in ROW_PARTS)
        for one in form.fields:
            if not one.answered or (one.relevant is not None and one.name not in given):
                continue
            value = given.get(one.name, "")
            if one.type in (FieldType.LIST, FieldType.PERSONS) and value:
                # One a line, until a blank one.
                yield from (*value, "")
            else:
                yield "、".join(value) if isinstance(value, list) else str(value)


def fill_in(page: Any, form: Form, given: Mapping[str, Any], people: Mapping[str, str] = PEOPLE) -> None:
    """Tap and type the answers of one form."""
    for row in form.rows:
        word = {"pass": "符合", "fail": "不符合"}[given["rows"][row.id]["answer"]]
        box = page.locator(f"[data-name='{form.id}.rows.{row.id}']")
        box.locator(".options label").get_by_text(word, exact=True).click()
        for part in ROW_PARTS:
            if said := given["rows"][row.id].get(part.name):
                box.locator(f"[data-part={part.name}]").fill(said)
    for asked in form.fields:
        value = given.get(asked.name)
        if value is None:
            continue
        box = page.locator(f"[data-name='{form.id}.{asked.name}']")
        match asked.type:
            case FieldType.BOOLEAN:
                word = "是" if value == "true" else "否"
                box.locator(".options label").get_by_text(word, exact=True).click()
            case FieldType.PERSONS if box.locator("textarea").count():
                # Whoever is not listed is typed by the id.
                box.locator("textarea").fill("\n".join(value))
            case FieldType.CHOICES | FieldType.CHOICE | FieldType.PERSONS:
                names = {**people, **asked.choices}
                for code in value if isinstance(value, list) else [value]:
                    box.locator(".options label").get_by_text(names[code], exact=True).click()
            case FieldType.DATETIME:
                box.locator("input").first.fill(value[:16])
            case FieldType.LIST:
                box.locator("textarea").first.fill("\n".join(value))
            case _:
                box.locator("input, textarea").first.fill(value)
