"""What the statements of papers have of their own: an open number is found by an index that holds no other."""

from __future__ import annotations

from sqlalchemy.dialects.postgresql.psycopg import dialect

from engine.store.sql.core import papers
from engine.store.sql.tables import paper_number


def test_the_lowest_open_number_is_asked_for_in_the_words_of_its_index() -> None:
    index = next(one for one in paper_number.indexes if one.name == "paper_number_open")
    assert str(index.dialect_options["sqlite"]["where"]) == "status = 'open'"
    text = papers.LOWEST_OPEN.text(dialect(paramstyle="format"))
    assert "status = 'open'" in text
