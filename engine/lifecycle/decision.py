"""A decision: what a command that was allowed does to a case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Any

from engine.kernel.refusal import Refusal, RefusalReason
from engine.language import Message
from engine.lifecycle.case import Change, EventKind
from engine.lifecycle.deadlines.escalation import Handover
from engine.lifecycle.model.workflow import Effect
from engine.value import named_value

#: What a verb comes to: the event, its title, what changes and whom to tell what; or every reason why not.
Outcome = tuple[EventKind, str, Change, Sequence[tuple[str, Message]]] | Refusal


@named_value
class Decision:
    """The answer "yes": what changes, what is to be done besides, and what should be mentioned."""

    kind: EventKind
    step: str
    title: str
    change: Change
    #: Effects still to be done, in order, in the same transaction; `scope` is what their expressions see.
    effects: tuple[Effect, ...] = ()
    scope: Mapping[str, Any] = field(default_factory=dict)
    warnings: tuple[RefusalReason, ...] = ()
    reason: str | None = None
    #: Whom to tell because of the decision itself: role, party or ``p:<person>`` -> sentence.
    notices: tuple[tuple[str, Message], ...] = ()
    #: An escalation: the roles it may be put before, nearest first. The first of `notices` goes to the first of them
    #: that somebody holds.
    escalation_chain: tuple[str, ...] = ()
    #: The role one holder of which takes the task over, and the message to that person.
    handover: Handover | None = None
    #: The notices wait for no office hours.
    urgent: bool = False
    #: Short facts for the history: the principal of the actor (``for``), all ``signatures``, who ``asked``.
    notes: Mapping[str, Any] = field(default_factory=dict)
