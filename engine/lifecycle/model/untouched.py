"""无人过问: what becomes of a task on which nobody has done anything."""

from __future__ import annotations

from dataclasses import dataclass

from engine.worktime.periods import Period


@dataclass(frozen=True, slots=True)
class Untouched:
    """After how long a task nobody has touched goes up, and to whom: the first role that somebody else holds."""

    after: Period
    escalate: tuple[str, ...]
