"""The second device, of a bureau that has drawn nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from page_visits import visit_of
from workbench_fixtures import Desk

from engine.web.pages.drawing import check


@pytest.mark.parametrize("number", ["1", "x", "１", "123456"])
@pytest.mark.parametrize("name", ["kit.zip", "verify.html"])
def test_what_is_no_draw_is_not_found(desk: Desk, number: str, name: str) -> None:
    case = desk.bureau.start()
    visit = replace(
        visit_of(desk, "/", None), parts={"case": case, "number": number, "code": "0" * 32, "name": name}
    )
    assert check.show(visit).status == 404
    assert check.file(visit).status == 404
