"""A sheet for a form, and for what was answered on a case."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_fixtures import done, ssj


@pytest.mark.parametrize("ending", ["html", "docx", "pdf"])
def test_a_blank_form_is_printed_by_anybody(home: Path, tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"sheet.{ending}"
    assert done("form", "print", "onsite_check", file, home=home).out == f"{file}\n"
    assert file.stat().st_size > 1000
    again = tmp_path / f"again.{ending}"
    done("form", "print", "onsite_check", again, home=home)
    assert file.read_bytes() == again.read_bytes()


def test_what_cannot_be_printed_is_refused(home: Path, tmp_path: Path) -> None:
    for what in ("nothing", "batch-9"):
        assert ssj("form", "print", what, tmp_path / "a.html", home=home).code == 1
    assert ssj("form", "print", "notice", tmp_path / "a.odt", home=home).code == 1
