"""What an offline form of a case is made of, and how a record that it saved compares with the case as it is now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engine.app.access.query import QueryContext, query
from engine.app.access.visible_case import note_answers, visible_case
from engine.app.history.replay import history
from engine.app.people.directory import in_office
from engine.app.people.persons import everybody
from engine.app.services import Services
from engine.app.session.scope import own_scope
from engine.app.session.unit_of_work import UnitOfWork
from engine.app.worklist.form_setting import FormSetting, setting_of_form
from engine.kernel.refusal import NextAction, Refusal, RefusalReason
from engine.language import Message, say, translate
from engine.lifecycle.case import EventKind
from engine.lifecycle.forms.answers import row_answer
from engine.lifecycle.forms.in_words import lines_of, row_in_words
from engine.lifecycle.forms.item_rows import form_of_items
from engine.lifecycle.forms.row_parts import FAIL
from engine.lifecycle.migration.carried_record import Passage, carried_record, left_out
from engine.lifecycle.migration.rename_map import RenameMap
from engine.lifecycle.model.form import FieldType

if TYPE_CHECKING:
    from engine.lifecycle.case import Case
    from engine.lifecycle.migration.carried_answers import AnswerMove, CarriedSheets
    from engine.lifecycle.model.form import Form

__all__ = [
    "FormSetting",
    "OfflineForms",
    "OfflineStep",
    "PeopleToChoose",
    "RecordComparison",
    "compare_record",
    "offline_forms",
]


#: So many people are listed; of more the ids are typed.
MAX_PEOPLE = 500
#: A question of one of these names asks for somebody of that register.
_REGISTERS = ("experts", "inspectors", "people")


@dataclass(frozen=True, slots=True)
class PeopleToChoose:
    """Whom the questions of one name may be answered with."""

    #: Of those the case names.
    own: Sequence[str]
    #: Person -> name, of the others who are active.
    others: Mapping[str, str]
    #: Nobody else may be named; else ids are typed too.
    whole: bool


@dataclass(frozen=True, slots=True)
class OfflineStep:
    """One open step with its forms, and what their conditions look at."""

    id: str
    title: str
    form: Form
    item_forms: Sequence[Form]
    setting: FormSetting


@dataclass(frozen=True, slots=True)
class OfflineForms:
    """The open steps of a case that ask something, for one person."""

    case: Case
    steps: Sequence[OfflineStep]
    #: Person -> name, of those the case names.
    people: Mapping[str, str]
    person: str
    made_at: datetime
    #: Of the zone of the bureau, as ISO writes it.
    offset: str
    #: Name of a question ("": any other) -> whom it may be answered with.
    registers: Mapping[str, PeopleToChoose] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RecordComparison:
    """A saved record against the case as it is now."""

    #: This very record was imported before.
    imported: bool
    #: The step can be taken now, as it could when the form was made.
    current: bool
    #: The version of the definition by which the case goes.
    version: int
    #: Form of the step as it is now; None where there is no such step any more.
    form: Form | None
    #: What has no place in the form any more, in words: what it is called -> what was answered.
    no_place: Mapping[str, Any]
    #: (title, what is kept, what the record says) for each answer that differs from what was given meanwhile.
    differing: Sequence[tuple[str, str, str]]
    #: What is kept is what the record says.
    same: bool
    #: The answers of the record as the form asks them now, without what has no place.
    answers: Mapping[str, Any] = field(default_factory=dict)
    #: Why the step cannot be taken with what is left.
    in_the_way: Sequence[Message] = ()


@query("task.read")
def offline_forms(context: QueryContext, case_id: str, person: str) -> OfflineForms | Refusal:
    """Return the open steps of a case with their forms, as `person` would fill them in. Refused where none asks anything."""
    case = visible_case(context, case_id)
    if isinstance(case, Refusal):
        return case
    note_answers(context, case)
    transaction, source = context.transaction, context.source
    process = source.definitions.get(transaction, case.workflow, case.version)
    names = source.definitions.item_forms(transaction, case)
    steps = []
    for step, found in process.manual_steps(case.state).items() if case.open else ():
        if found[0].form is None:
            continue
        setting = setting_of_form(source, transaction, context.now, case, step, person)
        if setting is None:
            continue
        drawn = case.fields.get("items") or ()
        items = (
            tuple(form_of_items(process.form(name), drawn) for name in names) if found[0].item_forms else ()
        )
        steps.append(OfflineStep(step, found[0].title, process.form(found[0].form), items, setting))
    if not steps:
        message = say("“{case}”现在没有要填表单的步骤", case=case_id)
        reason = RefusalReason("offline", message, next=NextAction("show_task", {"case": case_id}))
        return Refusal(case_id, "", (reason,))
    ids = sorted({one for people in case.parties.values() for one in people})
    people: dict[str, str] = {}
    for kind in ("inspectors", "people", "experts"):
        missing = [one for one in ids if one not in people]
        if missing:
            people |= {entry.id: entry.name for entry in transaction.registers.some(kind, missing).values()}
    offset = context.now.astimezone(source.definitions.time.zone).isoformat()[-6:]
    registers = _to_choose(context, steps, people)
    return OfflineForms(case, tuple(steps), people, person, context.now, offset, registers)


def _to_choose(
    context: QueryContext, steps: Sequence[OfflineStep], people: Mapping[str, str]
) -> dict[str, PeopleToChoose]:
    """Return whom the questions of the steps that ask for people may be answered with, as the pages would list them."""
    forms = [form for step in steps for form in (step.form, *step.item_forms)]
    asked = [one for form in forms for field in form.fields for one in (field, *field.columns)]
    wanted = {one.name for one in asked if one.type in (FieldType.PERSON, FieldType.PERSONS)}
    found: dict[str, PeopleToChoose] = {}
    for name in sorted({one if one in _REGISTERS else "" for one in wanted}):
        listed: dict[str, str] = {}
        if name and context.why_denied("register.read") is None:
            entries = context.transaction.registers.all(name)
            listed = {entry.id: entry.name for entry in entries if in_office(entry)}
        elif not name and context.why_denied("person.read") is None:
            listed = {one.actor.id: one.actor.name for one in everybody(context.transaction) if one.active}
        own = sorted(one for one in people if not name or one in listed)
        others = {one: called for one, called in listed.items() if one not in own}
        short = len(others) <= MAX_PEOPLE
        found[name] = PeopleToChoose(own, others if short else {}, not name and short)
    return found


@query("task.read")
def compare_record(
    context: QueryContext,
    case_id: str,
    step: str,
    made: tuple[str, str],
    answers: Mapping[str, Any],
    request: str,
    version: int | None = None,
) -> RecordComparison | Refusal:
    """Return how a record compares with its case; `made`: its state and since when, as the form was made.

    `request` is the id under which the record is imported, `version` that of the definition the form was made by (None: the
    one the case goes by).
    """
    case = visible_case(context, case_id)
    if isinstance(case, Refusal):
        return case
    note_answers(context, case)
    state, entered_at = made
    process = context.source.definitions.get(context.transaction, case.workflow, case.version)
    found = process.manual_steps(case.state).get(step) if case.open else None
    now = None if found is None or found[0].form is None else process.form(found[0].form)
    current = now is not None and (case.state, case.entered_at.isoformat()) == (state, entered_at)
    given = next((one.form for one in process.workflow.transitions if one.id == step and one.form), None)
    form = now or (process.workflow.forms.get(given) if given else None)
    kept = case.forms.get(given or "", {}) if not current else {}
    no_place: dict[str, Any] = {}
    in_the_way: list[Message] = []
    if form is not None:
        answers, carried = _as_asked_now(context, case, step, form, answers, version)
        in_the_way = carried.problems
        for move in left_out(carried):
            no_place[_called(form, move)] = _in_words(move.before)
            if move.name.split(".")[-2:-1] == ["rows"] and row_answer(move.before) == FAIL:
                failed = move.before if isinstance(move.before, Mapping) else {"answer": FAIL}
                words = {"row": move.title, "answer": row_in_words(failed)}
                in_the_way.append(say("检查事项“{row}”填的是“{answer}”，现在的表单没有这一项", **words))
    differing: list[tuple[str, str, str]] = []
    if form is not None and not current:
        differing = _differing(context, case, process.workflow.forms, form, kept, answers)
        differing += [(title, "", str(value)) for title, value in no_place.items()]
    return RecordComparison(
        imported=context.transaction.idempotency_record(request) is not None,
        current=current,
        version=case.version,
        form=now,
        no_place=no_place,
        differing=differing,
        same=not current and bool(kept) and not differing,
        answers=answers,
        in_the_way=in_the_way,
    )


def _as_asked_now(
    context: QueryContext,
    case: Case,
    step: str,
    form: Form,
    answers: Mapping[str, Any],
    version: int | None,
) -> tuple[dict[str, Any], CarriedSheets]:
    """Return answers to the form of `version` as `form` asks them now, and what was done to them."""
    definitions, transaction = context.source.definitions, context.transaction
    process = definitions.get(transaction, case.workflow, case.version)
    drawn = case.fields.get("items") or ()
    with_items = any(one.item_forms for one in process.workflow.transitions if one.id == step)
    names = definitions.item_forms(transaction, case) if with_items else ()
    items = {name: form_of_items(process.form(name), drawn) for name in names}
    passages = () if version is None or version == case.version else _passages(context, case, version)
    return carried_record(passages, step, form, items, answers)


def _passages(context: QueryContext, case: Case, version: int) -> Iterator[Passage]:
    """Yield the migrations that took a case from `version` to the one it goes by; at once where the history has no such way."""
    definitions, transaction = context.source.definitions, context.transaction
    # A record says what it likes: only what was published is looked up.
    if all(row.number != version for row in transaction.definitions.versions(case.workflow)):
        return
    at, hops = version, []
    for event in history(transaction, case.id):
        if event.kind == EventKind.MIGRATED.value and event.body.get("from") == at:
            hops.append((at, event.body["version"], RenameMap.from_json(event.body.get("renamed") or {})))
            at = event.body["version"]
    if at != case.version:
        hops = [(version, case.version, RenameMap())]
    for old, new, renames in hops:
        before, after = (definitions.get(transaction, case.workflow, one) for one in (old, new))
        yield Passage(before.workflow, after.workflow, renames)


def _called(form: Form, move: AnswerMove) -> str:
    """Return what an answer is called that has no place: its title as it was, and its name."""
    name = move.name.removeprefix(f"{form.id}.")
    if name.rpartition(".")[2] == move.title:
        return name
    return say("{title}（{name}）", title=translate(move.title), name=name).render()


def _in_words(value: Any) -> Any:
    """Return what was answered and has no place as it can be read."""
    if isinstance(value, Mapping) and "answer" in value:
        return row_in_words(value)
    if isinstance(value, Mapping) and "name" in value:
        return value["name"]
    if isinstance(value, list):
        return say("{cells}", cells=[str(_in_words(one)) for one in value]).render()
    return value


def _differing(
    context: QueryContext,
    case: Case,
    forms: Mapping[str, Form],
    form: Form,
    kept: Mapping[str, Any],
    answers: Mapping[str, Any],
) -> list[tuple[str, str, str]]:
    """Return the answers that differ, in words; what cannot be read of the record is shown as it is."""
    from engine.lifecycle.forms.answers import read_answers

    drawn = case.fields.get("items") or ()
    items = [form_of_items(forms[name], drawn) for name in answers.get("items") or {} if name in forms]
    zone = context.source.definitions.time.zone
    source = context.source
    uow = UnitOfWork(
        Services(source.store, source.clock, source.definitions), context.transaction, context.now
    )
    # As the step reads them: with the calendar, and with what is known of the case.
    read, _ = read_answers(form, items, answers, own_scope(uow, case, context.viewer))
    inside = {name: value for name, value in kept.items() if name in read or name in answers}
    # Two photographs may have one name; by their digests they differ.
    before, mine = (
        {line.title: line.text for line in lines_of(form, _with_digests(one), None, {}, zone, forms)}
        for one in (inside, read)
    )
    titles = [*before, *(title for title in mine if title not in before)]
    found = [
        (title, before.get(title, ""), mine.get(title, ""))
        for title in titles
        if before.get(title) != mine.get(title)
    ]
    # What is worked out of the same answers is nobody's other answer: the day, or the case, may be another since.
    computed = {translate(asked.title) for asked in form.fields if asked.computed is not None}
    return found if any(title not in computed for title, _, _ in found) else []


def _with_digests(value: Any) -> Any:
    """Return answers in which each file is called by its name and the beginning of its digest."""
    if isinstance(value, Mapping):
        if isinstance(value.get("sha256"), str):
            return {**value, "name": f"{value.get('name', '')} [{value['sha256'][:8]}]"}
        return {name: _with_digests(one) for name, one in value.items()}
    return [_with_digests(one) for one in value] if isinstance(value, (list, tuple)) else value
