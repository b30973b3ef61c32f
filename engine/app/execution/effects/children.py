"""``start``: one child case, or one for each row of a list or of a draw."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from engine.app.execution.effects.set_fields import work_out
from engine.app.session.new_case import NewCase
from engine.kernel.refusal import NextAction
from engine.language import say
from engine.lifecycle.case import Case
from engine.lifecycle.model.workflow import Effect

if TYPE_CHECKING:
    from engine.app.session.effect_context import EffectContext

DRAWN_OBJECTS = "drawn objects"


def do_start(context: EffectContext, effect: Effect) -> None:
    """Start the child cases once the step is in the history."""
    workflow = effect.arguments["start"]
    process = context.uow.services.definitions.latest(context.uow.transaction, workflow)
    if process is None:
        raise context.refuse(
            say("要启动的流程“{workflow}”还没有发布", workflow=workflow),
            next_action=NextAction("publish_definitions"),
        )
    rows = _rows(context, effect)

    def begin(case: Case) -> None:
        context.uow.flush()
        scope = {**context.scope, "case": {**context.scope["case"], "state": case.state}}
        news = (_new(effect, case, {**scope, "it": row}) for row in rows)
        started = context.start_cases(context.uow, process, context.actor.id, news)
        context.released = context.released or started.released

    context.afterwards.append(begin)


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


def _new(effect: Effect, parent: Case, scope: Mapping[str, Any]) -> NewCase:
    arguments = effect.arguments
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
        fields=work_out(arguments.get("with", {}), scope),
        parties=parties,
    )


def people_of(value: Any) -> Iterator[str]:
    """Yield the ids of one or several people, rows or ids."""
    if isinstance(value, str):
        value = [value]
    for person in value or ():
        yield str(person["id"] if isinstance(person, Mapping) else person)
