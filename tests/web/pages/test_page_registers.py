"""The registers for one visit: lists, pages by key, one entry."""

from __future__ import annotations

import pytest
from page_visits import text_of, visit_of
from workbench_fixtures import Desk

from engine.web.pages import registers


def test_every_register_is_listed(desk: Desk) -> None:
    text = text_of(registers.choose(visit_of(desk, "/registers")))
    assert all(f"/registers/{kind}" in text for kind in registers.TITLES)


def test_a_register_is_filtered_and_goes_on_after_an_entry(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registers, "PER_PAGE", 2)
    first = text_of(registers.show(visit_of(desk, "/registers/people", "head-1", kind="people")))
    assert ("chief-1" in first, "clerk-1" in first, "clerk-2" in first) == (True, True, False)
    assert "after=clerk-1" in first
    second = text_of(
        registers.show(visit_of(desk, "/registers/people?after=clerk-1", "head-1", kind="people"))
    )
    assert "clerk-2" in second
    filtered = text_of(registers.show(visit_of(desk, "/registers/people?text=局长", "head-1", kind="people")))
    assert ("head-1" in filtered, "clerk-2" in filtered) == (True, False)


def test_one_entry_is_shown_and_what_is_not_there_is_not(desk: Desk) -> None:
    answer = registers.entry(visit_of(desk, person="head-1", kind="people", entry="clerk-2"))
    assert answer.status == 200
    assert "经办人02" in text_of(answer)
    missing = registers.entry(visit_of(desk, person="head-1", kind="people", entry="nobody"))
    assert 400 <= missing.status < 500
    assert "nobody" in text_of(missing)
    assert registers.entry(visit_of(desk, person="head-1", kind="nothing", entry="x")).status == 404
    assert registers.show(visit_of(desk, person="head-1", kind="nothing")).status == 404
