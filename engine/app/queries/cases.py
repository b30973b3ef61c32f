"""Cases: listed, shown, with their histories and their children."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from engine.app.access.query import QueryContext, query
from engine.app.access.visible_case import note_answers, unknown_case, visible_case, without_answers
from engine.app.history.replay import history
from engine.app.ports.records import CaseFilter
from engine.app.worklist.single_handed import cases_by_one
from engine.kernel.clean_text import folded
from engine.kernel.refusal import Refusal

if TYPE_CHECKING:
    from engine.app.ports.documents import BlankFinder
    from engine.app.worklist.case_view import StepView, TaskView
    from engine.app.worklist.form_setting import FormSetting, StepForms
    from engine.lifecycle.case import Case
    from engine.lifecycle.chain import Event

__all__ = [
    "CaseFilter",
    "FormSetting",
    "StepForms",
    "StepView",
    "TaskView",
    "case_history",
    "case_tree",
    "form_setting",
    "list_cases",
    "list_cases_by_one",
    "named_cases",
    "register_subject",
    "search_cases",
    "show_case",
    "step_forms",
]

#: Children of one case listed in a tree.
MAX_CHILDREN = 100_000
#: Cases a search looks through at most.
MAX_SEARCHED = 100_000
#: Cases looked through at a time where some of them are not shown.
_PAGE = 1000


@query("case.read")
def list_cases(
    context: QueryContext,
    *,
    workflow: str | None = None,
    state: str | None = None,
    parent: str | None = None,
    section: str | None = None,
    open: bool | None = None,  # noqa: A002 - the word of the column
    limit: int = 200,
    after: str | None = None,
) -> Sequence[Case] | Refusal:
    """Return the cases that fit and that the viewer sees, ordered by id, `limit` at most, behind the case `after`.

    Where there are none, what was asked for must at least be known: a workflow, a state, a section, a case.
    """
    wanted = CaseFilter(workflow=workflow, state=state, parent=parent, section=section, open=open)
    found = _found(context, wanted, limit, after)
    return [without_answers(case) for case in found] or _unknown(context, wanted) or []


@query("case.read")
def list_cases_by_one(context: QueryContext, cases: Sequence[str]) -> Collection[str]:
    """Return those of `cases` that go by rules one person published, or have an act two have to agree to and one did (单人办理)."""
    return cases_by_one(context.transaction, cases)


def _unknown(context: QueryContext, wanted: CaseFilter) -> Refusal | None:
    """Return the refusal of the first part of a filter that nothing could fit; None where each is known."""
    from engine.app.definitions.codes import unknown_section, unknown_state, unknown_workflow

    transaction = context.transaction
    published = dict.fromkeys(version.workflow for version in transaction.definitions.versions())
    parent = visible_case(context, wanted.parent) if wanted.parent is not None else None
    return (
        unknown_workflow(published, wanted.workflow)
        or unknown_state(context.source.definitions, transaction, wanted.workflow, wanted.state)
        or (unknown_section(context.bureau, wanted.section) if wanted.section is not None else None)
        or (parent if isinstance(parent, Refusal) else None)
    )


def _found(context: QueryContext, wanted: CaseFilter, limit: int, after: str | None) -> list[Case]:
    if not context.limited:
        return context.transaction.cases.find(wanted, limit=limit, after=after)
    found: list[Case] = []
    while page := context.transaction.cases.find(wanted, limit=_PAGE, after=after):
        found += [case for case in page if context.lists(case)]
        if len(found) >= limit or len(page) < _PAGE:
            break
        after = page[-1].id
    return found[:limit]


@query("case.read")
def search_cases(context: QueryContext, text: str, *, limit: int = 50) -> Sequence[Case]:
    """Return the cases the viewer sees whose number is `text`, or whose title or subject holds it; ended ones too.

    A number that is typed whole comes first. At most `MAX_SEARCHED` cases are looked through.
    """
    wanted = folded(text)
    if not wanted:
        return []
    exact = context.transaction.cases.get(text.strip())
    found = [exact] if exact is not None and context.sees(exact) else []
    after: str | None = None
    seen = 0
    while page := context.transaction.cases.find(CaseFilter(), limit=_PAGE, after=after):
        found += [
            case
            for case in page
            if case not in found
            and any(wanted in folded(str(part)) for part in _searched(case))
            and context.lists(case)
        ]
        seen += len(page)
        if len(found) >= limit or len(page) < _PAGE or seen >= MAX_SEARCHED:
            break
        after = page[-1].id
    return [without_answers(case) for case in found[:limit]]


def _searched(case: Case) -> tuple[object, ...]:
    return case.id, case.title, case.subject.get("id") or "", case.subject.get("name") or ""


@query("case.read")
def named_cases(context: QueryContext, names: Sequence[str]) -> Sequence[Case]:
    """Return of the cases that are named those the viewer sees, in their order."""
    known = context.transaction.cases.many(names)
    return [without_answers(known[name]) for name in names if name in known and context.sees(known[name])]


@query("case.read")
def show_case(
    context: QueryContext,
    case_id: str,
    *,
    as_person: str | None = None,
    renderer: BlankFinder | None = None,
) -> TaskView | Refusal:
    """Return a case and its present task, as `as_person` meets it (nobody in particular, without one).

    With a `renderer` each step says what its papers would leave blank.
    """
    from engine.app.worklist.case_view import explain_task

    found = visible_case(context, case_id)
    if isinstance(found, Refusal):
        return found
    note_answers(context, found)
    view = explain_task(context.source, context.transaction, context.now, case_id, as_person, renderer)
    return unknown_case(case_id) if view is None else view


@query("case.read")
def form_setting(context: QueryContext, case_id: str, step: str) -> FormSetting | Refusal | None:
    """Return what the viewer fills the form of a step in with; None where there is no such step now."""
    from engine.app.worklist.form_setting import setting_of_form

    found = visible_case(context, case_id)
    if isinstance(found, Refusal):
        return found
    note_answers(context, found)
    return setting_of_form(context.source, context.transaction, context.now, found, step, context.viewer.id)


@query("case.read")
def step_forms(
    context: QueryContext, case_id: str, step: str, version: int | None = None
) -> StepForms | Refusal | None:
    """Return the forms of a step of a case, by which its answers are read; None where there is no such step now.

    With a `version` of the definition the forms the step has there, whether or not it can be taken now.
    """
    from engine.app.worklist.form_setting import forms_of_step, forms_of_version

    found = visible_case(context, case_id)
    if isinstance(found, Refusal):
        return found
    if version is not None:
        return forms_of_version(context.source, context.transaction, found, step, version)
    return forms_of_step(context.source, context.transaction, found, step)


@query("case.read")
def case_history(context: QueryContext, case_id: str) -> Sequence[Event] | Refusal:
    """Return the whole history of a case, oldest entry first."""
    found = visible_case(context, case_id)
    return found if isinstance(found, Refusal) else list(history(context.transaction, case_id))


@query("case.read")
def case_tree(context: QueryContext, case_id: str) -> Sequence[tuple[int, Case]] | Refusal:
    """Return a case and all below it, each with its depth, parents before children."""
    found = visible_case(context, case_id)
    if isinstance(found, Refusal):
        return found
    return [(depth, without_answers(case)) for depth, case in _below(context, found, 0)]


@query("case.read")
def register_subject(context: QueryContext, kind: str, entry_id: str) -> Mapping[str, Any] | None:
    """Return what a case about an entry of a register starts with; None where the register has no such entry.

    Columns that are kept from the viewer are left out.
    """
    entry = context.transaction.registers.get(kind, entry_id)
    if entry is None:
        return None
    from engine.app.registers.private_columns import private_columns_of

    entry = private_columns_of(context, kind).without(entry)
    return {**entry.data, "id": entry.id, "name": entry.name, "section": entry.section}


def _below(context: QueryContext, case: Case, depth: int) -> Iterator[tuple[int, Case]]:
    yield depth, case
    for child in context.transaction.cases.find(CaseFilter(parent=case.id), limit=MAX_CHILDREN):
        if context.sees(child):
            yield from _below(context, child, depth + 1)
