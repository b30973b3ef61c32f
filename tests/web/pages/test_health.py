"""Alive and ready, for a supervisor."""

from __future__ import annotations

from workbench_fixtures import Desk

from engine.web.pages import health


def test_alive_and_ready(desk: Desk) -> None:
    assert desk.get("/healthz").json() == {"alive": True}
    assert desk.get("/readyz").json()["ready"] is True
    assert health.alive is not None
