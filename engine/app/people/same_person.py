"""Who in the register of people may be the same person as somebody who is to be entered: asked of the second who agrees."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from engine.register.compare import folded

if TYPE_CHECKING:
    from engine.app.ports.records import RegisterEntry

#: Columns in which two entries of one person agree.
_COLUMNS = ("phone", "email")


def may_be_same_person(entry: RegisterEntry, known: Iterable[RegisterEntry]) -> tuple[str, ...]:
    """Return the ids of those with the same name, telephone or address of mail, whether they have left or not."""
    own = _marks(entry)
    return tuple(sorted(one.id for one in known if one.id != entry.id and own & _marks(one)))


def _marks(entry: RegisterEntry) -> set[tuple[str, str]]:
    values = (("name", entry.name), *((column, str(entry.data.get(column) or "")) for column in _COLUMNS))
    return {(column, folded(value)) for column, value in values if value}
