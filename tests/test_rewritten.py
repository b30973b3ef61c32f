"""The rewriting of assertions that workers share: which files, which part of them, and that it is kept for whoever collects."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.rewritten import files_of, keep_rewritten, rewrite_part


@dataclass
class Worker:
    """The configuration of a worker: this one's, but for who it is and what it is to collect."""

    real: pytest.Config
    workerinput: dict[str, Any]
    args: list[str]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path / "kept"))
    for name in ("a/test_one.py", "b/test_two.py", "test_three.py", "other.py"):
        (tmp_path / "tests" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "tests" / name).write_text("def test_it():\n    assert [1] == [2]\n", encoding="utf-8")
    return tmp_path / "tests"


def test_the_files_are_those_that_are_named_each_once_in_one_order(files: Path) -> None:
    assert [path.name for path in files_of([str(files)])] == ["test_one.py", "test_two.py", "test_three.py"]
    one = files / "a" / "test_one.py"
    assert files_of([f"{one}::test_it", str(files / "a")]) == [one]


def test_what_is_rewritten_is_kept_and_not_rewritten_again(files: Path, pytestconfig: pytest.Config) -> None:
    assert keep_rewritten(files_of([str(files)]), pytestconfig) == 3
    assert len(list((files.parent / "kept").rglob("*.pyc"))) == 3
    assert keep_rewritten(files_of([str(files)]), pytestconfig) == 0
    (files / "test_three.py").write_text("def test_it():\n    assert 1\n", encoding="utf-8")
    assert keep_rewritten(files_of([str(files)]), pytestconfig) == 1


def test_each_worker_does_its_part(files: Path, pytestconfig: pytest.Config) -> None:
    parts = [
        rewrite_part(
            Worker(pytestconfig, {"workerid": f"gw{n}", "workercount": 2}, [str(files)])  # type: ignore[arg-type]
        )
        for n in range(2)
    ]
    assert parts == [2, 1]


def test_where_nothing_is_kept_nothing_is_rewritten_before(
    files: Path, pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    worker = Worker(pytestconfig, {"workerid": "gw0", "workercount": 1}, [str(files)])
    assert rewrite_part(worker) == 0  # type: ignore[arg-type]
    assert not (files.parent / "kept").exists()
