"""Proposals of a bureau that has none, and what is no proposal."""

from __future__ import annotations

import pytest
from page_visits import text_of, visit_of
from workbench_fixtures import Desk

from engine.web.pages.studio import proposals


def test_none(desk: Desk) -> None:
    assert "没有等待确认的提请" in text_of(proposals.show(visit_of(desk, "/proposals", "head-1")))


@pytest.mark.parametrize("do", ["confirm", "reject", "withdraw"])
def test_what_is_no_proposal(desk: Desk, do: str) -> None:
    typed = {"do": do, "proposal": "proposal-9", "reason": "x"}
    assert proposals.show(visit_of(desk, "/proposals", "head-1", typed)).status in (403, 404, 422)
