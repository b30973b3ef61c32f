"""The formats of a deployment: its own before the shipped ones."""

from __future__ import annotations

from pathlib import Path

from format_material import YAML

from engine.exchange.folder import format_in, formats_in, formats_of


def test_a_file_of_the_deployment_goes_first(tmp_path: Path) -> None:
    shipped = formats_of(tmp_path).formats
    assert "objects" in shipped
    (folder := tmp_path / "exchange").mkdir()
    (folder / "small.yaml").write_text(YAML, encoding="utf-8")
    (folder / "objects.yaml").write_text(YAML.replace("small", "objects"), encoding="utf-8")
    found = formats_of(tmp_path).formats
    assert found["objects"].title == "小表"
    assert set(found) == {*shipped, "small"}


def test_two_of_one_id_are_a_problem(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(YAML, encoding="utf-8")
    found = formats_in(sorted(tmp_path.glob("*.yaml")))
    assert [(one.file, one.rule) for one in found.problems] == [("b.yaml", "duplicate-definition")]


def test_a_file_that_is_too_large_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"#" * 1_000_001)
    assert [one.rule for one in format_in(tmp_path / "a.yaml").problems] == ["file-size"]
