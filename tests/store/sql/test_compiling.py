"""Statements as the drivers of both databases take them."""

from __future__ import annotations

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, Text, bindparam, select

from engine.store.sql.compiling import Inserting, compiled, dialect_of

THING = Table("thing", MetaData(), Column("id", Text, primary_key=True), Column("count", Integer))
BY_BOTH = select(THING.c.id).where(THING.c.id == bindparam("id"), THING.c.count == bindparam("count"))


@pytest.mark.parametrize(("on_server", "place"), [(False, "?"), (True, "%s")])
def test_values_take_the_places_the_driver_knows(on_server: bool, place: str) -> None:
    text = compiled(BY_BOTH, dialect_of(on_server), ("id", "count"))
    assert text.count(place) == 2


@pytest.mark.parametrize("on_server", [False, True])
def test_an_insert_is_that_of_its_dialect(on_server: bool) -> None:
    def build(insert: Inserting) -> object:
        made = insert(THING).values(id=bindparam("id"), count=bindparam("count"))
        return made.on_conflict_do_update(index_elements=["id"], set_={"count": made.excluded.count})

    text = compiled(build, dialect_of(on_server), ("id", "count"))  # type: ignore[arg-type]
    assert "ON CONFLICT (id) DO UPDATE SET count = excluded.count" in text


def test_rows_in_another_order_are_no_rows_of_the_statement() -> None:
    with pytest.raises(AssertionError, match="order"):
        compiled(BY_BOTH, dialect_of(False), ("count", "id"))
