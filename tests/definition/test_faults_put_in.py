"""Of the faults put one by one into the shipped files the check finds nearly all, on the line; the clean files have none.

The figures stand in docs/reference/check-faults.md; `test_the_page_of_faults` holds them.
"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache

import pytest
from faults_put_in import FAULTS, PAGES, ROOT, put_in, templates, texts

from engine.definition.library import load_files
from engine.yamltext.problem import Problem

#: Faults that are known not to be found, by their number, and why.
MISSED: dict[int, str] = {}


@lru_cache(maxsize=256)
def found(number: int) -> tuple[tuple[Problem, ...], bool]:
    """Return what the check says of one fault, and whether it names the line."""
    fault = FAULTS[number]
    changed, line = put_in(fault)
    problems = load_files({**texts(), fault.file: changed}, templates=templates()).problems
    return problems, any(p.file == (fault.seen_in or fault.file) and p.line == line for p in problems)


def test_the_clean_files_are_clean() -> None:
    assert load_files(texts(), templates=templates()).problems == ()


@pytest.mark.parametrize("number", range(len(FAULTS)))
def test_a_fault_is_found_on_its_line(number: int) -> None:
    problems, on_the_line = found(number)
    assert bool(problems) == (number not in MISSED)
    assert on_the_line == (number not in MISSED)


def rows() -> list[str]:
    """Return the rows of the table: kind, put in, found, on the line."""
    every = Counter(fault.kind for fault in FAULTS)
    seen = Counter(fault.kind for number, fault in enumerate(FAULTS) if found(number)[0])
    lines = Counter(fault.kind for number, fault in enumerate(FAULTS) if found(number)[1])
    table = [f"| {kind} | {count} | {seen[kind]} | {lines[kind]} |" for kind, count in every.items()]
    return [*table, f"| **all** | {every.total()} | {seen.total()} | {lines.total()} |"]


@pytest.mark.parametrize("page", PAGES)
def test_the_page_of_faults(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    numbers = [row.split("|", 2)[2] for row in rows()]
    assert all(row in text for row in numbers), "\n".join(rows())
