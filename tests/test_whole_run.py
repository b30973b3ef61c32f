"""What `whole_run.py` runs, where its temporary files go, and that whatever does not hold is its exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.whole_run import Commands, commands, has_room, run

GOOD = [sys.executable, "-c", "print('said by the types')"]
BAD = [sys.executable, "-c", "raise SystemExit(2)"]


def test_the_linter_the_types_and_the_tests_are_run() -> None:
    found = commands(["-q", "-n", "3"])
    assert [command[1:] for command in found.before] == [["check", "."], ["format", "--check", "."]]
    assert Path(found.beside[1]).stem == "check_types"
    assert list(found.tests[1:]) == ["-m", "pytest", "-q", "-n", "3"]


@pytest.mark.parametrize(
    ("before", "beside", "tests", "code"),
    [([GOOD], GOOD, GOOD, 0), ([GOOD, BAD], GOOD, GOOD, 1), ([GOOD], BAD, GOOD, 1), ([GOOD], GOOD, BAD, 1)],
)
def test_whatever_does_not_hold_is_the_exit_code(
    before: Sequence[Sequence[str]], beside: Sequence[str], tests: Sequence[str], code: int
) -> None:
    assert run(Commands(before, beside, tests), None, os.environ) == code


def test_what_the_types_say_is_printed_even_when_the_tests_fail(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(Commands([], GOOD, BAD), None, os.environ) == 1
    assert capsys.readouterr().out == "said by the types\n"


def test_the_tests_alone_are_told_where_temporary_files_go(tmp_path: Path) -> None:
    note = (
        "import os, sys; from pathlib import Path; kept = os.environ.get('TMPDIR'), os.environ.get('PYTEST_ADDOPTS');"
        " Path(sys.argv[1]).write_text(repr(kept), encoding='utf-8')"
    )
    noted = [sys.executable, "-c", note]
    given = {name: value for name, value in os.environ.items() if name not in ("TMPDIR", "PYTEST_ADDOPTS")}
    asked = Commands([], [*noted, str(tmp_path / "types")], [*noted, str(tmp_path / "tests")])
    assert run(asked, tmp_path / "place", given) == 0
    assert (tmp_path / "types").read_text("utf-8") == "(None, None)"
    expected = (str(tmp_path / "place"), "-o tmp_path_retention_policy=failed")
    assert (tmp_path / "tests").read_text("utf-8") == repr(expected)


@pytest.mark.skipif(not hasattr(os, "statvfs"), reason="a system that does not say how much is free")
def test_room_is_room_for_files_and_for_processes(tmp_path: Path) -> None:
    assert has_room(tmp_path, room=1, left=1, memory=2)
    assert not has_room(tmp_path, room=1, left=1, memory=1)
    assert not has_room(tmp_path, room=1 << 80, left=1, memory=1 << 90)
    assert not has_room(tmp_path / "nowhere", room=1, left=1, memory=2)
