"""Draws, publications and documents in SQL."""

from __future__ import annotations

from sqlalchemy import select

from engine.app.ports.records import Document, DrawRow, Publication
from engine.store.codec import (
    document_of,
    document_row,
    draw_of,
    draw_row,
    publication_of,
    publication_row,
)
from engine.store.sql.prepared import DriverConnection, PreparedStatement, at_most, bind, insert_or_replace
from engine.store.sql.tables import document, draw, publication

_OF_CASE = draw.c.case_id == bind(draw, "case_id")

PUT_DRAW = insert_or_replace(draw)
DRAW = PreparedStatement(
    select(draw).where(_OF_CASE, draw.c.number == bind(draw, "number")), "case_id", "number"
)
LAST_DRAW = PreparedStatement(at_most(select(draw).where(_OF_CASE).order_by(draw.c.number.desc())), "case_id")
PUT_PUBLICATION = insert_or_replace(publication)
PUT_DOCUMENT = insert_or_replace(document)
DOCUMENTS = PreparedStatement(
    select(document)
    .where(document.c.case_id == bind(document, "case_id"))
    .order_by(document.c.made_at, document.c.id),
    "case_id",
)


class SqlRecords:
    """`engine.app.ports.repositories.Records`."""

    __slots__ = ("_driver",)

    def __init__(self, driver: DriverConnection) -> None:
        self._driver = driver

    def put_draw(self, row: DrawRow) -> None:
        """Store a draw; one with the same case and number is replaced."""
        self._driver.run(PUT_DRAW, draw_row(row))

    def draw(self, case_id: str, number: int | None = None) -> DrawRow | None:
        """Return a draw of a case: the one with `number`, else the newest."""
        if number is None:
            row = self._driver.first(LAST_DRAW, (case_id,))
        else:
            row = self._driver.first(DRAW, (case_id, number))
        return None if row is None else draw_of(row)

    def draws(self, case_id: str | None = None) -> list[DrawRow]:
        """Return draws, ordered by case and number."""
        query = select(draw).order_by(draw.c.case_id, draw.c.number)
        if case_id is not None:
            query = query.where(draw.c.case_id == case_id)
        return [draw_of(row) for row in self._driver.connection.execute(query)]

    def put_publication(self, publication: Publication) -> None:
        """Store a publication; one with the same id is replaced."""
        self._driver.run(PUT_PUBLICATION, publication_row(publication))

    def publications(self, *, kind: str | None = None, case_id: str | None = None) -> list[Publication]:
        """Return publications, ordered by when they were published and id."""
        query = select(publication).order_by(publication.c.published_at, publication.c.id)
        if kind is not None:
            query = query.where(publication.c.kind == kind)
        if case_id is not None:
            query = query.where(publication.c.case_id == case_id)
        return [publication_of(row) for row in self._driver.connection.execute(query)]

    def put_document(self, document: Document) -> None:
        """Keep a document; one with the same id is replaced."""
        self._driver.run(PUT_DOCUMENT, document_row(document))

    def documents(self, case_id: str) -> list[Document]:
        """Return the documents of a case, oldest first."""
        return [document_of(row) for row in self._driver.run(DOCUMENTS, (case_id,))]
