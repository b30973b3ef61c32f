"""Whether a case on a stage can go on: what people can do on it and on its children, and whether days change anything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any
from weakref import WeakKeyDictionary

from engine.app.queries.cases import CaseFilter
from engine.authoring.stories.stage import Stage
from engine.authoring.stories.story import StoryStep
from engine.lifecycle.case import Case
from engine.lifecycle.forms.relevance import relevant_now
from engine.lifecycle.model.form import Field, FieldType, Form
from engine.lifecycle.process import Process

#: A case that nobody can go on with is looked at again after so many days.
DAYS = 60
#: At most so many ways to answer one form are tried.
MAX_ANSWERS = 24
#: The questions that matter, of each form of a process that was looked through.
_MATTERING: WeakKeyDictionary[Process, dict[str, tuple[Field, ...]]] = WeakKeyDictionary()


def goes_on(stage: Stage) -> bool:
    """Tell whether the case of the story is closed, somebody can take a step, or days change something. Days may pass on the stage."""
    case = stage.case()
    if case is None or not case.open or any(can_be_taken(stage, step) for step in steps_to_try(stage)):
        return True
    before = seen(stage)
    stage.wait(f"{DAYS} days")
    return seen(stage) != before or any(can_be_taken(stage, step) for step in steps_to_try(stage))


def seen(stage: Stage) -> tuple[Any, ...]:
    """Return what tells two situations apart: the states of all cases, and what is known of the open ones."""
    return tuple(
        (case.id, case.state, str(sorted(case.fields.items(), key=str)), _answers_that_matter(stage, case))
        for case in _cases(stage, only_open=False)
    )


def steps_to_try(stage: Stage) -> Iterator[StoryStep]:
    """Yield what people can try on the case of the story and on its open children: each step with each way to answer that can matter."""
    for case in _cases(stage, only_open=True):
        process = stage.process(case)
        child = None if case.id == stage.case_id else _called(stage, case)
        for name, found in process.steps(case.state).items():
            step = found[0]
            if step.by_engine:
                continue
            form = process.form(step.form) if step.form else None
            for answers in _ways_to_answer(form, process, case):
                yield StoryStep(line=0, do=name, case=child, answers=answers)


def can_be_taken(stage: Stage, step: StoryStep) -> bool:
    """Tell whether one of those who may take a step is not refused."""
    case = stage.case(step.case)
    if case is None:
        return False
    process = stage.process(case)
    return any(stage.could_take(process, case, step, person) for person in stage.people(process, case, step))


def _cases(stage: Stage, *, only_open: bool) -> list[Case]:
    with stage.application.store.read() as transaction:
        return transaction.cases.find(CaseFilter(open=True if only_open else None), limit=50)


def _called(stage: Stage, case: Case) -> str:
    """Return how a story calls a child: its workflow and which of them it is."""
    with stage.application.store.read() as transaction:
        ids = [one.id for one in transaction.cases.find(CaseFilter(workflow=case.workflow), limit=1000)]
    return f"{case.workflow} {ids.index(case.id) + 1}"


def _ways_to_answer(form: Form | None, process: Process, case: Case) -> list[Mapping[str, Any]]:
    if form is None:
        return [{}]
    asked = _that_matter(process, form)
    ways: list[Mapping[str, Any]] = []
    for values in product(*(_values(one) for one in asked)):
        answers: dict[str, Any] = {}
        for one, value in zip(asked, values, strict=True):
            answers[one.name] = value if _may_be_asked(one, form, case, answers) else None
        # Answers that differ only in what is not asked are one way.
        given = {name: value for name, value in answers.items() if value is not None}
        if given not in ways:
            ways.append(given)
        if len(ways) == MAX_ANSWERS:
            break
    return ways


def _may_be_asked(asked: Field, form: Form, case: Case, before: Mapping[str, Any]) -> bool:
    """Tell whether a question is put for some answers to the others, where those `before` it are answered so (None: not put)."""
    if asked.relevant is None:
        return True
    read = list(asked.relevant.expression.names())
    free = [one for one in form.fields if ("form", one.name) in read and one.name not in before]
    known = {("form", one.name) for one in free if one.type in (FieldType.BOOLEAN, FieldType.CHOICE)}
    known |= {("form", name) for name in before}
    if not all(path[:2] in known or (path[0] == "forms" and path[1] in case.forms) for path in read):
        # What else it reads is not looked at here: the decision core says whether the question is put.
        return True
    given = {name: value for name, value in before.items() if value is not None}
    return any(
        relevant_now(
            asked,
            {
                "forms": case.forms,
                "form": given | dict(zip((one.name for one in free), values, strict=True)),
            },
        )
        for values in product(*(_values(one) for one in free))
    )


def _that_matter(process: Process, form: Form) -> tuple[Field, ...]:
    """Return the questions of a form that have few values and that some condition of the workflow names."""
    known = _MATTERING.setdefault(process, {})
    found = known.get(form.id)
    if found is None:
        named = {
            path[-1]
            for step in process.workflow.transitions
            for condition in step.conditions
            for path in condition.expression.names()
        }
        found = known[form.id] = tuple(
            one
            for one in form.fields
            if one.computed is None
            and one.type in (FieldType.BOOLEAN, FieldType.CHOICE)
            and one.name in named
        )
    return found


def _values(asked: Field) -> list[Any]:
    return [True, False] if asked.type is FieldType.BOOLEAN else list(asked.choices)


def _answers_that_matter(stage: Stage, case: Case) -> str:
    process = stage.process(case)
    return str(
        [
            (name, asked.name, answers.get(asked.name))
            for name, answers in sorted(case.forms.items())
            for asked in _that_matter(process, process.form(name))
        ]
    )
