"""Commands: what somebody wants done to a case. What all have, and the step; those of the verbs are in `verbs`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import TYPE_CHECKING, Any

from engine.value import named_value, value

if TYPE_CHECKING:
    from datetime import datetime

    from engine.lifecycle.case import Case, RunningClock

#: The actor the engine writes when it acts by itself (automatic steps, clocks).
ENGINE = "engine"
#: Who publishes when a deployment is set up.
SYSTEM = "system"
#: A firm that answers on its own page: whoever has the code of its slip.
FIRM = "firm"


@value
class Actor:
    """Who acts: their id, section and the roles they hold."""

    id: str
    section: str | None = None
    roles: frozenset[str] = frozenset()
    name: str = ""
    #: 委托: the people this one may stand in for today.
    principals: tuple[Actor, ...] = ()
    #: 委托 by or to them was made at some time: acts of others may count as theirs.
    delegated: bool = False
    #: Whose acts on the case count as theirs besides: people they act or acted for there, or who acted for them.
    same: tuple[str, ...] = ()


@named_value
class Command:
    """What somebody wants done to a case."""

    actor: Actor
    reason: str | None = None


@named_value
class Advance(Command):
    """办理: take a step, with the answers of its form."""

    step: str
    answers: Mapping[str, Any] | None = None
    #: The forms of the items of the case, in order (一企一表).
    item_forms: tuple[str, ...] = ()
    #: Digests of files that are kept with the case before the step is taken in earnest: of a dry run.
    coming: frozenset[str] = frozenset()
    #: Root names from outside the case: ``people`` (id -> register row), ``kpi``, ``registers``, …
    facts: Mapping[str, Any] = field(default_factory=dict)
    #: Who holds the roles that sign the step: role -> person ids.
    holders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@named_value
class ApprovableCommand(Command):
    """A command a definition may want approved by somebody else first."""

    #: Asked for before, and now approved.
    granted: bool = False


@named_value
class InformedCommand(ApprovableCommand):
    """A command that is judged by what steps ask for beside the case."""

    #: As those of `Advance`.
    facts: Mapping[str, Any] = field(default_factory=dict)


@named_value
class TakenStep:
    """A step a case has taken, its start (None), or whatever else has set facts (""), and what it has set."""

    step: str | None
    source: str
    #: None: the case stayed where it was.
    target: str | None
    at: datetime
    #: The case as it was when the step was taken; of its start, as it began.
    before: Case
    fields: Mapping[str, Any]
    #: What its form was answered with.
    given: Mapping[str, Any] = field(default_factory=dict)
    #: The forms whose answers of then are those of now, as far as they were not put right: they were not handed in again since.
    latest: frozenset[str] = frozenset()
    #: The case has gone back to before it since (退回, 撤回): it will be taken again.
    undone: bool = False


@named_value
class Correction:
    """Answers of a form that were put right (更正), and the facts that followed: as they were before, and after."""

    form: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    facts_before: Mapping[str, Any] = field(default_factory=dict)
    facts_after: Mapping[str, Any] = field(default_factory=dict)


@named_value
class LastStep:
    """The last time a case changed its state, and the case as it was before."""

    actor: str
    step: str
    title: str
    before: Case
    #: The principal the actor acted for.
    principal: str | None = None
    #: The first other person who has done something since.
    acted_since: str | None = None
    at: datetime | None = None
    #: It was a 退回, which has no effects of its own.
    returned: bool = False
    #: The first step somebody has taken since that left the case in its state: its title.
    stayed_since: str | None = None
    #: The facts and the parties the step itself has changed; what was changed besides since then is not its own.
    fields: frozenset[str] = frozenset()
    parties: frozenset[str] = frozenset()
    #: What was put right since, oldest first.
    corrected: tuple[Correction, ...] = ()


@named_value
class CasePath:
    """What the history of a case says that a verb must know."""

    #: The states the case has been in, each once, oldest first.
    states: tuple[str, ...] = ()
    #: The last reading of every clock that ever ran.
    clocks: Mapping[str, RunningClock] = field(default_factory=dict)
    #: When a clock stopped last, of those that ever did.
    stopped: Mapping[str, datetime] = field(default_factory=dict)
    #: The state in which the case was once a clock had stopped last.
    stopped_in: Mapping[str, str] = field(default_factory=dict)
    #: What was put right since a clock stopped last, oldest first, of those that have stopped.
    corrected: Mapping[str, tuple[Correction, ...]] = field(default_factory=dict)
    #: The suspensions that are over, oldest first: the state, from when, until when.
    suspended: tuple[tuple[str, datetime, datetime], ...] = ()
    last: LastStep | None = None
    #: The steps that were taken, and whatever else has set facts, oldest first, each with what it set then.
    taken: tuple[TakenStep, ...] = ()
    #: How often the present task was urged, by whom last, and who has said since that they received it (回执).
    urged: int = 0
    urged_by: str | None = None
    received_by: tuple[str, ...] = ()
    #: The case above that went on because this one was moved, and the state it went to: their titles.
    released: tuple[str, str] | None = None
