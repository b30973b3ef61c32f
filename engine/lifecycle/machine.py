"""The state machine of a definition, held by the `transitions` library. Nothing else imports that library.

One machine serves every case of a definition: it is made without models, and an event is triggered on a bare
token that carries the state and the scope (measured in `docs/adr/0002-one-machine-per-definition.md`). No string
ever reaches the library as a callback, and it adds no transitions of its own.
"""

from __future__ import annotations

from typing import Any, cast

from transitions import EventData, Machine

from engine.lifecycle.expressions.expression import Scope
from engine.lifecycle.model.workflow import Transition, Workflow


class StepToken:
    """What moves through the machine: a state, and the scope conditions look at."""

    __slots__ = ("chosen", "scope", "state")

    def __init__(self, state: str, scope: Scope) -> None:
        self.state = state
        self.scope = scope
        self.chosen: Transition | None = None


class StateMachine:
    """Which transition a step takes from a state, and where it leads."""

    def __init__(self, workflow: Workflow) -> None:
        self._machine = Machine(
            model=None,
            states=list(workflow.states),
            initial=workflow.initial,
            auto_transitions=False,
            send_event=True,
        )
        for transition in workflow.transitions:
            self._machine.add_transition(
                trigger=transition.id,
                source=list(transition.sources),
                dest=transition.target,
                conditions=[_chooser(transition)],
            )

    def take(self, step: str, state: str, scope: Scope) -> tuple[Transition | None, str]:
        """Return the transition `step` takes from `state` in `scope`, and the state after it.

        The transition is None, and the state the same, when none of them may be taken. Raises
        `EvaluationError` when a condition has no answer.
        """
        token = StepToken(state, scope)
        event = self._machine.events.get(step)
        if event is None or state not in event.transitions:
            return None, state
        event.trigger(token)
        return token.chosen, token.state


def _chooser(transition: Transition) -> Any:
    when = transition.when

    def choose(event: EventData) -> bool:
        token = cast(StepToken, event.model)
        if when is not None and not when.holds(token.scope):
            return False
        token.chosen = transition
        return True

    return choose
