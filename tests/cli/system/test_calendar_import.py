"""``ssj calendar import``: shown first, then in force for everything that runs, and in the history."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from command_fixtures import called, done, ssj, state_of

from engine.app.delivery.deliver import Retry
from engine.app.execution.calendar_change import with_year
from engine.calendars.import_file import read_calendar_year
from engine.cli.system.calendar_import import import_year
from engine.deployment.clocks import SystemClock
from engine.deployment.daemon_tasks import DeploymentTasks
from engine.deployment.home import find_home
from engine.deployment.open import open_application, open_deployment_store

NOW = datetime(2026, 12, 28, 2, 0, tzinfo=UTC)
#: Holidays a notice has besides, here at weekends, where they move nothing.
OTHERS = "春节: 2027-02-06, 清明节: 2027-04-03, 劳动节: 2027-05-01, 端午节: 2027-06-12, 中秋节: 2027-09-18, 国庆节: 2027-10-02"
#: The deadline of 20 April moves to the Friday before, because two days before it are off.
YEAR = f"""year: 2027
title: 2027年节假日安排
source: 示例通知
holidays: {{元旦: 2027-01-01..2027-01-05, 示例节: 2027-04-19..2027-04-20, {OTHERS}}}
workdays: [2027-01-09]
"""
PLAIN = f"year: 2027\nholidays: {{元旦: 2027-01-01, {OTHERS}}}\n"
CASE = "library-1"


@pytest.fixture
def running(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A deployment at the end of 2026 with a case whose clock reaches into 2027."""
    monkeypatch.setattr(SystemClock, "now", lambda self: NOW)
    form = tmp_path / "start.yaml"
    form.write_text("kind: objects\nyear: 2027\n", encoding="utf-8")
    words = ("--title", "对象库", "--as", "chief-market", "--form", form)
    done("case", "start", "library", *words, home=home)
    return home


def year(tmp_path: Path, text: str = YEAR) -> Path:
    file = tmp_path / "new.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def clocks(home: Path) -> dict[str, tuple[str, bool]]:
    store = open_deployment_store(find_home(str(home)))
    try:
        with store.read() as transaction:
            case = transaction.cases.get(CASE)
            assert case is not None
            return {name: (c.due_on.isoformat(), c.provisional) for name, c in case.clocks.items()}
    finally:
        store.close()


def test_what_moves_is_shown_before_anything_is_written(running: Path, tmp_path: Path) -> None:
    before, files = clocks(running), state_of(running)
    assert before == {"library_due": ("2027-04-20", True)}
    dry = done("calendar", "import", year(tmp_path), "--dry-run", "--json", "--as", "leading", home=running)
    moves = dry.json()["moves"]
    assert [(m["clock"], m["before"], m["after"], m["provisional"]) for m in moves] == [
        ("library_due", "2027-04-20", "2027-04-16", False)
    ]
    assert "新增 2027 年" in dry.err
    assert "由暂定改为确定" in dry.err
    said = ssj("calendar", "import", year(tmp_path), "--as", "leading", home=running)
    assert said.code == 2
    assert "--yes" in said.err
    assert state_of(running) == files
    done("calendar", "import", year(tmp_path), "--as", "leading", "--yes", home=running)
    assert clocks(running) == {"library_due": ("2027-04-16", False)}


def test_it_is_in_force_and_in_the_history(running: Path, tmp_path: Path) -> None:
    assert done("calendar", "due", "2026-12-31", "1", home=running).out == "2027-01-01\n"
    said = done("calendar", "import", year(tmp_path), "--as", "leading", "--yes", home=running)
    assert "2027.yaml" in said.err
    assert done("calendar", "due", "2026-12-31", "1", home=running).out == "2027-01-06\n"
    store = open_deployment_store(find_home(str(running)))
    try:
        with store.read() as transaction:
            (event,) = transaction.events.of("calendar")
            kinds = [e.kind for e in transaction.events.of(CASE)]
    finally:
        store.close()
    assert (event.actor, event.body["year"], event.body["source"]) == ("leading", 2027, "示例通知")
    assert (event.body["moved"], event.body["overdue"]) == (1, 0)
    assert "recomputed" in kinds
    assert done("audit", "verify", home=running).code == 0


