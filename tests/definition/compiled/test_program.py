"""Which program reads definitions."""

from __future__ import annotations

from pathlib import Path

from engine.definition.compiled.program import ROOMS, program


def test_it_is_another_one_where_a_source_is(tmp_path: Path) -> None:
    houses = []
    for number, text in enumerate(("a = 1\n", "a = 1\n", "a = 2\n")):
        house = tmp_path / str(number)
        (house / ROOMS[0] / "deep").mkdir(parents=True)
        (house / ROOMS[0] / "deep" / "module.py").write_text(text, encoding="utf-8")
        (house / ROOMS[0] / "notes.md").write_text(str(number), encoding="utf-8")
        houses.append(house)
    first, same, other = map(program, houses)
    assert first == same != other


def test_without_sources_it_is_not_known(tmp_path: Path) -> None:
    assert program(tmp_path) == ""
    assert len(program()) == 64
