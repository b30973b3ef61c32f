"""What the effect words of the language do. One module per group of words; `do` finds the right one.

Every effect runs inside the transaction of its step. It may add to the event (`Doing.fields`, `parties`, `notes`),
queue something for after the event (`Doing.afterwards`), or refuse the whole step.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING

from engine.language import say
from engine.lifecycle.expressions.expression import CannotEvaluate
from engine.lifecycle.model import Effect

if TYPE_CHECKING:
    from engine.app.execution.execute import Doing

#: effect word -> module of this package that has a function of that name with an underscore
_MODULES: Mapping[str, str] = {
    "set": "set_fields",
    "assign": "set_fields",
    "notify": "notify",
    "start": "children",
    "publish": "publish",
    "withdraw": "publish",
    "freeze": "draw",
    "commit": "draw",
    "draw": "draw",
    "replace": "draw",
    "remove": "draw",
    "void": "draw",
    "reveal": "draw",
    "render": "documents",
    "archive": "documents",
}


def do(doing: Doing, effect: Effect) -> None:
    """Do one effect, if its ``when`` holds. Raises Refused."""
    try:
        if effect.when is not None and not effect.when.holds(doing.scope):
            return
        handler(effect.kind)(doing, effect)
    except CannotEvaluate as problem:
        raise doing.refuse(
            say("“{effect}”无法执行：{problem}", effect=effect.kind, problem=problem.message)
        ) from None


def handler(word: str) -> Callable[[Doing, Effect], None]:
    """Return the function that does an effect word."""
    module = import_module(f"engine.app.execution.effects.{_MODULES[word]}")
    found: Callable[[Doing, Effect], None] = getattr(module, f"do_{word}")
    return found
