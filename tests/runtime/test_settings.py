from __future__ import annotations

from datetime import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.language import say
from engine.runtime.settings import SettingsError, SettingsReader, clock_time


def told(reader: SettingsReader) -> list[str]:
    return [str(problem) for problem in reader.problems]


@pytest.mark.parametrize(("values", "whole"), [(None, True), ({}, True), ("text", False), ([1], False)])
def test_settings_that_are_no_mapping(values: object, whole: bool) -> None:
    reader = SettingsReader(values, "channels.log")
    assert told(reader) == ([] if whole else [f"channels.log：应为“名称: 值”，实为“{reader_text(values)}”"])
    assert reader.text("path") is None


def reader_text(values: object) -> str:
    return "1" if values == [1] else str(values)


@pytest.mark.parametrize(
    ("value", "options", "found", "problem"),
    [
        ("a", {}, "a", None),
        (None, {}, None, None),
        (None, {"required": True}, None, "必须填写"),
        ("  ", {}, None, "应为文字，实为“  ”"),
        (7, {}, None, "应为文字，实为“7”"),
        ("b", {"choices": ("a", "b")}, "b", None),
        ("c", {"choices": ("a", "b")}, None, "应为 a、b 之一，实为“c”"),
    ],
)
def test_a_text(value: object, options: dict[str, Any], found: str | None, problem: str | None) -> None:
    reader = SettingsReader({"style": value}, "at")
    assert reader.text("style", **options) == found
    assert told(reader) == ([f"at.style：{problem}"] if problem else [])


def test_a_look_asks_for_nothing() -> None:
    reader = SettingsReader({"style": "wecom", "number": 3}, "at")
    assert [reader.peek(name) for name in ("style", "number", "other")] == ["wecom", "3", ""]
    reader.done()
    assert told(reader) == [
        "at.style：没有这个设置项；可用：",
        "at.number：没有这个设置项；可用：",
    ]


def test_a_path_lies_below_the_deployment(tmp_path: Path) -> None:
    reader = SettingsReader({"path": "logs/a.jsonl", "other": "/elsewhere/b"}, "at")
    assert reader.path("path", tmp_path) == tmp_path / "logs" / "a.jsonl"
    assert reader.path("other", tmp_path) == Path("/elsewhere/b")
    assert told(reader) == []
    assert reader.path("missing", tmp_path) == tmp_path
    assert told(reader) == ["at.missing：必须填写"]


@given(st.integers(-5, 15) | st.booleans() | st.none() | st.sampled_from(["3", 3.0, [3]]))
def test_a_whole_number_within_bounds(value: object) -> None:
    reader = SettingsReader({"batch": value}, "at")
    found = reader.integer("batch", least=1, most=10)
    if type(value) is int and 1 <= value <= 10:
        assert (found, told(reader)) == (value, [])
    else:
        assert found == 1
        assert len(reader.problems) == 1
        assert told(reader)[0].startswith("at.batch：应为 1 至 10 的整数，实为“")


@given(st.lists(st.integers(-2, 12), max_size=5) | st.sampled_from([[True], ["1"], "12", 3, None]))
def test_a_list_of_whole_numbers(value: Any) -> None:
    reader = SettingsReader({"minutes": value}, "at")
    found = reader.integers("minutes", least=1, most=10)
    if isinstance(value, list) and all(type(one) is int and 1 <= one <= 10 for one in value):
        assert (found, told(reader)) == (tuple(value), [])
    else:
        assert found == ()
        assert len(reader.problems) == 1
        assert told(reader)[0].startswith("at.minutes：应为 1 至 10 的整数组成的列表，实为“")


@pytest.mark.parametrize(
    ("value", "found", "whole"),
    [(True, True, True), (False, False, True), (None, False, True), ("yes", False, False), (1, False, False)],
)
def test_yes_or_no(value: object, found: bool, whole: bool) -> None:
    reader = SettingsReader({"starttls": value}, "at")
    assert reader.flag("starttls") is found
    assert told(reader) == ([] if whole else [f"at.starttls：应为 true 或 false，实为“{value}”"])


def test_a_default_stands_in_for_what_is_left_out_or_empty() -> None:
    reader = SettingsReader({"port": None, "batch": 3}, "at", {"port": 25, "batch": 20, "path": "x"})
    assert reader.integer("port", least=1, most=99) == 25
    assert reader.integer("batch", least=1, most=99) == 3
    assert reader.text("path", required=True) == "x"
    reader.done()
    assert told(reader) == []


def test_names_nobody_asked_for() -> None:
    reader = SettingsReader({"batch": 3, "bacth": 4, "zzz": 5, 7: 8}, "at")
    reader.integer("batch", least=1, most=9)
    reader.text("path")
    reader.done()
    assert told(reader) == [
        "at.bacth：没有这个设置项，是否想写“batch”？",
        "at.zzz：没有这个设置项；可用：batch、path",
        "at.7：没有这个设置项；可用：batch、path",
    ]


def test_all_problems_in_one_error() -> None:
    reader = SettingsReader({}, "at")
    reader.blame("path", say("必须填写"))
    reader.blame("port", say("必须填写"))
    problem = SettingsError(reader.problems)
    assert problem.problems == tuple(reader.problems)
    assert str(problem.message) == "settings.yaml：at.path：必须填写、at.port：必须填写"
    assert str(problem).count("\n") == 1


@pytest.mark.parametrize(
    ("text", "found"),
    [("2:30", time(2, 30)), ("09:05", time(9, 5)), ("24:00", None), ("9:60", None), ("٣:30", None), ("9" * 5000 + ":30", None), ("", None)],
)  # fmt: skip
def test_a_time_of_day(text: str, found: time | None) -> None:
    assert clock_time(text) == found
