"""Who uses a form, a field, a code, a role or a workflow: every place in the definitions that names it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from engine.definition.expressions import parse_expression
from engine.definition.library import Loaded
from engine.definition.meaning.effect_reads import expressions_of
from engine.definition.meaning.names_read import walked
from engine.exchange.format_check import read_once
from engine.exchange.format_file import FormatFile, Named
from engine.language import Message, say
from engine.lifecycle.expressions.expression import Expression, Literal, Name
from engine.lifecycle.model.form import Field, Form
from engine.lifecycle.model.workflow import Workflow

#: code -> text.
Codes = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class DefinitionUse:
    """One place that uses something. `workflow`: the workflow it is in; None: a form."""

    workflow: str | None
    sentence: Message


def uses_of(
    loaded: Loaded, name: str, formats: Mapping[str, str] = MappingProxyType({})
) -> tuple[DefinitionUse, ...]:
    """Return the places that use `name`: an id, a list of codes, or ``FORM.FIELD``, each once, workflows first.

    `formats` are the texts of formats of workbooks by path; those come last.
    """
    found: dict[tuple[str | None, str], DefinitionUse] = {}
    codes = loaded.bureau.codes.get(name) if loaded.bureau is not None else None
    for workflow in loaded.workflows.values():
        for sentence in _in_workflow(workflow, name, codes):
            found.setdefault((workflow.id, str(sentence)), DefinitionUse(workflow.id, sentence))
    for form in loaded.forms.values():
        for sentence in _in_form(form, name, codes):
            found.setdefault((None, str(sentence)), DefinitionUse(None, sentence))
    for path, text in formats.items():
        for sentence in _in_format(path, read_once(path, text), name):
            found.setdefault((None, str(sentence)), DefinitionUse(None, sentence))
    return tuple(found.values())


def uses_in_version(workflow: Workflow, name: str, codes: Codes | None = None) -> tuple[DefinitionUse, ...]:
    """Return the places that use `name` in one version of a workflow and its forms, each once; `codes`: a list called so."""
    found: dict[str, DefinitionUse] = {}
    said = [*_in_workflow(workflow, name, codes)]
    said += [one for form in workflow.forms.values() for one in _in_form(form, name, codes)]
    for sentence in said:
        found.setdefault(str(sentence), DefinitionUse(workflow.id, sentence))
    return tuple(found.values())


def _in_format(path: str, file: FormatFile, name: str) -> Iterator[Message]:
    used = file.format
    if used is None:
        return
    titles = {column.id: column.title for column in used.columns.values()}
    for place in file.names:
        if place.kind in (Named.VALUE, Named.EACH, Named.CONDITION):
            parsed = parse_expression(place.text, None).expression
            named = parsed is not None and _reads(parsed, name, None)
        else:
            named = place.text == name
        if named and place.of:
            yield say(
                "交换格式“{format}”的“{column}”列（{file} 第 {line} 行）",
                format=used.title,
                column=titles[place.of],
                file=path,
                line=place.line,
            )
        elif named:
            yield say(
                "交换格式“{format}”的行（{file} 第 {line} 行）", format=used.title, file=path, line=place.line
            )


def _in_workflow(workflow: Workflow, name: str, codes: Codes | None) -> Iterator[Message]:
    title = workflow.title
    if name == workflow.id:
        yield say("流程“{workflow}”本身", workflow=title)
    if name in workflow.fields or any(_chooses(one, name, codes) for one in workflow.fields.values()):
        yield say("流程“{workflow}”的字段", workflow=title)
    if name in workflow.start_by or name == workflow.start_form:
        yield say("流程“{workflow}”的启动", workflow=title)
    for state in workflow.states.values():
        if name in (state.id, *state.audience):
            yield say("流程“{workflow}”的环节“{state}”", workflow=title, state=state.title)
    for clock in workflow.clocks.values():
        notified = {one for step in clock.overdue for one in (*step.notify, *step.escalation_chain)}
        if name == clock.id or name in notified or any(_reads(one, name, None) for one in clock.read):
            yield say("流程“{workflow}”的时限“{clock}”", workflow=title, clock=clock.title)
    for step in workflow.transitions:
        form = workflow.forms.get(step.form or "")
        named = (step.id, step.form, *step.by, *((step.join.workflow,) if step.join else ()))
        inner = [condition.expression for condition in step.conditions]
        inner += [one.that.expression for one in step.warn]
        words: set[object] = set()
        for effect in step.then:
            words.update(value for value in effect.arguments.values() if isinstance(value, str))
            words.update(
                one
                for value in effect.arguments.values()
                if isinstance(value, (tuple, dict))
                for one in value
            )
            inner += [one for _, found in expressions_of(effect) for one in found]
        filled = form is not None and (
            (name.startswith(f"{form.id}.") and form.field(name.partition(".")[2]))
            or any(_chooses(one, name, codes) for one in form.fields)
        )
        if name in named or name in words or filled or any(_reads(one, name, form) for one in inner):
            yield say("流程“{workflow}”的办理“{step}”", workflow=title, step=step.title)


def _in_form(form: Form, name: str, codes: Codes | None) -> Iterator[Message]:
    if name == form.id:
        yield say("表单“{form}”本身", form=form.title)
    conditions: list[Expression] = [one.that.expression for one in form.constraints]
    for asked in form.fields:
        own = [one.that.expression for one in asked.constraints]
        own += [asked.relevant.expression] if asked.relevant is not None else []
        own += [asked.computed] if asked.computed is not None else []
        named = name in (asked.name, f"{form.id}.{asked.name}", *(one.name for one in asked.columns))
        if named or _chooses(asked, name, codes) or any(_reads(one, name, form) for one in own):
            yield say("表单“{form}”的“{field}”", form=form.title, field=asked.title)
    if any(_reads(one, name, form) for one in conditions):
        yield say("表单“{form}”的校验", form=form.title)


def _chooses(asked: Field, name: str, codes: Codes | None) -> bool:
    """Tell whether a question, or a column of it, is answered with a code called `name`, or with those of its list."""
    choices = [one.choices for one in (asked, *asked.columns) if one.choices]
    return any(name in one or (codes is not None and one == codes) for one in choices)


def _reads(expression: Expression, name: str, form: Form | None) -> bool:
    """Tell whether an expression names it: as a part of a name, a code, or a field of the form that is filled in."""
    first, _, second = name.partition(".")
    for node in walked(expression.node):
        if isinstance(node, Literal) and node.value == name:
            return True
        if not isinstance(node, Name):
            continue
        if second and node.path[-2:] == (first, second):
            return True
        if second and form is not None and form.id == first and node.path[:2] == ("form", second):
            return True
        if not second and name in node.path[:3]:
            return True
    return False


def workflows_using(uses: Iterable[DefinitionUse], loaded: Loaded) -> tuple[str, ...]:
    """Return the workflows whose running cases are concerned: those that use it, and those that fill a form that does."""
    found = {use.workflow for use in uses if use.workflow is not None}
    return tuple(name for name in loaded.workflows if name in found)
