"""What the effects of a step work on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from engine.app.session.new_case import NewCase, Started
from engine.app.session.refused import CommandRefused
from engine.app.session.unit_of_work import UnitOfWork
from engine.kernel.refusal import NextAction, Refusal, RefusalReason
from engine.language import Message
from engine.lifecycle.case import Case
from engine.lifecycle.command import (
    Actor,
)
from engine.lifecycle.decide import Decision
from engine.lifecycle.model.workflow import Effect
from engine.lifecycle.process import Process

#: Starts a case of a process for each row, on behalf of a person.
StartCases = Callable[[UnitOfWork, Process, str, Iterable[NewCase]], Started]


@dataclass(slots=True)
class EffectContext:
    """What effects work on: the decision, and what they add to the event before it is written."""

    uow: UnitOfWork
    case: Case
    decision: Decision
    actor: Actor
    scope: dict[str, Any]
    #: Starts cases, with their automatic steps.
    start_cases: StartCases
    fields: dict[str, Any] = field(default_factory=dict)
    parties: dict[str, tuple[str, ...]] = field(default_factory=dict)
    #: Short facts about what was done, kept in the event.
    notes: dict[str, Any] = field(default_factory=dict)
    #: What the entry of the act is marked with: who agreed to it, or that one person did it.
    marks: dict[str, Any] = field(default_factory=dict)
    #: To be done once the event is written and the case is in its new state.
    afterwards: list[Any] = field(default_factory=list)
    #: What effects with ``above`` do to the case above, entered there once this event is written.
    upper: EffectContext | None = None
    #: The state this case goes back to by an effect of a case below it.
    back: str | None = None
    #: A child that was started has come at once to where the case may go on.
    released: bool = False

    def arguments_of(self, effect: Effect) -> Callable[[str], Any]:
        """Return what gives the value of an argument by its name; None for one that is not there."""

        def value(name: str) -> Any:
            expression = effect.arguments.get(name)
            return expression.value(self.scope) if expression is not None else None

        return value

    def refuse(
        self, message: Message, basis: str | None = None, next_action: NextAction | None = None
    ) -> CommandRefused:
        """Return the exception that refuses the whole step because of an effect."""
        reason = RefusalReason("effect", message, basis=basis, next=next_action)
        return CommandRefused(Refusal(self.case.id, self.decision.title, (reason,)))
