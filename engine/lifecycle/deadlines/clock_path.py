"""What the events of a case say of clocks that do not run: how they read last, when and where they stopped, what was put right since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from engine.lifecycle.case import Change, EventKind, RunningClock
from engine.lifecycle.chain import Event
from engine.lifecycle.command import Correction


@dataclass(slots=True)
class ClockPath:
    """Every clock that ever ran in a case, as far as its events were taken in."""

    #: The last reading.
    clocks: dict[str, RunningClock] = field(default_factory=dict)
    #: When it stopped last, and the state in which the case was then.
    stopped: dict[str, datetime] = field(default_factory=dict)
    stopped_in: dict[str, str] = field(default_factory=dict)
    #: What was put right since it stopped, oldest first.
    corrected: dict[str, tuple[Correction, ...]] = field(default_factory=dict)
    #: The clocks that run.
    running: set[str] = field(default_factory=set)

    def copy(self) -> ClockPath:
        """Return what is here now, which later events do not change."""
        return ClockPath(
            dict(self.clocks),
            dict(self.stopped),
            dict(self.stopped_in),
            dict(self.corrected),
            set(self.running),
        )

    def take_back(self, before: ClockPath, since: Iterable[Correction]) -> None:
        """Forget what a step that is taken back had started or stopped: of clocks that do not run, what was in `before` counts.

        `since` was put right after the step. What runs again is said by the event itself.
        """
        kept = {name: clock for name, clock in self.clocks.items() if name in self.running & before.running}
        restored = before.copy()
        restored.put_right(since)
        self.clocks = {**restored.clocks, **kept}
        self.stopped, self.stopped_in = restored.stopped, restored.stopped_in
        self.corrected, self.running = restored.corrected, restored.running

    def take(self, event: Event, state: str) -> None:
        """Take in what an event says of clocks; the case is in `state` after it."""
        withdrawn = event.kind == EventKind.WITHDRAWN.value
        for name, clock in _clocks(event).items():
            if clock is not None:
                self.clocks[name] = clock
                self.corrected.pop(name, None)
                self.running.add(name)
                continue
            self.running.discard(name)
            if not withdrawn:
                self.stopped[name] = event.at
                self.stopped_in[name] = state
                self.corrected[name] = ()

    def put_right(self, corrections: Iterable[Correction]) -> None:
        """Note what was put right, for every clock that has stopped."""
        added = tuple(corrections)
        self.corrected = {name: (*found, *added) for name, found in self.corrected.items()}

    def rename(self, clocks: Mapping[str, str], states: Mapping[str, str]) -> None:
        """Call the clocks and states as the version calls them to which the case was taken over."""
        self.clocks = {clocks.get(name, name): found for name, found in self.clocks.items()}
        self.stopped = {clocks.get(name, name): found for name, found in self.stopped.items()}
        self.stopped_in = {
            clocks.get(name, name): states.get(found, found) for name, found in self.stopped_in.items()
        }
        self.corrected = {clocks.get(name, name): found for name, found in self.corrected.items()}
        self.running = {clocks.get(name, name) for name in self.running}


def _clocks(event: Event) -> dict[str, RunningClock | None]:
    return dict(Change.from_json({"clocks": event.body["clocks"]}).clocks) if "clocks" in event.body else {}
