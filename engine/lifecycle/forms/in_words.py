"""Answers as people read them: titles of fields and choices, what changed since the form was last given.

They are in the language that is asked for now; whoever writes a paper or a file asks for Chinese.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, tzinfo
from typing import Any

from engine.language import SOURCE_LANGUAGE, current_language, say, translate
from engine.lifecycle.forms.answers import ROW_ANSWERS, row_in_full
from engine.lifecycle.forms.fields import boolean_of
from engine.lifecycle.forms.places import place_text
from engine.lifecycle.forms.row_parts import ROW_PARTS
from engine.lifecycle.model.form import Field, FieldType, Form
from engine.value import value


@value
class AnswerLine:
    """One answer in words. `changed`: the form was given before, and the answer was another (`before`; empty: none)."""

    title: str
    text: str
    changed: bool = False
    before: str = ""


@value
class AnsweredForm:
    """A form with its answers in words; by whom and when it was given is for its caller to say."""

    id: str
    title: str
    lines: tuple[AnswerLine, ...]
    by: str = ""
    on: str = ""
    #: How often it was given.
    times: int = 1

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Return title and text of what was answered; what was taken back is left out."""
        return [(line.title, line.text) for line in self.lines if line.text]


def shown_answers(
    form: Form, answers: Mapping[str, Any], names: Mapping[str, str], zone: tzinfo
) -> dict[str, str]:
    """Return field -> text for every answer given to `form`; `names` are those of people by id, and of items of the register by code.

    Answers need not have been checked: of a draft, what fits no field is shown as it was typed.
    """
    return {
        asked.name: _text(asked, answers[asked.name], names, zone)
        for asked in form.fields
        if answers.get(asked.name) is not None
    }


