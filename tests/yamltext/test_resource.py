"""A YAML file of the program: its value, read once; damage is an error."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from engine.yamltext.resource import read_resource


def test_the_value_is_read_once(tmp_path: Path) -> None:
    path = tmp_path / "words.yaml"
    path.write_text("words: [甲, 1]\nflag: true\n", encoding="utf-8")
    found = read_resource(path)
    assert found == {"words": ["甲", 1], "flag": True}
    path.write_text("words: []\n", encoding="utf-8")
    assert read_resource(path) is found


def test_a_damaged_or_missing_file_raises(tmp_path: Path) -> None:
    path = tmp_path / "damaged.yaml"
    path.write_text("a: [", encoding="utf-8")
    with pytest.raises(yaml.YAMLError):
        read_resource(path)
    with pytest.raises(FileNotFoundError):
        read_resource(tmp_path / "missing.yaml")


def test_nothing_but_plain_values_is_built(tmp_path: Path) -> None:
    path = tmp_path / "object.yaml"
    path.write_text("a: !!python/object/apply:os.getcwd []\n", encoding="utf-8")
    with pytest.raises(yaml.YAMLError, match="could not determine a constructor"):
        read_resource(path)
