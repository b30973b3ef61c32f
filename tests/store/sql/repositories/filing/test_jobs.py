"""A job is changed by its id and by how it was seen (`tests/contract/test_contract_filing.py` holds what they do)."""

from __future__ import annotations

from engine.store.sql.repositories.filing.jobs import SET


def test_a_change_says_how_the_job_was_seen() -> None:
    assert SET.binds[-4:] == ("this", "seen", "so_far", "whose")