def placed_answers(
    form: Form,
    answers: Mapping[str, Any],
    names: Mapping[str, str],
    zone: tzinfo,
    item_forms: Mapping[str, Form],
) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield ((place, title), text) for every answer to `form`, its check rows and its items.

    The place is the one refusals name: ``visited_on``, ``rows.r1``, ``items.onsite.rows.r1``.
    """
    texts = shown_answers(form, answers, names, zone)
    for asked in form.fields:
        if asked.name in texts:
            yield (asked.name, translate(asked.title)), texts[asked.name]
    for row in form.rows:
        given = row_in_full(_mapping(answers.get("rows")).get(row.id))
        if given:
            yield (f"rows.{row.id}", translate(row.title)), row_in_words(given)
    for name, inner in _mapping(answers.get("items")).items():
        item = item_forms.get(name)
        if item is None or not isinstance(inner, Mapping):
            continue
        for (key, title), text in placed_answers(item, inner, names, zone, {}):
            yield (f"items.{name}.{key}", f"{translate(item.title)}·{title}"), text


def lines_of(
    form: Form,
    answers: Mapping[str, Any],
    earlier: Mapping[str, Any] | None,
    names: Mapping[str, str],
    zone: tzinfo,
    item_forms: Mapping[str, Form],
) -> tuple[AnswerLine, ...]:
    """Return the answers to a form, with the rows of its items; against `earlier`, the answers given before, where there are."""
    now = dict(placed_answers(form, answers, names, zone, item_forms))
    if earlier is None:
        return tuple(AnswerLine(title, text) for (_, title), text in now.items())
    then = dict(placed_answers(form, earlier, names, zone, item_forms))
    lines = [AnswerLine(key[1], text, then.get(key) != text, then.get(key, "")) for key, text in now.items()]
    gone = [AnswerLine(key[1], "", True, text) for key, text in then.items() if key not in now]
    return (*lines, *gone)


def people_in(form: Form, answers: Mapping[str, Any]) -> set[str]:
    """Return the ids of people that answers name; answers need not have been checked."""
    found: set[str] = set()
    for asked in form.fields:
        value = answers.get(asked.name)
        if asked.type is FieldType.PERSON and value:
            found.add(str(value))
        elif asked.type is FieldType.PERSONS and isinstance(value, list | tuple):
            found.update(map(str, value))
        elif asked.columns and isinstance(value, list):
            for row in value:
                if isinstance(row, Mapping):
                    found |= people_in(Form(id=form.id, title="", fields=asked.columns), row)
    return found


def codes_in(form: Form, answers: Mapping[str, Any]) -> set[str]:
    """Return the entries of plain lists, those of rows too, which may be codes of a register; answers need not have been checked."""
    return codes_in_rows(form, answers) | {
        one
        for asked in form.fields
        if asked.type is FieldType.LIST and not asked.columns and not asked.choices
        for one in _entries(answers.get(asked.name))
    }


def codes_in_rows(form: Form, answers: Mapping[str, Any]) -> set[str]:
    """Return the entries of plain lists in the rows of answers; answers need not have been checked."""
    found: set[str] = set()
    for asked in form.fields:
        rows = answers.get(asked.name) if asked.columns else None
        if isinstance(rows, list | tuple):
            within = Form(id=form.id, title="", fields=asked.columns)
            found.update(*(codes_in(within, row) for row in rows if isinstance(row, Mapping)))
    return found


def _entries(value: Any) -> Iterator[str]:
    return (one for one in value if isinstance(one, str)) if isinstance(value, list | tuple) else iter(())


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def row_in_words(given: Mapping[str, Any]) -> str:
    """Return what was said of a check row; empty where nothing was."""
    answer = str(given.get("answer") or "")
    parts = [
        translate(ROW_ANSWERS.get(answer, answer)),
        *(str(given.get(key) or "") for key in ("note", "evidence")),
        *(
            say("{title}：{text}", title=translate(part.title), text=str(given[part.name])).render()
            for part in ROW_PARTS
            if part.name not in ("note", "evidence") and given.get(part.name)
        ),
    ]
    return _joined("；", "; ", (part for part in parts if part))


def _joined(mark: str, english: str, parts: Iterable[str]) -> str:
    return (mark if current_language() == SOURCE_LANGUAGE else english).join(parts)


def _text(asked: Field, value: Any, names: Mapping[str, str], zone: tzinfo) -> str:
    if value is True or value is False or asked.type is FieldType.BOOLEAN:
        yes = boolean_of(value)
        if yes is not None:
            return (say("是") if yes else say("否")).render()
    if isinstance(value, list | tuple):
        if asked.columns:
            rows = (
                [
                    f"{translate(column.title)} {_text(column, row[column.name], names, zone)}"
                    for column in asked.columns
                    if row.get(column.name) is not None
                ]
                for row in value
                if isinstance(row, Mapping)
            )
            return _joined("；", "; ", (_joined("，", ", ", row) for row in rows))
        return _joined("、", ", ", (_one(asked, one, names, zone) for one in value))
    return _one(asked, value, names, zone)


def _one(asked: Field, value: Any, names: Mapping[str, str], zone: tzinfo) -> str:
    if isinstance(value, Mapping) and asked.type is not FieldType.PLACE:
        return str(value.get("name") or value.get("sha256") or "")
    text = place_text(value) if asked.type is FieldType.PLACE else str(value)
    if asked.type in (FieldType.PERSON, FieldType.PERSONS) or (
        asked.type is FieldType.LIST and not asked.choices
    ):
        return translate(names[text]) if text in names else text
    if asked.type in (FieldType.DATE, FieldType.DATETIME):
        try:
            return _moment(asked.type, text, zone)
        except ValueError:
            return text
    text = translate(asked.choices.get(text, text))
    if not asked.unit:
        return text
    return (
        f"{text}{asked.unit}" if current_language() == SOURCE_LANGUAGE else f"{text} {translate(asked.unit)}"
    )


def _moment(kind: FieldType, text: str, zone: tzinfo) -> str:
    """Return a day or an instant in words. Raises ValueError where it is neither."""
    chinese = current_language() == SOURCE_LANGUAGE
    if kind is FieldType.DATE:
        day = date.fromisoformat(text)
        return f"{day.year}年{day.month}月{day.day}日" if chinese else day.isoformat()
    at = datetime.fromisoformat(text)
    local = at.astimezone(zone) if at.tzinfo else at
    if not chinese:
        return f"{local:%Y-%m-%d %H:%M}"
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"
