"""The workload as a picture with its table."""

from __future__ import annotations

from page_visits import text_of, visit_of
from workbench_fixtures import Desk

from engine.web.pages.office import workload


def test_weeks_and_people(desk: Desk) -> None:
    case = desk.bureau.start()
    desk.bureau.application.claim(case, "clerk-2")
    text = text_of(workload.show(visit_of(desk, "/workload")))
    assert "本股室的工作量" in text
    assert "经办人02" in text
    assert "/agenda?day=2024-10-14&amp;as=week&amp;of=section" in text
    assert "全局的工作量" in text_of(workload.show(visit_of(desk, "/workload", "head-1")))


def test_bars_of_nothing_and_of_very_much() -> None:
    assert workload.bars_of([]) == []
    assert workload.bars_of([("a", 0), ("b", 0)]) == [("a", 0, 0), ("b", 0, 0)]
    assert workload.bars_of([("a", 1), ("b", 9999)]) == [("a", 1, 2), ("b", 9999, 300)]
