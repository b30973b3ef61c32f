"""A command that was refused."""

from __future__ import annotations

from engine.kernel.refusal import Refusal


class CommandRefused(Exception):
    """A command was refused; carries the refusal out of the transaction it undoes."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.attempt)
        self.refusal = refusal
