"""A command that was refused."""

from __future__ import annotations

from engine.kernel.refusal import Refusal

#: The code of the refusal of a step that waits until somebody has agreed to changes of registers.
UNAGREED = "registers"


class CommandRefused(Exception):
    """A command was refused; carries the refusal out of the transaction it undoes."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.attempt)
        self.refusal = refusal
