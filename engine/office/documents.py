"""Documents of a case: what a template may use, and the document made of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.lifecycle.case import Case

if TYPE_CHECKING:
    from engine.office.turn import Turn


def render_document(turn: Turn, case: Case, template: str) -> bytes:
    """Return the document `template` makes of `case`."""
    return f"{template} {case.id} {turn.now.isoformat()}\n".encode()
