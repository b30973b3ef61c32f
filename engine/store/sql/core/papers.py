"""Papers, numbers of series and kept files in SQL: the statements."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, literal_column, select, update

from engine.app.ports.papers import NumberStatus
from engine.store.sql.building import at_most, bind, insert_new, insert_or_replace
from engine.store.sql.prepared import PreparedStatement
from engine.store.sql.tables import TEXT, kept_file, paper, paper_number

PUT = insert_or_replace(paper)
GET = PreparedStatement(select(paper).where(paper.c.id == bind(paper, "id")), "id")
OF_CASE = PreparedStatement(
    select(paper).where(paper.c.case_id == bind(paper, "case_id")).order_by(paper.c.made_at, paper.c.id),
    "case_id",
)
ADD_NUMBER = insert_new(paper_number)
_OF_SERIES = (
    paper_number.c.series == bind(paper_number, "series"),
    paper_number.c.year == bind(paper_number, "year"),
)
_OPEN = paper_number.c.status == literal_column(f"'{NumberStatus.OPEN.value}'", TEXT)
LOWEST_OPEN = PreparedStatement(
    at_most(select(paper_number).where(*_OF_SERIES, _OPEN).order_by(paper_number.c.number)), "series", "year"
)
LAST = PreparedStatement(
    at_most(select(paper_number.c.number).where(*_OF_SERIES).order_by(paper_number.c.number.desc())),
    "series",
    "year",
)
NUMBER = PreparedStatement(
    select(paper_number).where(*_OF_SERIES, paper_number.c.number == bind(paper_number, "number")),
    "series",
    "year",
    "number",
)
_CHANGED = ("text", "status", "paper", "dated_on", "given_by", "out_of_order", "reason")
SET_NUMBER = PreparedStatement(
    update(paper_number)
    .where(
        *_OF_SERIES,
        paper_number.c.number == bind(paper_number, "number"),
        paper_number.c.status == bind(paper_number, "status", "seen"),
    )
    .values({name: bind(paper_number, name) for name in _CHANGED}),
    *_CHANGED,
    "series",
    "year",
    "number",
    "seen",
)
NUMBER_OF = PreparedStatement(
    select(paper_number).where(paper_number.c.paper == bind(paper_number, "paper")), "paper"
)
ADD_FILE = insert_new(kept_file)
CALL_FILE = PreparedStatement(
    update(kept_file)
    .where(kept_file.c.id == bind(kept_file, "id"))
    .values(title=bind(kept_file, "title"), name=bind(kept_file, "name")),
    "title",
    "name",
    "id",
)
GET_FILE = PreparedStatement(select(kept_file).where(kept_file.c.id == bind(kept_file, "id")), "id")
FILES = PreparedStatement(
    select(kept_file)
    .where(kept_file.c.case_id == bind(kept_file, "case_id"))
    .order_by(kept_file.c.kept_at, kept_file.c.id),
    "case_id",
)
ALL_FILES = PreparedStatement(
    select(kept_file).order_by(kept_file.c.case_id, kept_file.c.kept_at, kept_file.c.id)
)


def numbers(year: int | None, series: str | None) -> Select[*tuple[Any, ...]]:
    """Return the query for numbers, ordered by series, year and number."""
    query: Select[*tuple[Any, ...]] = select(paper_number)
    query = query.order_by(paper_number.c.series, paper_number.c.year, paper_number.c.number)
    if year is not None:
        query = query.where(paper_number.c.year == year)
    return query if series is None else query.where(paper_number.c.series == series)
