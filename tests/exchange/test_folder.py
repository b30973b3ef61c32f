"""The formats of a deployment: its own before the shipped ones."""

from __future__ import annotations

from pathlib import Path

from format_factories import ONE, YAML

from engine.exchange.folder import format_in, formats_in, formats_of
from engine.register.import_result import read_register


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


def test_the_register_takes_back_the_workbook_of_changed_classes(tmp_path: Path) -> None:
    """Its columns are those of the register of objects, so an export of it is a file to import."""
    columns = formats_of(tmp_path).formats["integrity_grades"].columns.values()
    cells = {"id": ONE, "name": "示例一厂", "integrity_class": "C", "integrity_date": "2024-03-05"}
    file = tmp_path / "classes.csv"
    heads, row = ([column.title for column in columns], [cells[column.id] for column in columns])
    file.write_text("\n".join([",".join(heads), ",".join(row)]), encoding="utf-8")
    found = read_register("objects", file)
    assert (found.problems, found.faults, found.ignored_columns) == ((), (), ())
    (entry,) = found.entries
    (rating,) = entry.data["ratings"]
    assert (entry.id, rating["scheme"], rating["class"], rating["date"]) == (
        ONE,
        "integrity",
        "C",
        "2024-03-05",
    )
