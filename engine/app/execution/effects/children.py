"""``start``: one child case, or one for each row of a list or of a draw. ``end``: those that need not go on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from engine.app.session.child_cases import DRAWN_OBJECTS, child_row, children_in_order
from engine.app.session.new_case import NewCase
from engine.kernel.refusal import NextAction
from engine.language import say
from engine.lifecycle.case import Case, Change, EventKind
from engine.lifecycle.forms.facts_set import work_out
from engine.lifecycle.migration.former_names import FieldNames, kept_name
from engine.lifecycle.model.workflow import Effect, Workflow

if TYPE_CHECKING:
    from engine.app.session.effect_context import EffectContext
    from engine.app.session.unit_of_work import UnitOfWork


def do_start(context: EffectContext, effect: Effect) -> None:
    """Start the child cases once the step is in the history."""
    workflow = effect.arguments["start"]
    definitions = context.uow.services.definitions
    today = context.uow.now.astimezone(definitions.time.zone).date()
    process = definitions.in_force(context.uow.transaction, workflow, today)
    if process is None:
        raise context.refuse(
            say("要启动的流程“{workflow}”还没有发布", workflow=workflow),
            next_action=NextAction("publish_definitions"),
        )
    rows = _rows(context, effect)

    def begin(case: Case) -> None:
        context.uow.flush()
        scope = {**context.scope, "case": {**context.scope["case"], "state": case.state}}
        names = context.uow.names_of(workflow)
        news = (_new(effect, case, {**scope, "it": row}, process.workflow, names) for row in rows)
        started = context.start_cases(context.uow, process, context.actor.id, news)
        context.released = context.released or started.released

    context.afterwards.append(begin)


def do_end(context: EffectContext, effect: Effect) -> None:
    """End the open child cases that are chosen once the step is in the history; each keeps the reason and the step."""
    uow, arguments = context.uow, effect.arguments
    chosen = ended_by(uow, context.case, effect, context.scope)
    reason = arguments["because"].render(context.scope)
    if not reason.strip():
        raise context.refuse(say("终止子件须说明理由"))

    def end(parent: Case) -> None:
        for child in chosen:
            now = uow.case(child.id) or child
            if now.open:
                end_child(
                    uow, now, arguments["to"], reason, context.actor.id, parent.id, context.decision.step
                )

    context.afterwards.append(end)


def end_child(
    uow: UnitOfWork, child: Case, to: str, reason: str, by: str, by_case: str, by_step: str
) -> None:
    """End an open child case in its final state `to`, with the reason and the case and step that end it; whoever has its task gets a message."""
    message = say("“{case}”已由上级件终止：{reason}", case=child.title, reason=reason)
    process = uow.process(child)
    people = [
        person
        for audience in process.state(child.state).audience
        for person in uow.people.recipients(process, child, audience)
    ]
    change = Change(state=to, final=True, clocks=dict.fromkeys(child.clocks), suspended=_resumed(child))
    body = {
        "step": EventKind.ENDED.value,
        "title": process.state(to).title,
        "reason": reason,
        "by_case": by_case,
        "by_step": by_step,
    }
    after = uow.record(child, EventKind.ENDED.value, by, body, change)
    uow.tell(after, people, message, EventKind.ENDED.value)


def ended_by(uow: UnitOfWork, case: Case, effect: Effect, scope: Mapping[str, Any]) -> list[Case]:
    """Return the open child cases an ``end`` would end."""
    where = effect.arguments.get("where")
    children = children_in_order(uow, case.id, effect.arguments["end"], only_open=True)
    if where is None:
        return children
    return [child for child in children if where.holds({**scope, "it": child_row(uow, child)})]


def _resumed(case: Case) -> bool | None:
    return False if case.suspended_at is not None else None


def _rows(context: EffectContext, effect: Effect) -> Iterable[Any]:
    each = effect.arguments.get("each")
    if each is None:
        return [None]
    if each == DRAWN_OBJECTS:
        from engine.app.draws.records import drawn_rows

        return drawn_rows(context)
    rows = each.value(context.scope)
    if rows is None:
        # A list that need not be answered, and was not.
        return []
    if not isinstance(rows, (list, tuple)):
        raise context.refuse(say("“each”应得到列表，实为“{seen}”", seen=rows))
    return rows


def _new(
    effect: Effect, parent: Case, scope: Mapping[str, Any], workflow: Workflow, names: FieldNames
) -> NewCase:
    arguments = effect.arguments
    # A version is read without those of other workflows, so that here alone it is known what the child keeps a fact under.
    given = {kept_name(workflow, name, names): value for name, value in arguments.get("with", {}).items()}
    it = scope["it"]
    about = arguments["about"].value(scope) if "about" in arguments else None
    subject = about if isinstance(about, Mapping) else it if isinstance(it, Mapping) else parent.subject
    title = arguments["title"].render(scope) if "title" in arguments else None
    section = arguments["section"].value(scope) if "section" in arguments else parent.section
    parties = {
        party: tuple(people_of(expression.value(scope)))
        for party, expression in arguments.get("parties", {}).items()
    }
    return NewCase(
        title=title or str(subject.get("name") or subject.get("title") or parent.title),
        section=section,
        parent=parent.id,
        subject={key: value for key, value in subject.items() if key != "inspectors"},
        fields=work_out(given, scope, workflow.fields),
        parties=parties,
    )


def people_of(value: Any) -> Iterator[str]:
    """Yield the ids of one or several people, rows or ids."""
    if isinstance(value, str):
        value = [value]
    for person in value or ():
        yield str(person["id"] if isinstance(person, Mapping) else person)
