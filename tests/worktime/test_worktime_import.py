"""Calendar files: the shipped years, a deployment's own, and the three formats a new year comes in."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.calendars.import_file import describe_change, read_calendar_year, read_csv, read_json
from engine.calendars.load import NATIONAL, CalendarFileError, load_calendar, national_years
from engine.calendars.yaml_year import read_local, read_year, year_as_yaml
from engine.worktime.calendar import YearData

PAGE = """\
year: 2027
holidays: {元旦: 2026-12-31..2027-01-02, 春节: [2027-02-05..2027-02-11]}
workdays: [2027-02-20]
"""
EXPECTED_OFF = {
    date(2026, 12, 31): "元旦",
    date(2027, 1, 1): "元旦",
    date(2027, 1, 2): "元旦",
    **{date(2027, 2, day): "春节" for day in range(5, 12)},
}


def problems_of(text: str) -> list[str]:
    data, problems = read_year("2027.yaml", text.encode())
    assert data is None
    return [str(problem) for problem in problems]


def test_the_shipped_years_are_complete_and_say_where_they_come_from() -> None:
    years = national_years()
    assert [data.year for data in years] == list(range(2004, 2027))
    for data in years:
        assert "chinesecalendar" in data.source
        assert {day.year for day in (*data.holidays, *data.workdays)} <= {data.year, data.year - 1}
        assert (NATIONAL / f"{data.year}.yaml").is_file()
        assert len(data.holidays) >= 20


def test_a_december_day_stands_with_the_notice_that_moved_it() -> None:
    by_year = {data.year: data for data in national_years()}
    assert date(2018, 12, 31) in by_year[2019].holidays
    assert date(2018, 12, 29) in by_year[2019].workdays
    assert date(2011, 12, 31) in by_year[2012].workdays


def test_a_page_typed_from_the_notice() -> None:
    data, problems = read_year("2027.yaml", PAGE.encode())
    assert problems == ()
    assert data == YearData(
        2027, "2027年节假日安排", "2027.yaml", EXPECTED_OFF, frozenset({date(2027, 2, 20)})
    )


def test_the_same_page_in_chinese_keys_and_day_by_day() -> None:
    text = "年份: 2027\n名称: 二七年\n来源: 通知\n放假:\n  2027-01-01: 元旦\n  春节: 2027-02-05至2027-02-06\n上班: 2027-02-20\n"
    data, problems = read_year("a.yaml", text.encode())
    assert problems == ()
    assert data is not None
    assert (data.title, data.source, len(data.holidays)) == ("二七年", "通知", 3)
    assert data.workdays == {date(2027, 2, 20)}


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("year: 2027\nholidays:\n  2028-01-01: 元旦\n", "第 3 行", "2027 年的安排只能有 2027 年的日期"),
        ("year: 2027\nholidays:\n  2026-11-30: 元旦\n", "第 3 行", "上一年 12 月"),
        ("year: 2027\nholidays: {元旦: 2027-01-01}\nworkdays:\n  - 2027-02-22\n", "第 4 行", "本来就上班"),
        (
            "year: 2027\nholidays:\n  元旦: 2027-01-01\n  新年: 2027-01-01\n",
            "第 4 行",
            "写了两次（另见第 3 行）",
        ),
        ("year: 2027\nholidays:\n  2027-01-01: 元旦\n  2027-01-01: 元旦\n", "第 4 行", "写了两次"),
        ("year: 2027\nholidays:\n  元旦: 2027-01-02\nworkdays: [2027-01-02]\n", "第 4 行", "既放假又上班"),
        ("year: 2027\nholidays: {元旦: 2027-01-01}\nholiday: 1\n", "第 3 行", "没有这个键"),
        ("year: 2027\n年份: 2027\nholidays: {元旦: 2027-01-01}\n", "第 2 行", "中文键和英文键"),
        ("year: 2027\nholidays: {元旦: 2027-02-30}\n", "第 2 行", "应为一个日期或一段日期"),
        ("year: 2027\nholidays: {元旦: 2027-02-05..2027-02-01}\n", "第 2 行", "先早后晚"),
        ("year: 2027\nholidays: {元旦: 2027-1-1}\n", "第 2 行", "2027-02-05"),
        ("year: 2027\nholidays: {2027-01-01: }\n", "第 2 行", "什么假"),
        ("year: 2027\nholidays: 2027-01-01\n", "第 2 行", "“holidays”应为“键: 值”"),
        ("year: 2027\nholidays: {元旦: [[2027-01-01]]}\n", "第 2 行", "应为日期"),
        ("year: '2027'\nholidays: {元旦: 2027-01-01}\n", "第 1 行", "整数"),
        ("year: 9999\nholidays: {元旦: 9999-01-01}\n", "2027.yaml", "年份应为"),
        ("holidays: {元旦: 2027-01-01}\n", "2027.yaml", "没有写年份"),
        ("year: 2027\n", "2027.yaml", "至少有一天"),
        ("- 1\n", "2027.yaml", "应为“键: 值”"),
        ("", "2027.yaml", "应为“键: 值”"),
        ("year: [\n", "第 ", ""),
    ],
)
def test_what_is_wrong_is_named_with_its_place(text: str, place: str, said: str) -> None:
    (problem, *_) = problems_of(text)
    assert problem.startswith("2027.yaml")
    assert place in problem
    assert said in problem


def test_all_problems_come_at_once() -> None:
    text = "year: 2027\nbad: 1\nholidays:\n  2028-01-01: 元旦\n  元旦: x\nworkdays: [2027-02-22]\n"
    assert len(problems_of(text)) == 4


def test_a_year_written_and_read_again_is_the_same() -> None:
    for data in national_years():
        assert read_year("x.yaml", year_as_yaml(data).encode()) == (data, ())


@given(st.text(min_size=1, max_size=20).filter(str.strip))
def test_any_name_survives_writing(name: str) -> None:
    data = YearData(2027, "题", "源", {date(2027, 1, 1): name.strip()}, frozenset())
    again, problems = read_year("x.yaml", year_as_yaml(data).encode("utf-8", "surrogatepass"))
    assert (again == data) or problems


def test_json_of_holiday_cn() -> None:
    days = [{"name": name, "date": day.isoformat(), "isOffDay": True} for day, name in EXPECTED_OFF.items()]
    days.append({"name": "春节", "date": "2027-02-20", "isOffDay": False})
    content = json.dumps(
        {"$id": "x", "year": 2027, "papers": ["https://example.cn/1"], "days": days}
    ).encode()
    data, problems = read_calendar_year("2027.json", content)
    assert problems == ()
    assert data is not None
    assert (data.holidays, data.workdays) == (EXPECTED_OFF, {date(2027, 2, 20)})
    assert data.source == "https://example.cn/1"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{", "不是正确的 JSON"),
        (b"[" * 100_000, "嵌套超过 10 层"),
        (b"\xff\xfe", "UTF-8"),
        (b"[]", "holiday-cn"),
        (b'{"year": true, "days": []}', "应为一个整数"),
        (b'{"year": 2027, "days": []}', "至少有一天"),
        (b'{"year": 2027, "days": [{"name": "x", "date": "2027-01-01", "isOffDay": 1}]}', "第 1 项"),
        (b'{"year": 2027, "days": [{"name": "x", "date": "2029-01-01", "isOffDay": true}]}', "2027 年的安排"),
    ],
)
def test_bad_json_is_explained(content: bytes, said: str) -> None:
    data, problems = read_json("2027.json", content)
    assert data is None
    assert said in str(problems[0])


@pytest.mark.parametrize(
    "text",
    [
        "日期,名称,类型\n2026-12-31,元旦,放假\n2027/1/1,元旦,放假\n2027-02-20,春节,上班\n",
        "\ufeffdate;name;isOffDay\r\n2026-12-31;元旦;true\r\n2027-01-01;元旦;TRUE\r\n2027-02-20;;false\r\n\r\n",
        "类型\t日期\t名称\t备注\n休\t2026.12.31\t元旦\t\n休\t2027.1.1\t元旦\t\n班\t2027.2.20\t\t\n",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_csv(text: str, encoding: str) -> None:
    if encoding == "gb18030":
        text = text.removeprefix("\ufeff")
    data, problems = read_calendar_year("a.csv", text.encode(encoding))
    assert problems == ()
    assert data is not None
    assert data.year == 2027
    assert data.holidays == {date(2026, 12, 31): "元旦", date(2027, 1, 1): "元旦"}
    assert data.workdays == {date(2027, 2, 20)}


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("", "第 1 行", "三列"),
        ("日期,名称\n2027-01-01,元旦\n", "第 1 行", "三列"),
        ("日期,名称,类型\n", "a.csv", "至少有一行"),
        ("日期,名称,类型\n2027-01-01,元旦,也许\n", "第 2 行", "也许"),
        ("日期,名称,类型\n2027-01-01,,放假\n", "第 2 行", "名称"),
        ("日期,名称,类型\n2027-01-01,元旦,放假\n2025-01-01,元旦,放假\n", "第 3 行", "2027 年的安排"),
        ("日期,名称,类型\n2027-01-01,元旦,放假\n2027-13-01,元旦,放假\n", "第 3 行", "应为一个日期"),
    ],
)
def test_bad_csv_is_explained(text: str, place: str, said: str) -> None:
    data, problems = read_csv("a.csv", text.encode())
    assert data is None
    assert place in str(problems[0])
    assert said in str(problems[0])


def test_other_files_are_turned_away() -> None:
    assert "只能读取" in str(read_calendar_year("a.xlsx", b"x")[1][0])
    assert "不会超过" in str(read_calendar_year("a.json", b" " * 1_000_001)[1][0])


@given(st.binary(max_size=200), st.sampled_from(["a.json", "a.csv", "a.yaml"]))
def test_no_bytes_raise(content: bytes, file: str) -> None:
    data, problems = read_calendar_year(file, content)
    assert (data is None) == bool(problems)


def test_a_problem_is_plain_values_for_programs() -> None:
    _, problems = read_year("a.yaml", b"year: 2027\nholidays: {x: y}\n")
    (body,) = [problem.as_json() for problem in problems]
    assert body["file"] == "a.yaml"
    assert body["place"] == "第 2 行"
    assert body["seen"] == "y"
    assert body["expected"]
    assert body["fix"]


def test_a_change_is_described_day_by_day() -> None:
    new, _ = read_year("2027.yaml", PAGE.encode())
    assert new is not None
    assert str(describe_change(None, new)[0]) == "新增 2027 年：放假 10 天，调休上班 1 天"
    assert [str(m) for m in describe_change(new, new)] == ["2027 年的安排与现有的相同"]
    holidays = {day: name for day, name in new.holidays.items() if day != date(2027, 2, 11)}
    other = YearData(2027, "", "", {**holidays, date(2027, 1, 4): "元旦"}, frozenset({date(2027, 2, 21)}))
    assert [str(m) for m in describe_change(new, other)] == [
        "2027-01-04：原为工作日，改为放假（元旦）",
        "2027-02-11：原为放假（春节），改为工作日",
        "2027-02-20：原为调休上班，改为周末",
        "2027-02-21：原为周末，改为调休上班",
    ]


def test_a_deployment_adds_years_and_closures(tmp_path: Path) -> None:
    (tmp_path / "2027.yaml").write_text(PAGE, encoding="utf-8")
    (tmp_path / "notes.txt").write_text("x", encoding="utf-8")
    (tmp_path / "local.yaml").write_text(
        "closures: {2027-03-01..2027-03-02: 搬迁}\n加开: {2027-03-06: 补班}\n", encoding="utf-8"
    )
    calendar = load_calendar([tmp_path, tmp_path / "absent"])
    assert calendar.published_through == 2027
    assert not calendar.is_working(date(2026, 12, 31))
    assert [calendar.is_working(date(2027, 3, day)) for day in (1, 2, 3, 6)] == [False, False, True, True]


def test_a_later_folder_replaces_a_year(tmp_path: Path) -> None:
    for name, day in (("a", "2027-01-01"), ("b", "2027-01-04")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "2027.yml").write_text(
            f"year: 2027\nholidays: {{元旦: {day}}}\n", encoding="utf-8"
        )
    calendar = load_calendar([tmp_path / "a", tmp_path / "b"])
    assert calendar.is_working(date(2027, 1, 1))
    assert not calendar.is_working(date(2027, 1, 4))


def test_a_bad_folder_names_every_problem_of_every_file(tmp_path: Path) -> None:
    (tmp_path / "2027.yaml").write_text("year: 2027\n", encoding="utf-8")
    (tmp_path / "a.yaml").write_text(PAGE, encoding="utf-8")
    (tmp_path / "b.yaml").write_text(PAGE, encoding="utf-8")
    (tmp_path / "local.yaml").write_text("closures: {soon: x}\n", encoding="utf-8")
    with pytest.raises(CalendarFileError) as caught:
        load_calendar([tmp_path])
    assert len(caught.value.problems) == 3
    assert "a.yaml 中已有" in str(caught.value)
    assert "工作日历有误" in str(caught.value.message)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("closures: {2027-03-01: }\n", "原因"),
        ("closures: {x: y}\n", "日期"),
        ("closures: {9999-12-31: y}\n", "日期"),
        ("closures: {2027-03-01: a}\nopenings: {2027-03-01: b}\n", "既停办又加开"),
        ("close: {2027-03-01: a}\n", "没有这个键"),
        ("closures: [2027-03-01]\n", "“closures”应为"),
    ],
)
def test_bad_closures_are_explained(text: str, said: str) -> None:
    _, problems = read_local("local.yaml", text.encode())
    assert len(problems) == 1
    assert said in str(problems[0])
