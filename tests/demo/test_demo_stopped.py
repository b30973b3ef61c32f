"""A demonstration that stops says why; the size of the register is blamed for a draw that finds too few, and for no more."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from engine.cli.system.demo import demo
from engine.register.sheet.writing import write_csv
from engine.synthetic.registers import sample_objects


def stopped(folder: Path, objects: int) -> str:
    """Run the demonstration on a register of so many objects until it stops; return what it says."""
    register = folder / "objects.csv"
    write_csv("objects", sample_objects(objects, "stopped"), register)
    done = CliRunner().invoke(demo, [str(folder / "demo"), "--objects", str(register)], standalone_mode=False)
    return str(done.exception) if done.exception else done.output


def test_a_register_of_one_object_is_too_small_for_a_draw(tmp_path: Path) -> None:
    said = stopped(tmp_path, 1)
    assert "没有可抽的对象" in said
    assert "请给 60 户以上的名录" in said


@pytest.mark.parametrize("objects", [8, 80])
def test_a_template_that_stops_it_is_named_and_the_register_is_not(
    objects: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "engine.documents.render.render.__kwdefaults__", {"steps": 10, "drafts": None}, raising=False
    )
    said = stopped(tmp_path, objects)
    assert "要做的太多" in said
    assert "10 步" in said
    assert "名录" not in said
