"""Somebody opens the database with another program and changes the past: which case, which entry, since which day."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from small_bureau import SHANGHAI, SmallBureau, small_bureau

from engine.app.audit.finding import AuditFinding, RowFinding
from engine.app.audit.seals import SEALED, STREAM, seal, seal_of_today, seals
from engine.app.audit.verify import verify_stream
from engine.app.audit.verify_deployment import verify
from engine.app.audit.verify_seals import Outside, export, read_outside, verify_outside
from engine.app.history.replay import replay
from engine.deployment.clocks import VirtualClock
from engine.kernel.instants import from_text
from engine.lifecycle.chain import GENESIS, canonical, digest
from engine.store.case_codec import case_row
from engine.store.row_parts import TABLES
from engine.store.sql import open_store
from engine.store.sql.tables import row_statement
from engine.store.sql.taking_over import take_over

GOOD = {"found": "无合同两份", "count": 2}


class Desk:
    """A bureau on a file, sealed every evening, and the editor's own connection to that file."""

    def __init__(self, file: Path, bureau: SmallBureau | None = None) -> None:
        self.file = file
        self.store = open_store(file, create=True, synchronous="NORMAL")
        if bureau is None:
            bureau = small_bureau(self.store)
        clock = VirtualClock(bureau.clock.now())
        self.bureau = SmallBureau(replace(bureau.application, store=self.store, clock=clock), clock)

    def evening(self) -> None:
        """Seal, and sleep until the next morning."""
        assert seal(self.bureau.application) is not None
        self.bureau.clock.advance(timedelta(days=1))

    def edited(self, *statements: str) -> Desk:
        self.edit(*statements)
        return self

    def edit(self, *statements: str) -> None:
        with closing(sqlite3.connect(self.file)) as connection:
            for (name,) in connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            ).fetchall():
                connection.execute(f'DROP TRIGGER "{name}"')
            for statement in statements:
                connection.execute(statement)
            connection.commit()

    def chain_anew(self, stream: str) -> None:
        """Make the chain of a history whole again, and its case what the history says, as a clever editor would."""
        with closing(sqlite3.connect(self.file)) as connection:
            rows = connection.execute(
                "SELECT seq, at, actor, kind, body FROM event WHERE stream = ? ORDER BY seq", (stream,)
            ).fetchall()
            connection.execute("DELETE FROM event WHERE stream = ?", (stream,))
            previous = GENESIS
            for seq, (_, at, actor, kind, body) in enumerate(rows, 1):
                text = canonical(json.loads(body))
                made = digest(stream, seq, from_text(at), actor, kind, text, previous)
                values = (stream, seq, at, actor, kind, text, previous, made)
                connection.execute("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)
                previous = made
            connection.commit()
            if not rows or stream == STREAM or rows[0][3] != "started":
                return
            with self.store.read() as transaction:
                case = case_row(replay(transaction.events.of(stream)))
            connection.execute('DELETE FROM "case" WHERE id = ?', (stream,))
            connection.execute(f'INSERT INTO "case" VALUES ({", ".join("?" * len(case))})', case)  # noqa: S608 - marks alone
            connection.commit()

    def statements_anew(self) -> None:
        """State all rows as they are now, as an editor who knows the program would."""
        with self.store.engine.begin() as connection:
            connection.execute(row_statement.delete())
            take_over(connection, {*TABLES, "event"})

    def findings(self) -> list[AuditFinding]:
        with self.store.read() as transaction:
            return list(verify(transaction))

    def handed_out(self) -> bytes:
        with self.store.read() as transaction:
            return json.dumps(export(transaction, list(seals(transaction))[-1])).encode()

    def against(self, held: Outside) -> list[AuditFinding]:
        with self.store.read() as transaction:
            return list(verify_outside(transaction, held))


@pytest.fixture(scope="module")
def three_days(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Two visits begun on the 14th, the first reported on the 15th and accepted on the 16th; sealed every evening."""
    made = Desk(tmp_path_factory.mktemp("days") / "ssj.db")
    first, other = made.bureau.start(), made.bureau.start()
    assert (first, other) == ("visit-1", "visit-2")
    made.evening()
    made.bureau.take(first, "report", "clerk-1", GOOD)
    made.evening()
    made.bureau.take(first, "accept", "chief-1")
    made.evening()
    made.store.close()
    return made


@pytest.fixture
def desk(three_days: Desk, tmp_path: Path) -> Iterator[Desk]:
    shutil.copy(three_days.file, tmp_path / "ssj.db")
    made = Desk(tmp_path / "ssj.db", three_days.bureau)
    yield made
    made.store.close()


OLD_RESULT = (
    "UPDATE event SET body = replace(body, '无合同两份', '未见异常一') WHERE stream = 'visit-1' AND seq = 2"
)


def test_nothing_is_found_where_nothing_was_done(desk: Desk) -> None:
    assert desk.findings() == []
    assert desk.against(read_outside(desk.handed_out())) == []


def test_an_old_result_is_changed(desk: Desk) -> None:
    desk.edit(OLD_RESULT)
    found = desk.findings()
    assert [(f.stream, f.seq, f.day) for f in found] == [("visit-1", 2, "2024-09-15")]
    assert "写入后被改动" in str(found[0])


def test_an_old_result_is_changed_and_the_chain_made_anew(desk: Desk) -> None:
    desk.edit(OLD_RESULT)
    desk.chain_anew("visit-1")
    with desk.store.read() as transaction:
        assert list(verify_stream(transaction, "visit-1")) == []
    found = desk.findings()
    assert [(f.stream, f.seq, f.day) for f in found] == [("visit-1", 2, "2024-09-15")]
    assert "与 2024-09-15 的封存不符" in str(found[0])


def test_the_whole_database_is_written_anew(desk: Desk) -> None:
    held = desk.handed_out()
    published = json.loads(held)
    del published["heads"]
    desk.edit(OLD_RESULT)
    desk.chain_anew("visit-1")
    # The seals too, at the same instants, over what the store looked like on each evening.
    days = [seal.at for seal in read_outside(held).seals]
    with desk.store.read() as transaction:
        later = [
            e
            for stream in list(transaction.events.streams())
            for e in transaction.events.of(stream)
            if stream != STREAM
        ]
        places = [e.body["position"] for e in transaction.events.of(STREAM) if e.kind == SEALED]
    desk.edit("DELETE FROM event WHERE stream = 'seal'", "DELETE FROM publication")
    from unittest.mock import patch

    from engine.app.audit.seals import Leaf, hash_prefixes_of

    sealed = dict[str, int]()
    for at, place in zip(days, places, strict=True):
        desk.bureau.clock.set(at)
        leaves = []
        for stream in sorted({e.stream for e in later}):
            new = [e for e in later if e.stream == stream and e.at <= at][sealed.get(stream, 0) :]
            if new:
                leaves.append(Leaf(stream, new[-1].seq, new[-1].hash, hash_prefixes_of(e.hash for e in new)))
                sealed[stream] = new[-1].seq
        grown = SimpleNamespace(position=place, leaves=lambda transaction, leaves=leaves: leaves, rest=False)
        with patch("engine.app.audit.seals._Grown", lambda transaction, position, grown=grown: grown):
            assert seal(desk.bureau.application) is not None
    # Nothing inside the house can show it any more …
    assert any(isinstance(one, RowFinding) for one in desk.findings())
    desk.statements_anew()
    assert desk.findings() == []
    # … but the list on the public site names the first day, and an export names the case as well.
    (day,) = desk.against(read_outside(json.dumps(published).encode()))
    assert (day.stream, day.day) == (STREAM, "2024-09-15")
    assert "历史被整体重写" in str(day)
    found = {(f.stream, f.day) for f in desk.against(read_outside(held))}
    assert (STREAM, "2024-09-15") in found
    assert ("visit-1", "2024-09-15") in found


MEDDLING: dict[str, tuple[Callable[[Desk], object], str, int, str]] = {
    "the last entry taken out": (
        lambda d: d.edit("DELETE FROM event WHERE stream = 'visit-1' AND seq = 3"),
        "visit-1", 2, "末尾被删",
    ),
    "the last entry taken out, the case made to fit": (
        lambda d: d.edited("DELETE FROM event WHERE stream = 'visit-1' AND seq = 3").chain_anew("visit-1"),
        "visit-1", 3, "现在只有 2 条",
    ),
    "an entry in the middle taken out": (
        lambda d: d.edit("DELETE FROM event WHERE stream = 'visit-1' AND seq = 2"),
        "visit-1", 3, "中间有缺失",
    ),
    "two entries change places": (
        lambda d: d.edit(
            "UPDATE event SET seq = 99 WHERE stream = 'visit-1' AND seq = 2",
            "UPDATE event SET seq = 2 WHERE stream = 'visit-1' AND seq = 3",
            "UPDATE event SET seq = 3 WHERE stream = 'visit-1' AND seq = 99",
        ),
        "visit-1", 2, "前一条被改、被删或被插入",
    ),
    "a history emptied": (
        lambda d: d.edit("DELETE FROM event WHERE stream = 'visit-2'"),
        "visit-2", 0, "历史被整体删除",
    ),
    "a case taken out with its history": (
        lambda d: d.edit("DELETE FROM event WHERE stream = 'visit-2'", "DELETE FROM \"case\" WHERE id = 'visit-2'"),
        "visit-2", 0, "整件案件被删除",
    ),
    "a case taken out, its number given back": (
        lambda d: d.edit(
            "DELETE FROM event WHERE stream = 'visit-2'",
            "DELETE FROM \"case\" WHERE id = 'visit-2'",
            "UPDATE sequence_counter SET last = 1 WHERE name = 'visit'",
        ),
        "visit-2", 1, "现在一条也没有",
    ),
    "the row of a case taken out": (
        lambda d: d.edit("DELETE FROM \"case\" WHERE id = 'visit-2'"),
        "visit-2", 1, "案件的行被删除",
    ),
    "the row of a case changed": (
        lambda d: d.edit("UPDATE \"case\" SET state = 'done' WHERE id = 'visit-2'"),
        "visit-2", 1, "案件现状与历史不符",
    ),
    "an entry nobody can read": (
        lambda d: d.edit("UPDATE event SET body = '{' WHERE stream = 'visit-1' AND seq = 2"),
        "visit-1", 2, "读不出来",
    ),
    "an instant nobody can read": (
        lambda d: d.edit("UPDATE event SET at = 'gestern' WHERE stream = 'visit-1' AND seq = 2"),
        "visit-1", 2, "读不出来",
    ),
    "a row of a case nobody can read": (
        lambda d: d.edit("UPDATE \"case\" SET body = '[' WHERE id = 'visit-2'"),
        "visit-2", 1, "案件现状读不出来",
    ),
    "a publication changed": (
        lambda d: d.edit("UPDATE publication SET body = replace(body, '无合同两份', '未见异常')"),
        "publication:visit-1/result/1", 1, "公示记录被改动",
    ),
    "a publication taken out": (
        lambda d: d.edit("DELETE FROM publication"),
        "publication:visit-1/result/1", 1, "公示记录被删除",
    ),
    "a register's history changed": (
        lambda d: d.edited("UPDATE event SET actor = 'x' WHERE stream = 'register:people'").chain_anew(
            "register:people"
        ),
        "register:people", 1, "链条也被重做",
    ),
    "a root changed": (
        lambda d: d.edited("UPDATE event SET body = replace(body, '\"root\":\"', '\"root\":\"0') WHERE stream = 'seal'").chain_anew(STREAM),
        STREAM, 2, "封存的根与所列的各条不符",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", MEDDLING)
def test_what_was_done_is_named(desk: Desk, what: str) -> None:
    meddle, stream, seq, said = MEDDLING[what]
    meddle(desk)
    found = desk.findings()
    assert found
    assert (found[0].stream, found[0].seq) == (stream, seq), [str(one) for one in found]
    assert said in str(found[0])
    # Statements name rows besides: those of the case, of the number given back.
    assert {one.stream for one in found if not isinstance(one, RowFinding)} == {stream}


def test_the_entry_is_named_though_the_seal_came_long_after(desk: Desk) -> None:
    """One seal over the whole history: the marks in it tell which entry was changed, and so does an export."""
    desk.edit("DELETE FROM event WHERE stream = 'seal'")
    assert seal(desk.bureau.application) is not None
    held = read_outside(desk.handed_out())
    desk.edit(OLD_RESULT)
    desk.chain_anew("visit-1")
    for every in (desk.findings(), desk.against(held)):
        # The seals that were taken out first are noticed by the statements.
        found = [one for one in every if not isinstance(one, RowFinding)]
        assert [(f.stream, f.seq, f.day) for f in found] == [("visit-1", 2, "2024-09-15")], [
            str(f) for f in found
        ]
        assert "该条被改写" in str(found[0])


def test_growing_is_no_finding(desk: Desk) -> None:
    desk.bureau.refused("visit-2", "report", "clerk-9", GOOD)
    assert desk.findings() == []
    assert desk.against(read_outside(desk.handed_out())) == []
    desk.bureau.take("visit-2", "report", "clerk-1", GOOD)
    desk.evening()
    assert desk.findings() == []


def test_a_day_is_sealed_once(desk: Desk) -> None:
    desk.bureau.clock.set(datetime(2024, 9, 20, 2, 30, tzinfo=SHANGHAI))
    desk.bureau.refused("visit-2", "report", "clerk-9", GOOD)
    made = seal_of_today(desk.bureau.application)
    assert made is not None
    assert made.day == "2024-09-20"
    desk.bureau.refused("visit-2", "report", "clerk-9", GOOD)
    assert seal_of_today(desk.bureau.application) is None
    assert seal(desk.bureau.application) is not None
    # The orders to build the site are no reason to seal again.
    assert seal(desk.bureau.application) is None
