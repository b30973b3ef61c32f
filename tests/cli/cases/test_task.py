"""``ssj task``: shown, and advanced, one or many."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_fixtures import called, done

from engine.cli.cases.task import advance, group, show

AS = ("--as", "leading")


@pytest.fixture
def started(home: Path) -> Path:
    done("case", "start", "batch", "--title", "示例期", *AS, home=home)
    return home


def test_a_task_is_explained(started: Path) -> None:
    found = called(show, "batch-1", *AS, "--json", home=started).json()
    assert found["case"] == "batch-1"
    assert "batch-1" in called(show, "batch-1", *AS, home=started).out
    assert called(show, "batch-7", *AS, home=started).code == 1


def test_advancing_names_a_step(started: Path) -> None:
    assert called(advance, *AS, home=started).code == 2
    assert called(advance, "batch-1", *AS, home=started).code == 2
    unknown = called(advance, "batch-1", "no_such_step", *AS, home=started)
    assert (unknown.code, unknown.out) == (1, "")
    assert called(advance, "batch-1", "submit_plan", "--form", "absent.yaml", *AS, home=started).code == 2
    many = called(advance, "submit_plan", "--where", "workflow=batch", "--json", *AS, home=started)
    assert (many.code, [(one["case"], one["done"]) for one in many.json()]) == (1, [("batch-1", False)])


def test_its_commands() -> None:
    assert {"list", "calendar", "week", "show", "advance"} <= set(group.commands)
