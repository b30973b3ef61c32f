"""Whoever rewrites what was written leaves heads that are wrong, whatever else is made anew in the database."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from heads_fixtures import HeadBureau, Keys
from sqlalchemy import select, update

from engine.app.audit.finding import RowFinding
from engine.app.audit.signed_heads.history import HEAD, STAMP, STREAM
from engine.app.audit.signed_heads.verification import is_signed, verify_heads, verify_heads_since
from engine.app.audit.verify_deployment import verify
from engine.app.history.journal import add_entry
from engine.app.ports.audit.statements import statement_hash
from engine.store.sql import open_store
from engine.store.sql.tables import row_statement


def test_a_statement_made_anew_with_its_hash(tmp_path: Path) -> None:
    with closing(open_store(tmp_path / "ssj.db", create=True, synchronous="NORMAL")) as store:
        bureau = HeadBureau(store)
        bureau.day("甲")
        assert bureau.findings() == []
        with store.engine.begin() as connection:
            found = connection.execute(select(row_statement).order_by(row_statement.c.position)).all()
            one = found[1]
            rows = one.rows[:-1] + ',["token",["t"],null]]'
            connection.execute(
                update(row_statement)
                .where(row_statement.c.position == one.position)
                .values(rows=rows, hash=statement_hash(one.kind, one.events, rows))
            )
        said = [str(one.message) for one in bureau.findings() if one.stream == STREAM]
        assert len(said) == 1
        assert "根与现在的声明不符" in said[0]


def with_head(**changed: Any) -> Callable[[HeadBureau], None]:
    def act(bureau: HeadBureau) -> None:
        last = bureau.history.heads[-1]
        body = {
            "number": 2,
            "day": last.day,
            "size": last.size,
            "root": last.root,
            "time": last.at,
            "position": last.position,
            "subtrees": list(last.subtrees),
            "proof": [],
            "key": last.key,
            "signature": last.signature,
        }
        enter(bureau, HEAD, body | changed)

    return act


def with_key(key: str, signature: str | None, **marks: Any) -> Callable[[HeadBureau], None]:
    def act(bureau: HeadBureau) -> None:
        before = bureau.history.keys[-1]
        why = "lost" if signature is None else "changed"
        body = {"number": 2, "key": key, "why": why, "previous": before.key, "signature": signature}
        enter(bureau, "key", body | marks)

    return act


def enter(bureau: HeadBureau, kind: str, body: dict[str, Any]) -> None:
    with bureau.store.write() as transaction:
        add_entry(transaction, bureau.services.clock.now(), kind, "lena", body, STREAM)


OTHER = Keys("two").first_key()


@pytest.mark.parametrize(
    ("act", "sentence"),
    [
        (with_head(root="00" * 32), "根与现在的声明不符"),
        (with_head(signature="00" * 64), "签名不对"),
        (with_head(key=OTHER), "不是由当时的密钥签名的"),
        (with_head(number=3), "前有缺失"),
        (with_key(OTHER, "00" * 64), "没有前一把密钥的签名"),
        (with_key(OTHER, None), "没有两人同意"),
        (with_key(OTHER, None, previous=OTHER), "接不上前一把"),
        (with_key(OTHER, None, why="first"), "没有前一把密钥的签名"),
        (lambda bureau: enter(bureau, STAMP, {"number": 1, "token": "MAA="}), "盖的不是日志头 1"),
        (lambda bureau: enter(bureau, STAMP, {"number": 9, "token": "MAA="}), "盖的不是日志头 9"),
    ],
)
def test_what_is_wrong_is_named(act: Callable[[HeadBureau], None], sentence: str) -> None:
    bureau = HeadBureau()
    bureau.day("甲")
    act(bureau)
    said = [str(one) for one in bureau.findings()]
    assert any(sentence in one for one in said), said


def test_a_key_its_predecessor_signed_and_one_that_two_agreed_to_are_right() -> None:
    bureau = HeadBureau(keys=Keys("one", "two", "three"))
    bureau.day("甲")
    first, second, third = bureau.keys.secrets
    bureau.announce(second, first)
    bureau.day("乙")
    with bureau.store.write() as transaction:
        body = {"number": 3, "key": third, "why": "lost", "previous": second, "signature": None}
        entry = body | {"confirmed_by": "rosa"}
        add_entry(transaction, bureau.services.clock.now(), "key", "lena", entry, STREAM)
    assert bureau.day("丙").key == third
    assert bureau.findings() == []


def told(bureau: HeadBureau, *, since: int | None = None, **roots: str) -> list[str]:
    """Return what is wrong with the heads, from a number on; a root can be another than it was."""
    history = bureau.history
    known = {head.size: roots.get(f"of_{head.number}", head.root) for head in history.heads}
    with bureau.store.read() as transaction:
        found: list[RowFinding]
        if since is None:
            found = list(verify_heads(transaction, history, known))
        else:
            head = history.head(since)
            assert head is not None
            found = list(verify_heads_since(transaction, history, head, known))
    return [f"{one.day} {one.message}" for one in found]


def test_only_heads_from_the_one_that_is_relied_on_are_looked_at() -> None:
    bureau = HeadBureau()
    days = [bureau.day(title).day for title in ("甲", "乙", "丙")]
    assert (told(bureau), told(bureau, since=2)) == ([], [])
    first, third = "00" * 32, "11" * 32
    wrong = "的根与现在的声明不符：那一天以前的声明被改写、删除，或次序被改"
    assert told(bureau, of_1=first, of_3=third) == [
        f"{days[0]} 日志头 1 {wrong}",
        f"{days[2]} 日志头 3 {wrong}",
    ]
    assert told(bureau, since=2, of_1=first, of_3=third) == [f"{days[2]} 日志头 3 {wrong}"]


def test_a_head_without_a_good_signature_is_nothing_to_begin_from() -> None:
    bureau = HeadBureau()
    bureau.day("甲")
    with_head(signature="00" * 64)(bureau)
    history = bureau.history
    good, bad = history.heads
    assert is_signed(bureau.name, history, good)
    assert not is_signed(bureau.name, history, bad)
    assert not is_signed("b" * 64, history, good)
    assert any("没有有效的签名，不能作为起点" in one for one in told(bureau, since=2))


@pytest.mark.parametrize(
    "edit",
    [
        "DELETE FROM row_statement WHERE position = {first}",
        "INSERT INTO row_statement SELECT {last} + 1, kind, events, rows, hash FROM row_statement WHERE position = {last}",
    ],
    ids=["taken out", "copied"],
)
def test_an_overtaken_statement_taken_out_or_copied_shows_once_a_head_was_kept(
    edit: str, tmp_path: Path
) -> None:
    with closing(open_store(tmp_path / "ssj.db", create=True, synchronous="NORMAL")) as store:
        bureau = HeadBureau(store)
        positions = []
        for value in (1, 2, 3):
            with store.write() as transaction:
                transaction.settings.put("a", value)
            with store.read() as transaction:
                positions.append(transaction.statements.last())
        statement = edit.format(first=positions[0], last=positions[1])
        for kept in (False, True):
            if kept:
                bureau.day()
            copy = tmp_path / f"{kept}.db"
            with (
                closing(sqlite3.connect(tmp_path / "ssj.db")) as own,
                closing(sqlite3.connect(copy)) as other,
            ):
                own.backup(other)
                if "INSERT" in statement:
                    # A place is made where it would have been, before the last one and the head.
                    for step in (1000, -999):
                        moved = "UPDATE row_statement SET position = position + ? WHERE position > ?"
                        other.execute(moved, (step, positions[1]))
                assert other.execute(statement).rowcount == 1
                other.commit()
            with closing(open_store(copy)) as edited, edited.read() as transaction:
                found = [str(one) for one in verify(transaction)]
            # What is not found without a head is said in docs/explanation/threats.md.
            assert any("根与现在的声明不符" in one for one in found) == kept
            assert kept or found == []
