"""``ssj case items``: one of the two ways to ask, and what there is not (`tests/app/queries/papers/test_items.py` holds what is found)."""

from __future__ import annotations

from pathlib import Path

from command_fixtures import called, done

from engine.cli.registers.case_items import list_items

AS = ("--as", "leading")


def test_a_case_or_an_item_is_asked_for(home: Path) -> None:
    for words in ((), ("batch-1", "--item", "LD-01")):
        said = called(list_items, *words, *AS, home=home)
        assert (said.code, "--item" in said.err) == (2, True)
    assert called(list_items, "batch-9", *AS, home=home).code == 1
    assert called(list_items, "--item", "LD-01", *AS, home=home).out == ""


def test_a_case_without_items_has_none(home: Path) -> None:
    done("case", "start", "batch", "--title", "示例期", *AS, home=home)
    assert called(list_items, "batch-1", *AS, home=home).out == ""
