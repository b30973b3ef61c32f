"""The commands for the files of a case one by one: kept, listed, written out to a new file."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from command_fixtures import called, done

from engine.cli.cases import case_files

WHO = ("--as", "leading")
TEXT = "送达回证\n".encode()


@pytest.fixture
def begun(home: Path) -> Path:
    """Return a deployment with one case."""
    done("case", "start", "batch", "--title", "示例期", *WHO, home=home)
    return home


def test_a_file_is_kept_listed_and_written_out(begun: Path, tmp_path: Path) -> None:
    file, out = tmp_path / "回证.txt", tmp_path / "out.txt"
    file.write_bytes(TEXT)
    kept = called(case_files.attach, "batch-1", file, *WHO, home=begun)
    assert kept.out == f"batch-1/F1\ttxt\t{len(TEXT)}\t{hashlib.sha256(TEXT).hexdigest()}\n"
    (row,) = called(case_files.list_files, "batch-1", "--json", home=begun).json()
    assert (row["id"], row["title"], row["name"]) == ("batch-1/F1", "回证", "回证.txt")
    assert called(case_files.save_file, "batch-1/F1", out, home=begun).code == 0
    assert out.read_bytes() == TEXT
    assert called(case_files.save_file, "batch-1/F1", out, home=begun).code != 0


def test_what_is_not_there_is_refused(begun: Path, tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(TEXT)
    assert called(case_files.attach, "batch-9", file, *WHO, home=begun).code == 1
    assert called(case_files.attach, "batch-1", tmp_path / "b.txt", *WHO, home=begun).code == 2
    assert called(case_files.save_file, "batch-1/F9", tmp_path / "c.txt", home=begun).code == 1
