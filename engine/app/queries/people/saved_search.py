"""What a person has kept for the list of tasks: filters (存的查询) and columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.app.access.query import QueryContext, query
from engine.app.people.saved_search import SavedSearch, kept_columns, kept_searches

__all__ = ["ListPreferences", "SavedSearch", "list_preferences"]


@dataclass(frozen=True, slots=True)
class ListPreferences:
    """Filters in the order in which they were kept; the columns that were chosen, none: the usual ones."""

    searches: Sequence[SavedSearch] = ()
    columns: Sequence[str] = ()


@query("search.read", about="person")
def list_preferences(context: QueryContext, *, person: str) -> ListPreferences:
    """Return what a person has kept for the list of tasks."""
    transaction = context.transaction
    return ListPreferences(kept_searches(transaction, person), kept_columns(transaction, person))
