"""What was written after a head is checked against it; what it does not read is said, and found by the whole check."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from heads_fixtures import HeadBureau

from engine.app.audit.finding import AuditFinding
from engine.app.audit.seals import seal
from engine.app.audit.signed_heads.history import KeptHead
from engine.app.audit.verify_histories import verify_what_is_new
from engine.app.audit.verify_since import VerifiedSince, verify_since
from engine.app.commands.application import NewCase
from engine.store.sql import SqlStore, open_store


class Desk:
    """A bureau on a file with two days behind it and a head of each; and the editor's own connection to that file."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.store: SqlStore = open_store(file, create=True, synchronous="NORMAL")
        self.bureau = HeadBureau(self.store)
        assert seal(self.bureau.services) is not None
        self.bureau.day("甲")
        assert seal(self.bureau.services) is not None
        self.bureau.day("乙")
        self.first, self.last = self.bureau.history.heads
        # A day that is not over: a case begun, one gone on, a seal.
        assert seal(self.bureau.services) is not None
        self.bureau.services.start("errand", "anna", _case("丙"))

    def edit(self, *statements: str) -> None:
        with closing(sqlite3.connect(self.file)) as connection:
            for statement in statements:
                assert connection.execute(statement).rowcount, statement
            connection.commit()

    def since(self, head: KeptHead) -> list[AuditFinding]:
        with self.store.read() as transaction:
            return list(verify_since(transaction, self.bureau.history, head))


def _case(title: str) -> NewCase:
    return NewCase(title=title)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path / "ssj.db")
    yield made
    made.store.close()


def test_nothing_is_found_where_nothing_was_done(desk: Desk) -> None:
    assert desk.since(desk.first) == desk.since(desk.last) == []


#: What an editor changes among the new rows, and which table or history must be named.
NEW = {
    "an entry": ("UPDATE event SET body = replace(body, '丙', '丁') WHERE stream = 'errand-3'", "errand-3"),
    "an entry taken out": ("DELETE FROM event WHERE stream = 'errand-3'", "errand-3"),
    "the case": ("UPDATE \"case\" SET title = '丁' WHERE id = 'errand-3'", "errand-3"),
    "a case taken out": ("DELETE FROM \"case\" WHERE id = 'errand-3'", "errand-3"),
    "an order marked as sent": ("UPDATE outbox SET status = 'sent', sent_at = created_at", "outbox"),
    "a statement": (
        "UPDATE row_statement SET rows = '[]' WHERE position = (SELECT max(position) FROM row_statement)",
        "row_statement",
    ),
    "a seal": ("UPDATE event SET body = replace(body, 'root', 'r00t') WHERE stream = 'seal' AND kind = 'sealed'", "seal"),
    "the number of the last case": ("UPDATE sequence_counter SET last = 2 WHERE name = 'errand'", "sequence_counter"),
}  # fmt: skip


@pytest.mark.parametrize("name", NEW)
def test_what_is_new_and_changed_is_found(name: str, desk: Desk) -> None:
    statement, named = NEW[name]
    desk.edit(statement)
    found = desk.since(desk.last)
    assert any(named in (one.stream, getattr(one, "table", "")) for one in found), found


def test_the_head_it_begins_from_is_not_taken_at_its_word(desk: Desk) -> None:
    desk.edit(
        "UPDATE event SET body = json_set(body, '$.root', lower(hex(zeroblob(32)))) WHERE kind = 'head'"
    )
    last = desk.bureau.history.heads[-1]
    found = [str(one.message) for one in desk.since(last)]
    assert any("没有有效的签名" in one for one in found)
    assert any("根与现在的声明不符" in one for one in found)


def test_an_old_entry_is_not_read_and_the_whole_check_finds_it(desk: Desk) -> None:
    desk.edit("UPDATE event SET body = replace(body, '甲', '丁') WHERE stream = 'errand-1' AND seq = 1")
    assert desk.since(desk.last) == []
    assert any(one.stream == "errand-1" for one in desk.bureau.findings())


def test_an_old_row_that_is_written_again_has_to_follow(desk: Desk) -> None:
    # A statement of the day before is changed with its hash: the head of that day no longer has its root.
    desk.edit("UPDATE row_statement SET kind = 'taken_over' WHERE position = 1")
    assert desk.since(desk.last) == []
    assert any("的根与现在的声明不符" in str(one) for one in desk.bureau.findings())


def test_the_report_says_what_was_not_read(desk: Desk) -> None:
    verified = VerifiedSince()
    with desk.store.read() as transaction:
        assert list(verify_since(transaction, desk.bureau.history, desk.last, verified)) == []
        found = verify_what_is_new(transaction, desk.last.number)
        held = {"size": desk.last.size, "root": desk.last.root, "bureau": desk.bureau.name}
        assert verify_what_is_new(transaction, held) == found
        assert verify_what_is_new(transaction, 99) is None
        (rewritten,) = verify_what_is_new(transaction, {**held, "root": "0" * 64}).findings  # type: ignore[union-attr] # there is a report
    assert found is not None
    assert found.as_json()["since"] == {
        "head": desk.last.number,
        "day": desk.last.day,
        "not_read": desk.last.size,
    }
    assert (found.streams, found.events, found.findings) == (verified.streams, verified.events, ())
    assert verified.rows > 0
    assert "历史被整体重写" in str(rewritten.message)
