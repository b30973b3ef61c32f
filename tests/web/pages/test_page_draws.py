"""Draws for one visit, of a bureau that has drawn nothing."""

from __future__ import annotations

import pytest
from page_visits import visit_of
from workbench_fixtures import Desk

from engine.web.pages import draws


def test_an_empty_list_is_a_page(desk: Desk) -> None:
    assert draws.list_all(visit_of(desk, "/draws", "head-1")).status == 200


@pytest.mark.parametrize("number", ["1", "x", "１", "123456"])
@pytest.mark.parametrize("typed", [None, {}])
def test_what_is_no_draw_is_not_found(desk: Desk, number: str, typed: dict[str, str] | None) -> None:
    case = desk.bureau.start()
    answer = draws.show(visit_of(desk, "/", "head-1", typed, case=case, number=number))
    assert answer.status == 404
