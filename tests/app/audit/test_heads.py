"""Heads of a small bureau on two days: the later continues the earlier, unless somebody rewrote what was written."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from access_factories import BUREAU, services_over
from sqlalchemy import delete, func, select, update

from engine.app.audit.heads import bureau_id, consistency_of, head_of, program, statement_leaves
from engine.app.audit.kit import verify_head
from engine.app.commands.application import Application, CommandResult, NewCase
from engine.app.ports.audit.statements import statement_hash
from engine.store.sql import SqlStore, open_store
from engine.store.sql.prepared import DriverConnection
from engine.store.sql.tables import row_statement
from engine.store.sql.transaction import SqlTransaction

Head = Mapping[str, Any]


class Bureau:
    """A bureau of which somebody outside got a head on its first day."""

    def __init__(self, store: SqlStore, third: str = "丙") -> None:
        self.store = store
        self.services: Application = services_over(store, BUREAU, people=True)
        self.start("甲")
        self.start("乙")
        self.old = self.head()
        self.start(third)

    def start(self, title: str) -> None:
        assert isinstance(self.services.start("errand", "anna", NewCase(title=title)), CommandResult)

    def head(self, days: int = 0) -> Head:
        with self.store.read() as transaction:
            return head_of(transaction, self.services.clock.now() + timedelta(days=days))

    def proof(self, first: int, second: int) -> Head | None:
        with self.store.read() as transaction:
            return consistency_of(transaction, first, second)


@pytest.fixture
def bureau(tmp_path: Path) -> Iterator[Bureau]:
    with closing(open_store(tmp_path / "ssj.db", create=True, synchronous="NORMAL")) as store:
        yield Bureau(store)


def judged(folder: Path, old: Head, new: Head, proof: Head | None) -> int:
    """Return the exit code of the stranger's program."""
    paths = []
    for number, content in enumerate((old, new, proof)):
        paths.append(folder / f"{number}.json")
        paths[-1].write_text(json.dumps(content), "utf-8")
    return int(verify_head.main([str(path) for path in paths]))


def test_the_honest_bureau(bureau: Bureau, tmp_path: Path) -> None:
    new = bureau.head(30)
    assert new["size"] > bureau.old["size"]
    assert judged(tmp_path, bureau.old, new, bureau.proof(bureau.old["size"], new["size"])) == 0
    with bureau.store.read() as transaction:
        assert len(statement_leaves(transaction)) == new["size"]
        assert bureau_id(transaction) == new["bureau"]
    assert program().startswith(b"#!")


@pytest.mark.parametrize("first", [0, -1, 10_000])
def test_sizes_there_are_not(bureau: Bureau, first: int) -> None:
    assert bureau.proof(first, bureau.old["size"]) is None
    assert bureau.proof(1, 10_000) is None


@pytest.mark.parametrize("with_hash", [False, True])
def test_a_statement_rewritten(bureau: Bureau, tmp_path: Path, with_hash: bool) -> None:
    """Also where its hash was made anew, so that nothing in the database shows it."""
    values = {"rows": "[]"}
    with bureau.store.engine.connect() as connection:
        first = connection.execute(select(row_statement).order_by(row_statement.c.position)).first()
        assert first is not None
        if with_hash:
            values["hash"] = statement_hash(first.kind, first.events, "[]")
        connection.execute(
            update(row_statement).where(row_statement.c.position == first.position).values(values)
        )
        assert judge_inside(bureau, tmp_path, connection) == 1


def test_the_tail_cut(bureau: Bureau, tmp_path: Path) -> None:
    with bureau.store.engine.connect() as connection:
        kept = bureau.old["size"] - 1
        last = connection.execute(
            select(row_statement.c.position).order_by(row_statement.c.position).offset(kept - 1).limit(1)
        ).scalar_one()
        connection.execute(delete(row_statement).where(row_statement.c.position > last))
        assert connection.execute(select(func.count()).select_from(row_statement)).scalar_one() == kept
        assert judge_inside(bureau, tmp_path, connection) == 1


def judge_inside(bureau: Bureau, folder: Path, connection: Any) -> int:
    """Return the stranger's verdict on the head and the proof the changed database gives."""
    transaction = SqlTransaction(DriverConnection(connection, writing=False))
    new = head_of(transaction, bureau.services.clock.now())
    proof = consistency_of(transaction, min(bureau.old["size"], new["size"]), new["size"])
    connection.rollback()
    return judged(folder, bureau.old, new, proof)


def test_a_fork(bureau: Bureau, tmp_path: Path) -> None:
    """Two continuations of one beginning: each continues it, and neither continues the other."""
    with closing(open_store(tmp_path / "fork.db", create=True, synchronous="NORMAL")) as store:
        fork = Bureau(store, third="己")
        fork.start("丁")
        mine, other = bureau.head(), fork.head(1)
        assert fork.old == bureau.old
        assert judged(tmp_path, bureau.old, mine, bureau.proof(bureau.old["size"], mine["size"])) == 0
        assert judged(tmp_path, bureau.old, other, fork.proof(bureau.old["size"], other["size"])) == 0
        assert other["size"] > mine["size"]
        assert judged(tmp_path, mine, other, fork.proof(mine["size"], other["size"])) == 1
