"""``ssj calendar``: the fixed contract of `due`, and `show`."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple

import pytest

from engine.cli.main import main
from engine.cli.system.calendar import calendar, group
from tests.hung_run import HUNG


class Result(NamedTuple):
    exit_code: int
    stdout: str
    stderr: str


def run(*arguments: str, home: Path | None = None) -> Result:
    """Run the command as the console script does, exit codes of the contract included."""
    named = ["--home", str(home)] if home else []
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as ended:
        main([*named, "calendar", *arguments])
    return Result(int(ended.value.code or 0), out.getvalue(), err.getvalue())


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SSJ_HOME", raising=False)
    monkeypatch.delenv("SSJ_LANG", raising=False)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "home" / "calendars").mkdir(parents=True)
    (tmp_path / "home" / "settings.yaml").write_text("", encoding="utf-8")
    return tmp_path / "home"


def test_the_group_is_found_by_both_names() -> None:
    assert calendar is group
    assert group.name == "calendar"


@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [
        ("2024-01-26", "20", "2024-02-28"),
        ("2024-10-08", "-1", "2024-09-30"),
        ("2024-10-03", "0", "2024-10-03"),
    ],
)
def test_due_prints_the_date_alone(start: str, count: str, expected: str) -> None:
    result = run("due", start, count)
    assert result == (0, f"{expected}\n", "")


def test_a_provisional_date_stands_alone_on_stdout() -> None:
    result = run("due", "2026-12-20", "20")
    assert (result.exit_code, result.stdout) == (0, "2027-01-15\n")
    assert result.stderr.startswith("暂定：")


def test_due_explains_below_the_date() -> None:
    lines = run("due", "2024-09-14", "20", "--explain").stdout.splitlines()
    assert lines[0] == "2024-10-18"
    assert lines[1] == "2024-09-15（星期日）中秋节假期，不计"
    assert lines[-1] == "2024-10-18（星期五）第 20 个工作日"
    assert len(lines) == 35


def test_due_as_json() -> None:
    body = json.loads(run("due", "2024-01-26", "2", "--explain", "--json").stdout)
    assert (body["date"], body["provisional"], body["working_days"]) == ("2024-01-30", False, 2)
    assert [day["number"] for day in body["days"]] == [None, None, 1, 2]
    assert "days" not in json.loads(run("due", "2024-01-26", "2", "--json").stdout)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["due", "2024-02-30", "1"], "2024-02-30"),
        (["due", "20240203", "1"], "不是日期"),
        (["due", "2024-02-03", "x"], "x"),
        (["due", "2024-02-03", "1", "--nonsense"], "nonsense"),
        (["due", "2024-02-03", "100000000"], "超出范围"),
        (["due", "2024-02-03", "100000", "--explain"], "最多 3000"),
    ],
)
def test_wrong_usage(arguments: list[str], said: str) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr


def test_a_deployment_is_counted_with_its_own_years(home: Path) -> None:
    (home / "calendars" / "2027.yaml").write_text(
        "year: 2027\nholidays: {元旦: 2027-01-01..2027-01-03}\n", encoding="utf-8"
    )
    result = run("due", "2026-12-20", "20", home=home)
    assert (result.stdout, result.stderr) == ("2027-01-18\n", "")


def test_a_bad_calendar_is_a_problem_not_a_traceback(home: Path) -> None:
    (home / "calendars" / "2027.yaml").write_text("year: 2027\nholidays: {x: y}\n", encoding="utf-8")
    result = run("due", "2026-12-20", "20", home=home)
    assert result.exit_code == 3
    assert "第 2 行" in result.stderr


def test_a_named_deployment_that_is_not_there(tmp_path: Path) -> None:
    result = run("due", "2026-12-20", "20", home=tmp_path / "absent")
    assert result.exit_code == 3
    assert "不是部署目录" in result.stderr


def test_show_lists_the_years() -> None:
    result = run("show")
    assert len(result.stdout.splitlines()) == 24
    assert "公布到 2026 年" in result.stdout
    body = json.loads(run("show", "--json").stdout)
    assert body["published_through"] == 2026
    assert [year["year"] for year in body["years"]] == list(range(2004, 2027))


def test_show_one_year(home: Path) -> None:
    (home / "calendars" / "local.yaml").write_text(
        "closures: {2024-03-05: 停电}\nopenings: {2024-03-09: 补班}\n", encoding="utf-8"
    )
    said = run("show", "2024", home=home).stdout
    for part in (
        "来源：",
        "春节  2024-02-10..2024-02-17",
        "调休上班  2024-02-04、",
        "2024-03-05  停电",
        "2024-03-09  补班",
    ):
        assert part in said
    assert "全年工作日 251 天" in said
    body = json.loads(run("show", "2024", "--json").stdout)
    assert body["working_days"] == 251
    assert {"date": "2024-09-14", "kind": "make-up", "name": "", "working": True} in body["days"]


def test_show_a_year_that_is_not_published() -> None:
    result = run("show", "2027")
    assert result.exit_code == 0
    assert "暂定" in result.stdout
    assert "2027" in result.stderr
    assert json.loads(run("show", "2027", "--json").stdout)["provisional"] is True


def test_the_command_imports_no_database() -> None:
    code = (
        "import sys, engine.cli.system.calendar as c\n"
        "assert 'engine.app' not in sys.modules and 'yaml' not in sys.modules\n"
        "from engine.calendars.load import load_calendar; load_calendar()\n"
        "assert not {'sqlalchemy', 'jinja2', 'chinese_calendar'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=HUNG)
