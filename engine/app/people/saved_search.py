"""Filters of the list of tasks that somebody has kept under a name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.app.ports.store import Transaction

#: Filters one person keeps at most.
MAX_SEARCHES = 30
_PREFIX = "saved_searches:"


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A filter: the tab of the list, the text that is looked for, the workflow; "" for any."""

    title: str
    tab: str
    text: str
    workflow: str


def kept_searches(transaction: Transaction, person: str) -> list[SavedSearch]:
    """Return the filters of a person, in the order in which they were kept."""
    return [SavedSearch(**one) for one in transaction.settings.get(_PREFIX + person) or ()]


def keep_searches(transaction: Transaction, person: str, searches: Sequence[SavedSearch]) -> None:
    """Store the filters of a person in place of those they had."""
    transaction.settings.put(_PREFIX + person, [asdict(one) for one in searches])


_COLUMNS = "task_columns:"


def kept_columns(transaction: Transaction, person: str) -> tuple[str, ...]:
    """Return the columns a person has chosen for the list of tasks; none: the usual ones."""
    return tuple(map(str, transaction.settings.get(_COLUMNS + person) or ()))


def keep_columns(transaction: Transaction, person: str, columns: Sequence[str]) -> None:
    """Store the columns a person has chosen."""
    transaction.settings.put(_COLUMNS + person, list(columns))
