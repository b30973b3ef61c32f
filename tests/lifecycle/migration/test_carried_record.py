"""Answers of an earlier version, handed in now: over every version in between, and at every level."""

from __future__ import annotations

import pytest
from sheet_levels import LEVELS, Level, case, sheet_of, workflow

from engine.lifecycle.migration.carried_record import Passage, carried_record, left_out
from engine.lifecycle.migration.rename_map import RenameMap
from engine.lifecycle.model.form import CheckRow, Field, FieldType

ASKED = Field(name="q", title="问", type=FieldType.INTEGER)
OTHER = Field(name="n", title="另问", type=FieldType.TEXT)
ROW = CheckRow(id="r1", title="第一项", points="看", basis="示例法")
SHEETS = [level for level in LEVELS if level.sheet in ("form", "item")]


@pytest.mark.parametrize("level", SHEETS, ids=lambda level: f"{level.sheet}-{level.depth}")
def test_names_follow_the_migrations_and_what_is_gone_is_told(level: Level) -> None:
    first, second, last = workflow(level, ASKED), workflow(level, OTHER), workflow(level)
    renames = RenameMap(fields={f"{level.key}.q": "n"})
    one = case(level, {"q": "三"})
    hop = Passage(first, second, renames)
    items = {"it": second.forms["it"]}
    given, told = carried_record([hop], "finish", second.forms["sheet"], items, one.forms["sheet"])
    assert given == case(level, {"n": "三"}).forms["sheet"]
    assert left_out(told) == []
    items = {"it": last.forms["it"]}
    hops = [hop, Passage(second, last, RenameMap())]
    given, told = carried_record(hops, "finish", last.forms["sheet"], items, one.forms["sheet"])
    assert given == case(level, {}).forms["sheet"]
    title = "清单 " * level.depth + "另问"
    assert [(move.name, move.title) for move in left_out(told)] == [(f"{level.place}.n", title)]


def test_a_form_of_an_item_that_is_none_of_the_case_is_told() -> None:
    level = Level("item", 0)
    one = workflow(level, ASKED, rows={"item": (ROW,)})
    answers = case(level, {"q": 3}, item={"rows": {"r1": {"answer": "pass"}}}).forms["sheet"]
    given, told = carried_record((), "finish", one.forms["sheet"], {}, answers)
    assert given == {"key": "甲"}
    assert [move.name for move in left_out(told)] == ["sheet.items.it"]
    assert left_out(told)[0].before == sheet_of(
        level, case(level, {"q": 3}, item=dict(answers["items"]["it"]))
    )


def test_two_answers_that_come_to_one_place_are_said() -> None:
    level = Level("form", 0)
    both, new = workflow(level, ASKED, OTHER), workflow(level, OTHER)
    hop = Passage(both, new, RenameMap(fields={"sheet.q": "n"}))
    given, told = carried_record([hop], "finish", new.forms["sheet"], {}, {"key": "甲", "q": "3", "n": "4"})
    assert given == {"key": "甲", "n": "3"}
    assert [str(one) for one in told.problems] == ["《form表》：不止一处要改为“另问”（n），只能有一处"]
