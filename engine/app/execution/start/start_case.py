"""Starts a case for a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.app.definitions.derived_settings import EVERY_EVENT
from engine.app.execution.apply import run_automatic_steps, start_cases
from engine.app.execution.start.start_cases import _blank
from engine.app.session.new_case import NewCase
from engine.app.session.refused import CommandRefused
from engine.app.session.unit_of_work import UnitOfWork
from engine.kernel.clean_text import clean
from engine.kernel.refusal import Refusal, RefusalReason
from engine.language import say
from engine.lifecycle.case import Case
from engine.lifecycle.command import Actor
from engine.lifecycle.effects import ABOVE
from engine.lifecycle.expressions.condition import explained
from engine.lifecycle.expressions.expression import EvaluationError
from engine.lifecycle.forms.answers import read_answers
from engine.lifecycle.process import Process
from engine.lifecycle.scope import make_scope


def start_by_hand(
    uow: UnitOfWork, process: Process, actor: Actor, new: NewCase, given: Mapping[str, Any] | None
) -> Case:
    """Start one case for a person. Raises CommandRefused with every reason against it."""
    workflow = process.workflow
    unmet: list[RefusalReason] = []
    new = _below(uow, process, new)
    if new.parent is None and _is_about_the_case_above(process):
        message = say("《{title}》要在一件案件下启动，请写明在哪一件下", title=workflow.title)
        unmet.append(RefusalReason("under", message))
    if not clean(new.title):
        unmet.append(RefusalReason("title", say("案件名称里没有看得见的字")))
    if not workflow.start_by:
        unmet.append(
            RefusalReason(
                "not-allowed", say("流程《{title}》由其他流程启动，不能手工启动", title=workflow.title)
            )
        )
    elif not actor.roles & set(workflow.start_by):
        who = [process.title_of(role) for role in workflow.start_by]
        unmet.append(
            RefusalReason("not-allowed", say("启动《{title}》由{who}办理", title=workflow.title, who=who))
        )
    elif not _for_section(process, actor, new.section) and not _belongs_above(uow, process, actor, new):
        sections = process.bureau.sections
        message = say(
            "“{actor}”属于{own}，不能为{other}启动《{title}》",
            actor=actor.id,
            own=sections.get(actor.section or "", actor.section or "-"),
            other=sections.get(new.section or "", new.section),
            title=workflow.title,
        )
        unmet.append(RefusalReason("not-allowed", message))
    answers: dict[str, Any] | None = None
    if workflow.start_form is not None:
        form = process.form(workflow.start_form)
        if given is None:
            unmet.append(RefusalReason("form", say("须填写《{form}》（{id}）", form=form.title, id=form.id)))
        else:
            blank = _blank(process, new, uow.now)
            scope = make_scope(process, blank, actor, uow.now, {})
            answers, problems = read_answers(form, (), given, scope)
            unmet += problems
    elif given:
        unmet.append(
            RefusalReason("form", say("《{title}》启动时没有表单，不应提交表单内容", title=workflow.title))
        )
    if unmet:
        raise CommandRefused(Refusal(None, str(say("启动《{title}》", title=workflow.title)), tuple(unmet)))
    started = NewCase(
        title=clean(new.title),
        section=new.section or actor.section,
        parent=new.parent,
        subject=new.subject,
        fields=new.fields,
        parties=new.parties,
        answers=answers,
    )
    started = with_start_effects(uow, process, actor, started)
    outcome = start_cases(uow, process, actor.id, [started])
    (case,) = outcome.ids
    asks = new.parent is not None and (outcome.released or _is_counted(uow, workflow.id))
    parent = uow.case(new.parent) if asks and new.parent else None
    if parent is not None:
        run_automatic_steps(uow, parent)
    return uow.case(case) or _blank(process, new, uow.now)


def _is_about_the_case_above(process: Process) -> bool:
    """Tell whether steps of a workflow take down or publish what is published of the case above."""
    return any(effect.arguments.get(ABOVE) for step in process.workflow.transitions for effect in step.then)


def _below(uow: UnitOfWork, process: Process, new: NewCase) -> NewCase:
    """Return `new` with what it has in common with the case above: object, section, fields and people of the same name."""
    parent = uow.case(new.parent) if new.parent else None
    if parent is None:
        return new
    above, own = uow.process(parent).workflow, process.workflow
    shared = {
        name: parent.fields[name]
        for name, asked in own.fields.items()
        if name in parent.fields and name in above.fields and above.fields[name].type is asked.type
    }
    people = {name: parent.parties[name] for name in own.parties if name in parent.parties}
    return replace(
        new,
        section=new.section or parent.section,
        subject=new.subject or parent.subject,
        fields={**shared, **new.fields},
        parties={**people, **new.parties},
    )


def _is_counted(uow: UnitOfWork, workflow: str) -> bool:
    """Tell whether automatic steps of some definition look at child cases of `workflow`."""
    return EVERY_EVENT in uow.services.definitions.awaited(uow.transaction, workflow)


def with_start_effects(uow: UnitOfWork, process: Process, actor: Actor, new: NewCase) -> NewCase:
    """Return `new` with what ``start.then`` sets and assigns. Raises CommandRefused where that has no answer."""
    if not process.workflow.start_then:
        return new
    from engine.app.execution.effects.children import people_of
    from engine.lifecycle.forms.facts_set import work_out

    blank = _blank(process, new, uow.now)
    scope = {**make_scope(process, blank, actor, uow.now, {}), "form": new.answers or {}}
    fields, parties = dict(new.fields), dict(new.parties)
    try:
        for effect in process.workflow.start_then:
            if effect.when is not None and not effect.when.holds(scope):
                continue
            values = work_out(effect.arguments[effect.kind], scope, process.workflow.fields)
            if effect.kind == "set":
                fields.update(values)
                scope["case"] = {**scope["case"], **values}
            else:
                parties.update({party: tuple(people_of(value)) for party, value in values.items()})
    except EvaluationError as problem:
        title = str(say("启动《{title}》", title=process.workflow.title))
        raise CommandRefused(Refusal(None, title, (RefusalReason("start", explained(problem)),))) from None
    return replace(new, fields=fields, parties=parties)


def _belongs_above(uow: UnitOfWork, process: Process, actor: Actor, new: NewCase) -> bool:
    """Tell whether `actor` is of a party of the case above, where the workflow is about that one: of whichever section, they start it."""
    parent = uow.case(new.parent) if new.parent and _is_about_the_case_above(process) else None
    return parent is not None and any(actor.id in people for people in parent.parties.values())


def _for_section(process: Process, actor: Actor, section: str | None) -> bool:
    """Tell whether one of the roles that let `actor` start a case reaches to `section`."""
    if section is None or section == actor.section:
        return True
    roles = (process.bureau.roles.get(role) for role in actor.roles & set(process.workflow.start_by))
    return any(role is None or not role.by_section for role in roles)
