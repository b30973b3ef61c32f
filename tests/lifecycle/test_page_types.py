"""Kinds of public pages as values."""

from __future__ import annotations

from dataclasses import replace

from engine.lifecycle.page_types import (
    ABOVE,
    LISTS,
    PARTS,
    POSITION,
    PUBLISHED_ON,
    PageColumn,
    PageType,
    PageTypes,
)

NUMBER = PageColumn("no", "序号", "No.", (POSITION,))
TITLE = PageColumn("title", "名称", None, ("publication.title", PUBLISHED_ON))
CODE = PageColumn("code", "代码", "Code", ("publication.code",))
DAY = PageColumn("day", "日期", None, ("publication.due_on",))
PAGE = PageType(id="result", path="results", title="结果", listed=(NUMBER, TITLE), exported=(TITLE, CODE))


def test_a_heading_is_chinese_where_there_is_no_english_one() -> None:
    assert (NUMBER.heading(True), NUMBER.heading(False)) == ("No.", "序号")
    assert TITLE.heading(True) == "名称"


def test_the_running_number_and_where_lateness_is_marked() -> None:
    assert [column.position for column in (NUMBER, TITLE, CODE)] == [True, False, False]
    assert [column.marked for column in (NUMBER, TITLE, CODE)] == [False, True, False]
    assert not replace(NUMBER, values=(POSITION, "publication.title")).position


def test_every_column_once_the_exported_first() -> None:
    assert [column.id for column in PAGE.columns] == ["title", "code", "no"]
    page = replace(PAGE, details=(CODE, DAY), sort=replace(DAY, id="sorted"))
    assert [column.id for column in page.columns] == ["title", "code", "no", "day", "sorted"]


def test_who_publishes_what_other_pages_call_the_plan() -> None:
    pages = {
        page.id: page
        for page in (PAGE, replace(PAGE, id="plan", about="plan"), replace(PAGE, id="year", about="plan"))
    }
    types = PageTypes("site", pages)
    assert types.publisher_of("plan") == {"plan", "year"}
    assert types.publisher_of("batch") == frozenset()
    assert PageTypes("site").pages == {}


def test_paths_that_are_lists_or_lead_on_are_among_the_parts() -> None:
    assert set(ABOVE) <= set(PARTS)
    for path in (*LISTS, POSITION, PUBLISHED_ON):
        part, name = path.split(".")
        assert name in PARTS[part]
