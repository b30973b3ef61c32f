"""Where the standard processes and forms stand: in the checkout, or beside the installed package."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.definition import resources
from engine.definition.resources import forms_dir, workflows_dir


def test_a_checkout_has_them_at_its_top() -> None:
    top = Path(resources.__file__).resolve().parents[2]
    assert workflows_dir() == top / "workflows"
    assert forms_dir() == top / "forms"
    assert (workflows_dir() / "bureau.yaml").is_file()
    assert next(forms_dir().glob("*.yaml")).is_file()


def test_an_installed_package_has_them_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "forms").mkdir()
    monkeypatch.setattr(resources, "_HERE", tmp_path)
    assert forms_dir() == tmp_path / "forms"
    assert workflows_dir() != tmp_path / "workflows"
