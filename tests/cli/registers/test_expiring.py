"""``ssj register expiring``: what has run out, what soon will, and whose dates are not looked at."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from command_fixtures import called, done, ssj, state_of

from engine.cli.registers.expiring import expiring as expiring_command
from engine.register.expiry import expiring
from engine.register.profile import built_in, load_profile
from engine.register.sheet.checked_entries import CheckedEntry

KEEPER = ("--as", "registrar")
OBJECT = "91990102MAKN88CKX2"
TODAY = date(2026, 3, 2)


def inspector(entry_id: str, valid_to: str, **data: object) -> CheckedEntry:
    return CheckedEntry("inspectors", entry_id, entry_id, None, {"cert_valid_to": valid_to, **data})


def found(entries: list[CheckedEntry], days: int = 0) -> list[tuple[str, int]]:
    return [(one.id, one.days_left) for one in expiring(built_in("inspectors"), entries, TODAY, days)]


def test_the_last_day_still_holds_and_the_earliest_comes_first() -> None:
    entries = [
        inspector("b", "2026-03-02"),
        inspector("a", "2026-03-01"),
        inspector("c", "2026-04-01"),
        inspector("d", "2026-04-02"),
    ]
    assert found(entries) == [("a", -1), ("b", 0)]
    assert found(entries, 30) == [("a", -1), ("b", 0), ("c", 30)]


def test_who_has_left_and_what_has_no_date_is_not_listed() -> None:
    entries = [
        inspector("a", "2020-01-01", status="left"),
        CheckedEntry("inspectors", "b", "b", None, {}),
        inspector("c", "2020-01-01", status="active"),
    ]
    assert [entry_id for entry_id, _ in found(entries)] == ["c"]


def test_every_licence_of_an_object_is_looked_at() -> None:
    licences = [{"name": "甲", "valid_to": "2026-03-01"}, {"name": "乙", "valid_to": None}]
    entry = CheckedEntry("objects", OBJECT, "示例甲", None, {"licences": licences})
    (one,) = expiring(built_in("objects"), [entry], TODAY)
    assert (one.title, one.valid_to) == ("许可证有效期至", date(2026, 3, 1))


def test_a_column_that_is_no_date_cannot_expire(tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text(
        "register: objects\ncolumns:\n  seal: {title: 印章, type: text, expires: true}\n", encoding="utf-8"
    )
    profile, problems = load_profile(file)
    assert profile is None
    assert "列“seal”不是日期，不能写 expires" in str(problems[0])


@pytest.mark.parametrize(("more", "watched"), [("", True), (", expires: false", False)])
def test_a_column_of_the_bureau_stays_watched_unless_it_says_otherwise(
    tmp_path: Path, more: str, watched: bool
) -> None:
    file = tmp_path / "own.yaml"
    file.write_text(
        f"register: inspectors\ncolumns:\n  cert_valid_to: {{title: 证件到期日, type: date{more}}}\n",
        encoding="utf-8",
    )
    profile, problems = load_profile(file)
    assert profile is not None, problems
    found = expiring(profile, [inspector("a", "2026-03-01")], TODAY)
    assert [one.title for one in found] == (["证件到期日"] if watched else [])


def test_the_command_lists_and_changes_nothing(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "objects.csv"
    file.write_text(
        f"统一社会信用代码,企业名称,许可证名称,许可证有效期至\n{OBJECT},示例甲,办学许可证,2020-01-31\n",
        encoding="utf-8",
    )
    done("register", "import", "objects", file, *KEEPER, home=home)
    before = state_of(home)
    said = done("register", "expiring", "objects", home=home)
    assert f"{OBJECT}\t示例甲\t-\t许可证有效期至\t2020-01-31\t已过期 " in said.out
    (row,) = [
        r for r in done("register", "expiring", "objects", "--json", home=home).json() if r["id"] == OBJECT
    ]
    assert (row["valid_to"], row["days_left"] < 0) == ("2020-01-31", True)
    assert ssj("register", "expiring", "objects", "--days", "-1", home=home).code == 2
    assert state_of(home) == before


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("9.11E+17", "末几位已经丢失"),
        ("9199010２MAKN88CKX2", "第 8 位的“２”是全角字符，请改为半角“2”"),
        ("91990102МAKN88CKX2", "西里尔字母"),
        ("91990102MAKN88CKX3", "校验码不符"),
    ],
)
def test_a_bad_code_is_told_with_its_row_and_how_to_mend_it(
    home: Path, tmp_path: Path, code: str, sentence: str
) -> None:
    file = tmp_path / "objects.csv"
    file.write_text(f"统一社会信用代码,企业名称\n{code},示例甲\n", encoding="utf-8")
    before = state_of(home)
    said = ssj("register", "import", "objects", file, *KEEPER, home=home)
    assert said.code == 1
    assert "第 2 行“统一社会信用代码”" in said.err
    assert sentence in said.err
    assert state_of(home) == before


def test_an_item_in_force_needs_its_basis(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "items.csv"
    file.write_text("事项编码,事项名称,状态\nXX-01,示例事项,有效\n", encoding="utf-8")
    said = ssj("register", "import", "items", file, *KEEPER, home=home)
    assert said.code == 1
    assert "检查依据" in said.err
    file.write_text("事项编码,事项名称,状态\nXX-01,示例事项,草稿\n", encoding="utf-8")
    done("register", "import", "items", file, *KEEPER, home=home)


def test_the_command_itself(home: Path) -> None:
    rows = called(expiring_command, "inspectors", "--days", "3650", "--json", home=home).json()
    assert rows
    lines = called(expiring_command, "inspectors", "--days", "3650", home=home).out.splitlines()
    assert [line.split("\t")[0] for line in lines] == [row["id"] for row in rows]
    assert called(expiring_command, "nothing", home=home).code == 2
