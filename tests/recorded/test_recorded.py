"""The command line answers as it was recorded: exit code, both streams and written files of every recorded command."""

from __future__ import annotations

import json
import os
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

if not hasattr(os, "fork"):
    pytest.skip("every command is forked", allow_module_level=True)

from recording import (
    as_json,
    difference,
    outcome_of,
    read_changed,
    read_recorded,
    write_changed,
    write_recorded,
)
from replaying import Outcome, replay
from scenes import HERE, read_scene, scene_names

SCENES = scene_names()


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    return replay(SCENES, tmp_path_factory.mktemp("recorded"))


@pytest.fixture(scope="module")
def recorded() -> dict[str, Outcome]:
    return {name: one for scene in SCENES for name, one in read_recorded(scene).items()}


def test_every_command_answers_as_recorded(
    outcomes: dict[str, Outcome], recorded: dict[str, Outcome]
) -> None:
    changed = read_changed()
    wrong = []
    for name, seen in outcomes.items():
        expected = changed[name]["bytes"] if name in changed else recorded.get(name)
        if differs := difference(expected, seen):
            wrong.append(f"===== {name}\n{differs}")
    assert not wrong, f"{len(wrong)} commands answer otherwise\n" + "\n".join(wrong)


def test_the_recording_holds_the_commands_of_the_scenes_and_no_others(recorded: dict[str, Outcome]) -> None:
    assert list(recorded) == [command.id for scene in SCENES for command in read_scene(scene)]
    assert len(recorded) >= 100


@pytest.mark.parametrize("scene", ["earlier_opened", "earlier_restored"])
def test_what_an_earlier_program_made_opens_verifies_and_goes_on(
    scene: str, outcomes: dict[str, Outcome]
) -> None:
    """Whatever `changed.yaml` says of it: the words may change, the outcome may not."""
    mine = {name.split("/")[1]: one for name, one in outcomes.items() if name.startswith(f"{scene}/")}
    assert {name: one.err for name, one in mine.items() if one.code} == {}
    assert "to_visit" in mine["notice"].out
    tokens = {row["id"]: row["person"] for row in json.loads(mine["tokens"].out)}
    assert tokens == {"44121602": "insp-04", "ca06ee03": "leading"}
    assert [row["id"] for row in json.loads(mine["delegations"].out)] == ["delegation-1", "delegation-2"]
    assert "完整无误" in mine["audit-after"].err


def test_the_earlier_database_holds_a_row_of_every_kind() -> None:
    """What an earlier program kept in one table, and later ones may keep in tables of their own."""
    with (
        zipfile.ZipFile(HERE / "earlier/deployment.zip") as package,
        closing(sqlite3.connect(":memory:")) as found,
    ):
        found.deserialize(_rollback_mode(package.read("bureau/data/ssj.db")))
        names = [str(name) for (name,) in found.execute("SELECT name FROM setting")]
    for kind in ("delegations", "token/", "password/", "attempts/", "daemon/"):
        assert [name for name in names if name.startswith(kind)], (kind, names)


def _rollback_mode(database: bytes) -> bytes:
    """Return a database without its mark for write-ahead logging, which there is not in memory."""
    return database[:18] + b"\x01\x01" + database[20:]


def test_a_change_is_one_of_a_recorded_command_and_changes_something(recorded: dict[str, Outcome]) -> None:
    for name, row in read_changed().items():
        assert difference(recorded[name], row["bytes"]), name


@pytest.mark.soak
def test_the_same_in_other_places_time_zones_and_languages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, outcomes: dict[str, Outcome]
) -> None:
    for number, (zone, language, seed) in enumerate(
        (("America/New_York", "C", "1"), ("Pacific/Kiritimati", "en_US.UTF-8", "2"), ("UTC", "POSIX", "3"))
    ):
        monkeypatch.setenv("TZ", zone)
        monkeypatch.setenv("LC_ALL", language)
        monkeypatch.setenv("LANG", language)
        monkeypatch.setenv("PYTHONHASHSEED", seed)
        assert replay(SCENES, tmp_path / f"at-{number}-{'x' * 20 * number}") == outcomes


def test_a_recording_is_read_as_it_was_written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    one = Outcome(1, "甲\t1\r\n\nlast line without an end", "\n", {"kit/a.txt": "0" * 64})
    assert outcome_of(as_json(one)) == one
    (tmp_path / "bytes").mkdir()
    monkeypatch.setattr("recording.HERE", tmp_path)
    write_recorded("scene", {"scene/one": one})
    assert read_recorded("scene") == {"scene/one": one}
    file = tmp_path / "changed.yaml"
    file.write_text("# heading\n[]\n", encoding="utf-8")
    row = {"id": "scene/one", "what": "another word", "why": "it is plainer", "bytes": one}
    write_changed({"scene/one": row}, file)
    assert file.read_text(encoding="utf-8").startswith("# heading\n- id: scene/one\n")
    assert read_changed(file) == {"scene/one": row}
    file.write_text("- {id: scene/one, what: '', why: x, bytes: {code: 0}}\n", encoding="utf-8")
    with pytest.raises(ValueError, match="scene/one"):
        read_changed(file)


def test_a_difference_can_be_read() -> None:
    one = Outcome(0, "a\nb\n", "", {"x": "1"})
    assert difference(one, one) == ""
    assert difference(None, one) == "not recorded"
    told = difference(one, Outcome(1, "a\nc\n", "said\n", {"x": "2"}))
    assert {"exit code 0 -> 1", "-b", "+c", "+said", "file x: 1 -> 2"} <= set(told.splitlines())
    assert "ends of lines" in difference(one, Outcome(0, "a\nb", "", {"x": "1"}))
