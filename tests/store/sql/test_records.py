from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from engine.app.ports.records import Document, DrawRow, Publication
from engine.store.codec import document_row, draw_row, publication_row
from engine.store.sql.repositories.records import SqlRecords
from engine.store.sql.store import SqlStore
from engine.store.sql.tables import document, draw, publication

NOW = datetime(2027, 3, 1, tzinfo=UTC)


def test_draws_of_a_case(store: SqlStore, rows: Callable[..., list[tuple[Any, ...]]]) -> None:
    made = [DrawRow("c1", n, "committed", {"n": n}, NOW) for n in (2, 1, 10)]
    with store.write() as transaction:
        assert isinstance(transaction.records, SqlRecords)
        for row in [*made, DrawRow("c0", 1, "void", {}, NOW)]:
            transaction.records.put_draw(row)
        void = replace(made[2], status="void")
        transaction.records.put_draw(void)
    with store.read() as transaction:
        records = transaction.records
        assert records.draw("c1") == void
        assert records.draw("c1", 2) == made[0]
        assert records.draw("c1", 3) is None
        assert records.draw("c9") is None
        assert [(one.case, one.number) for one in records.draws()] == [
            ("c0", 1),
            ("c1", 1),
            ("c1", 2),
            ("c1", 10),
        ]
        assert records.draws("c1") == [made[1], made[0], void]
        assert records.draws("c9") == []
    assert draw_row(void) in [tuple(row) for row in rows(draw)]


def make(number: int, kind: str = "result", minutes: int = 0, **more: Any) -> Publication:
    return Publication(
        id=f"{kind}-{number}",
        kind=kind,
        case=f"c{number}",
        title="甲",
        body={"n": number},
        published_at=NOW + timedelta(minutes=minutes),
        **more,
    )


def test_publications_by_kind_and_case(store: SqlStore, rows: Callable[..., list[tuple[Any, ...]]]) -> None:
    first, second, plan = make(1, minutes=5), make(2), make(1, "plan", due_on=date(2027, 4, 1), late=True)
    withdrawn = replace(second, withdrawn_at=NOW, withdrawn_because="有误")
    with store.write() as transaction:
        for one in (first, second, plan, withdrawn):
            transaction.records.put_publication(one)
    with store.read() as transaction:
        found = transaction.records.publications
        assert found() == [plan, withdrawn, first]
        assert found(kind="result") == [withdrawn, first]
        assert found(case_id="c1") == [plan, first]
        assert found(kind="result", case_id="c1") == [first]
        assert found(kind="circular") == []
    assert sorted(rows(publication)) == sorted(publication_row(one) for one in (first, withdrawn, plan))


def test_documents_oldest_first(store: SqlStore, rows: Callable[..., list[tuple[Any, ...]]]) -> None:
    def make_document(name: str, minutes: int, content: bytes = b"\x00a") -> Document:
        return Document(name, "c1", "notice", f"{name}.html", "ab", content, NOW + timedelta(minutes=minutes))

    late, early, same = make_document("a", 9), make_document("z", 1), make_document("b", 9)
    again = replace(late, content=b"<p>")
    with store.write() as transaction:
        for one in (same, late, early, again, replace(late, id="other", case="c2")):
            transaction.records.put_document(one)
    with store.read() as transaction:
        assert transaction.records.documents("c1") == [early, again, same]
        assert transaction.records.documents("c9") == []
    assert document_row(again) in [tuple(row) for row in rows(document)]
