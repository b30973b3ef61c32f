"""What statements are built from."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from engine.store.sql.building import at_most, bind, insert_new, insert_or_replace, insert_plain
from engine.store.sql.compiling import compiled, dialect_of
from engine.store.sql.tables import setting


@pytest.mark.parametrize("on_server", [False, True])
def test_inserts_differ_in_what_becomes_of_a_key_that_is_taken(on_server: bool) -> None:
    dialect = dialect_of(on_server)
    assert "DO NOTHING" in insert_new(setting).text(dialect)
    assert "DO UPDATE" in insert_or_replace(setting).text(dialect)
    assert "CONFLICT" not in insert_plain(setting).text(dialect)


def test_a_limit_is_written_out_and_parameters_stand_in_order() -> None:
    query = at_most(select(setting.c.body).where(setting.c.name == bind(setting, "name")))
    text = compiled(query, dialect_of(False), ("name",))
    assert text.split()[-4:] == ["LIMIT", "1", "OFFSET", "0"]
    with pytest.raises(AssertionError, match="in the order"):
        compiled(query, dialect_of(False), ("other",))
