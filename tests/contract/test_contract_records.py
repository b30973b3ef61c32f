from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sample_rows import HARD, NAIVE, NOW, after, ids

from engine.app.ports.records import Document, DrawRow, Publication
from engine.app.ports.store import ConflictError, Store


def make_draw(case: str = "batch-1", number: int = 1, **more: Any) -> DrawRow:
    values = {"status": "committed", "record": {"编号": [1, {"深": HARD}]}, "made_at": NOW}
    return DrawRow(case=case, number=number, **{**values, **more})


def test_lines_are_added_to_the_log_of_a_draw_without_its_record(store: Store) -> None:
    record = {"record": {"log": ["one", "two"]}}
    with store.write() as transaction:
        for number in (1, 2):
            transaction.records.put_draw(make_draw(number=number, record=record))
        transaction.records.put_draw(make_draw("batch-2", record={}))
        transaction.records.add_draw_line("batch-1", 1, 3, HARD)
        transaction.records.add_draw_line("batch-1", 1, 4, "four")
    with store.read() as transaction:
        found = transaction.records.draw("batch-1", 1)
        assert found is not None
        assert (found.record, found.added, found.log) == (
            record,
            (HARD, "four"),
            ("one", "two", HARD, "four"),
        )
        assert transaction.records.draw("batch-1") == make_draw(number=2, record=record)
        assert [row.log for row in transaction.records.draws()] == [found.log, ("one", "two"), ()]
    with pytest.raises(ConflictError), store.write() as transaction:
        transaction.records.add_draw_line("batch-1", 1, 4, "another")
    whole = make_draw(number=1, record={"record": {"log": ["one", "two", HARD, "four", "five"]}})
    with store.write() as transaction:
        transaction.records.put_draw(whole)
    with store.write() as transaction:
        # Stored with all of its log, it is the record that has the lines.
        assert transaction.records.draw("batch-1", 1) == whole
        transaction.records.add_draw_line("batch-1", 1, 6, "six")


def make_publication(publication_id: str = "p1", **more: Any) -> Publication:
    values = {
        "id": publication_id,
        "kind": "result",
        "case": "inspection-1",
        "title": HARD,
        "body": {"结果": "未发现问题"},
        "published_at": NOW,
    }
    return Publication(**{**values, **more})


def make_document(document_id: str = "d1", **more: Any) -> Document:
    values = {
        "id": document_id,
        "case": "inspection-1",
        "kind": "notice",
        "name": "通知书.docx",
        "sha256": "a" * 64,
        "content": bytes(range(256)),
        "made_at": NOW,
    }
    return Document(**{**values, **more})


def test_draws(store: Store) -> None:
    rows = [make_draw(number=n) for n in (1, 2, 10)]
    with store.write() as transaction:
        for row in reversed(rows):
            transaction.records.put_draw(row)
        transaction.records.put_draw(make_draw("batch-0"))
    with store.read() as transaction:
        assert transaction.records.draw("batch-1") == rows[2]
        assert transaction.records.draw("batch-1", 2) == rows[1]
        assert transaction.records.draw("batch-1", 3) is None
        assert transaction.records.draw("batch-9") is None
        assert transaction.records.draws("batch-1") == rows
        assert transaction.records.draws() == [make_draw("batch-0"), *rows]
    with store.write() as transaction:
        transaction.records.put_draw(make_draw(number=2, status="void", record={}, made_at=after(days=1)))
        assert transaction.records.draw("batch-1", 2) == make_draw(
            number=2, status="void", record={}, made_at=after(days=1)
        )


