"""What may be done with a task besides its steps: one page a verb, with one line of consequence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.app.queries.cases import show_case
from engine.kernel.refusal import Refusal
from engine.language import Message, say
from engine.lifecycle.verbs.spec import ArgumentKind, ReasonRule, VerbArgument, VerbSpec
from engine.lifecycle.verbs.table import APPROVABLE, VERBS
from engine.web.pages.lists.place import place_query
from engine.web.rendering import page, refused, sentence, status_of
from engine.web.visit import Answer, PageVisit, go_to

if TYPE_CHECKING:
    from engine.app.queries.cases import TaskView


def show(visit: PageVisit) -> Answer:
    """Ask for the arguments of a verb, and do it."""
    application, person = visit.workbench.application, visit.person
    case_id = visit.parts["case"]
    spec = VERBS.get(visit.parts["verb"])
    if spec is None:
        return sentence(visit, 404, say("没有这个页面"), say("地址可能输错了，或者页面已经移走。"))
    view = show_case(application, person, case_id, as_person=person)
    if isinstance(view, Refusal):
        return refused(visit, view)
    if visit.method == "GET":
        return _form(visit, view, spec)
    arguments = arguments_of(visit, spec)
    if isinstance(arguments, Message):
        return _form(visit, view, spec, wrong=(arguments,), status=422)
    outcome = application.do(
        spec.word, case_id, person, request_id=visit.typed.one("request_id") or None, **arguments
    )
    if isinstance(outcome, Refusal):
        wrong = tuple(say("{reason}", reason=str(reason)) for reason in outcome.reasons)
        return _form(visit, view, spec, wrong=wrong, status=status_of(outcome))
    return go_to("cases", case_id, "receipt", query=place_query(visit, number=str(outcome.rev)))


def arguments_of(visit: PageVisit, spec: VerbSpec) -> dict[str, Any] | Message:
    """Return what was typed as the arguments of a verb, or what is wrong with it."""
    found: dict[str, Any] = {}
    for argument in spec.arguments:
        text = visit.typed.one(argument.name).strip()
        if not text and argument.required:
            return say("“{name}”必须填写", name=argument.help or argument.name)
        if argument.kind is ArgumentKind.INTEGER and text:
            if not (text.isascii() and text.isdecimal() and len(text) < 10):
                return say(
                    "“{name}”应为整数，实为“{seen}”", name=argument.help or argument.name, seen=text[:20]
                )
            found[argument.name] = int(text)
        else:
            found[argument.name] = text or None
    if spec.reason is not ReasonRule.NONE:
        reason = visit.typed.one("reason").strip()
        found["reason"] = reason if spec.reason is ReasonRule.REQUIRED else reason or None
    return found


def _form(
    visit: PageVisit, view: TaskView, spec: VerbSpec, *, wrong: tuple[Message, ...] = (), status: int = 200
) -> Answer:
    return page(
        visit,
        "verb.html",
        status=status,
        view=view,
        spec=spec,
        wrong=wrong,
        asked=[(argument, options_of(visit, view, argument)) for argument in spec.arguments],
        reason_rule=spec.reason.value,
        request_id=visit.workbench.request_id(),
    )


def options_of(visit: PageVisit, view: TaskView, argument: VerbArgument) -> list[tuple[str, str]]:
    """Return what an argument may be, where that can be listed."""
    workflow = view.process.workflow
    match argument.kind:
        case ArgumentKind.STATE:
            return [(state.id, state.title) for state in workflow.states.values() if not state.final]
        case ArgumentKind.STEP:
            return [(step.id, step.title) for step in view.steps]
        case ArgumentKind.CLOCK:
            return [
                (name, workflow.clocks[name].title) for name in view.case.clocks if name in workflow.clocks
            ]
        case ArgumentKind.APPROVABLE:
            return [(word, VERBS[word].title) for word in APPROVABLE if word in view.case.asked]
        case ArgumentKind.PERSON | ArgumentKind.ANYBODY:
            from engine.app.queries.people.persons import list_people

            found = list_people(visit.workbench.application, visit.person)
            if isinstance(found, Refusal):
                return []
            return [(one.actor.id, f"{one.actor.name} {one.actor.id}") for one in found if one.active]
        case _:
            return [(one, one) for one in argument.choices]
