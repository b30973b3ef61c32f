"""The daemon signs a head a day; without its key, people are written to and the deployment is not ready."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from command_fixtures import done

from engine.app.audit.signed_heads.history import read_history
from engine.app.delivery.deliver import Retry
from engine.app.people.directory import Directory
from engine.app.timers.fire_due import FiredTimers
from engine.deployment.clocks import VirtualClock
from engine.deployment.daemon_tasks import DeploymentTasks
from engine.deployment.home import find_home
from engine.lifecycle.case import Case


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("heads") / "bureau"
    done("init", made, "--sample")
    with (made / "settings.yaml").open("a", encoding="utf-8") as settings:
        settings.write("heads: {send: {files: ''}}\n")
    text = (made / "settings.yaml").read_text("utf-8")
    (made / "settings.yaml").write_text(
        text.replace("FULL", "NORMAL").replace("channels:", "channels:\n  files: {path: outgoing}", 1),
        "utf-8",
    )
    return made


def test_a_head_a_day(home: Path, tmp_path: Path) -> None:
    shutil.copytree(home, tmp_path / "bureau")
    clock = VirtualClock(datetime.now(UTC) + timedelta(hours=1))
    tasks = DeploymentTasks(find_home(str(tmp_path / "bureau")), Retry((1, 5), 15), clock)
    try:
        assert tasks.nightly() == {"audit": "ok", "head": "signed"}
        clock.advance(timedelta(days=1))
        assert tasks.nightly() == {"audit": "ok", "head": "signed"}
        with tasks.application.store.read() as transaction:
            history = read_history(transaction)
        assert [one.number for one in history.heads] == [1, 2]
        tasks.deliver()
        sent = (tmp_path / "bureau/outgoing").glob("*.json")
        assert any(history.heads[1].root in file.read_text("utf-8") for file in sent)
        assert tasks.ready()["audit"]["ok"]
        tasks.halt()
        clock.advance(timedelta(days=1))
        # Nothing more is begun: neither the audit nor a sweep, and no day is sealed.
        assert tasks.nightly() == {"audit": "stopped"}
        assert tasks.sweep() == FiredTimers(0, 0, None)
        with tasks.application.store.read() as transaction:
            assert len(read_history(transaction).heads) == 2
    finally:
        tasks.close()
    tasks = DeploymentTasks(find_home(str(tmp_path / "bureau")), Retry((1, 5), 15), clock)
    try:
        (tmp_path / "bureau/secrets/head.key").unlink()
        clock.advance(timedelta(days=1))
        assert "没有签名" in str(tasks.nightly())
        assert not tasks.ready()["audit"]["ok"]
        with tasks.application.store.read() as transaction:
            assert read_history(transaction).heads[2].signature is None
            assert any(one.about == "audit" for one in transaction.inbox.of("leading"))
    finally:
        tasks.close()


def test_files_whose_time_is_near_are_announced_once_to_who_keeps_them(home: Path, tmp_path: Path) -> None:
    shutil.copytree(home, tmp_path / "bureau")
    clock = VirtualClock(datetime.now(UTC) + timedelta(hours=1))
    tasks = DeploymentTasks(find_home(str(tmp_path / "bureau")), Retry((1, 5), 15), clock)
    try:
        store = tasks.application.store
        at = clock.now()
        case = Case(
            id="inspection-1", workflow="inspection", version=1, state="archived", rev=1, head="0" * 64,
            title="示例检查", section="labour_inspection", opened_at=at, entered_at=at, closed_at=at,
        )  # fmt: skip
        with store.write() as transaction:
            transaction.cases.add([case])
        tasks._announce_ends()
        clock.advance(timedelta(days=10 * 365 - 60))
        for _ in range(2):
            tasks._announce_ends()
        with store.read() as transaction:
            keeper = Directory(transaction).holders("archivist", None)[0]
            found = [one for one in transaction.inbox.of(keeper) if one.about == "retention"]
            others = Directory(transaction).holders("publisher", None)
            assert not [one for one in transaction.inbox.of(others[0]) if one.about == "retention"]
        assert [(one.case, "示例检查" in one.text, one.urgent) for one in found] == [
            ("inspection-1", True, False)
        ]
    finally:
        tasks.close()


def test_a_nightly_check_that_fails_is_a_finding(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise TypeError("unreadable")

    shutil.copytree(home, tmp_path / "bureau")
    clock = VirtualClock(datetime.now(UTC) + timedelta(hours=1))
    tasks = DeploymentTasks(find_home(str(tmp_path / "bureau")), Retry((1, 5), 15), clock)
    try:
        monkeypatch.setattr("engine.app.audit.daily_check.check_tonight", fail)
        with pytest.raises(TypeError):
            tasks.nightly()
        assert not tasks.ready()["audit"]["ok"]
        with tasks.application.store.read() as transaction:
            assert any("unreadable" in one.text for one in transaction.inbox.of("leading"))
    finally:
        tasks.close()
