"""The file a package is: the same bytes every time, written whole or not at all."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from package_factories import CASE

from engine.documents.archive import case_json, line_of, package_bytes, write_package
from engine.files.output import OutputExistsError


def test_a_package_is_written_once_and_the_same(tmp_path: Path) -> None:
    files = {"b/x": b"1", "a/y": b"2"}
    digest = write_package(files, tmp_path / "new" / "a.zip")
    assert digest == hashlib.sha256(package_bytes(dict(reversed(files.items())))).hexdigest()
    assert [one.name for one in (tmp_path / "new").iterdir()] == ["a.zip"]
    with pytest.raises(OutputExistsError):
        write_package(files, tmp_path / "new" / "a.zip")


def test_a_case_is_one_line_of_plain_values() -> None:
    assert line_of(case_json(CASE)).count(b"\n") == 1
