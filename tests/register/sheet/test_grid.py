"""A table of texts, and the error of a file that is none."""

from __future__ import annotations

from engine.language import say
from engine.register.problem import FileProblem
from engine.register.sheet.grid import Grid, TableError
from engine.register.sheet.header import Header


def test_an_error_carries_every_problem_and_shows_them() -> None:
    first, second = FileProblem(say("表是空的")), FileProblem(say("缺列"), None, 3)
    error = TableError(first, second)
    assert error.problems == (first, second)
    assert error.args == ("表是空的", "第 3 行：缺列")


def test_a_table_asks_for_full_rows_only_where_its_file_does() -> None:
    table = Grid(Header(1, ("编号",), ("id",)), [(2, ["p1"])])
    assert (table.notes, table.ragged_is_wrong, list(table.rows)) == ((), False, [(2, ["p1"])])