def test_publications(store: Store) -> None:
    full = make_publication(
        "full",
        due_on=date(2027, 3, 20),
        late=True,
        withdrawn_at=after(days=1),
        withdrawn_because=HARD,
        published_at=after(microseconds=1),
    )
    with store.write() as transaction:
        for row in (
            full,
            make_publication("p2"),
            make_publication("p1"),
            make_publication("plan", kind="plan", case="plan-1"),
        ):
            transaction.records.put_publication(row)
    with store.read() as transaction:
        assert transaction.records.publications(case_id="inspection-1") == [
            make_publication("p1"),
            make_publication("p2"),
            full,
        ]
        assert ids(transaction.records.publications()) == ["p1", "p2", "plan", "full"]
        assert ids(transaction.records.publications(kind="plan")) == ["plan"]
        assert ids(transaction.records.publications(ids=["plan", "p1", "absent"])) == ["p1", "plan"]
        assert ids(transaction.records.publications(kind="plan", case_id="inspection-1")) == []
    with store.write() as transaction:
        transaction.records.put_publication(make_publication("full", body={}))
        assert make_publication("full", body={}) in transaction.records.publications()


def test_documents(store: Store) -> None:
    with store.write() as transaction:
        for row in (
            make_document("b", made_at=after(days=1)),
            make_document("c"),
            make_document("a"),
            make_document("x", case="other"),
        ):
            transaction.records.put_document(row)
    with store.read() as transaction:
        assert ids(transaction.records.documents("inspection-1")) == ["a", "c", "b"]
        assert transaction.records.documents("other") == [make_document("x", case="other")]
        assert transaction.records.documents("none") == []
        assert [transaction.records.count_documents(one) for one in ("inspection-1", "none")] == [3, 0]
        made = transaction.records.made_documents(["other", "none", "inspection-1", "other"])
        assert [(one.case, one.made_at) for one in made] == [
            *(("inspection-1", one.made_at) for one in transaction.records.documents("inspection-1")),
            ("other", NOW),
        ]
        assert {(one.kind, one.name) for one in made} == {(make_document("x").kind, make_document("x").name)}
        assert transaction.records.made_documents([]) == []


def test_naive_instants_are_refused(store: Store) -> None:
    for act in (
        lambda records: records.put_draw(make_draw(made_at=NAIVE)),
        lambda records: records.put_publication(make_publication(published_at=NAIVE)),
        lambda records: records.put_document(make_document(made_at=NAIVE)),
    ):
        with pytest.raises(ValueError, match="naive"), store.write() as transaction:
            act(transaction.records)


def test_the_public_log_grows_line_by_line(store: Store) -> None:
    with store.write() as transaction:
        assert transaction.records.log_lines() == []
        transaction.records.add_log_line(1, HARD)
        transaction.records.add_log_line(2, "two")
    with pytest.raises(ConflictError), store.write() as transaction:
        transaction.records.add_log_line(2, "another")
    with store.read() as transaction:
        assert transaction.records.log_lines() == [HARD, "two"]
        assert (transaction.records.log_lines(1), transaction.records.log_lines(2)) == (["two"], [])


def test_keys_of_draws_and_evidence_are_kept_once(store: Store) -> None:
    with store.write() as transaction:
        transaction.records.put_draw_key("batch-1", 1, bytes(range(32)))
        transaction.records.put_evidence("a" * 64, b"page")
        transaction.records.put_evidence("a" * 64, b"another")
    with pytest.raises(ConflictError), store.write() as transaction:
        transaction.records.put_draw_key("batch-1", 1, bytes(32))
    with store.read() as transaction:
        records = transaction.records
        assert (records.draw_key("batch-1", 1), records.draw_key("batch-1", 2)) == (bytes(range(32)), None)
        assert (records.evidence("a" * 64), records.evidence("b" * 64)) == (b"page", None)
    with store.write() as transaction:
        for number in (1, 2):
            transaction.records.forget_draw_key("batch-1", number)
        for name in ("a", "b"):
            transaction.records.forget_evidence(name * 64)
    with store.read() as transaction:
        records = transaction.records
        assert (records.draw_key("batch-1", 1), records.draw_key("batch-1", 2)) == (b"", None)
        assert (records.evidence("a" * 64), records.evidence("b" * 64)) == (b"", None)
        assert records.draws_before(datetime.max.replace(tzinfo=UTC)) == []
    with pytest.raises(ConflictError), store.write() as transaction:
        transaction.records.put_draw_key("batch-1", 1, bytes(32))
