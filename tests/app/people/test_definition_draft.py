"""Which drafts are texts of definitions."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from engine.app.people.definition_draft import DEFINITIONS, is_definition
from engine.app.ports.records import Draft

AT = datetime(2026, 3, 2, tzinfo=UTC)


def test_they_are_told_by_their_case() -> None:
    draft = Draft("anna", f"{DEFINITIONS}errand", "a.yaml", "a.yaml", 1, "", AT, {"text": ""}, AT)
    assert is_definition(draft)
    assert not is_definition(replace(draft, case="errand-1"))
