"""Filters of the list of tasks, kept by each person for themselves."""

from __future__ import annotations

from collections.abc import Sequence

from small_bureau import small_bureau

from engine.app.commands import Caller
from engine.app.commands.application import Application
from engine.app.commands.drafts.saved_search import (
    MAX_COLUMNS,
    SavedSearch,
    choose_columns,
    drop_search,
    save_search,
)
from engine.app.people import saved_search
from engine.app.queries.people.saved_search import list_preferences
from engine.kernel.refusal import Refusal

ME = Caller("clerk-1")


def kept(application: Application) -> Sequence[SavedSearch]:
    """Return the searches of the clerk."""
    found = list_preferences(application, "clerk-1", person="clerk-1")
    assert not isinstance(found, Refusal)
    return found.searches


def test_a_search_is_kept_replaced_and_dropped() -> None:
    application = small_bureau().application
    assert save_search(application, ME, "clerk-1", " 我的走访 ", "week", "示例", "visit") is True
    assert save_search(application, ME, "clerk-1", "我的走访", "all", "", "") is True
    assert kept(application) == [SavedSearch("我的走访", "all", "", "")]
    assert drop_search(application, ME, "clerk-1", "我的走访") is True
    assert drop_search(application, ME, "clerk-1", "我的走访") is False
    assert kept(application) == []


def test_nobody_else_s_and_not_without_a_name_and_not_too_many() -> None:
    application = small_bureau().application
    assert isinstance(save_search(application, ME, "clerk-2", "甲", "all", "", ""), Refusal)
    assert isinstance(list_preferences(application, "clerk-1", person="clerk-2"), Refusal)
    assert isinstance(save_search(application, ME, "clerk-1", " ", "all", "", ""), Refusal)
    with application.store.write() as transaction:
        many = [SavedSearch(str(number), "all", "", "") for number in range(saved_search.MAX_SEARCHES)]
        saved_search.keep_searches(transaction, "clerk-1", many)
        assert saved_search.kept_searches(transaction, "clerk-1") == many
    assert isinstance(save_search(application, ME, "clerk-1", "又一个", "all", "", ""), Refusal)
    assert save_search(application, ME, "clerk-1", "3", "week", "", "") is True


def test_columns_are_chosen_in_their_order_each_once() -> None:
    application = small_bureau().application
    assert choose_columns(application, ME, "clerk-1", ["due", "case", "due"]) is True
    found = list_preferences(application, "clerk-1", person="clerk-1")
    assert not isinstance(found, Refusal)
    assert tuple(found.columns) == ("due", "case")
    with application.store.read() as transaction:
        assert saved_search.kept_columns(transaction, "clerk-1") == ("due", "case")
        assert saved_search.kept_columns(transaction, "clerk-2") == ()
    many = [str(number) for number in range(MAX_COLUMNS + 1)]
    assert isinstance(choose_columns(application, ME, "clerk-1", many), Refusal)
    assert isinstance(choose_columns(application, ME, "clerk-2", ["due"]), Refusal)
