"""The command ``form import`` on what is no workbook."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_fixtures import called

from engine.cli.definitions.form_import import import_form


@pytest.mark.parametrize(
    ("content", "words", "code"),
    [
        (None, (), 2),
        (b"no workbook", (), 1),
        (b"", (), 1),
        (b"x", ("--form", "Not A Name"), 2),
        (b"x", ("--format", "xml"), 2),
    ],
)
def test_what_cannot_be_imported_writes_nothing(
    tmp_path: Path, content: bytes | None, words: tuple[str, ...], code: int
) -> None:
    file, out = tmp_path / "a.xlsx", tmp_path / "a.yaml"
    if content is not None:
        file.write_bytes(content)
    said = called(import_form, file, "--out", out, *words)
    assert (said.code, said.out) == (code, "")
    assert said.err
    assert not out.exists()
