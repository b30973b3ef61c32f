"""The command ``form print``: a blank form, and what it refuses without writing anything."""

from __future__ import annotations

from pathlib import Path

from command_fixtures import called

from engine.cli.definitions.form_print import print_form


def test_a_blank_form_is_written_to_a_new_file_only(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "sheet.html"
    assert called(print_form, "onsite_check", file, home=home).out == f"{file}\n"
    before = file.read_bytes()
    assert called(print_form, "onsite_check", file, home=home).code != 0
    assert file.read_bytes() == before


def test_what_is_neither_a_form_nor_a_case_is_refused(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "sheet.html"
    said = called(print_form, "nothing", file, home=home)
    assert said.code == 1
    assert "nothing" in said.err
    assert not file.exists()
