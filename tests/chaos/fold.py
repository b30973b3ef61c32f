"""A case made again from its history, written a second time from the description of the events and nothing of the product.

Events are dictionaries here as they lie in the database: instants are texts, which sort as the instants do.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

#: What the clockwork does by itself when a clock says so.
CLOCKWORK = ("reminded", "overdue", "escalated")
ENGINE = "engine"
_TICK = timedelta(microseconds=1)


def instant(text: str) -> datetime:
    """Return the instant of a text of the database."""
    return datetime.fromisoformat(text[:-1]).replace(tzinfo=UTC)


def text_of(at: datetime) -> str:
    """Return an instant as the database has it."""
    return at.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


@dataclass(slots=True)
class Folded:
    """A case as its events leave it, and how its clocks have fared."""

    id: str
    workflow: str = ""
    state: str = ""
    rev: int = 0
    head: str = ""
    title: str = ""
    opened_at: str = ""
    entered_at: str = ""
    closed_at: str | None = None
    suspended_at: str | None = None
    assignee: str | None = None
    held: int = 0
    clocks: dict[str, dict[str, Any]] = field(default_factory=dict)
    forms: dict[str, Any] = field(default_factory=dict)
    #: Steps of clocks taken, those taken twice, and those taken before their time.
    fired: int = 0
    doubled: int = 0
    early: int = 0
    _taken: set[tuple[str, str, str, int]] = field(default_factory=set)

    def apply(self, seq: int, at: str, actor: str, kind: str, body: dict[str, Any], digest: str) -> None:
        """Take up the next event."""
        self._watch_clocks(at, actor, kind, body)
        if seq == 1:
            self.workflow, self.title = body["workflow"], body["title"]
            self.opened_at = at
        moved = "state" in body
        if moved:
            self.state, self.entered_at, self.assignee = body["state"], at, None
        if body.get("assignee") is not None:
            self.assignee = body["assignee"] or None
        if moved:
            self.held = 0
        if "suspended" in body:
            if self.suspended_at is not None and not body["suspended"] and not moved:
                self.held += (instant(at) - instant(self.suspended_at)) // _TICK
            self.suspended_at = at if body["suspended"] else None
        if body.get("final"):
            self.closed_at = at
        for name, clock in body.get("clocks", {}).items():
            if clock is None:
                self.clocks.pop(name, None)
            else:
                self.clocks[name] = clock
        if "form" in body:
            self.forms[body["form"]] = body["answers"]
        self.rev, self.head = seq, digest

    def _watch_clocks(self, at: str, actor: str, kind: str, body: dict[str, Any]) -> None:
        if kind == "advanced" and actor == ENGINE:
            self.fired += 1
        if kind not in CLOCKWORK:
            return
        for name in body["clocks"]:
            armed = self.clocks.get(name)
            if armed is None or "next_at" not in armed:
                self.doubled += 1
                continue
            self.fired += 1
            if at < armed["next_at"]:
                self.early += 1
            step = (name, armed["started_at"], armed["due_at"], armed.get("step", 0))
            if step in self._taken:
                self.doubled += 1
            self._taken.add(step)

    def row(self) -> dict[str, Any]:
        """Return what the row of the case must hold."""
        return {
            "workflow": self.workflow,
            "state": self.state,
            "rev": self.rev,
            "head": self.head,
            "title": self.title,
            "opened_at": self.opened_at,
            "entered_at": self.entered_at,
            "closed_at": self.closed_at,
            "suspended_at": self.suspended_at,
            "assignee": self.assignee,
            "held": self.held,
            "clocks": self.clocks,
            "forms": self.forms,
        }

    def timers(self, timed: dict[str, tuple[str, int]]) -> dict[str, str]:
        """Return name -> instant of the timers the case must have; `timed`: state -> (timer, hours in the state)."""
        if self.closed_at is not None or self.suspended_at is not None:
            return {}
        found = {name: clock["next_at"] for name, clock in self.clocks.items() if "next_at" in clock}
        if self.state in timed:
            name, hours = timed[self.state]
            due = instant(self.entered_at) + timedelta(hours=hours) + self.held * _TICK
            found[name] = text_of(due)
        return found
