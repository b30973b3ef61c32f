"""The daemon signs a head a day; without its key, people are written to and the deployment is not ready."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest
from command_fixtures import done

from engine.app.audit.daily_check import BEGUN, BROKEN_OFF, NightlyFindings
from engine.app.audit.signed_heads.history import read_history
from engine.app.daemons.audit_alarm import dismiss_alarm
from engine.app.daemons.daily_retry import PAUSES, PutOffError
from engine.app.delivery.deliver import Retry
from engine.app.incidents.incident import AUDIT, incidents_in
from engine.app.people.directory import Directory
from engine.app.ports.store import ENVIRONMENT_ERRORS, ConflictError, UnavailableError
from engine.app.timers.fire_due import FiredTimers
from engine.deployment.clocks import VirtualClock
from engine.deployment.daemon_tasks import DeploymentTasks
from engine.deployment.home import find_home
from engine.deployment.jobs.worker_process import WorkerProcesses
from engine.language import say
from engine.lifecycle.case import Case
from engine.store.problem import StoreUnavailableError
from engine.store.sql import SqlStore


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


def test_files_that_are_not_as_published_are_in_the_log_of_the_night(
    home: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shutil.copytree(home, tmp_path / "bureau")
    clock = VirtualClock(datetime.now(UTC) + timedelta(hours=1))
    tasks = DeploymentTasks(find_home(str(tmp_path / "bureau")), Retry((1, 5), 15), clock)

    def noted() -> list[list[str]]:
        return [one.ssj_fields["files"] for one in caplog.records if one.message == "unpublished"]  # type: ignore[attr-defined] # extra fields

    try:
        tasks.nightly()
        assert noted() == []
        sheet = tmp_path / "bureau/forms/templates/check_sheet.html"
        sheet.write_text(sheet.read_text(encoding="utf-8") + "x", encoding="utf-8")
        clock.advance(timedelta(days=1))
        assert tasks.nightly() == {"audit": "ok", "head": "signed"}
        assert noted() == [["forms/templates/check_sheet.html"]]
        # A file that cannot be read is none that acts either.
        sheet.write_bytes(b"x" * 20_000_000)
        clock.advance(timedelta(days=1))
        assert tasks.nightly() == {"audit": "ok", "head": "signed"}
        assert [one.message for one in caplog.records if one.message.startswith("unpublished-")]
    finally:
        tasks.close()


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


@pytest.fixture
def tasks(home: Path, tmp_path: Path) -> Iterator[DeploymentTasks]:
    """Yield the tasks of a deployment of the test's own, an hour from now."""
    shutil.copytree(home, tmp_path / "bureau")
    clock = VirtualClock(datetime.now(UTC) + timedelta(hours=1))
    made = DeploymentTasks(find_home(str(tmp_path / "bureau")), Retry((1, 5), 15), clock)
    yield made
    made.close()


def failing(problem: BaseException) -> Callable[..., None]:
    def fail(*_: object, **__: object) -> None:
        raise problem

    return fail


def has_alarm(tasks: DeploymentTasks, words: str) -> bool:
    """Tell whether an incident says so, whoever deals with incidents was written to, and the deployment is not ready."""
    with tasks.application.store.read() as transaction:
        incidents = [one for one in incidents_in(transaction) if one.kind == AUDIT and words in one.error]
        urgent = [one for one in transaction.inbox.of("leading") if one.urgent and words in one.text]
    return bool(incidents and urgent) and not tasks.ready()["audit"]["ok"]


#: Whatever ends a check without a result, and where in the night.
PROBLEMS = [
    TypeError("unreadable"),
    OSError(28, "No space left on device"),
    MemoryError("all taken"),
    UnavailableError("locked"),
    StoreUnavailableError(say("数据库被占用")),
    ConflictError("office"),
    RecursionError("too deep"),
    AssertionError("never"),
]
PLACES = [
    "engine.app.audit.daily_check.check_tonight",
    "engine.app.draws.v2.lapsing.lapse_commitments",
    "engine.app.audit.seals.seal_of_today",
    "engine.app.audit.signed_heads.keeping.keep_head_of_today",
    "engine.app.registers.forgetting.forget",
]


