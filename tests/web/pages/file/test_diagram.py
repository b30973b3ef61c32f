"""The way of a case as a picture and a table."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from page_visits import text_of, visit_of
from workbench_fixtures import GOOD, Desk

from engine.app.queries.cases import show_case
from engine.app.queries.definitions import show_definition
from engine.app.worklist.case_view import TaskView
from engine.authoring.diagram.condition_words import ConditionWords
from engine.authoring.diagram.drawn import arrows_of, clocks_of
from engine.lifecycle.process import Process
from engine.web.pages.file import diagram
from engine.web.pages.steps import show


def test_where_it_is_and_how_long_it_was_where(desk: Desk) -> None:
    case = desk.bureau.start()
    desk.bureau.clock.advance(timedelta(days=3))
    show(visit_of(desk, typed={"do": "confirm", **GOOD}, case=case, step="report"))
    desk.bureau.clock.advance(timedelta(hours=5))
    text = text_of(diagram.show(visit_of(desk, case=case)))
    assert re.search(r'<g class="here">.*待审核', text)
    assert re.search(r'<g class="been">.*待走访', text)
    assert "3 天" in text
    assert "5 小时" in text
    assert "style=" not in text


def test_every_state_has_a_box_and_every_curve_stays_inside(desk: Desk) -> None:
    view = show_case(desk.bureau.application, "clerk-1", desk.bureau.start())
    assert isinstance(view, TaskView)
    words = ConditionWords(view.process.workflow, {}, view.process.bureau)
    states, steps = diagram.drawn(view.process.workflow, "there", {"there"}, arrows_of(words))
    assert [state.id for state in states] == ["there", "checking", "waiting", "done"]
    assert len({state.y for state in states}) == 4
    assert any(step.back for step in steps)
    for step in steps:
        numbers = [int(number) for number in re.findall(r"\d+", step.path)]
        assert all(0 <= number <= max(diagram.WIDTH, len(states) * diagram.ROW) for number in numbers)


def test_what_leads_where_and_when_is_told_on_the_lines_and_in_a_table(desk: Desk) -> None:
    case = desk.bureau.start()
    view = show_case(desk.bureau.application, "clerk-1", case)
    assert isinstance(view, TaskView)
    child = show_definition(desk.bureau.application, "clerk-1", "errand")
    assert isinstance(child, Process)
    words = ConditionWords(view.process.workflow, {"errand": child.workflow}, view.process.bureau)
    arrows = arrows_of(words)
    _, steps = diagram.drawn(view.process.workflow, "there", {"there"}, arrows)
    ways = {(one.source, one.target) for one in arrows if one.source != one.target}
    assert len(steps) == len(ways)
    assert all(one.title for one in steps)
    text = text_of(diagram.show(visit_of(desk, case=case)))
    assert text.count("<title>") == len(ways) + 1
    for arrow in arrows:
        assert str(diagram.arrow_words(arrow)) in unescape(text)
    for clock in clocks_of(words):
        assert f"<strong>{clock.title}</strong>：{clock.length}" in text
        assert all(f"<li>{end}</li>" in unescape(text) for end in clock.ends)


@pytest.mark.parametrize(
    ("time", "words"),
    [(timedelta(minutes=-1), "0 分钟"), (timedelta(hours=3), "3 小时"), (timedelta(days=9, hours=9), "9 天")],
)
def test_how_long(time: timedelta, words: str) -> None:
    assert str(diagram.lasted_words(time)) == words
