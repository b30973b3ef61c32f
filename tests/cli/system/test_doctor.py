"""``ssj doctor``: each thing that can be wrong is told, with what to do; nothing is changed."""

from __future__ import annotations

import importlib.metadata
import shutil
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from command_fixtures import called, done, ssj, state_of

from engine.app.ports.records import Timer
from engine.cli.system.doctor import doctor as doctor_command
from engine.deployment.clocks import SystemClock, VirtualClock
from engine.deployment.home import find_home
from engine.deployment.open import open_deployment_store
from engine.operations import doctor
from engine.operations.backup import database_file
from engine.operations.check import HealthCheck, Status
from engine.operations.doctor import look_over


def checks(home: Path) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for check in ssj("doctor", "--json", home=home).json():
        found.setdefault(check["check"], []).append(check)
    return found


def status(home: Path, name: str) -> list[str]:
    return [check["status"] for check in checks(home)[name]]


def test_a_fresh_deployment_is_in_order_and_stays_as_it_is(home: Path) -> None:
    before = state_of(home)
    said = done("doctor", home=home)
    assert "fail\t" not in said.out
    assert "0 项 fail" in said.err
    assert state_of(home) == before
    names = set(checks(home))
    assert {"python", "libraries", "sqlite", "clock", "home", "settings", "disk", "calendar"} <= names
    assert {"database", "people", "incidents", "daemon", "time", "definitions"} <= names


def test_no_deployment(tmp_path: Path) -> None:
    said = ssj("doctor")
    assert said.code == 1
    assert "fail\thome" in said.out
    assert "ssj init" in said.out


def test_a_calendar_year_that_is_not_there_yet(home: Path) -> None:
    clock = VirtualClock(datetime(2027, 3, 1, tzinfo=UTC))
    found = [check for check in look_over(str(home), clock, lambda: "leading") if check.name == "calendar"]
    assert [(c.status, c.fix is not None) for c in found] == [(Status.WARN, True), (Status.WARN, True)]
    assert "暂定" in str(found[0])
    clock = VirtualClock(datetime(2025, 12, 31, 17, tzinfo=UTC))
    # In Shanghai it is 2026 already.
    found = [check for check in look_over(str(home), clock, lambda: "leading") if check.name == "calendar"]
    assert [c.status for c in found] == [Status.OK, Status.WARN]


def test_a_calendar_that_cannot_be_read(home: Path) -> None:
    (home / "calendars" / "2027.yaml").write_text("year: x\n", encoding="utf-8")
    said = ssj("doctor", home=home)
    assert said.code == 1
    assert "fail\tcalendar" in said.out
    # The rest of the database is looked at all the same.
    assert "ok\tpeople" in said.out


def test_settings_that_are_wrong(home: Path) -> None:
    settings = home / "settings.yaml"
    settings.write_text(settings.read_text("utf-8") + "sweep_seconds: 0\n", encoding="utf-8")
    assert status(home, "settings") == ["fail"]
    settings.write_text("databaes: x\n", encoding="utf-8")
    assert "database" in checks(home)["home"][0]["message"]


def test_a_database_that_is_missing_damaged_or_older(home: Path) -> None:
    database = database_file(find_home(str(home)))
    kept = database.read_bytes()
    database.unlink()
    assert status(home, "database") == ["fail"]
    assert not database.exists()
    assert ssj("doctor", "--upgrade", home=home).code == 1
    assert not database.exists()
    database.write_bytes(b"x" * 5000)
    assert status(home, "database") == ["fail"]
    database.write_bytes(kept)
    connection = sqlite3.connect(database)
    connection.execute("UPDATE alembic_version SET version_num = '0000'")
    connection.commit()
    connection.close()
    (check,) = checks(home)["database"]
    assert (check["status"], "--upgrade" in check["fix"]) == ("fail", True)


def test_definitions_that_differ_from_what_is_published(home: Path) -> None:
    file = home / "workflows" / "library.yaml"
    text = file.read_text("utf-8")
    file.write_text(text + "\n# 一句说明\n", encoding="utf-8")
    (check,) = checks(home)["definitions"]
    assert check["status"] == "warn"
    assert "library" in check["message"]
    assert "ssj workflow publish" in check["fix"]
    file.write_text(text.replace("about: register", "about: register\ninitial: nowhere"), encoding="utf-8")
    (check,) = checks(home)["definitions"]
    assert check["status"] == "fail"
    file.unlink()
    assert status(home, "definitions") != ["ok"]


def test_nobody_in_the_register_of_people(bare: Path) -> None:
    (check,) = checks(bare)["people"]
    assert check["status"] == "warn"
    assert "--as system" in check["fix"]


def test_a_daemon_that_does_not_run_and_incidents(home: Path) -> None:
    now = SystemClock().now()
    store = open_deployment_store(find_home(str(home)))
    done("case", "start", "batch", "--title", "示例期", "--as", "leading", home=home)
    with store.write() as transaction:
        transaction.timers.put([Timer("batch-1", "old", now - timedelta(hours=3))])
    (check,) = checks(home)["daemon"]
    assert check["status"] == "warn"
    assert "ssj serve" in check["fix"]
    with store.write() as transaction:
        transaction.timers.set_aside(Timer("batch-1", "old", now - timedelta(hours=3)), "broken")
    store.close()
    assert status(home, "daemon") == ["ok"]
    assert status(home, "incidents") == ["warn"]
    assert ssj("doctor", home=home).code == 0


def test_a_clock_that_was_turned_back(home: Path) -> None:
    clock = VirtualClock(datetime(2020, 1, 1, tzinfo=UTC))
    (check,) = [check for check in look_over(str(home), clock, lambda: "leading") if check.name == "time"]
    assert check.status is Status.FAIL


@pytest.mark.parametrize(
    ("free", "expected"), [(50_000_000, Status.FAIL), (1_000_000_000, Status.WARN), (10**12, Status.OK)]
)
def test_disk_space(home: Path, monkeypatch: pytest.MonkeyPatch, free: int, expected: Status) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=free))
    (check,) = [
        check for check in look_over(str(home), SystemClock(), lambda: "leading") if check.name == "disk"
    ]
    assert check.status is expected


def test_libraries_are_held_against_what_the_program_asks_for(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = [
        "click>=99",
        "pyyaml<1",
        "absent-library>=1",
        "psycopg[binary]>=3; extra == 'postgres'",
        "jinja2",
    ]
    monkeypatch.setattr(importlib.metadata, "requires", lambda name: wanted)
    found = [str(check) for check in doctor._libraries()]
    assert [line.split("\t")[0] for line in found] == ["fail", "fail", "fail", "ok"]
    assert "click" in found[0]
    assert "jinja2" in found[3]


def test_versions_are_compared_as_numbers() -> None:
    assert doctor._within("3.11.3", ">=3.11,<4")
    assert not doctor._within("4.0", ">=3.11,<4")
    assert doctor._within("2.10.0", ">=2.9")
    assert not doctor._within("2.1", ">=2.1.1")


def test_a_line_says_what_to_do() -> None:
    from engine.language import say

    assert str(HealthCheck("x", Status.WARN, say("甲"), say("乙"))) == "warn\tx\t甲 → 乙"


def test_the_command_itself(home: Path, bare: Path, tmp_path: Path) -> None:
    said = called(doctor_command, home=home)
    assert said.code == 0
    assert "0 项 fail" in said.err
    listed = called(doctor_command, "--json", home=bare)
    assert listed.code == 0
    assert len(listed.json()) == int(listed.err.split(" ")[0])
    assert called(doctor_command, home=tmp_path / "nowhere").code == 1
