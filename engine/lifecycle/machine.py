"""The state machine of a definition, held by the `transitions` library. Nothing else imports that library.

One machine serves every case of a definition: it is made without models. No string ever reaches the library as a callback,
and it adds no transitions of its own. Which transitions an event has in a state, and where each leads, is read from it once;
an event itself is not triggered: our machines have no callbacks, no queue and no models, and asking for them was four fifths
of the time of an event (`docs/adr/0062-plans-of-steps.md`).
"""

from __future__ import annotations

from transitions import Machine

from engine.lifecycle.expressions.condition import Condition
from engine.lifecycle.expressions.expression import EvaluationError, Scope
from engine.lifecycle.model.workflow import Transition, Workflow


class StateMachine:
    """Which transition a step takes from a state, and where it leads."""

    def __init__(self, workflow: Workflow) -> None:
        machine = Machine(
            model=None,
            states=list(workflow.states),
            initial=workflow.initial,
            auto_transitions=False,
            send_event=True,
        )
        #: (state, step) -> condition, transition and the state after it, in the order in which they are asked.
        self.table: dict[tuple[str, str], tuple[tuple[Condition | None, Transition, str], ...]] = {}
        for transition in workflow.transitions:
            machine.add_transition(
                trigger=transition.id, source=list(transition.sources), dest=transition.target
            )
            for state in transition.sources:
                held = machine.events[transition.id].transitions[state]
                dest = held[-1].dest
                asked = (transition.when, transition, state if dest is None else dest)
                known = self.table.get((state, transition.id), ())
                self.table[state, transition.id] = (*known, asked)

    def take(self, step: str, state: str, scope: Scope) -> tuple[Transition | None, str]:
        """Return the transition `step` takes from `state` in `scope`, and the state after it.

        The transition is None, and the state the same, when none of them may be taken. Raises
        `EvaluationError` when a condition has no answer; a branch may be answered then.
        """
        for when, transition, after in self.table.get((state, step), ()):
            try:
                if when is None or when.holds(scope):
                    return transition, after
            except EvaluationError:
                if not transition.branch:
                    raise
                # A branch is asked for where nobody can tell (`asked_branches`), so it can be answered there, too.
                return transition, after
        return None, state
