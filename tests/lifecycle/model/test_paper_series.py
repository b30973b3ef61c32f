"""A series prints its numbers by its pattern."""

from __future__ import annotations

from engine.lifecycle.model.paper_series import PaperPolicy, PaperSeries

NOTICE = PaperSeries("notice", "通知书", "{agency}检通〔{year}〕{n}号", ("notice",))
ORDER = PaperSeries("order", "指令书", "{agency}{section}令〔{year}〕{n}号", ("order",))
POLICY = PaperPolicy("示人社", {"labour": "监"}, {"notice": NOTICE, "order": ORDER})


def test_a_number_is_printed_by_the_pattern() -> None:
    assert POLICY.text(NOTICE, "labour", 2026, 5) == "示人社检通〔2026〕5号"
    assert POLICY.text(ORDER, "labour", 2026, 12) == "示人社监令〔2026〕12号"
    assert POLICY.text(NOTICE, None, 2026, None) == "示人社检通〔2026〕\u3000号"


def test_a_section_in_the_pattern_gives_each_section_a_series() -> None:
    assert POLICY.key(NOTICE, "labour") == "notice"
    assert POLICY.key(ORDER, "labour") == "order/labour"
    assert POLICY.series_of("order") is ORDER
    assert POLICY.series_of("record") is None
