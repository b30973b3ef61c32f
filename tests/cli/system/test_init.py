"""``ssj init``: a deployment made in an empty folder, and in no other."""

from __future__ import annotations

from pathlib import Path

from command_desk import called

from engine.cli.system.init import init


def test_a_deployment_is_made_once(tmp_path: Path) -> None:
    place = tmp_path / "bureau"
    made = called(init, place)
    assert (made.code, made.out.startswith(f"已建立 {place}：")) == (0, True)
    assert f"export SSJ_HOME={place}" in made.err
    assert all((place / name).exists() for name in ("settings.yaml", "workflows", "forms"))
    before = sorted(place.rglob("*.yaml"))
    again = called(init, place)
    assert (again.code, again.out) == (2, "")
    assert sorted(place.rglob("*.yaml")) == before
    assert called(init).code == 2
