"""Answers typed with the command: ``--set 名=值``, by the name or the title of a question; people by id or name.

Nothing is judged here; what does not fit is kept as it was typed, and refused with everything else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from engine.cli.exits import USAGE, CommandError
from engine.cli.session import answered
from engine.language import say, translate
from engine.lifecycle.forms.answers import ROW_ANSWERS
from engine.lifecycle.model.form import FILES, FieldType

if TYPE_CHECKING:
    from engine.app.queries import QuerySource
    from engine.app.queries.cases import StepView, TaskView
    from engine.lifecycle.model.form import CheckRow, Field, Form

_PEOPLE = (FieldType.PERSON, FieldType.PERSONS)


def completed(
    source: QuerySource,
    person: str,
    case: str,
    step: str,
    answers: Mapping[str, Any] | None,
    typed: Sequence[str],
    *,
    rest: bool = False,
    attach: Callable[[TaskView, Field, Any], Any] | None = None,
) -> Mapping[str, Any] | None:
    """Return `answers` with what was typed, and with `rest` the check rows nobody answered as 符合.

    A list, or several people or files, are given entry by entry: each further one of the same question is added. `attach`
    keeps the files that are named by their paths.

    Rows of key items (重点事项) are never filled in. Raises CommandError for a question the form does not have.
    """
    if not typed and not rest:
        return answers
    from engine.app.queries.cases import show_case

    view = answered(show_case(source, person, case, as_person=person))
    found = next((one for one in view.steps if one.id == step), None)
    if found is None or found.form is None:
        # Whether there is such a step, and why it takes no answers, is said by the step itself.
        return {**(answers or {}), **dict(_split(word) for word in typed)}
    given = {**(answers or {})}
    seen: set[str] = set()
    for word in typed:
        name, text = _split(word)
        asked = _question(found.form, name)
        value = _value(source, person, asked, text)
        if attach is not None and asked.type in FILES:
            value = attach(view, asked, value)
        several = isinstance(value, list) and asked.name in seen
        given[asked.name] = [*given[asked.name], *value] if several else value
        seen.add(asked.name)
    return with_rest(given, found) if rest else given


def with_rest(given: Mapping[str, Any], step: StepView) -> dict[str, Any]:
    """Return `given` with the rows of item forms that nobody answered and that belong to no key item as 符合."""
    note = ROW_ANSWERS["pass"]
    items = {**(given.get("items") or {})}
    for form in step.item_forms:
        answers = {**(items.get(form.id) or {})}
        rows = {**(answers.get("rows") or {})}
        for row in form.rows:
            if row.id not in rows and not is_key(row, step.key_items):
                rows[row.id] = {"answer": "pass", "note": str(say("其余各项：{answer}", answer=note))}
        items[form.id] = {**answers, "rows": rows}
    return {**given, "items": items}


def is_key(row: CheckRow, key_items: Sequence[str]) -> bool:
    """Tell whether a row belongs to an item the register marks as 重点; one of no item in particular does not."""
    return bool(set(row.items) & set(key_items))


def _split(word: str) -> tuple[str, str]:
    name, sign, text = word.partition("=")
    if not sign or not name.strip():
        raise CommandError(say("“{word}”应写成 名=值", word=word), USAGE)
    return name.strip(), text.strip()


def _question(form: Form, name: str) -> Field:
    """Return the question called `name`, or the only one with this title."""
    fields = [field for field in form.fields if field.answered]
    found = [field for field in fields if field.name == name] or [
        field for field in fields if name in (field.title, translate(field.title))
    ]
    if len(found) != 1:
        known = [f"{translate(field.title)} {field.name}" for field in fields]
        raise CommandError(
            say("《{form}》没有“{name}”一栏；有：{known}", form=form.title, name=name, known=known), USAGE
        )
    return found[0]


def _value(source: QuerySource, person: str, asked: Field, text: str) -> Any:
    from engine.cli.cases.answers.typed_answer import typed_answer

    value = typed_answer(asked, text, asked.choices)
    if asked.type not in _PEOPLE:
        return value
    ids = _ids_by_name(source, person)
    if isinstance(value, list):
        return [ids.get(str(one), one) for one in value]
    return ids.get(str(value), value)


def _ids_by_name(source: QuerySource, person: str) -> Mapping[str, str]:
    """Return name -> id of those whose name nobody else has."""
    from engine.app.queries.people.persons import list_people

    names: dict[str, list[str]] = {}
    for one in answered(list_people(source, person)):
        names.setdefault(one.actor.name, []).append(one.actor.id)
    return {name: ids[0] for name, ids in names.items() if len(ids) == 1}
