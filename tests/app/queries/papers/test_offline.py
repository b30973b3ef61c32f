"""What an offline form is made of, for who may see the case."""

from __future__ import annotations

from bureau_of_sections import open_sections

from engine.app.queries.papers.offline import compare_record, offline_forms
from engine.kernel.refusal import Refusal


def test_a_section_reads_its_own_and_no_other() -> None:
    opened = open_sections()
    made = ("x", "y")
    assert isinstance(offline_forms(opened.services, "bela", opened.case, "bela"), Refusal)
    assert isinstance(compare_record(opened.services, "bela", opened.case, "s", made, {}, "r"), Refusal)


def test_a_record_of_a_step_there_is_not_is_not_current() -> None:
    opened = open_sections()
    found = compare_record(opened.services, "anna", opened.case, "none", ("x", "y"), {"a": 1}, "r")
    assert not isinstance(found, Refusal)
    assert (found.current, found.imported, found.same, found.form) == (False, False, False, None)
