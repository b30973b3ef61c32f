"""The repository of drafts: answers somebody has typed and not handed in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeAlias

if TYPE_CHECKING:
    from engine.app.ports.records import Draft

#: Whose it is, the case, the step.
DraftKey: TypeAlias = "tuple[str, str, str]"


class Drafts(Protocol):
    """Drafts, one for each person, case and step."""

    def get(self, person: str, case_id: str, step: str) -> Draft | None:
        """Return the draft of a person for a step of a case."""
        ...

    def of(self, person: str) -> list[Draft]:
        """Return the drafts of a person, ordered by case and step."""
        ...

    def put(self, draft: Draft) -> None:
        """Store a draft; an earlier one for the same step is replaced."""
        ...

    def drop(self, person: str, case_id: str, step: str) -> bool:
        """Remove a draft; tell whether there was one."""
        ...
