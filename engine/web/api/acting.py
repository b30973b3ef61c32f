"""What the API does: starting a case, taking a step, a verb, acknowledging messages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.app.commands import Caller
from engine.app.commands.application import NewCase
from engine.app.commands.inbox import acknowledge
from engine.app.queries.cases import register_subject
from engine.kernel.refusal import Refusal
from engine.language import say
from engine.lifecycle.verbs.spec import ReasonRule
from engine.lifecycle.verbs.table import VERBS
from engine.web.api.call import ApiCall, answered
from engine.web.api.problems import PREFIX, problem, refusal_problem
from engine.web.visit import Answer

_DRY_RUN = "dry_run"


def start(call: ApiCall) -> Answer:
    """Start a case by hand."""
    wrong = _wrong(
        call,
        {"workflow": str, "title": str},
        {"section": str, "about": str, "under": str, "answers": Mapping},
    )
    if wrong is not None:
        return wrong
    application, body = call.workbench.application, call.body
    subject: dict[str, Any] = {}
    if about := body.get("about"):
        kind, _, entry = about.partition(":")
        known = register_subject(application, call.person, kind, entry)
        if isinstance(known, Refusal):
            return refusal_problem(known)
        if known is None:
            return problem(422, PREFIX + "about", str(say("名录“{kind}”中没有“{id}”", kind=kind, id=entry)))
        subject = dict(known)
    outcome = application.start(
        body["workflow"],
        call.person,
        NewCase(title=body["title"], section=body.get("section"), parent=body.get("under"), subject=subject),
        body.get("answers"),
        request_id=call.request_id,
        dry_run=body.get(_DRY_RUN) is True,
    )
    return _done(outcome, 201)


def step(call: ApiCall) -> Answer:
    """Take a step of a case, with the answers of its form."""
    if (wrong := _wrong(call, {}, {"answers": Mapping, "reason": str})) is not None:
        return wrong
    outcome = call.workbench.application.advance(
        call.parts["case"],
        call.parts["step"],
        call.person,
        call.body.get("answers"),
        reason=call.body.get("reason"),
        request_id=call.request_id,
        dry_run=call.body.get(_DRY_RUN) is True,
        if_rev=call.if_rev,
    )
    return _done(outcome, 200)


def verb(call: ApiCall) -> Answer:
    """Do a verb on a case, with the arguments its row names."""
    spec = VERBS.get(call.parts["verb"])
    if spec is None:
        return problem(404, PREFIX + "verb", str(say("没有“{verb}”这种办理", verb=call.parts["verb"])))
    needed: dict[str, type] = {}
    optional: dict[str, type] = {}
    for argument in spec.arguments:
        kind = int if argument.kind.value == "integer" else str
        (needed if argument.required else optional)[argument.name] = kind
    if spec.reason is not ReasonRule.NONE:
        (needed if spec.reason is ReasonRule.REQUIRED else optional)["reason"] = str
    if (wrong := _wrong(call, needed, optional)) is not None:
        return wrong
    arguments = {name: value for name, value in call.body.items() if name != _DRY_RUN}
    outcome = call.workbench.application.do(
        spec.word,
        call.parts["case"],
        call.person,
        request_id=call.request_id,
        dry_run=call.body.get(_DRY_RUN) is True,
        if_rev=call.if_rev,
        **arguments,
    )
    return _done(outcome, 200)


def acknowledged(call: ApiCall) -> Answer:
    """Acknowledge messages of the caller's inbox."""
    ids = call.body.get("ids")
    if not isinstance(ids, list) or not all(isinstance(one, str) for one in ids):
        return problem(422, PREFIX + "body", str(say("“{name}”应为文字的列表", name="ids")))
    caller = Caller(call.person, call.request_id)
    outcome = acknowledge(call.workbench.application, caller, call.person, ids)
    return refusal_problem(outcome) if isinstance(outcome, Refusal) else answered(outcome.as_json())


def _done(outcome: Any, status: int) -> Answer:
    if isinstance(outcome, Refusal):
        return refusal_problem(outcome)
    body = {**outcome.as_json(), "repeated": outcome.repeated}
    return answered(body, status=status, headers={"ETag": f'"{outcome.rev}"'})


def _wrong(call: ApiCall, needed: Mapping[str, Any], optional: Mapping[str, Any]) -> Answer | None:
    """Return what is wrong with the body: names that are missing, unknown or of another type; None if nothing is."""
    known: dict[str, Any] = {**needed, **optional, _DRY_RUN: bool}
    wrong = [str(say("缺少“{name}”", name=name)) for name in needed if call.body.get(name) is None]
    wrong += [str(say("没有“{name}”这一项", name=name)) for name in call.body if name not in known]
    wrong += [
        str(say("“{name}”的类型不对", name=name))
        for name, value in call.body.items()
        if name in known
        and value is not None
        and (not isinstance(value, known[name]) or (isinstance(value, bool) and known[name] is not bool))
    ]
    return problem(422, PREFIX + "body", str(say("请求的内容不对")), errors=wrong) if wrong else None