@pytest.mark.parametrize(
    ("place", "problem"),
    [*((PLACES[0], one) for one in PROBLEMS), *((one, PROBLEMS[1]) for one in PLACES[1:])],
    ids=str,
)
def test_a_night_without_a_result_is_an_incident_whatever_ended_it(
    place: str, problem: Exception, tasks: DeploymentTasks, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_place = isinstance(problem, (*ENVIRONMENT_ERRORS, ConflictError))

    def night() -> None:
        for pause in PAUSES if of_place else ():
            with pytest.raises(PutOffError, match=type(problem).__name__) as put_off:
                tasks.nightly()
            assert put_off.value.after == pause
            assert tasks.ready()["audit"]["ok"]
        with pytest.raises(type(problem)):
            tasks.nightly()

    with monkeypatch.context() as patched:
        patched.setattr(place, failing(problem))
        night()
        assert has_alarm(tasks, type(problem).__name__)
        with tasks.application.store.write() as transaction:
            dismiss_alarm(transaction)
        # Another night is another finding, though the reason is the same.
        cast(VirtualClock, tasks.clock).advance(timedelta(days=1))
        night()
        assert has_alarm(tasks, type(problem).__name__)
    with tasks.application.store.write() as transaction:
        dismiss_alarm(transaction)
    assert tasks.nightly() == {"audit": "ok", "head": "signed"}
    assert tasks.ready()["audit"]["ok"]
    with tasks.application.store.read() as transaction:
        assert transaction.settings.get(BEGUN) is None


def test_a_check_the_place_kept_from_its_end_is_tried_again_and_nobody_is_told(
    tasks: DeploymentTasks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More tries than processes may die in a check: a try that was put off is no process that died."""
    assert len(PAUSES) > BROKEN_OFF
    with monkeypatch.context() as patched:
        patched.setattr(PLACES[0], failing(StoreUnavailableError(say("数据库被占用"))))
        for _ in PAUSES:
            with pytest.raises(PutOffError):
                tasks.nightly()
    assert tasks.nightly() == {"audit": "ok", "head": "signed"}
    assert tasks.ready()["audit"]["ok"]
    with tasks.application.store.read() as transaction:
        assert transaction.settings.get(BEGUN) is None
        assert [one for one in incidents_in(transaction) if one.kind == AUDIT] == []


def test_a_worker_that_cannot_be_begun_keeps_no_timer_waiting(
    tasks: DeploymentTasks, monkeypatch: pytest.MonkeyPatch
) -> None:
    fired = tasks.sweep()
    with monkeypatch.context() as patched:
        patched.setattr(WorkerProcesses, "look", failing(OSError(11, "Resource temporarily unavailable")))
        assert tasks.sweep() == replace(fired, fired=0, set_aside=0)


def test_a_night_says_how_many_findings_are_dismissed_until_they_are_gone(
    tasks: DeploymentTasks, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = cast(VirtualClock, tasks.clock)
    with monkeypatch.context() as patched:
        found = NightlyFindings(("某行不符",), whole=True)
        patched.setattr("engine.app.audit.daily_check.check_tonight", lambda *_, **__: found)
        with pytest.raises(Exception, match="某行不符"):
            tasks.nightly()
        with tasks.application.store.write() as transaction:
            dismiss_alarm(transaction)
        for _ in range(2):
            clock.advance(timedelta(days=1))
            assert tasks.nightly() == {"audit": "dismissed: 1 findings", "head": "signed"}
            assert tasks.ready()["audit"] == {"ok": True, "findings": 0, "dismissed": 1}
        # Not everything is read this night: it is not said that the row is right again.
        patched.setattr(
            "engine.app.audit.daily_check.check_tonight", lambda *_, **__: NightlyFindings((), whole=False)
        )
        clock.advance(timedelta(days=1))
        # A head that is not sent is another alarm, which takes nothing from the one before.
        assert tasks.nightly() == {"audit": "dismissed: 1 findings", "head": "signed"}
        patched.setattr(
            "engine.app.audit.daily_check.check_tonight", lambda *_, **__: NightlyFindings((), whole=True)
        )
        clock.advance(timedelta(days=1))
        assert tasks.nightly() == {"audit": "ok", "head": "signed"}
    assert tasks.ready()["audit"]["dismissed"] == 0


def test_an_alarm_that_cannot_be_stored_is_raised_at_the_next_sweep(
    tasks: DeploymentTasks, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("engine.app.audit.daily_check.check_tonight", failing(UnavailableError("away")))
        patched.setattr("engine.deployment.daemon_tasks.raise_alarm", failing(UnavailableError("away")))
        for _ in PAUSES:
            with pytest.raises(PutOffError):
                tasks.nightly()
        with pytest.raises(UnavailableError):
            tasks.nightly()
        assert not tasks.ready()["audit"]["ok"]
        tasks.sweep()
    assert not tasks.ready()["audit"]["ok"]
    tasks.sweep()
    assert has_alarm(tasks, "away")
    assert tasks.ready()["audit"]["findings"] == 1


def test_a_process_that_ends_twice_in_its_check_is_an_incident(
    tasks: DeploymentTasks, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("engine.app.audit.daily_check.check_tonight", failing(KeyboardInterrupt()))
        for _ in range(BROKEN_OFF):
            assert tasks.ready()["audit"]["ok"]
            with pytest.raises(KeyboardInterrupt):
                tasks.nightly()
    assert tasks.nightly() == {"audit": "ok", "head": "signed"}
    assert has_alarm(tasks, "没有结果")


def test_nobody_keeps_an_alarm_from_being_raised(tasks: DeploymentTasks) -> None:
    store = tasks.application.store
    assert isinstance(store, SqlStore)
    for body in ("[1]", "{", "3"):
        with store.engine.begin() as connection:
            connection.exec_driver_sql("DELETE FROM setting WHERE name = ?", ("audit/findings",))
            connection.exec_driver_sql("INSERT INTO setting VALUES (?, ?)", ("audit/findings", body))
        with suppress(Exception):
            tasks.nightly()
        with suppress(Exception):
            tasks.nightly()
        assert not tasks.ready()["audit"]["ok"], body
