"""无人过问: what becomes of a task on which nobody has done anything."""

from __future__ import annotations

from collections.abc import Collection

from engine.value import value
from engine.worktime.periods import Period


@value
class Untouched:
    """After how long a task nobody has touched goes up, and to whom: the roles from the nearest upwards."""

    after: Period
    escalate: tuple[str, ...]

    def above(self, has_it: Collection[str]) -> tuple[str, ...]:
        """Return the roles above all that have the task; all roles, where none of these is in the list."""
        places = [number for number, role in enumerate(self.escalate, 1) if role in has_it]
        return self.escalate[max(places, default=0) :]
