"""Registers to be read: pages by key, one entry with its history."""

from __future__ import annotations

import pytest
from workbench_fixtures import Desk

from engine.web.pages import registers


def test_lists_and_entries(signed_in: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registers, "PER_PAGE", 2)
    first = signed_in.get("/registers/people").text
    assert "共 5 条" in first
    assert "after=clerk-1" in first
    assert "clerk-9" in signed_in.get("/registers/people?after=clerk-2").text
    assert "经办人01" in signed_in.get("/registers/people/clerk-1").text
    assert "共 1 条" in signed_in.get("/registers/people?text=局长").text
    assert signed_in.get("/registers/nothing").status_code == 404
    assert signed_in.get("/registers/people/nobody").status_code == 422
    assert registers.choose is not None
