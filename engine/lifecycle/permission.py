"""Who may do a step: people bound to the case, or holders of a role, in their own section where the role says so."""

from __future__ import annotations

from collections.abc import Iterable

from engine.kernel.refusal import RefusalReason
from engine.language import Message, say
from engine.lifecycle.case import Case
from engine.lifecycle.command import Actor
from engine.lifecycle.model.workflow import Transition
from engine.lifecycle.process import Process


def allowed(process: Process, case: Case, transition: Transition) -> tuple[str, ...]:
    """Return the parties and roles that may take `transition`: its own, else those the state is for."""
    return transition.by or process.state(case.state).audience


def belongs(process: Process, case: Case, actor: Actor, audience: Iterable[str]) -> bool:
    """Tell whether `actor`, or somebody they stand in for, is one of `audience` for this case."""
    names = tuple(audience)
    return _is_one(process, case, actor, names) or acts_for(process, case, actor, names) is not None


def acts_for(process: Process, case: Case, actor: Actor, audience: Iterable[str]) -> str | None:
    """Return whom `actor` acts for to be one of `audience`; None where they are one themselves, or cannot be."""
    if not actor.principals:
        return None
    names = tuple(audience)
    if _is_one(process, case, actor, names):
        return None
    return next((p.id for p in actor.principals if _is_one(process, case, p, names)), None)


def _is_one(process: Process, case: Case, actor: Actor, audience: Iterable[str]) -> bool:
    for name in audience:
        if name in process.workflow.parties:
            if actor.id in case.parties.get(name, ()):
                return True
        elif name in actor.roles:
            role = process.bureau.roles.get(name)
            if role is None or not role.by_section or case.section is None or case.section == actor.section:
                return True
    return False


def may_act(process: Process, case: Case, actor: Actor, transition: Transition) -> bool:
    """Tell whether `actor` may take `transition` on `case`."""
    if belongs(process, case, actor, allowed(process, case, transition)):
        return True
    # Whoever a task was handed to (转办) acts for those the state is for.
    return case.assignee == actor.id and not transition.by


def is_for(process: Process, case: Case, actor: Actor, transition: Transition) -> bool:
    """Tell whether `transition` is for `actor` to take, or to sign where several sign it."""
    if transition.sign is None:
        return may_act(process, case, actor, transition)
    signing = case.signing.get(transition.id)
    added = signing is not None and actor.id in signing.added
    return added or belongs(process, case, actor, transition.sign.by)


def display_names(process: Process, case: Case, audience: Iterable[str]) -> list[Message | str]:
    """Return what parties and roles are called for `case`: with their members, or of which section they must be."""
    names: list[Message | str] = []
    for name in audience:
        title = process.title_of(name)
        if name in process.workflow.parties:
            people = case.parties.get(name, ())
            names.append(say("{title}（{people}）", title=title, people=list(people)) if people else title)
        else:
            role = process.bureau.roles.get(name)
            if role and role.by_section and case.section:
                section = process.bureau.sections.get(case.section, case.section)
                names.append(say("{section}的{title}", section=section, title=title))
            else:
                names.append(title)
    return names


def why_not(process: Process, case: Case, actor: Actor, transition: Transition) -> RefusalReason:
    """Return the reason `actor` may not take `transition`, naming who may."""
    audience = allowed(process, case, transition)
    names = display_names(process, case, audience)
    return RefusalReason(
        "not-allowed",
        say(
            "“{actor}”不能办理“{step}”：该步骤由{who}办理",
            actor=actor.id,
            step=transition.title,
            who=names,
        ),
        basis=_basis(process, transition, audience),
    )


def _basis(process: Process, transition: Transition, audience: Iterable[str]) -> str | None:
    """Return the rule that says who takes the step: that of a condition on these people, else the workflow's own.

    The basis of a condition on something else (a notice served, a date) says nothing about who may act.
    """
    people = {"actor", *(name for name in audience if name in process.workflow.parties)}
    for requirement in transition.require:
        names = (path[0] for expression in requirement.that.expressions() for path in expression.names())
        if requirement.basis and not people.isdisjoint(names):
            return requirement.basis
    return process.workflow.basis
