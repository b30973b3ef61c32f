"""A condition that must hold, with its sentence and its basis."""

from __future__ import annotations

from engine.lifecycle.expressions.condition import Condition
from engine.value import named_value


@named_value
class Requirement:
    """One condition that must hold, the sentence shown when it does not, and its legal basis."""

    that: Condition
    message: str
    basis: str | None = None
