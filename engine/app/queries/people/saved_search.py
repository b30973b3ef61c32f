"""存的查询: the filters a person has kept."""

from __future__ import annotations

from collections.abc import Sequence

from engine.app.access.query import QueryContext, query
from engine.app.people.saved_search import SavedSearch, kept_columns, kept_searches

__all__ = ["SavedSearch", "list_columns", "list_searches"]


@query("search.read", about="person")
def list_searches(context: QueryContext, *, person: str) -> Sequence[SavedSearch]:
    """Return the filters of a person, in the order in which they were kept."""
    return kept_searches(context.transaction, person)


@query("search.read", about="person")
def list_columns(context: QueryContext, *, person: str) -> Sequence[str]:
    """Return the columns a person has chosen for the list of tasks; none: the usual ones."""
    return kept_columns(context.transaction, person)
