"""Commands: what somebody wants done to a case, with everything the decision needs to know about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

#: The actor the engine writes when it acts by itself (automatic steps, clocks).
ENGINE = "engine"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: their id, section and the roles they hold."""

    id: str
    section: str | None = None
    roles: frozenset[str] = frozenset()
    name: str = ""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspend:
    """挂起: nothing can be done on the case until it is resumed."""

    actor: Actor
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume:
    """恢复 a suspended case."""

    actor: Actor
    reason: str | None = None


Command = Advance | Claim | Reassign | Extend | Suspend | Resume
