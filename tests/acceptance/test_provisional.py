"""A deadline that reaches into a year nobody has published yet is 暂定, and moves when the year is imported."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from acceptance_fixtures import Bureau, check_rows, copy_of, open_bureau, to_the_visit, visit

from engine.calendars.load import national_years

CASE = "inspection-1"
#: The last year whose holidays are known, and the next one.
KNOWN = max(data.year for data in national_years())
NEXT = KNOWN + 1


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, datetime]:
    """A deployment in the last known year, in which a visit in December waits for its entry."""
    with pytest.MonkeyPatch.context() as patch:
        bureau = open_bureau(tmp_path_factory.mktemp("prepared"), patch, f"{KNOWN}-11-02")
        to_the_visit(bureau)
        bureau.until(f"{KNOWN}-12-11")
        team = bureau.team(CASE)
        told = "十二月十日电话告知改期"
        record = visit(bureau, team, check_rows(bureau.show(CASE)), day_changed=told)
        bureau.signed(CASE, "finish_visit", team, record)
    return bureau.home, bureau.clock.now()


@pytest.fixture
def bureau(prepared: tuple[Path, datetime], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bureau:
    return copy_of(*prepared, tmp_path, monkeypatch)


def next_year(folder: Path) -> Path:
    """Write a calendar of the next year, made up: four of its first working days are holidays."""
    days: list[date] = []
    day = date(NEXT, 1, 1)
    while len(days) < 4:
        if day.weekday() < 5:
            days.append(day)
        day += timedelta(days=1)
    rows = [f"  {day}: 元旦" for day in days]
    # The other holidays of the law, behind all that is looked at here.
    others = {"春节": 2, "清明节": 4, "劳动节": 5, "端午节": 6, "中秋节": 9, "国庆节": 10}
    rows += [f"  {date(NEXT, month, 20)}: {name}" for name, month in others.items()]
    text = "\n".join([f"year: {NEXT}", "title: 示例安排", "source: 示例通知（虚构）", "holidays:", *rows, ""])
    file = folder / f"{NEXT}.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_deadline_into_an_unpublished_year_is_provisional_until_the_year_comes(
    bureau: Bureau, tmp_path: Path
) -> None:
    (person, *_) = bureau.team(CASE)
    counted = bureau.ssj("calendar", "due", f"{KNOWN}-12-11", "20")
    before = counted.out.strip()
    assert "暂定" in counted.err
    duty = bureau.work_items(person)[CASE]
    assert (duty["due_on"], duty["provisional"], before[:4]) == (before, True, str(NEXT))
    assert f"{CASE}\t待录入结果\t{before}（暂定）\t" in bureau.done("task", "list", "--as", person)
    assert f"时限：录入并公示时限 {before}（暂定）" in bureau.done("task", "show", CASE)

    file = next_year(tmp_path)
    preview = json.loads(
        bureau.done("calendar", "import", str(file), "--as", "leading", "--dry-run", "--json")
    )
    assert bureau.work_items(person)[CASE]["due_on"] == before, "a preview changes nothing"
    done = json.loads(
        bureau.done("calendar", "import", str(file), "--as", "leading", "--as", "leading", "--yes", "--json")
    )
    assert done["moves"] == preview["moves"]

    counted = bureau.ssj("calendar", "due", f"{KNOWN}-12-11", "20")
    after = counted.out.strip()
    assert (after > before, counted.err) == (True, "")
    (move,) = [move for move in done["moves"] if move["case"] == CASE]
    assert (move["before"], move["after"], move["was_provisional"], move["provisional"]) == (
        before,
        after,
        True,
        False,
    )
    duty = bureau.work_items(person)[CASE]
    assert (duty["due_on"], duty["provisional"]) == (after, False)
    assert f"{CASE}\t待录入结果\t{after}\t" in bureau.done("task", "list", "--as", person)
    assert "暂定" not in bureau.done("task", "show", CASE)
    last = bureau.history(CASE)[-1]
    assert (last["kind"], last["actor"]) == ("recomputed", "leading")

    again = json.loads(bureau.done("calendar", "import", str(file), "--as", "leading", "--yes", "--json"))
    assert again["moves"] == []


def test_what_moved_is_due_on_its_new_day(bureau: Bureau, tmp_path: Path) -> None:
    (person, *_) = bureau.team(CASE)
    before = date.fromisoformat(bureau.work_items(person)[CASE]["due_on"])
    bureau.done("calendar", "import", str(next_year(tmp_path)), "--as", "leading", "--yes")
    after = date.fromisoformat(bureau.work_items(person)[CASE]["due_on"])
    bureau.until(before + timedelta(days=1))
    assert not bureau.work_items(person)[CASE]["late"]
    assert "overdue" not in [event["kind"] for event in bureau.history(CASE)]
    bureau.until(after, hour=23)
    assert not bureau.work_items(person)[CASE]["late"]
    bureau.until(after + timedelta(days=1), hour=0)
    assert bureau.work_items(person)[CASE]["late"]
    assert [event["kind"] for event in bureau.history(CASE)].count("overdue") == 1
