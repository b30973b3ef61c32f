"""The effects of a step: one function for each word, in a module that is imported when the word is first used.

Every effect runs inside the transaction of its step. It may add to the event (`EffectContext.fields`, `parties`, `notes`),
queue something for after the event (`EffectContext.afterwards`), or refuse the whole step.
"""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

from engine.app.session.effect_context import EffectContext
from engine.language import say
from engine.lifecycle.effects import ABOVE, ON_THE_CASE_ABOVE
from engine.lifecycle.expressions.expression import EvaluationError
from engine.lifecycle.model.workflow import Effect


def _set_fields() -> ModuleType:
    from engine.app.execution.effects import set_fields

    return set_fields


def _notify() -> ModuleType:
    from engine.app.execution.effects import notify

    return notify


def _call() -> ModuleType:
    from engine.app.execution.effects import call

    return call


def _copies() -> ModuleType:
    from engine.app.execution.effects import copies

    return copies


def _publish() -> ModuleType:
    from engine.app.execution.effects import publish

    return publish


def _children() -> ModuleType:
    from engine.app.execution.effects import children

    return children


def _draw() -> ModuleType:
    from engine.app.execution.effects import draw

    return draw


def _documents() -> ModuleType:
    from engine.app.execution.effects import documents

    return documents


#: Word -> what gives the module with the function ``do_<word>``.
EFFECTS: dict[str, Callable[[], ModuleType]] = {
    "set": _set_fields,
    "assign": _set_fields,
    "notify": _notify,
    "copy_to": _copies,
    "call": _call,
    "publish": _publish,
    "withdraw": _publish,
    "start": _children,
    "end": _children,
    "freeze": _draw,
    "commit": _draw,
    "enter": _draw,
    "draw": _draw,
    "replace": _draw,
    "remove": _draw,
    "void": _draw,
    "reveal": _draw,
    "render": _documents,
    "paper": _documents,
    "archive": _documents,
}


#: Those that have been used.
_HANDLERS: dict[str, Callable[[EffectContext, Effect], None]] = {}


def do(context: EffectContext, effect: Effect) -> None:
    """Do one effect, if its ``when`` holds. Raises CommandRefused."""
    try:
        if effect.when is not None and not effect.when.holds(context.scope):
            return
        done = _HANDLERS.get(effect.kind) or handler(effect.kind)
        if ABOVE in effect.arguments and effect.kind in ON_THE_CASE_ABOVE:
            from engine.app.execution.effects.parent_case import do_above

            do_above(context, effect, done)
        else:
            done(context, effect)
    except EvaluationError as problem:
        from engine.definition.keywords import KEYS
        from engine.lifecycle.expressions.condition import explained

        words = say("{english}（{chinese}）", english=effect.kind, chinese=KEYS[effect.kind][0])
        raise context.refuse(
            say("“{effect}”无法执行：{problem}", effect=words, problem=explained(problem))
        ) from None


def handler(word: str) -> Callable[[EffectContext, Effect], None]:
    """Return the function that does an effect word."""
    found: Callable[[EffectContext, Effect], None] = getattr(EFFECTS[word](), f"do_{word}")
    _HANDLERS[word] = found
    return found
