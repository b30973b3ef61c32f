"""A demonstration under way in its directory: begun, gone on with, finished; never in a folder of something else."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest

from engine.demo.run_state import GIVEN, MARKER, DemoInUseError, begun, undertaken
from engine.deployment.set_up import FolderNotEmptyError


def test_what_was_stopped_goes_on_with_what_it_was_asked_for(tmp_path: Path) -> None:
    objects = tmp_path / "objects.csv"
    objects.write_text("id\n", encoding="utf-8")
    home = tmp_path / "demo"
    with suppress(KeyboardInterrupt), undertaken(home, objects, "seed") as first:
        assert (first.seed, first.source, first.resumed) == ("seed", str(objects), False)
        raise KeyboardInterrupt
    assert begun(home)
    objects.unlink()
    with undertaken(home, None, "another") as again:
        assert (again.seed, again.source, again.resumed) == ("seed", str(objects), True)
        assert again.objects is not None
        assert again.objects.read_text(encoding="utf-8") == "id\n"
    assert not (home / MARKER).exists()
    assert not list((home / "data").glob(f"{GIVEN}*"))


def test_two_at_once_are_refused(tmp_path: Path) -> None:
    home = tmp_path / "demo"
    with (
        undertaken(home, None, "seed"),
        pytest.raises(DemoInUseError) as refused,
        undertaken(home, None, "seed"),
    ):
        pass
    assert "另一个进程" in str(refused.value.message)


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("x", encoding="utf-8")
    with pytest.raises(FolderNotEmptyError):
        begun(tmp_path)
    with pytest.raises(FolderNotEmptyError), undertaken(tmp_path, None, "seed"):
        pass
    assert not begun(tmp_path / "new")
    marked = tmp_path / "marked"
    (marked / MARKER).parent.mkdir(parents=True)
    (marked / MARKER).write_text("no json", encoding="utf-8")
    with pytest.raises(FolderNotEmptyError), undertaken(marked, None, "seed"):
        pass
