"""Draws of a bureau that has none."""

from __future__ import annotations

from workbench_fixtures import Desk

from engine.web.pages import draws


def test_no_draws(signed_in: Desk) -> None:
    assert "还没有抽取" in signed_in.get("/draws").text
    assert signed_in.get("/draws/visit-1/1").status_code in (404, 422)
    assert signed_in.get("/draws/visit-1/x").status_code == 404
    assert draws.list_all is not None
