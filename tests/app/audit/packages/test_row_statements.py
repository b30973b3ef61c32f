"""Any column of any row a package is made of, a row more and a row less, changed by SQL: each is named before it is packed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from access_factories import BUREAU, services_over
from rows_changed import changed
from sqlalchemy import Boolean, Column, Integer, LargeBinary, Table, delete, insert, select, update

from engine.app.audit.packages.row_statements import PACKED, rows_unlike
from engine.app.commands.application import Application, CommandResult, NewCase
from engine.app.history.journal import add_entry
from engine.app.ports.audit.statements import statement_hash
from engine.app.ports.papers import KeptFile, PaperFact, PaperRecord, PaperState
from engine.app.ports.records import Document, DrawRow, Publication
from engine.app.ports.signatures import SignatureRecord, SigningWay
from engine.app.queries.papers.archive import check_archive, read_archive
from engine.kernel.refusal import Refusal
from engine.store.memory import MemoryStore
from engine.store.row_parts import TABLES
from engine.store.sql import SqlStore, open_store
from engine.store.sql.tables import metadata

T = metadata.tables
#: What of a case its history makes, and is held against that.
OF_HISTORY = {"case": TABLES["case"].apart["carried"]}
CASE, PARENT = "errand-1", "errand-2"


def office(store: Any, *, drawn: bool = True) -> Application:
    """Return services over a store in which one case has a row of every table a package is made of; the other has a draw."""
    services = services_over(store, BUREAU, people=True)
    for title in ("甲", "乙", "丙"):
        assert isinstance(services.start("errand", "anna", NewCase(title=title)), CommandResult)
    now = services.clock.now()
    with store.write() as writing:
        for case in (CASE, PARENT, "errand-11"):
            content = case.encode()
            digest = sha256(content).hexdigest()
            drafted = PaperFact(PaperState.DRAFTED, now.date(), now, "anna")
            served = PaperFact(PaperState.SERVED, now.date(), now, "anna", note="直接送达")
            facts = (drafted, served)
            writing.records.put_document(
                Document(f"{case}/1", case, "notice", "通知.html", digest, content, now)
            )
            paper = PaperRecord(
                id=f"{case}/notice/1", case=case, kind="notice", document=f"{case}/1", facts=facts
            )
            writing.papers.put(paper)
            writing.records.put_publication(
                Publication(
                    id=f"{case}/result/1",
                    kind="result",
                    case=case,
                    title="公示",
                    body={"result": "1"},
                    published_at=now,
                    due_on=now.date(),
                )
            )
            writing.papers.add_file(
                KeptFile(
                    id=f"{case}/F1",
                    case=case,
                    title="照片",
                    name="a.jpg",
                    sha256=digest,
                    size=len(content),
                    type="image/jpeg",
                    at=now,
                    by="anna",
                )
            )
            writing.signatures.add(
                SignatureRecord(
                    id=f"{case}/S1", case=case, record="notice", sha256=digest, person="anna",
                    way=SigningWay.PAD, device="平板", at=now, by="anna",
                )
            )  # fmt: skip
            if drawn:
                writing.records.put_draw(DrawRow(case, 1, "complete", {"log": []}, now))
                writing.records.add_draw_line(case, 1, 1, "line 1")
        add_entry(writing, now + timedelta(seconds=1), "kept", "anna", {})
    return services


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlStore]:
    path = tmp_path_factory.mktemp("packed") / "ssj.db"
    with closing(open_store(path, create=True, synchronous="NORMAL")) as found:
        office(found)
        yield found


def said(store: SqlStore, *statements: Any, parent: str | None = None) -> list[str]:
    with changed(store, *statements) as transaction:
        return [str(one) for one in rows_unlike(transaction, CASE, parent)]


def another(column: Column[Any], value: Any) -> Any:
    """Return another value somebody may put in the place of `value`."""
    if isinstance(column.type, Boolean):
        return not value
    if isinstance(column.type, LargeBinary):
        return bytes(value) + b" "
    if isinstance(column.type, Integer):
        return (value or 0) + 1
    return "x" if value is None else f"{value}0"


def where(table: Table, row: Any) -> list[Any]:
    return [column == row[column.name] for column in table.primary_key]


def row_of(store: SqlStore, table: Table, case: str) -> dict[str, Any]:
    name = TABLES[table.name].case
    assert name is not None
    with store.reader.connect() as connection:
        found = connection.execute(select(table).where(table.c[name] == case)).mappings().first()
    assert found is not None, table.name
    return dict(found)


def test_what_nobody_changed_is_whole(store: SqlStore) -> None:
    assert said(store) == []
    assert said(store, parent=PARENT) == []


@pytest.mark.parametrize("name", sorted(PACKED))
def test_a_change_of_any_column_a_row_more_and_a_row_less_are_named(name: str, store: SqlStore) -> None:
    table = T[name]
    row = row_of(store, table, CASE)
    key = " ".join(str(row[column.name]) for column in table.primary_key)
    tried = 0
    for column in table.columns:
        if column.name in OF_HISTORY.get(name, ()):
            continue
        done = (
            update(table).where(*where(table, row)).values({column.name: another(column, row[column.name])})
        )
        assert any(f"“{key}”" in one for one in said(store, done)), column.name
        tried += 1
    assert tried == len(table.columns) - len(OF_HISTORY.get(name, ()))
    assert any(
        f"“{key}”" in one and "被删除" in one for one in said(store, delete(table).where(*where(table, row)))
    )
    if name != "case":
        last = list(table.primary_key)[-1]
        more = {**row, last.name: another(last, row[last.name])}
        assert any("没有声明" in one for one in said(store, insert(table).values(more)))
    # Nothing that is done to another case, also to one whose number begins with the same figures, is said of this one.
    assert said(store, delete(table).where(*where(table, row_of(store, table, PARENT)))) == []


def test_of_the_case_above_what_was_drawn_is_held(store: SqlStore) -> None:
    started = "errand-3"
    for name, column in (("draw", "record"), ("draw_line", "line")):
        done = update(T[name]).where(T[name].c.case_id == PARENT).values({column: '{"log":["x"]}'})
        with changed(store, done) as transaction:
            assert any(f"“{PARENT} 1" in str(one) for one in rows_unlike(transaction, started, PARENT))
            assert list(rows_unlike(transaction, started)) == []
    of_paper = update(T["paper"]).where(T["paper"].c.case_id == PARENT).values(state="void")
    with changed(store, of_paper) as transaction:
        assert list(rows_unlike(transaction, started, PARENT)) == []


def test_the_names_of_those_who_took_part_are_held(store: SqlStore) -> None:
    entry = T["register_entry"]
    anna = (entry.c.kind == "people", entry.c.id == "anna")
    changes = [
        update(entry).where(*anna).values(name="假人"),
        update(entry).where(*anna).values(id="other"),
        delete(entry).where(*anna),
    ]
    for change in changes:
        with changed(store, change) as transaction:
            (one,) = (str(one) for one in rows_unlike(transaction, CASE, None, ["anna"]))
            assert "名册条目“people anna”" in one
            assert list(rows_unlike(transaction, CASE, None, ["bela"])) == []
    with changed(store) as transaction:
        assert list(rows_unlike(transaction, CASE, None, ["anna", "bela", "nobody"])) == []
        row = dict(transaction.driver.connection.execute(select(entry).where(*anna)).mappings().one())
    with changed(store, insert(entry).values({**row, "kind": "inspectors"})) as transaction:
        (one,) = (str(one) for one in rows_unlike(transaction, CASE, None, ["anna"]))
        assert "名册条目“inspectors anna”与写入时不符：该行没有声明" in one


def test_the_lines_of_the_public_log_are_held_where_a_draw_stands_in_it(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    with store.write() as writing:
        for seq in (1, 2):
            writing.records.add_log_line(seq, f"line {seq}")
        add_entry(writing, writing.events.last("office").at, "kept", "anna", {})  # type: ignore[union-attr]  # there is one
    log = T["draw_log"]
    changes = [
        update(log).where(log.c.seq == 2).values(line="line 3"),
        delete(log).where(log.c.seq == 2),
        insert(log).values(seq=3, line="x"),
    ]
    assert [said(store, change) for change in changes] == [[], [], []]
    monkeypatch.setattr(DrawRow, "public", property(lambda _: True))
    assert said(store) == []
    for change, key in zip(changes, ("2", "2", "3"), strict=True):
        (one,) = said(store, change)
        assert f"公开日志行“{key}”" in one


def _stated(store: SqlStore, table: str, key: str) -> tuple[int, str]:
    """Return position and rows of the statement that names a row."""
    statement = T["row_statement"]
    with store.reader.connect() as connection:
        query = select(statement.c.position, statement.c.rows).where(
            statement.c.rows.like(f'%["{table}",["{key}"]%')
        )
        position, rows = connection.execute(query).one()
    return position, rows


def test_statements_that_were_changed_taken_out_or_put_in_are_named(store: SqlStore) -> None:
    statement = T["row_statement"]
    position, rows = _stated(store, "paper", f"{CASE}/notice/1")
    here = statement.c.position == position
    assert any(
        "哈希不符" in one for one in said(store, update(statement).where(here).values(rows=rows + " "))
    )
    assert any(
        "读不出来" in one for one in said(store, update(statement).where(here).values(rows=f'"{CASE}"'))
    )
    assert any("没有声明" in one for one in said(store, delete(statement).where(here)))
    first, _ = _stated(store, "case", CASE)
    assert any(
        "历史与声明不符" in one for one in said(store, delete(statement).where(statement.c.position == first))
    )
    # A statement that follows the changed row, and stands in no history.
    put = f'[["paper",["{CASE}/notice/1"],"{"0" * 64}"]]'
    values = {"kind": "written", "events": "[]", "rows": put, "hash": statement_hash("written", "[]", put)}
    assert any("不带任何历史的条目" in one for one in said(store, insert(statement).values(values)))
    # One that goes on a history that has no such entry.
    events = f'[["{CASE}",3,3,"{"0" * 64}"]]'
    values = {
        "kind": "written",
        "events": events,
        "rows": "[]",
        "hash": statement_hash("written", events, "[]"),
    }
    assert any("应从第 2 条声明起" in one for one in said(store, insert(statement).values(values)))


def test_a_row_written_over_after_it_was_changed_is_named(tmp_path: Any) -> None:
    with closing(open_store(tmp_path / "ssj.db", create=True, synchronous="NORMAL")) as store:
        services = office(store)
        with store.engine.begin() as connection:
            connection.execute(update(T["paper"]).where(T["paper"].c.case_id == CASE).values(kind="record"))
        with store.write() as writing:
            (paper,) = writing.papers.of_case(CASE)
            writing.papers.put(paper)
            add_entry(writing, services.clock.now(), "kept", "anna", {})
        with store.read() as reading:
            assert [str(one) for one in rows_unlike(reading, CASE)] == [
                f"文书登记“{CASE}/notice/1”与写入时不符：该行在写入后被改动，其后本程序又在改动后的内容上写入"
            ]


def test_whoever_packs_or_asks_what_is_missing_is_told(tmp_path: Any) -> None:
    with closing(open_store(tmp_path / "ssj.db", create=True, synchronous="NORMAL")) as store:
        services = office(store, drawn=False)
        found = read_archive(services, "anna", CASE)
        assert not isinstance(found, Refusal)
        before = [str(one) for one in found.unlike]
        with store.engine.begin() as connection:
            publication = T["publication"]
            connection.execute(
                update(publication)
                .where(publication.c.case_id == CASE)
                .values(withdrawn_at="2024-09-03T00:00:00.000000Z", withdrawn_because="误")
            )
        sentence = f"公示“{CASE}/result/1”与写入时不符：该行在写入后被改动"
        found = read_archive(services, "anna", CASE)
        assert not isinstance(found, Refusal)
        assert [str(one) for one in found.unlike] == [*before, sentence]
        pieces = check_archive(services, "anna", CASE)
        assert not isinstance(pieces, Refusal)
        assert [str(one) for one in pieces[-1].missing] == [sentence]


def test_what_the_history_makes_of_a_case_is_held_against_it(tmp_path: Any) -> None:
    with closing(open_store(tmp_path / "ssj.db", create=True, synchronous="NORMAL")) as store:
        services = office(store, drawn=False)
        case = T["case"]
        with store.reader.connect() as connection:
            before = dict(connection.execute(select(case).where(case.c.id == CASE)).mappings().one())
        body = json.loads(before["body"])
        others: dict[str, Any] = {
            "rev": 9,
            "head": "0" * 64,
            "suspended_at": "2024-09-03T00:00:00.000000Z",
            "assignee": "carl",
            "body": json.dumps({**body, "fields": {**body.get("fields", {}), "class": "A"}}),
        }
        assert set(others) == set(OF_HISTORY["case"])
        for name, value in others.items():
            with store.engine.begin() as connection:
                connection.execute(update(case).where(case.c.id == CASE).values({name: value}))
            found = read_archive(services, "anna", CASE)
            assert not isinstance(found, Refusal)
            said = " ".join(str(one) for one in found.unlike)
            assert "案件现状与历史不符" in said, name
            assert "personal" not in said
            with store.engine.begin() as connection:
                connection.execute(update(case).where(case.c.id == CASE).values({name: before[name]}))


def test_what_is_kept_in_memory_is_held_the_same_way() -> None:
    store = MemoryStore()
    office(store)
    with store.read() as reading:
        assert list(rows_unlike(reading, CASE, PARENT)) == []
        assert {one.case for table in PACKED for one in reading.statements.of_case(table, CASE)} == {CASE}
        about = reading.statements.about(CASE)
        assert about == [one for one in reading.statements.of() if CASE in one.events + one.rows]
        with pytest.raises(ValueError, match="register_entry"):
            reading.statements.of_case("register_entry", CASE)
