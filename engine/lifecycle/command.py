"""Commands: what somebody wants done to a case, with everything the decision needs to know about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from engine.lifecycle.case import Case, RunningClock

#: The actor the engine writes when it acts by itself (automatic steps, clocks).
ENGINE = "engine"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: their id, section and the roles they hold."""

    id: str
    section: str | None = None
    roles: frozenset[str] = frozenset()
    name: str = ""
    #: 委托: the people this one may stand in for today.
    principals: tuple[Actor, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Advance:
    """办理: take a step, with the answers of its form."""

    step: str
    actor: Actor
    answers: Mapping[str, Any] | None = None
    #: The forms of the items of the case, in order (一企一表).
    item_forms: tuple[str, ...] = ()
    reason: str | None = None
    #: Root names from outside the case: ``people`` (id -> register row), ``kpi``, ``registers``, …
    facts: Mapping[str, Any] = field(default_factory=dict)
    #: Who holds the roles that sign the step: role -> person ids.
    holders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """领取 a task that several people could do."""

    actor: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Reassign:
    """转办: put a task into the hands of `to`."""

    actor: Actor
    to: Actor
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Extend:
    """延期: give a running clock `count` more units."""

    actor: Actor
    count: int
    clock: str | None = None
    reason: str | None = None
    #: Asked for by the actor before, and now approved.
    granted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspend:
    """挂起: nothing can be done on the case until it is resumed."""

    actor: Actor
    reason: str | None = None
    granted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume:
    """恢复 a suspended case."""

    actor: Actor
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LastStep:
    """The last time a case changed its state, and the case as it was before."""

    actor: str
    step: str
    title: str
    before: Case
    #: Whom the actor stood in for.
    principal: str | None = None
    #: The first other person who has done something since.
    acted_since: str | None = None
    at: datetime | None = None
    #: It was a 退回, which has no effects of its own.
    returned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePath:
    """What the history of a case says that a verb must know."""

    #: The states the case has been in, each once, oldest first.
    states: tuple[str, ...] = ()
    #: The last reading of every clock that ever ran.
    clocks: Mapping[str, RunningClock] = field(default_factory=dict)
    last: LastStep | None = None
    #: How often the present task was urged, by whom last, and who has said since that they received it (回执).
    urged: int = 0
    urged_by: str | None = None
    received_by: tuple[str, ...] = ()
    #: The case above that went on because this one was moved, and the state it went to: their titles.
    released: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """退回: back to the state `to`, which the case has passed. What was entered since is kept."""

    actor: Actor
    to: str
    passage: CasePath = field(default_factory=CasePath)
    reason: str | None = None
    granted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw:
    """撤回: take one's own signature or last step back, while nobody else has acted."""

    actor: Actor
    passage: CasePath = field(default_factory=CasePath)
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Urge:
    """催办: press those who have the task."""

    actor: Actor
    passage: CasePath = field(default_factory=CasePath)
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledge:
    """回执: say that one has received what somebody urged."""

    actor: Actor
    passage: CasePath = field(default_factory=CasePath)
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Void:
    """作废: end the case without a result."""

    actor: Actor
    reason: str | None = None
    granted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AddSigner:
    """加签: `person` must sign the step `step` too."""

    actor: Actor
    person: Actor
    step: str | None = None
    reason: str | None = None
    holders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class DropSigner:
    """减签: `person` need not sign the step `step`."""

    actor: Actor
    person: Actor
    step: str | None = None
    reason: str | None = None
    holders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Approve:
    """批准 (`granted`) or 不批准 what was asked for by `verb`."""

    actor: Actor
    verb: str
    granted: bool
    passage: CasePath = field(default_factory=CasePath)
    reason: str | None = None


Command = (
    Advance
    | Claim
    | Reassign
    | Extend
    | Suspend
    | Resume
    | Return
    | Withdraw
    | Urge
    | Acknowledge
    | Void
    | AddSigner
    | DropSigner
    | Approve
)


#: Who publishes when a deployment is set up.
SYSTEM = "system"
