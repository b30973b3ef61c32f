"""``ssj calendar due | show``: working days counted, explained, and the years there are."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_fixtures import called

from engine.cli.system.calendar import calendar, group

NEW = "year: 2100\ntitle: 示例\nsource: 示例\nholidays: {元旦: 2100-01-01}\n"


def test_it_has_one_name() -> None:
    assert calendar is group
    assert set(group.commands) == {"due", "show", "import"}


@pytest.mark.parametrize(
    ("start", "count", "day"),
    [
        ("2024-09-13", "1", "2024-09-14"),  # a Saturday that was worked
        ("2024-09-14", "1", "2024-09-18"),  # over the Mid-Autumn days
        ("2024-09-18", "-1", "2024-09-14"),
        ("2024-09-18", "0", "2024-09-18"),
    ],
)
def test_working_days_are_counted(start: str, count: str, day: str) -> None:
    said = called(group, "due", start, count)
    assert (said.code, said.out, said.err) == (0, f"{day}\n", "")


def test_a_count_is_explained_day_by_day() -> None:
    lines = called(group, "due", "2024-09-14", "1", "--explain").out.splitlines()
    assert (lines[0], len(lines)) == ("2024-09-18", 5)
    found = called(group, "due", "2024-09-14", "1", "--explain", "--json").json()
    assert [(day["date"], day["counts"]) for day in found["days"]] == [
        ("2024-09-15", False),
        ("2024-09-16", False),
        ("2024-09-17", False),
        ("2024-09-18", True),
    ]
    assert (found["date"], found["provisional"]) == ("2024-09-18", False)
    assert "days" not in called(group, "due", "2024-09-14", "1", "--json").json()


def test_a_year_not_published_is_provisional() -> None:
    said = called(group, "due", "2099-12-30", "1")
    assert (said.code, "暂定" in said.err) == (0, True)
    shown = called(group, "show", "2099")
    assert "2099 年的放假安排尚未导入" in shown.err


@pytest.mark.parametrize(
    "words", [("2024-9-14", "1"), ("20240914", "1"), ("2024-09-14", "x"), ("2024-09-14", "99999999")]
)
def test_wrong_usage(words: tuple[str, str]) -> None:
    assert called(group, "due", *words).code == 2


def test_so_many_days_are_not_explained() -> None:
    said = called(group, "due", "2024-09-14", "3001", "--explain")
    assert (said.code, said.err) == (2, "逐日说明最多 3000 个工作日\n")


def test_the_years_of_a_deployment_count(home: Path, tmp_path: Path) -> None:
    years = called(group, "show", "--json").json()
    assert "2024" in called(group, "show").out
    (home / "calendars").mkdir(exist_ok=True)
    (home / "calendars" / "2100.yaml").write_text(NEW, encoding="utf-8")
    assert called(group, "show", "--json", home=home).json() != years
    # Copied there and not taken up: it counts, and whoever asks reads that nobody agreed to it.
    assert "calendars/2100.yaml" in called(group, "show", "2100", home=home).err
    assert (
        called(group, "show", "2100", "--json", home=home).json()
        != called(group, "show", "2100", "--json").json()
    )
    assert called(group, "show", home=tmp_path / "nowhere").code == 3
