"""What stories reached of a workflow: states, steps, outcomes of steps, and overdue steps of deadlines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from engine.lifecycle.case import EventKind
from engine.lifecycle.chain import Event
from engine.lifecycle.model.workflow import Workflow

KINDS = ("state", "step", "outcome", "overdue")


@dataclass(slots=True)
class StoryCoverage:
    """What there is in one workflow, and what was reached: ``state.NAME``, ``step.NAME``, ``outcome.STEP>STATE``, ``overdue.CLOCK``."""

    workflow: Workflow
    reached: set[str] = field(default_factory=set)

    def every(self) -> tuple[str, ...]:
        """Return everything there is to reach, in the order of the definition."""
        return tuple(dict.fromkeys(self._every()))

    def _every(self) -> Iterator[str]:
        yield from (f"state.{name}" for name in self.workflow.states)
        targets: dict[str, dict[str, None]] = {}
        for step in self.workflow.transitions:
            yield f"step.{step.id}"
            targets.setdefault(step.id, {})[step.target or ""] = None
        for step_id, found in targets.items():
            if len(found) > 1:
                yield from (f"outcome.{step_id}>{target}" for target in found)
        yield from (f"overdue.{clock.id}" for clock in self.workflow.clocks.values() if clock.overdue)

    def read(self, events: Iterable[Event]) -> None:
        """Note what the history of one case reached."""
        state = self.workflow.initial
        for event in events:
            before, state = state, str(event.body.get("state", state))
            self.reached.add(f"state.{state}")
            if event.kind == EventKind.ADVANCED:
                step = str(event.body["step"])
                self.reached.add(f"step.{step}")
                self.reached.add(f"outcome.{step}>{state if state != before else ''}")
                self.reached.add(f"outcome.{step}>{state}")
            elif (
                event.kind in (EventKind.OVERDUE, EventKind.ESCALATED, EventKind.REASSIGNED)
                and "step" in event.body
            ):
                self.reached.add(f"overdue.{event.body['step']}")

    def missing(self, excused: Mapping[str, str]) -> tuple[str, ...]:
        """Return what was not reached and is not excused."""
        return tuple(name for name in self.every() if name not in self.reached and name not in excused)

    def figures(self, excused: Mapping[str, str]) -> dict[str, tuple[int, int, int]]:
        """Return, for each kind, how many there are, were reached, and are excused."""
        found = {}
        for kind in KINDS:
            every = [name for name in self.every() if name.startswith(f"{kind}.")]
            got = sum(name in self.reached for name in every)
            left = sum(name in excused and name not in self.reached for name in every)
            found[kind] = (len(every), got, left)
        return found
