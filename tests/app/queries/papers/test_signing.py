"""Signatures are listed for who sees the case (`tests/app/commands/papers/test_signing.py` holds the rest)."""

from __future__ import annotations

from bureau_of_sections import open_sections

from engine.app.queries.papers.signing import list_signatures
from engine.kernel.refusal import Refusal


def test_a_section_reads_its_own_and_no_other() -> None:
    opened = open_sections()
    assert list_signatures(opened.services, "anna", opened.case) == []
    assert isinstance(list_signatures(opened.services, "bela", opened.case), Refusal)
