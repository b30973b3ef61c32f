"""The cases started by hand have the rows of those the product starts."""

from __future__ import annotations

from pathlib import Path

from two_sides import both, later, rows

from benchmarks.application import SYSTEM, new_by_hand, spawn
from benchmarks.honest import schema
from benchmarks.honest.spawn import spawn as by_hand
from benchmarks.inputs import deadlines


def test_the_rows_are_those_of_the_product(tmp_path: Path) -> None:
    with both(3, tmp_path) as (application, clock, path, copy):
        clock.set(later(24 * 200 + 9))
        ids = spawn(application, 2105)
        connection = schema.sqlite(copy)
        assert by_hand(connection, deadlines(), clock.now(), SYSTEM, new_by_hand(2105)) == list(ids)
        connection.close()
        assert rows(copy) == rows(path)
