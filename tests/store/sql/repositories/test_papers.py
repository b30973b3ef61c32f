"""Rows of papers, numbers and kept files as the database has them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from engine.app.ports.papers import KeptFile, NumberStatus, PaperFact, PaperNumber, PaperRecord, PaperState
from engine.app.ports.store import ConflictError
from engine.store.sql.repositories.papers import SqlPapers
from engine.store.sql.store import SqlStore
from engine.store.sql.tables import kept_file, paper, paper_number

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
Rows = Callable[..., list[tuple[Any, ...]]]
OPEN = PaperNumber(series="n", year=2026, number=1, text="1号", status=NumberStatus.OPEN)


def test_a_paper_is_one_row_with_its_last_state(store: SqlStore, rows: Rows) -> None:
    drafted = PaperFact(PaperState.DRAFTED, date(2026, 3, 2), NOON, "a")
    one = PaperRecord(id="c/n/1", case="c", kind="n", document="c/1", facts=(drafted,))
    signed = replace(one, facts=(drafted, replace(drafted, state=PaperState.SIGNED)))
    with store.write() as transaction:
        assert isinstance(transaction.papers, SqlPapers)
        transaction.papers.put(one)
        transaction.papers.put(signed)
        assert transaction.papers.get("c/n/1") == signed
    (row,) = rows(paper)
    assert dict(zip(paper.c.keys(), row, strict=True))["state"] == "signed"


def test_an_open_number_is_given_in_its_row(store: SqlStore, rows: Rows) -> None:
    given = replace(OPEN, status=NumberStatus.GIVEN, paper="c/n/1", on=date(2026, 3, 2), by="a")
    with store.write() as transaction:
        transaction.papers.add_number(OPEN)
        assert transaction.papers.next_number("n", 2026) == OPEN
        transaction.papers.set_number(given, NumberStatus.OPEN)
        assert transaction.papers.next_number("n", 2026) == 2
        assert transaction.papers.number_of("c/n/1") == given
        with pytest.raises(ConflictError, match="1号"):
            transaction.papers.set_number(given, NumberStatus.OPEN)
    (row,) = rows(paper_number)
    found = dict(zip(paper_number.c.keys(), row, strict=True))
    assert (found["status"], found["paper"], found["dated_on"]) == ("given", "c/n/1", "2026-03-02")


def test_a_kept_file_is_added_once(store: SqlStore, rows: Rows) -> None:
    file = KeptFile(
        id="c/F1", case="c", title="t", name="a.pdf", sha256="0" * 64, size=1, type="pdf", at=NOON, by="a"
    )
    with store.write() as transaction:
        transaction.papers.add_file(file)
        with pytest.raises(ConflictError, match="c/F1"):
            transaction.papers.add_file(replace(file, title="u"))
        assert transaction.papers.files("c") == [file]
    assert len(rows(kept_file)) == 1
