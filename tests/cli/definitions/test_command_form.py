"""The commands of ``ssj form`` one by one: the forms of a deployment as lines and as data, and a preview."""

from __future__ import annotations

from pathlib import Path

from command_fixtures import called

from engine.cli.definitions.form import list_forms, preview, show


def test_forms_are_lines_or_data(home: Path) -> None:
    rows = called(list_forms, "--json", home=home).json()
    lines = called(list_forms, home=home).out.splitlines()
    assert len(rows) == len(lines) > 10
    assert any(line.startswith("onsite_check\t") for line in lines)


def test_one_form_is_shown_with_its_fields(home: Path) -> None:
    found = called(show, "onsite_check", "--json", home=home).json()
    text = called(show, "onsite_check", home=home).out
    assert found["title"] in text
    assert all(asked["title"] in text for asked in found["fields"])
    assert called(show, "nothing", home=home).code == 1


def test_a_preview_asks_for_the_answers_of_a_form(home: Path) -> None:
    said = called(preview, "onsite_check", home=home)
    assert said.code == 0
    assert said.out
    assert called(preview, "nothing", home=home).code == 1
