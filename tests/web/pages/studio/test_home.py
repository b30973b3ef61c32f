"""The home page of a definition: its tiles, and what is not published."""

from __future__ import annotations

from page_visits import text_of, visit_of
from studio_texts import changed
from workbench_fixtures import Desk

from engine.app.queries.definitions import show_definition
from engine.web.pages.studio import home


def shown(desk: Desk, typed: dict[str, str] | None = None) -> str:
    return text_of(home.show(visit_of(desk, "/studio/visit", "head-1", typed, workflow="visit")))


def test_the_tiles_say_how_it_is(desk: Desk) -> None:
    text = shown(desk)
    for words in ("没有错", "还没有故事", "没有要发布的改动", "现行第 1 版", "不制作文书"):
        assert words in text, words
    assert "只有您看得到" not in text
    assert home.show(visit_of(desk, "/", workflow="nothing")).status == 404


def test_unpublished_changes_are_told_until_they_are_discarded(desk: Desk) -> None:
    changed(desk, "title: 待走访", "title: 等待走访")
    text = shown(desk)
    assert "只有您看得到" in text
    assert "还没有提请" in text
    assert "只有您看得到" not in text_of(home.show(visit_of(desk, "/", "chief-1", workflow="visit")))
    assert home.show(visit_of(desk, "/", "head-1", {"do": "drop"}, workflow="visit")).status == 303
    assert "只有您看得到" not in shown(desk)


def test_a_fault_is_counted(desk: Desk) -> None:
    changed(desk, "to: checking", "to: chekcing")
    assert "处要改" in shown(desk)
    assert home.show(visit_of(desk, "/", "head-1", {"do": "test"}, workflow="visit")).status == 303


def test_the_papers_of_a_workflow(desk: Desk) -> None:
    process = show_definition(desk.bureau.application, "head-1", "visit")
    assert home.papers_of(process.workflow) == []  # type: ignore[union-attr]
