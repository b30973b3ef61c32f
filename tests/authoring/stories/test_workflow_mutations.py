"""The stories beside the shipped workflows reach everything or say why not, and fail where a fault is put in."""

from __future__ import annotations

import pytest
from workflow_mutations import calculator, drawn, mutations, noticed, put_in, stories, texts

from engine.authoring.stories.play import play
from engine.definition.library import load_files

#: Played in every run; the others only in the long one.
SHORT = ("callback", "training")
WORKFLOWS = [
    name if name in SHORT else pytest.param(name, marks=pytest.mark.soak) for name in sorted(stories())
]
#: Of so many faults the check lets pass, at least so many of a hundred are noticed.
PUT_IN, NOTICED = 200, 90


def test_every_shipped_workflow_has_stories() -> None:
    assert {f"workflows/{name}.yaml" for name in stories()} == {
        name for name, text in texts().items() if text.startswith("workflow:")
    }


@pytest.mark.parametrize("workflow", WORKFLOWS)
def test_the_stories_hold_and_reach_everything(workflow: str) -> None:
    report = play(load_files(texts()), stories()[workflow], calculator())
    assert report.failures == []
    assert report.coverage.missing(stories()[workflow].excused) == ()
    # What is excused is there.
    assert set(stories()[workflow].excused) <= set(report.coverage.every())


def test_a_fault_put_into_a_short_workflow_is_noticed() -> None:
    every = [(one, put_in(one)) for one in mutations("training") if one.kind == "target"]
    (mutation, loaded), *_ = [(one, loaded) for one, loaded in every if loaded is not None]
    assert noticed(mutation, loaded)


@pytest.mark.soak
def test_of_the_faults_put_in_nearly_all_are_noticed() -> None:
    seen = [noticed(mutation, loaded) for mutation, loaded in drawn(PUT_IN)]
    assert len(seen) == PUT_IN
    assert sum(seen) * 100 >= NOTICED * PUT_IN
