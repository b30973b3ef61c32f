"""What expressions may ask of the draw of a case, as ``draw.NAME``: the one list, from which both the facts and their types are made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class DrawFacts:
    """The facts of the newest draw of a case; without arguments those of a case nothing has been drawn for yet."""

    #: Which draw of the case it is, from 1 on; 0: there is none.
    no: int = 0
    #: A commitment was published, and has not been made void and has not lapsed.
    committed: bool = False
    #: What is to be inspected has been drawn.
    drawn: bool = False
    #: Everything has been drawn, the people included.
    complete: bool = False
    #: How many objects were drawn.
    objects: int = 0
    #: The ids of the people drawn to inspect; empty until everything has been drawn.
    inspectors: tuple[str, ...] = ()
    #: What was drawn is kept back until it is shown.
    embargoed: bool = False
    #: What was drawn may be seen.
    revealed: bool = False
    #: Two people typed different results: nothing can be drawn any more.
    spoiled: bool = False
    #: The commitment was not followed by a draw in time.
    lapsed: bool = False

    def values(self) -> Mapping[str, Any]:
        """Return the facts by their names, as expressions read them."""
        return {**asdict(self), "inspectors": list(self.inspectors)}
