"""Draws, publications and documents in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import delete, func, select

from engine.app.ports.records import Document, DrawRow, MadeDocument, Publication
from engine.app.ports.store import ConflictError
from engine.kernel.instants import from_text, to_text
from engine.store.codec import (
    document_of,
    document_row,
    draw_of,
    draw_row,
    publication_of,
    publication_row,
)
from engine.store.sql.building import at_most, bind, insert_new, insert_or_replace
from engine.store.sql.prepared import DriverConnection, PreparedStatement
from engine.store.sql.tables import document, draw, draw_key, draw_line, draw_log, evidence, publication

_OF_CASE = draw.c.case_id == bind(draw, "case_id")

#: So many cases are asked about in one statement.
_CASES = 500

PUT_DRAW = insert_or_replace(draw)
DRAW = PreparedStatement(
    select(draw).where(_OF_CASE, draw.c.number == bind(draw, "number")), "case_id", "number"
)
LAST_DRAW = PreparedStatement(at_most(select(draw).where(_OF_CASE).order_by(draw.c.number.desc())), "case_id")
_OF_DRAW = (
    draw_line.c.case_id == bind(draw_line, "case_id"),
    draw_line.c.number == bind(draw_line, "number"),
)
ADD_LINE = insert_new(draw_line)
LINES = PreparedStatement(
    select(draw_line.c.line).where(*_OF_DRAW).order_by(draw_line.c.seq), "case_id", "number"
)
DROP_LINES = PreparedStatement(delete(draw_line).where(*_OF_DRAW), "case_id", "number")
ADD_LOG_LINE = insert_new(draw_log)
LOG_LINES = PreparedStatement(
    select(draw_log.c.line).where(draw_log.c.seq > bind(draw_log, "seq")).order_by(draw_log.c.seq), "seq"
)
PUT_KEY = insert_new(draw_key)
REPLACE_KEY = insert_or_replace(draw_key)
KEY = PreparedStatement(
    select(draw_key.c.key).where(
        draw_key.c.case_id == bind(draw_key, "case_id"), draw_key.c.number == bind(draw_key, "number")
    ),
    "case_id",
    "number",
)
PUT_EVIDENCE = insert_new(evidence)
REPLACE_EVIDENCE = insert_or_replace(evidence)
EVIDENCE = PreparedStatement(
    select(evidence.c.content).where(evidence.c.sha256 == bind(evidence, "sha256")), "sha256"
)
PUT_PUBLICATION = insert_or_replace(publication)
PUBLICATION = PreparedStatement(select(publication).where(publication.c.id == bind(publication, "id")), "id")
_PUBLICATIONS = select(publication).order_by(publication.c.published_at, publication.c.id)
PUT_DOCUMENT = insert_or_replace(document)
DOCUMENTS = PreparedStatement(
    select(document)
    .where(document.c.case_id == bind(document, "case_id"))
    .order_by(document.c.made_at, document.c.id),
    "case_id",
)
COUNT_DOCUMENTS = PreparedStatement(
    select(func.count()).select_from(document).where(document.c.case_id == bind(document, "case_id")),
    "case_id",
)


@cache
def _publications(*names: str) -> PreparedStatement:
    """Return the query for publications whose columns of these names have certain values."""
    fits = (publication.c[name] == bind(publication, name) for name in names)
    return PreparedStatement(_PUBLICATIONS.where(*fits), *names)


class SqlRecords:
    """`engine.app.ports.repositories.Records`."""

    __slots__ = ("_driver",)

    def __init__(self, driver: DriverConnection) -> None:
        self._driver = driver

    def put_draw(self, row: DrawRow) -> None:
        """Store a draw whose record holds all of its log; one with the same case and number is replaced."""
        made = draw_row(row)
        if (found := self._driver.first(DRAW, (row.case, row.number))) is not None:
            self._driver.replaces("draw", [found])
        self._driver.run(PUT_DRAW, made)
        self._driver.run(DROP_LINES, (row.case, row.number))
        self._driver.wrote("draw", [made])
        self._driver.removed("draw_line", [(row.case, row.number)])

    def add_draw_line(self, case_id: str, number: int, seq: int, line: str) -> None:
        """Add a line to the log of a draw. Raises ConflictError where its number is taken."""
        if self._driver.run(ADD_LINE, (case_id, number, seq, line)).rowcount != 1:
            raise ConflictError(case_id)
        self._driver.wrote("draw_line", [(case_id, number, seq, line)])

    def draw(self, case_id: str, number: int | None = None) -> DrawRow | None:
        """Return a draw of a case: the one with `number`, else the newest."""
        if number is None:
            row = self._driver.first(LAST_DRAW, (case_id,))
        else:
            row = self._driver.first(DRAW, (case_id, number))
        return None if row is None else draw_of(row, [line[0] for line in self._driver.run(LINES, row[:2])])

    def draws(self, case_id: str | None = None) -> list[DrawRow]:
        """Return draws, ordered by case and number."""
        query = select(draw).order_by(draw.c.case_id, draw.c.number)
        if case_id is not None:
            query = query.where(draw.c.case_id == case_id)
        lines = select(draw_line.c.case_id, draw_line.c.number, draw_line.c.line).order_by(
            draw_line.c.case_id, draw_line.c.number, draw_line.c.seq
        )
        added: dict[tuple[str, int], list[str]] = {}
        for case, number, line in self._driver.connection.execute(lines):
            added.setdefault((case, number), []).append(line)
        rows = self._driver.connection.execute(query)
        return [draw_of(row, added.get((row[0], row[1]), ())) for row in rows]

    def add_log_line(self, seq: int, line: str) -> None:
        """Add a line to the public log of the bureau. Raises ConflictError where its number is taken."""
        if self._driver.run(ADD_LOG_LINE, (seq, line)).rowcount != 1:
            raise ConflictError("")
        self._driver.wrote("draw_log", [(seq, line)])

    def log_lines(self, after: int = 0) -> list[str]:
        """Return the public log of the bureau."""
        return [row[0] for row in self._driver.run(LOG_LINES, (after,))]

    def put_draw_key(self, case_id: str, number: int, key: bytes) -> None:
        """Keep the key of a draw. Raises ConflictError where there is one."""
        row = (case_id, number, key)
        if self._driver.run(PUT_KEY, row).rowcount != 1:
            raise ConflictError(case_id)
        self._driver.wrote("draw_key", [row])

    def draw_key(self, case_id: str, number: int) -> bytes | None:
        """Return the key of a draw; empty bytes where it is destroyed."""
        row = self._driver.first(KEY, (case_id, number))
        return None if row is None else bytes(row[0])

    def forget_draw_key(self, case_id: str, number: int) -> None:
        """Put nothing in the place of the key of a draw."""
        known = self.draw_key(case_id, number)
        if known:
            row = (case_id, number, b"")
            self._driver.replaces("draw_key", [(case_id, number, known)])
            self._driver.run(REPLACE_KEY, row)
            self._driver.wrote("draw_key", [row])

    def draws_before(self, before: datetime) -> list[tuple[str, int]]:
        """Return case and number of the draws made before an instant, oldest first."""
        query = (
            select(draw.c.case_id, draw.c.number)
            .where(draw.c.made_at < to_text(before))
            .order_by(draw.c.made_at, draw.c.case_id, draw.c.number)
        )
        return [(row[0], row[1]) for row in self._driver.connection.execute(query)]

    def put_evidence(self, sha256: str, content: bytes) -> None:
        """Keep a file under its SHA-256."""
        row = (sha256, content)
        if self._driver.run(PUT_EVIDENCE, row).rowcount:
            self._driver.wrote("evidence", [row])

    def evidence(self, sha256: str) -> bytes | None:
        """Return the file of this SHA-256; empty bytes where it is destroyed."""
        row = self._driver.first(EVIDENCE, (sha256,))
        return None if row is None else bytes(row[0])

    def forget_evidence(self, sha256: str) -> None:
        """Put nothing in the place of a file."""
        known = self.evidence(sha256)
        if known:
            self._driver.replaces("evidence", [(sha256, known)])
            self._driver.run(REPLACE_EVIDENCE, (sha256, b""))
            self._driver.wrote("evidence", [(sha256, b"")])

    def put_publication(self, publication: Publication) -> None:
        """Store a publication; one with the same id is replaced."""
        row = publication_row(publication)
        if (found := self._driver.first(PUBLICATION, (publication.id,))) is not None:
            self._driver.replaces("publication", [found])
        self._driver.run(PUT_PUBLICATION, row)
        self._driver.wrote("publication", [row])

    def publications(
        self, *, kind: str | None = None, case_id: str | None = None, ids: Sequence[str] | None = None
    ) -> list[Publication]:
        """Return publications, ordered by when they were published and id."""
        asked = {"kind": kind, "case_id": case_id}
        given = {name: value for name, value in asked.items() if value is not None}
        if ids is None:
            return [
                publication_of(row) for row in self._driver.run(_publications(*given), (*given.values(),))
            ]
        query = _PUBLICATIONS.where(publication.c.id.in_(ids))
        query = query.where(*(publication.c[name] == value for name, value in given.items()))
        return [publication_of(row) for row in self._driver.connection.execute(query)]

    def put_document(self, document: Document) -> None:
        """Keep a document; one with the same id is replaced."""
        row = document_row(document)
        self._driver.run(PUT_DOCUMENT, row)
        self._driver.wrote("document", [row])

    def documents(self, case_id: str) -> list[Document]:
        """Return the documents of a case, oldest first."""
        return [document_of(row) for row in self._driver.run(DOCUMENTS, (case_id,))]

    def count_documents(self, case_id: str) -> int:
        """Return how many documents a case has."""
        found: int = self._driver.run(COUNT_DOCUMENTS, (case_id,)).scalar_one()
        return found

    def made_documents(self, cases: Sequence[str]) -> list[MadeDocument]:
        """Return which documents were made for cases, and when, by case and oldest first."""
        columns = (document.c.case_id, document.c.kind, document.c.name, document.c.made_at)
        wanted, found = sorted(set(cases)), []
        for begin in range(0, len(wanted), _CASES):
            query = (
                select(*columns)
                .where(document.c.case_id.in_(wanted[begin : begin + _CASES]))
                .order_by(document.c.case_id, document.c.made_at, document.c.id)
            )
            found += [
                MadeDocument(case=case, kind=kind, name=name, made_at=from_text(at))
                for case, kind, name, at in self._driver.connection.execute(query)
            ]
        return found