def test_deadlines_that_are_missed_at_once_are_told(
    running: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done("calendar", "import", year(tmp_path, PLAIN), "--yes", "--as", "leading", home=running)
    assert clocks(running) == {"library_due": ("2027-04-20", False)}
    monkeypatch.setattr(SystemClock, "now", lambda self: datetime(2027, 4, 18, 1, 0, tzinfo=UTC))
    said = done("calendar", "import", year(tmp_path), "--dry-run", "--as", "leading", home=running)
    assert "其中 1 项改后即已逾期" in said.err
    assert "2027-04-16【逾期】" in said.out
    assert "2027-04-20：原为工作日，改为放假（示例节）" in said.err


def test_broken_off_before_the_deadlines_it_can_be_done_again(running: Path, tmp_path: Path) -> None:
    file = year(tmp_path)
    (running / "calendars" / "from-notice.yml").write_text(YEAR, encoding="utf-8")
    before = clocks(running)
    said = done("calendar", "import", file, "--yes", "--as", "leading", home=running)
    assert "与现有的相同" in said.err
    assert clocks(running) != before
    assert [path.name for path in (running / "calendars").iterdir()] == ["from-notice.yml"]
    again = done("calendar", "import", file, "--yes", "--as", "leading", home=running)
    assert "没有正在计时的时限因此变动" in again.err


def test_an_unknown_person_and_a_wrong_file_change_nothing(running: Path, tmp_path: Path) -> None:
    before = state_of(running)
    assert ssj("calendar", "import", year(tmp_path), "--as", "absent", "--yes", home=running).code == 1
    said = ssj(
        "calendar",
        "import",
        year(tmp_path, "year: 2027\nholidays: {x: y}\n"),
        "--yes",
        "--as",
        "leading",
        home=running,
    )
    assert said.code == 1
    assert "第 2 行" in said.err
    assert state_of(running) == before


def test_a_year_is_for_a_deployment(tmp_path: Path) -> None:
    assert ssj("calendar", "import", year(tmp_path), "--as", "leading", "--yes").code == 3


def test_a_calendar_that_cannot_be_read_is_the_environments_problem(running: Path, tmp_path: Path) -> None:
    (running / "calendars" / "2028.yaml").write_text("year: 2028\nholidays: {x: y}\n", encoding="utf-8")
    for words in (["task", "list"], ["calendar", "due", "2024-01-01", "1"], ["report", "kpi"]):
        said = ssj(*words, home=running)
        if words[0] == "task":
            assert said.code == 0
            continue
        assert said.code == 3
        assert "2028.yaml 第 2 行" in said.err


def test_json_and_csv_of_others_are_taken(running: Path, tmp_path: Path) -> None:
    others = [one.split(": ") for one in OTHERS.split(", ")]
    named = [["元旦", "2027-01-01"], *others]
    days = [{"name": name, "date": day, "isOffDay": True} for name, day in named]
    file = tmp_path / "2027.json"
    file.write_text(json.dumps({"year": 2027, "papers": [], "days": days}), encoding="utf-8")
    done("calendar", "import", file, "--yes", "--as", "leading", home=running)
    assert "元旦" in (running / "calendars" / "2027.yaml").read_text("utf-8")
    table = tmp_path / "2027.csv"
    rows = ["日期,名称,类型", "2027/1/1,元旦,放假", "2027/1/4,元旦,放假"]
    rows += [f"{day.replace('-', '/')},{name},放假" for name, day in others]
    table.write_bytes("\n".join(rows).encode("gbk"))
    said = done("calendar", "import", table, "--yes", "--as", "leading", home=running)
    assert "2027-01-04：原为工作日，改为放假（元旦）" in said.err


def test_the_plan_counts_with_ladders_of_its_own(running: Path, tmp_path: Path) -> None:
    application = open_application(find_home(str(running)))
    try:
        data, _ = read_calendar_year("2027.yaml", YEAR.encode())
        assert data is not None
        time = with_year(application.definitions.time, data)
        assert time._schedules is not application.definitions.time._schedules
        assert time.notify_at == application.definitions.time.notify_at
    finally:
        application.store.close()


def test_a_running_daemon_takes_up_a_year_at_its_next_sweep(running: Path) -> None:
    works = DeploymentTasks(find_home(str(running)), Retry((1, 1), 15))
    try:
        works.sweep()
        assert clocks(running) == {"library_due": ("2027-04-20", True)}
        folder = running / "calendars"
        folder.mkdir(exist_ok=True)
        (folder / "2027.yaml").write_text("year: twenty", encoding="utf-8")
        works.sweep()
        assert clocks(running) == {"library_due": ("2027-04-20", True)}
        (folder / "2027.yaml").write_text(YEAR, encoding="utf-8")
        works.sweep()
        assert clocks(running) == {"library_due": ("2027-04-16", False)}
    finally:
        works.close()


def test_the_command_itself(running: Path, tmp_path: Path) -> None:
    words = (year(tmp_path), "--as", "leading")
    dry = called(import_year, *words, "--dry-run", home=running)
    assert (dry.code, dry.out.split("\t")[:4]) == (
        0,
        ["library-1", "library_due", "2027-04-20", "2027-04-16"],
    )
    assert called(import_year, *words, home=running).code == 2
    assert called(import_year, *words, "--yes", home=running).code == 0
    assert clocks(running) == {"library_due": ("2027-04-16", False)}
    refused = called(import_year, year(tmp_path, "year: x\n"), "--as", "leading", "--yes", home=running)
    assert (refused.code, "没有导入。" in refused.err) == (1, True)


def test_a_year_copied_into_the_folder_is_named_until_it_is_taken_up(running: Path, tmp_path: Path) -> None:
    done("audit", "verify", "--as", "leading", home=running)
    (running / "calendars").mkdir(exist_ok=True)
    (running / "calendars" / "2027.yaml").write_text(YEAR, encoding="utf-8")
    said = ssj("audit", "verify", "--as", "leading", home=running)
    assert (said.code, said.out.count("calendars/2027.yaml")) == (1, 1)
    assert "calendars/2027.yaml" in ssj("doctor", "--as", "leading", home=running).out
    assert "calendars/2027.yaml" in ssj("calendar", "due", "2027-04-14", "3", home=running).err
    tasks = DeploymentTasks(find_home(str(running)), Retry((1, 5), 15))
    try:
        with pytest.raises(RuntimeError, match=r"calendars/2027\.yaml"):
            tasks.nightly()
        done("calendar", "import", year(tmp_path), "--yes", "--as", "leading", home=running)
        assert tasks.nightly() == {"audit": "ok", "head": "signed"}
    finally:
        tasks.close()
    done("audit", "verify", "--as", "leading", home=running)
    # Closures of one's own are written by hand: named to whoever looks, and at night until somebody has dismissed it.
    (running / "calendars" / "local.yaml").write_text("停办: {2027-04-14: 停电检修}\n", encoding="utf-8")
    done("audit", "verify", "--as", "leading", home=running)
    assert "calendars/local.yaml" in ssj("doctor", "--as", "leading", home=running).out
