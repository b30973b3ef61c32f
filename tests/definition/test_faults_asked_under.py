"""Thirty faults about what is asked where, counts, values worked out and steps that come to nothing: all are found, each told once."""

from __future__ import annotations

from functools import cache

import pytest
from faults_asked_under import ASKED_UNDER
from faults_put_in import put_in, templates, texts

from engine.definition.library import load_files
from engine.yamltext.problem import Problem

#: Found elsewhere: another state asks for the form the step no longer fills in.
ELSEWHERE = {25}


@cache
def problems_of(number: int) -> tuple[Problem, ...]:
    """Return what the check says of one fault."""
    fault = ASKED_UNDER[number]
    return load_files({**texts(), fault.file: put_in(fault)[0]}, templates=templates()).problems


@pytest.mark.parametrize("number", range(len(ASKED_UNDER)))
def test_a_fault_is_found_on_its_line(number: int) -> None:
    fault, found = ASKED_UNDER[number], problems_of(number)
    _, line = put_in(fault)
    assert found
    assert any((one.file, one.line) == (fault.file, line) for one in found) == (number not in ELSEWHERE)


@pytest.mark.parametrize("number", range(len(ASKED_UNDER)))
def test_nothing_constant_is_told_of_other_lines(number: int) -> None:
    fault = ASKED_UNDER[number]
    lines = {(one.file, one.line) for one in problems_of(number) if one.rule == "constant-condition"}
    assert lines <= {(fault.file, put_in(fault)[1])}


def test_they_are_thirty() -> None:
    assert len({(fault.file, fault.new) for fault in ASKED_UNDER}) == 30
