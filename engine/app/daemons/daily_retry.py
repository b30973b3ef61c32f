"""How often the check of a night is tried: what fails for want of the place is tried again before somebody has to look."""

from __future__ import annotations

from datetime import timedelta

from engine.app.ports.store import ENVIRONMENT_ERRORS, ConflictError

#: After a first, second and third try that the place kept from its end: long enough for a backup, a copy, a full disk.
PAUSES = (timedelta(minutes=5), timedelta(minutes=15), timedelta(minutes=45))


class PutOffError(Exception):
    """A check could not be done now, which says nothing about what it checks; it is to be called again `after` so long."""

    def __init__(self, after: timedelta, problem: BaseException) -> None:
        super().__init__(f"{type(problem).__name__}: {problem}")
        self.after = after


class NightTries:
    """The tries of the checks of one daemon since the last that came to an end."""

    def __init__(self) -> None:
        self._failed = 0

    @property
    def again(self) -> bool:
        """Tell whether the try before this one was put off."""
        return self._failed > 0

    def end(self) -> None:
        """Note that a check has ended with a result, or that it was made an incident."""
        self._failed = 0

    def put_off(self, problem: BaseException) -> PutOffError | None:
        """Count a try that failed; return when the next one is, or None where somebody has to look."""
        if not isinstance(problem, (*ENVIRONMENT_ERRORS, ConflictError)) or self._failed >= len(PAUSES):
            self._failed = 0
            return None
        self._failed += 1
        return PutOffError(PAUSES[self._failed - 1], problem)
