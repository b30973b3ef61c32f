"""A rule of filing that says nothing asks for nothing, and keeps for ever."""

from __future__ import annotations

from engine.lifecycle.model.archive_rule import ArchiveRule


def test_what_is_not_written_is_not_asked_for() -> None:
    rule = ArchiveRule()
    assert rule.contents == ()
    assert rule.retention.keep is None
