"""存的查询: filters of the list of tasks somebody keeps under a name. Only they see them; no history has them."""

from __future__ import annotations

from collections.abc import Sequence

from engine.app.access.command import CommandContext, command
from engine.app.people.saved_search import (
    MAX_SEARCHES,
    SavedSearch,
    keep_columns,
    keep_searches,
    kept_searches,
)
from engine.kernel.clean_text import clean
from engine.language import say

__all__ = ["SavedSearch", "choose_columns", "drop_search", "save_search"]


@command("search.change", about="person")
def save_search(context: CommandContext, person: str, title: str, tab: str, text: str, workflow: str) -> bool:
    """Keep a filter under a name; an earlier one of the same name is replaced. Returns True."""
    title = clean(title)
    if not title:
        raise context.refusal("search", say("请给查询起个名称"))
    kept = [one for one in kept_searches(context.transaction, person) if one.title != title]
    if len(kept) >= MAX_SEARCHES:
        raise context.refusal("search", say("存的查询已有 {most} 个，请先删去不用的", most=MAX_SEARCHES))
    keep_searches(context.transaction, person, [*kept, SavedSearch(title, tab, clean(text), workflow)])
    context.recorded = True
    return True


@command("search.change", about="person")
def drop_search(context: CommandContext, person: str, title: str) -> bool:
    """Remove a filter; tell whether there was one."""
    kept = kept_searches(context.transaction, person)
    rest = [one for one in kept if one.title != title]
    if len(rest) != len(kept):
        keep_searches(context.transaction, person, rest)
    context.recorded = True
    return len(rest) != len(kept)


#: Columns of a list at most.
MAX_COLUMNS = 20


@command("search.change", about="person")
def choose_columns(context: CommandContext, person: str, columns: Sequence[str]) -> bool:
    """Choose the columns of the list of tasks, in their order; none: the usual ones. Returns True."""
    chosen = list(dict.fromkeys(columns))
    if len(chosen) > MAX_COLUMNS:
        raise context.refusal("search", say("最多选 {most} 栏", most=MAX_COLUMNS))
    keep_columns(context.transaction, person, chosen)
    context.recorded = True
    return True
