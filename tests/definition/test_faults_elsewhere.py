"""Thirty-three faults of the known kinds in other places are found; the page says what the first try found."""

from __future__ import annotations

import pytest
from faults_between_parts import BETWEEN
from faults_elsewhere import ELSEWHERE
from faults_put_in import FAULTS, PAGES, ROOT, put_in, templates, texts
from further_faults import FURTHER
from thirty_by_kind import BY_KIND
from thirty_more_faults import MORE

from engine.definition.library import load_files

#: Found at the first try. For the other three, statistics look their lists of codes up, a warning that reads what a child answered
#: does not await it, and rows of drawn objects have the columns they have.
FIRST_TRY = 30


@pytest.mark.parametrize("number", range(len(ELSEWHERE)))
def test_a_fault_is_found(number: int) -> None:
    fault = ELSEWHERE[number]
    assert load_files({**texts(), fault.file: put_in(fault)[0]}, templates=templates()).problems


def test_they_are_thirty_three_others() -> None:
    before = {(fault.file, fault.new) for fault in (*FAULTS, *FURTHER, *MORE, *BETWEEN, *BY_KIND)}
    assert len({(fault.file, fault.new) for fault in ELSEWHERE} - before) == len(ELSEWHERE) == 33


@pytest.mark.parametrize("page", PAGES)
def test_the_page_gives_the_figure(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    assert f"{FIRST_TRY}" in text.split("faults_elsewhere.py")[1][:200]
