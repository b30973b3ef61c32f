from __future__ import annotations

from datetime import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.app.delivery.quiet_hours import DeliveryPolicy
from engine.runtime.channels.hours import read_pace
from engine.runtime.settings import SettingsReader


def read(values: dict[str, Any]) -> tuple[DeliveryPolicy, list[str]]:
    reader = SettingsReader(values, "channels.mail", {"gather_above": 5})
    found = read_pace(reader)
    return found, [str(problem) for problem in reader.problems]


def test_without_hours_a_channel_speaks_at_any_time() -> None:
    found, problems = read({})
    assert problems == []
    assert found == DeliveryPolicy(gather_above=5, most_lines=100, most_bytes=200_000)


def test_everything_a_channel_can_keep() -> None:
    found, problems = read(
        {
            "digest": "09:30",
            "quiet": " 18:00 - 08:30 ",
            "office_days": True,
            "gather_above": 0,
            "style": "wecom",
        }
    )
    assert problems == []
    assert found == DeliveryPolicy(
        digest=time(9, 30),
        quiet=(time(18), time(8, 30)),
        office_days=True,
        gather_above=0,
        most_lines=100,
        most_bytes=2048,
    )


@given(st.times(), st.times())
def test_times_of_day_are_read_as_they_are_written(begin: time, end: time) -> None:
    texts = [f"{one.hour:02d}:{one.minute:02d}" for one in (begin, end)]
    found, problems = read({"digest": texts[0], "quiet": "-".join(texts)})
    assert found.digest == time(begin.hour, begin.minute)
    if texts[0] == texts[1]:
        assert found.quiet is None
        assert problems == [f"channels.mail.quiet：起止相同，等于全天不发：“{texts[0]}-{texts[1]}”"]
    else:
        assert found.quiet == (time(begin.hour, begin.minute), time(end.hour, end.minute))
        assert problems == []


TIME = '应为“时:分”，如 "09:30"（加引号），实为'


@pytest.mark.parametrize(
    ("values", "problems"),
    [
        ({"digest": "9"}, [f"channels.mail.digest：{TIME}“9”"]),
        ({"digest": "24:00"}, [f"channels.mail.digest：{TIME}“24:00”"]),
        ({"digest": "09:60"}, [f"channels.mail.digest：{TIME}“09:60”"]),
        ({"digest": "-1:30"}, [f"channels.mail.digest：{TIME}“-1:30”"]),
        ({"digest": 570}, ["channels.mail.digest：应为文字，实为“570”"]),
        (
            {"quiet": "18:00"},
            ['channels.mail.quiet：应为“起-止”，如 "18:00-08:30"（加引号），实为“18:00”'],
        ),
        ({"quiet": "18-08:30"}, [f"channels.mail.quiet：{TIME}“18”"]),
        ({"quiet": "x-y"}, [f"channels.mail.quiet：{TIME}“x”", f"channels.mail.quiet：{TIME}“y”"]),
        ({"office_days": "yes"}, ["channels.mail.office_days：应为 true 或 false，实为“yes”"]),
        ({"gather_above": -1}, ["channels.mail.gather_above：应为 0 至 10000 的整数，实为“-1”"]),
    ],
)
def test_what_is_wrong_is_told_and_left_out(values: dict[str, Any], problems: list[str]) -> None:
    found, told = read(values)
    assert told == problems
    assert (found.digest, found.quiet, found.office_days) == (None, None, False)
