"""A step of a story that is a verb of the task: 催办, 延期, 转办, 挂起…, with its arguments where a step has answers."""

from __future__ import annotations

from typing import Any

from engine.app.commands.application import Application, CommandResult
from engine.authoring.stories.story import StoryStep
from engine.kernel.refusal import Refusal, RefusalReason
from engine.language import say
from engine.lifecycle.case import Case
from engine.lifecycle.process import Process
from engine.lifecycle.verbs.spec import ReasonRule
from engine.lifecycle.verbs.table import VERBS


def is_verb(process: Process, case: Case, step: StoryStep) -> bool:
    """Tell whether a step of a story is a verb: called as one, by word or title, and no step of the state."""
    return verb_called(str(step.do)) is not None and step.do not in process.steps(case.state)


def verb_called(name: str) -> str | None:
    """Return the word of the verb that is called so; None where there is none."""
    return next((word for word, spec in VERBS.items() if name in (word, str(spec.title))), None)


def take_verb(
    application: Application, process: Process, case: Case, person: str, step: StoryStep
) -> CommandResult | Refusal:
    """Do the verb for a person. Whoever an argument names may be a role: then its first holder is meant."""
    word = verb_called(str(step.do)) or ""
    spec = VERBS[word]
    arguments: dict[str, Any] = {}
    for argument in spec.arguments:
        if argument.name in step.answers:
            value = step.answers[argument.name]
            arguments[argument.name] = _holder(process, value) if argument.names_person else value
        elif argument.required:
            sentence = say("“{verb}”还要写 answers：{name}", verb=spec.title, name=argument.name)
            return Refusal(case.id, str(spec.title), (RefusalReason("argument", sentence),))
    if spec.reason is not ReasonRule.NONE:
        arguments["reason"] = step.reason or "示例理由"
    return application.do(word, case.id, person, **arguments)


def _holder(process: Process, name: Any) -> Any:
    return next((role.id for role in process.bureau.roles.values() if name in (role.id, role.title)), name)
