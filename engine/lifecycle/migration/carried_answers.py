"""The answers and facts of a case in another version of its forms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from engine.language import Message, say
from engine.lifecycle.case import Case
from engine.lifecycle.forms.fields import read_value
from engine.lifecycle.forms.personal import marked_answers
from engine.lifecycle.migration.rename_map import CASE, RenameMap
from engine.lifecycle.model.form import Field, Form
from engine.lifecycle.model.workflow import Workflow


class AnswerChange(StrEnum):
    """What a migration did to an answer."""

    RENAMED = "renamed"
    #: It is kept otherwise than it was given.
    CONVERTED = "converted"
    #: The same answer, to a question that is put otherwise.
    ASKED_OTHERWISE = "asked-otherwise"
    REMOVED = "removed"
    #: The form asks for more than was answered when it was filled in.
    UNANSWERED = "unanswered"


#: What was done to an answer, in words.
CHANGE_WORDS: Mapping[AnswerChange, Message] = {
    AnswerChange.RENAMED: say("改名"),
    AnswerChange.CONVERTED: say("换了写法"),
    AnswerChange.ASKED_OTHERWISE: say("问法有变"),
    AnswerChange.REMOVED: say("新版不再问"),
    AnswerChange.UNANSWERED: say("新增必填，尚未填"),
}


@dataclass(frozen=True, slots=True)
class AnswerMove:
    """One answer before and after."""

    #: ``FORM.FIELD`` or ``case.FACT`` as it is called now; as it was called, where it is gone.
    name: str
    title: str
    what: AnswerChange
    before: Any = None
    after: Any = None

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "name": self.name,
            "title": self.title,
            "what": self.what.value,
            "before": self.before,
            "after": self.after,
        }


@dataclass(slots=True)
class CarriedAnswers:
    """What becomes of the answers of a case, and why it cannot go."""

    #: form -> its answers from now on; None: none of it any more
    forms: dict[str, Mapping[str, Any] | None] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    without: list[str] = field(default_factory=list)
    moves: list[AnswerMove] = field(default_factory=list)
    problems: list[Message] = field(default_factory=list)


def carried_answers(old: Workflow, new: Workflow, case: Case, renames: RenameMap) -> CarriedAnswers:
    """Return what becomes of everything that was answered on `case`."""
    found = CarriedAnswers()
    for form_id, answers in case.forms.items():
        target = renames.forms.get(form_id, form_id)
        before, after = old.forms.get(form_id), new.forms.get(target)
        if after is None:
            found.forms[form_id] = None
            title = before.title if before is not None else form_id
            found.moves.append(AnswerMove(form_id, title, AnswerChange.REMOVED, dict(answers)))
            continue
        if target != form_id:
            found.forms[form_id] = None
        if before is None:
            continue
        kept = _carried_form(found, before, after, answers, renames)
        if kept != answers or target != form_id:
            found.forms[target] = kept
    _carry_facts(found, new, case, renames)
    return found


def _carried_form(
    found: CarriedAnswers, before: Form, after: Form, answers: Mapping[str, Any], renames: RenameMap
) -> dict[str, Any]:
    was = {one.name: one for one in before.fields}
    now = {one.name: one for one in after.fields}
    kept: dict[str, Any] = {}
    for name, value in answers.items():
        question = was.get(name)
        if question is None:
            # Rows, item forms and what is counted of them: the check list itself says what they are.
            kept[name] = value
            continue
        new_name = renames.field_of(before.id, name)
        asked = now.get(new_name)
        place = f"{after.id}.{new_name}"
        if asked is None:
            found.moves.append(AnswerMove(f"{after.id}.{name}", question.title, AnswerChange.REMOVED, value))
            continue
        given = _mapped(renames.values.get(f"{before.id}.{name}", {}), value)
        read, problem = (given, None) if asked.computed is not None else _read(asked, given)
        if problem is not None:
            found.problems.append(say("《{form}》：{problem}", form=after.title, problem=problem))
            continue
        kept[new_name] = read
        what = _what(question, asked, value, read)
        if what is not None:
            found.moves.append(AnswerMove(place, asked.title, what, value, read))
    for asked in _unanswered(after, was, kept, renames, before):
        found.moves.append(AnswerMove(f"{after.id}.{asked.name}", asked.title, AnswerChange.UNANSWERED))
    for asked, column in _unanswered_columns(now.values(), was, kept, renames, before):
        place, title = f"{after.id}.{asked.name}.{column.name}", f"{asked.title} {column.title}"
        found.moves.append(AnswerMove(place, title, AnswerChange.UNANSWERED))
    return marked_answers(after, kept)


def _unanswered(
    after: Form, was: Mapping[str, Field], kept: Mapping[str, Any], renames: RenameMap, before: Form
) -> Iterator[Field]:
    """Yield the questions that must be answered, are new, and were not asked when the form was filled in."""
    known = {renames.field_of(before.id, name) for name in was}
    for asked in after.fields:
        if asked.required and asked.answered and asked.name not in kept and asked.name not in known:
            yield asked


def _unanswered_columns(
    fields: Iterable[Field],
    was: Mapping[str, Field],
    kept: Mapping[str, Any],
    renames: RenameMap,
    before: Form,
) -> Iterator[tuple[Field, Field]]:
    """Yield the columns that must be filled in, are new, and were not asked for in the rows there are, each with its question."""
    known = {renames.field_of(before.id, name): one for name, one in was.items()}
    for asked in fields:
        old = known.get(asked.name)
        if old is None or not old.columns or not kept.get(asked.name):
            continue
        names = {column.name for column in old.columns}
        for column in asked.columns:
            if column.required and column.answered and column.name not in names:
                yield asked, column


def _mapped(values: Mapping[str, Any], value: Any) -> Any:
    if isinstance(value, list):
        return [_mapped(values, one) for one in value]
    return values.get(value, value) if isinstance(value, str) else value


def _read(asked: Field, value: Any) -> tuple[Any, Message | None]:
    if value is None:
        return None, None
    if asked.columns:
        # Whether a cell was asked for depends on its row, as it was then: what is there is read, what is not was not asked.
        asked = replace(asked, columns=tuple(replace(column, required=False) for column in asked.columns))
    return read_value(asked, value)


def _what(before: Field, after: Field, value: Any, kept: Any) -> AnswerChange | None:
    if value != kept:
        return AnswerChange.CONVERTED
    if before.name != after.name:
        return AnswerChange.RENAMED
    same = (
        before.title == after.title
        and before.type is after.type
        and before.unit == after.unit
        and _shown(before, kept) == _shown(after, kept)
    )
    return None if same else AnswerChange.ASKED_OTHERWISE


def _shown(asked: Field, value: Any) -> list[Any]:
    """Return an answer as people read it: the text of a code may change although the code stays."""
    values = value if isinstance(value, list) else [value]
    return [asked.choices.get(one, one) if isinstance(one, str) else one for one in values]


def _carry_facts(found: CarriedAnswers, new: Workflow, case: Case, renames: RenameMap) -> None:
    for form, name, after in renames.new_fields():
        if form != CASE or name not in case.fields:
            continue
        asked = new.fields.get(after)
        if asked is None:
            found.problems.append(say("新版没有字段“{name}”", name=after))
            continue
        value = _mapped(renames.values.get(f"{CASE}.{name}", {}), case.fields[name])
        found.facts[after] = value
        found.without.append(name)
        found.moves.append(
            AnswerMove(f"{CASE}.{after}", asked.title, AnswerChange.RENAMED, case.fields[name], value)
        )
