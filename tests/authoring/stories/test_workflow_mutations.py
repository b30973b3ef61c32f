"""The stories beside the shipped workflows reach everything or say why not, and fail where a fault is put in."""

from __future__ import annotations

from collections import Counter

import pytest
from mutation_kinds import KINDS, faults
from workflow_mutations import calculator, drawn, equivalent, in_order, noticed, put_in, stories, texts

from engine.authoring.stories.coverage import StoryCoverage
from engine.authoring.stories.play import play
from engine.definition.library import load_files

#: Of so many faults the check lets pass, at least so many of a hundred are noticed.
PUT_IN, NOTICED = 200, 90
#: So many are put in where there is little time: of short files alone.
FEW, SHORT = 20, 9000


def test_every_shipped_workflow_has_stories() -> None:
    assert {f"workflows/{name}.yaml" for name in stories()} == {
        name for name, text in texts().items() if "\nworkflow:" in text
    }


def test_what_is_excused_is_there() -> None:
    workflows = load_files(texts()).workflows
    for name, file in stories().items():
        assert set(file.excused) <= set(StoryCoverage(workflows[name]).every())
        assert all(str(reason).strip() for reason in file.excused.values())


def test_every_kind_makes_faults_and_what_is_no_fault_is_made_too() -> None:
    assert set(faults()) == {make.__doc__ for make in KINDS}
    names = {fault.name for of_kind in faults().values() for fault in of_kind}
    assert set(equivalent()) <= names
    assert all(str(reason).strip() for reason in equivalent().values())


def test_faults_are_drawn_evenly_of_every_kind() -> None:
    first = [fault for fault, _ in zip(in_order(), range(2 * len(KINDS)), strict=False)]
    assert set(Counter(fault.kind for fault in first).values()) == {2}


@pytest.mark.soak
def test_the_stories_pass_reach_everything_and_excuse_nothing_they_reach() -> None:
    loaded = load_files(texts())
    for file in stories().values():
        report = play(loaded, file, calculator())
        assert [str(failure.message) for failure in report.failures] == []
        assert report.coverage.missing(file.excused) == ()
        assert not report.coverage.reached & set(file.excused)


def test_a_few_faults_of_short_workflows_are_noticed() -> None:
    short = [one for one in in_order() if len(texts()[f"workflows/{one.workflow}.yaml"]) < SHORT]
    seen: list[bool] = []
    for fault in short:
        loaded = put_in(fault) if fault.name not in equivalent() and len(seen) < FEW else None
        if loaded is not None:
            seen.append(noticed(fault, loaded))
    assert len(seen) == FEW
    assert sum(seen) * 100 >= NOTICED * FEW


@pytest.mark.soak
def test_of_the_faults_put_in_nearly_all_are_noticed() -> None:
    seen = [noticed(fault, loaded) for fault, loaded in drawn(PUT_IN)]
    assert len(seen) == PUT_IN
    assert sum(seen) * 100 >= NOTICED * PUT_IN
