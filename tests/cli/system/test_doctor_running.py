"""``ssj doctor`` on a house that runs: queue, daemons and their clocks, seals, privacy, sign-in."""

from __future__ import annotations

import stat
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from command_fixtures import done, put_sign_in_mode, ssj

from engine import __version__
from engine.app.daemons.heartbeats import deregister, record
from engine.app.ports.jobs import JobRecord, JobState
from engine.app.ports.records import OutboxItem
from engine.deployment.clocks import SystemClock
from engine.deployment.home import find_home
from engine.deployment.open import open_deployment_store

NOW = SystemClock().now()


def checks(home: Path) -> dict[str, dict[str, Any]]:
    return {check["check"]: check for check in ssj("doctor", "--json", home=home).json()}


def test_seals(home: Path) -> None:
    assert checks(home)["seal"]["status"] == "warn"
    done("audit", "seal", "--as", "leading", home=home)
    assert checks(home)["seal"]["status"] == "ok"


def test_daemons_whose_clocks_or_versions_differ(home: Path) -> None:
    found = checks(home)
    assert found["drift"]["status"] == "ok"
    assert "versions" not in found
    store = open_deployment_store(find_home(str(home)))
    now = SystemClock().now()
    record(store, "one", __version__, now)
    assert checks(home)["versions"]["status"] == "ok"
    record(store, "two", "0.0.1", now)
    found = checks(home)
    assert found["versions"]["status"] == "warn"
    assert "0.0.1" in found["versions"]["message"]
    record(store, "two", __version__, now + timedelta(minutes=10))
    store.close()
    found = checks(home)
    assert found["drift"]["status"] == "fail"
    assert "two" in found["drift"]["message"]
    assert "NTP" in found["drift"]["fix"]


def test_places_nobody_can_write_into(home: Path) -> None:
    assert "places" not in checks(home)
    for name in ("logs", "public"):
        place = home / name
        aside = place.rename(home / f"{name}.aside") if place.exists() else None
        place.touch()
        found = checks(home)["places"]
        assert (found["status"], str(place) in found["message"]) == ("fail", True)
        place.unlink()
        if aside:
            aside.rename(place)
    assert "places" not in checks(home)


def test_a_queue_that_does_not_move(home: Path) -> None:
    assert checks(home)["queue"]["status"] == "ok"
    store = open_deployment_store(find_home(str(home)))
    with store.write() as transaction:
        transaction.outbox.put(
            [
                OutboxItem(
                    id=f"m-{n}", kind="message", channel="log", recipient="leading", case=None,
                    payload={}, created_at=NOW,
                )
                for n in range(1001)
            ]
        )  # fmt: skip
    store.close()
    assert checks(home)["queue"]["status"] == "warn"


def test_files_others_can_read(home: Path) -> None:
    # `init` keeps the folder of the database to its owner.
    assert stat.S_IMODE((home / "data").stat().st_mode) == 0o700
    assert checks(home)["privacy"]["status"] == "ok"
    (home / "data").chmod(0o755)
    (home / "data/ssj.db").chmod(0o644)
    found = checks(home)["privacy"]
    assert (found["status"], "ssj.db" in found["message"]) == ("warn", True)
    (home / "data/ssj.db").chmod(0o640)
    assert checks(home)["privacy"]["status"] == "ok"


def test_sign_in_nobody_can_pass(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert checks(home)["sign-in"]["status"] == "ok"
    token = ("user", "token", "create", "leading", "--as", "leading")
    put_sign_in_mode(home)
    assert checks(home)["sign-in"]["status"] == "fail"
    put_sign_in_mode(home, "trust")
    monkeypatch.setenv("SSJ_TOKEN", done(*token, home=home).out.split()[-1])
    put_sign_in_mode(home)
    assert checks(home)["sign-in"]["status"] == "ok"


def test_parts_that_are_not_installed_are_no_fault(home: Path) -> None:
    found = checks(home)
    assert found["extras"]["status"] == "ok"
    assert found["fonts"]["status"] in ("ok", "warn")


def test_which_of_several_daemons_leads_and_how_far_their_clocks_are_apart(home: Path) -> None:
    store = open_deployment_store(find_home(str(home)))
    now = SystemClock().now()
    record(store, "one", __version__, now, ahead=timedelta(seconds=-20))
    assert "leader" not in checks(home)
    record(store, "two", __version__, now, ahead=timedelta(seconds=5))
    found = checks(home)
    assert (found["leader"]["status"], found["drift"]["status"]) == ("warn", "ok")
    record(store, "two", __version__, now, ahead=timedelta(seconds=25), leads=True)
    found = checks(home)
    assert found["leader"]["status"] == "ok"
    assert "two" in found["leader"]["message"]
    assert found["drift"]["status"] == "fail"
    assert "two 的时钟比 one 快 45 秒" in found["drift"]["message"]
    deregister(store, "one")
    found = checks(home)
    assert "leader" not in found
    assert found["drift"]["status"] == "ok"
    store.close()


def test_jobs_that_wait_because_the_machine_lacks_something(home: Path) -> None:
    assert "jobs" not in checks(home)
    store = open_deployment_store(find_home(str(home)))
    job = JobRecord(
        id="job-1", number=1, kind="archive", words={}, pieces=("a", "b"), state=JobState.RUNNING,
        made_by="leading", made_at=NOW, done=1, failed={"b": "No space left on device"},
    )  # fmt: skip
    with store.write() as transaction:
        transaction.jobs.add(job)
    found = checks(home)["jobs"]
    assert (found["status"], "job-1" in found["message"], "No space" in found["message"]) == (
        "warn",
        True,
        True,
    )
    # What has failed for good is the piece's own, and no matter of the machine.
    with store.write() as transaction:
        transaction.jobs.set(replace(job, state=JobState.FAILED, done=2), job)
    store.close()
    assert "jobs" not in checks(home)
