"""Thirty faults by kind, written down before the first was tried, are found; the page says what the first try found."""

from __future__ import annotations

import pytest
from faults_between_parts import BETWEEN
from faults_put_in import FAULTS, PAGES, ROOT, put_in, templates, texts
from further_faults import FURTHER
from thirty_by_kind import BY_KIND
from thirty_more_faults import MORE

from engine.definition.library import load_files

#: Found at the first try; the other two are a list of every answer there is, and a child that only a warning reads.
FIRST_TRY = 28


@pytest.mark.parametrize("number", range(len(BY_KIND)))
def test_a_fault_is_found(number: int) -> None:
    fault = BY_KIND[number]
    assert load_files({**texts(), fault.file: put_in(fault)[0]}, templates=templates()).problems


def test_they_are_thirty_others() -> None:
    before = {(fault.file, fault.new) for fault in (*FAULTS, *FURTHER, *MORE, *BETWEEN)}
    assert len({(fault.file, fault.new) for fault in BY_KIND} - before) == 30


@pytest.mark.parametrize("page", PAGES)
def test_the_page_gives_the_figure(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    assert f"{FIRST_TRY}" in text.split("thirty_by_kind.py")[1][:200]
