"""The stories beside the shipped workflows reach everything or say why not, and fail where a fault is put in."""

from __future__ import annotations

import pytest
from workflow_mutations import calculator, drawn, mutations, noticed, put_in, stories, texts

from engine.authoring.stories.coverage import StoryCoverage
from engine.authoring.stories.play import play
from engine.definition.library import load_files

#: Of so many faults the check lets pass, at least so many of a hundred are noticed.
PUT_IN, NOTICED = 200, 90


def test_every_shipped_workflow_has_stories() -> None:
    assert {f"workflows/{name}.yaml" for name in stories()} == {
        name for name, text in texts().items() if "\nworkflow:" in text
    }


def test_what_is_excused_is_there() -> None:
    workflows = load_files(texts()).workflows
    for name, file in stories().items():
        assert set(file.excused) <= set(StoryCoverage(workflows[name]).every())
        assert all(str(reason).strip() for reason in file.excused.values())


@pytest.mark.soak
def test_the_stories_pass_reach_everything_and_excuse_nothing_they_reach() -> None:
    loaded = load_files(texts())
    for file in stories().values():
        report = play(loaded, file, calculator())
        assert [str(failure.message) for failure in report.failures] == []
        assert report.coverage.missing(file.excused) == ()
        assert not report.coverage.reached & set(file.excused)


def test_a_fault_put_into_a_short_workflow_is_noticed() -> None:
    every = [(one, put_in(one)) for one in mutations("training") if one.kind == "target"]
    (mutation, loaded), *_ = [(one, loaded) for one, loaded in every if loaded is not None]
    assert noticed(mutation, loaded)


@pytest.mark.soak
def test_of_the_faults_put_in_nearly_all_are_noticed() -> None:
    seen = [noticed(mutation, loaded) for mutation, loaded in drawn(PUT_IN)]
    assert len(seen) == PUT_IN
    assert sum(seen) * 100 >= NOTICED * PUT_IN
