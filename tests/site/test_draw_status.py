from __future__ import annotations

import pytest

from engine.site.draw_status import DRAW_STATUS, status_text


@pytest.mark.parametrize(
    ("status", "chinese", "english"),
    [
        ("committed", "已公布承诺，待随机源", "Commitment published, waiting for randomness"),
        ("objects_drawn", "已抽取对象", "Objects drawn"),
        ("complete", "已完成", "Done"),
        ("void", "已作废", "Void"),
    ],
)
def test_the_words_of_a_status(status: str, chinese: str, english: str) -> None:
    assert status_text(status, "zh_CN") == chinese
    assert status_text(status, "en") == english


def test_a_status_nobody_knows_stays_as_it_is() -> None:
    assert [status_text(status, "en") for status in ("other", "", None, 3)] == ["other", "", "", "3"]
    assert set(DRAW_STATUS) == {"committed", "objects_drawn", "complete", "void", "lapsed"}
