from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.app.ports.records import OutboxItem
from engine.runtime.channels.wording import as_json, as_line, as_record, text_of, title_of, without_firms

HALF = "\ud800"


def item(**payload: Any) -> OutboxItem:
    return OutboxItem(
        id="c-1:1:1",
        kind="message",
        channel="log",
        recipient="p",
        case="c-1",
        payload=payload,
        created_at=datetime(2027, 3, 1, tzinfo=UTC),
    )


def test_an_item_in_plain_values() -> None:
    assert as_record(item(text="甲")) == {
        "id": "c-1:1:1",
        "kind": "message",
        "case": "c-1",
        "recipient": "p",
        "created_at": "2027-03-01T00:00:00+00:00",
        "payload": {"text": "甲"},
    }


NAMES = st.sampled_from(["about", "标题", "\n", "a" * 9])


@given(st.dictionaries(NAMES, st.text(max_size=9) | st.integers() | st.none()))
def test_an_item_is_one_line_that_is_read_again(payload: dict[str, Any]) -> None:
    line = as_line(item(**payload))
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert json.loads(line)["payload"] == payload


def test_half_a_character_and_values_json_does_not_know() -> None:
    assert as_json({"a": f"甲{HALF}"}) == '{"a": "甲\\ud800"}'.encode()
    assert as_json([date(2027, 3, 1)]) == b'["2027-03-01"]'


@pytest.mark.parametrize(
    ("payload", "title"),
    [
        ({"title": "逾期提醒"}, "逾期提醒"),
        ({"title": " 逾期\n\t提醒 \r\n"}, "逾期 提醒"),
        ({"title": ""}, "c-1:1:1"),
        ({}, "c-1:1:1"),
        ({"title": f"甲{HALF}"}, "甲\\ud800"),
        ({"title": "甲\x1b[31m\u202e乙"}, "甲\\u001b[31m\\u202e乙"),
        ({"title": "甲" * 201}, "甲" * 199 + "…"),
    ],
)
def test_a_title_is_one_line(payload: dict[str, Any], title: str) -> None:
    assert title_of(item(**payload)) == title


@pytest.mark.parametrize(
    ("payload", "text"),
    [
        ({"text": "一行\n二行"}, "一行\n二行"),
        ({"text": "", "path": "甲"}, '{"text": "", "path": "甲"}'),
        ({"day": date(2027, 3, 1)}, '{"day": "2027-03-01"}'),
        ({}, "{}"),
        ({"text": f"甲{HALF}"}, "甲\\ud800"),
        ({"text": "甲\x1b[31m\r\n乙"}, "甲\\u001b[31m\n乙"),
    ],
)
def test_the_text_of_a_message_or_what_else_it_carries(payload: dict[str, Any], text: str) -> None:
    assert text_of(item(**payload)) == text


def test_names_of_firms_give_way_to_the_case() -> None:
    said = item(text="“示例一厂有限公司”的检查逾期", firm="示例一厂有限公司", title="示例一厂有限公司")
    assert without_firms(said, text_of(said)) == "“c-1”的检查逾期"
    gathered = item(
        text="1. 示例一厂\n2. 示例一厂分厂",
        messages=[{"firm": "示例一厂", "case": "a-1"}, {"firm": "示例一厂分厂", "case": None}, {"firm": ""}],
    )
    assert without_firms(gathered, text_of(gathered)) == "1. a-1\n2. 某企业"
    assert without_firms(item(text="甲"), "甲") == "甲"
