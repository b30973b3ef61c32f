"""The refusal of a draw: every reason at once, each a sentence."""

from __future__ import annotations

from collections.abc import Iterable

from engine.kernel.refusal import RefusalReason

#: More reasons than this help nobody; the sentence at the end counts the rest.
SHOWN = 50


class DrawRefused(Exception):
    """Nothing was drawn, made or changed; `reasons` holds every problem found, in the order of the material."""

    def __init__(self, reasons: Iterable[RefusalReason]) -> None:
        self.reasons: tuple[RefusalReason, ...] = tuple(reasons)
        super().__init__(self.reasons)

    def __str__(self) -> str:
        return "\n".join(str(reason) for reason in self.reasons)


def refuse_if(reasons: Iterable[RefusalReason]) -> None:
    """Raise `DrawRefused` with all of `reasons`, if there are any."""
    if found := tuple(reasons):
        raise DrawRefused(found)
