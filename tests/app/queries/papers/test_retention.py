"""Files whose time is near are listed for staff (`tests/app/papers/test_retention.py` holds when that is)."""

from __future__ import annotations

from bureau_of_sections import open_sections

from engine.app.queries.papers.retention import list_retention
from engine.kernel.refusal import Refusal


def test_open_cases_are_not_listed_and_strangers_see_nothing() -> None:
    opened = open_sections()
    assert list_retention(opened.services, "anna", every=True) == []
    assert isinstance(list_retention(opened.services, "nobody"), Refusal)
