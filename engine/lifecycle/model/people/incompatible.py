"""不得兼任: roles one person may not hold together, and steps of one case one person may not take together."""

from __future__ import annotations

from engine.value import value


@value
class IncompatibleRoles:
    """Roles of which one person holds one at the most. Without a `basis` it is a rule of the bureau itself."""

    roles: tuple[str, ...]
    basis: str | None = None


@value
class IncompatibleSteps:
    """Whoever took one of the steps `first` may not take one of `then` on the same case, nor the other way round.

    `workflow` says whose steps; None: those of every workflow.
    """

    workflow: str | None
    first: tuple[str, ...]
    then: tuple[str, ...]
    basis: str | None = None

    def against(self, workflow: str, step: str) -> tuple[str, ...]:
        """Return the steps nobody who takes `step` may have taken."""
        if self.workflow not in (None, workflow):
            return ()
        return (*(self.first if step in self.then else ()), *(self.then if step in self.first else ()))
