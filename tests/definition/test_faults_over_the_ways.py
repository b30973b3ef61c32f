"""Thirty faults over the ways through a process, written down before the first was tried, are found; the page says what the first try found."""

from __future__ import annotations

import pytest
from faults_between_parts import BETWEEN
from faults_elsewhere import ELSEWHERE
from faults_over_the_ways import OVER_THE_WAYS, TRIED_BY_OTHERS
from faults_put_in import FAULTS, PAGES, ROOT, Fault, put_in, templates, texts
from faults_unused import UNUSED
from further_faults import FURTHER
from thirty_by_kind import BY_KIND
from thirty_more_faults import MORE

from engine.definition.library import load_files
from engine.yamltext.problem import Problem

#: Found at the first try; a child started by the step into an end that refuses open ones, and a ratio an effect is given, were not.
FIRST_TRY = 28
#: Found on the line where it is written.
ON_THE_LINE = 25


def found(fault: Fault) -> tuple[tuple[Problem, ...], int]:
    text, line = put_in(fault)
    return load_files({**texts(), fault.file: text}, templates=templates()).problems, line


def on_the_line(fault: Fault) -> bool:
    problems, line = found(fault)
    return any((one.file, one.line) == (fault.seen_in or fault.file, line) for one in problems)


@pytest.mark.parametrize("number", range(len(OVER_THE_WAYS)))
def test_a_fault_is_found(number: int) -> None:
    assert found(OVER_THE_WAYS[number])[0]


def test_the_line_is_named() -> None:
    assert sum(map(on_the_line, OVER_THE_WAYS)) == ON_THE_LINE


@pytest.mark.parametrize("number", range(len(TRIED_BY_OTHERS)))
def test_a_fault_others_put_in_is_found_on_its_line(number: int) -> None:
    assert on_the_line(TRIED_BY_OTHERS[number])


def test_they_are_thirty_others() -> None:
    before = (*FAULTS, *FURTHER, *MORE, *BETWEEN, *BY_KIND, *ELSEWHERE, *UNUSED, *TRIED_BY_OTHERS)
    known = {(fault.file, fault.new) for fault in before}
    assert len({(fault.file, fault.new) for fault in OVER_THE_WAYS} - known) == 30


@pytest.mark.parametrize("page", PAGES)
def test_the_page_gives_the_figure(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    assert f"{FIRST_TRY}" in text.split("faults_over_the_ways.py")[1][:200]
