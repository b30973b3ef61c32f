"""What the file of a case lacks and holds, for who may see it."""

from __future__ import annotations

from bureau_of_sections import open_sections

from engine.app.queries.papers.archive import Addressee, check_archive, read_archive
from engine.kernel.refusal import Refusal


def test_a_section_reads_its_own_and_no_other() -> None:
    opened = open_sections()
    for read in (check_archive, read_archive):
        assert isinstance(read(opened.services, "bela", opened.case), Refusal)
        assert not isinstance(read(opened.services, "anna", opened.case), Refusal)


def test_a_case_without_a_draw_and_a_rule_has_neither() -> None:
    opened = open_sections()
    for whom in Addressee:
        found = read_archive(opened.services, "anna", opened.case, whom)
        assert not isinstance(found, Refusal)
        assert (found.draw, found.pieces, found.signatures) == ({}, [], [])
        assert found.states
