"""``ssj archive``: a package says what was changed in it."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from command_fixtures import called, done

from engine.cli.records.archive import group


@pytest.fixture
def started(with_case: Path) -> Path:
    return with_case


def test_a_package_is_the_same_every_time_and_is_checked(started: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "1.zip", tmp_path / "2.zip"
    digest, name = called(group, "pack", "batch-1", first, home=started).out.split()
    assert (digest, name) == (hashlib.sha256(first.read_bytes()).hexdigest(), str(first))
    assert called(group, "pack", "batch-1", second, home=started).code == 0
    assert first.read_bytes() == second.read_bytes()
    assert called(group, "verify", first, "--sha256", digest).out == f"核验通过：{first}\n"


def test_what_is_no_package_or_another_is_refused(started: Path, tmp_path: Path) -> None:
    file = tmp_path / "1.zip"
    assert called(group, "pack", "batch-7", file, home=started).code == 1
    assert not file.exists()
    done("archive", "pack", "batch-1", file, home=started)
    other = called(group, "verify", file, "--sha256", "00" * 32)
    assert (other.code, "核验通过" in other.out) == (1, False)
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(bytes(content))
    assert called(group, "verify", file).code == 1


def test_what_is_missing_is_listed_before_it_is_filed(started: Path) -> None:
    said = called(group, "check", "batch-1", home=started)
    assert said.code == 1
    assert "1\t归档核查\t缺少\t" in said.out
    assert called(group, "check", "batch-7", home=started).code == 1


def test_the_copy_of_the_firm_is_a_package_of_its_own(started: Path, tmp_path: Path) -> None:
    file = tmp_path / "firm.zip"
    assert called(group, "pack", "batch-1", file, "--for", "firm", home=started).code == 0
    assert called(group, "verify", file).code == 0
