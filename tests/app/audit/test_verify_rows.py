"""Whoever changes any column of any row, adds a row or deletes one, by SQL, is found: the table and the row are named."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from access_factories import BUREAU, services_over
from rows_changed import changed
from sample_rows import NOW
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Integer,
    LargeBinary,
    Table,
    Text,
    delete,
    func,
    insert,
    literal_column,
    select,
    update,
)
from writing_acts import written_by_all

from engine.app.audit.finding import AuditFinding, RowFinding
from engine.app.audit.seals import seal
from engine.app.audit.statements import OVERWRITTEN
from engine.app.audit.verify_deployment import verify
from engine.app.audit.verify_rows import verify_rows
from engine.app.commands.application import CommandResult, NewCase
from engine.app.history.journal import add_entry
from engine.app.ports.audit.statements import WAS, statement_hash
from engine.app.ports.records import RegisterEntry
from engine.kernel.instants import to_text
from engine.store.sql import SqlStore, open_store
from engine.store.sql.tables import metadata
from engine.store.sql.transaction import SqlTransaction

#: Left out, each for a reason; the reasons are printed by ``audit verify --covered``.
LEFT_OUT = {
    "outbox": {"attempts", "next_at", "error", "leases"},
    # Only their order matters, which is found when it is changed.
    "row_statement": {"position"},
    "daemon": {"at", "leads", "ahead_ms", "ended"},
}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlStore]:
    """Yield a small deployment with something in every table; three cases, the histories sealed."""
    path = tmp_path_factory.mktemp("rows") / "ssj.db"
    with closing(open_store(path, create=True, synchronous="NORMAL")) as found:
        services = services_over(found, BUREAU, people=True)
        for title in ("甲", "乙", "丙"):
            assert isinstance(services.start("errand", "anna", NewCase(title=title)), CommandResult)
        written_by_all(found, but="cases.")
        assert seal(services) is not None
        yield found


def findings(store: SqlStore, *statements: Any, of: Any = verify) -> list[AuditFinding]:
    with changed(store, *statements) as transaction:
        return list(of(transaction))


def another(column: Column[Any], value: Any) -> list[Any]:
    """Return other values somebody may put in the place of `value`."""
    if isinstance(column.type, Boolean):
        return [not value]
    if isinstance(column.type, LargeBinary):
        return [bytes(value) + b" "]
    if isinstance(column.type, Integer):
        return [(value or 0) + 1]
    if value is None:
        return ["x"]
    # A text that still reads as what it was, where it is JSON, an instant or a day.
    digit = next((place for place, sign in enumerate(value) if sign.isdigit()), None)
    altered = (
        f"{value} " if digit is None else f"{value[:digit]}{(int(value[digit]) + 1) % 10}{value[digit + 1 :]}"
    )
    return [altered]


def where(table: Table, row: Any) -> list[Any]:
    return [column == row[column.name] for column in table.primary_key]


def named(found: list[AuditFinding], table: Table, row: Any) -> bool:
    """Tell whether a finding names the row."""
    key = tuple(row[column.name] for column in table.primary_key)
    if table.name == "event":
        return any(one.stream == key[0] for one in found)
    if table.name == "case" and any(one.stream == key[0] for one in found):
        return True
    return any(isinstance(one, RowFinding) and (one.table, one.key) == (table.name, key) for one in found)


def without(store: SqlStore, table: Table, row: Any, of: Any) -> bool:
    """Tell whether it is found and named that a row is gone; without a statement nothing speaks of its events."""
    found = findings(store, delete(table).where(*where(table, row)), of=of)
    if table.name == "row_statement":
        told = {(one.table, one.stream) for one in found if isinstance(one, RowFinding)}
        return {("event", "seal"), ("outbox", "outbox")} <= told
    return named(found, table, row)


def row_of(connection: Connection, table: Table) -> dict[str, Any]:
    """Return the newest row of a table: nothing that came later tells of it."""
    query = select(table).order_by(*(column.desc() for column in table.primary_key))
    if table.name == "event":
        query = query.where(table.c.stream == "errand-3")
    return dict(connection.execute(query).mappings().first() or {})


@pytest.mark.parametrize("table", metadata.sorted_tables, ids=lambda table: table.name)
def test_a_change_of_any_column_a_row_more_and_a_row_less_are_found(table: Table, store: SqlStore) -> None:
    with store.reader.connect() as connection:
        row = row_of(connection, table)
    assert row, table.name
    # What changes no history is found by the statements.
    of = verify if table.name in ("case", "event") else verify_rows
    missed = []
    for column in table.columns:
        for value in another(column, row[column.name]):
            done = update(table).where(*where(table, row)).values({column.name: value})
            after = {**row, column.name: value}
            found = findings(store, done, of=of)
            if not (named(found, table, row) or named(found, table, after)):
                missed.append((column.name, value))
    assert {name for name, _ in missed} == LEFT_OUT.get(table.name, set()), missed
    assert without(store, table, row, of)
    first = next(iter(table.primary_key))
    more = {**row, first.name: another(first, row[first.name])[0]}
    assert named(findings(store, insert(table).values(more), of=of), table, more)
    # A row nobody can read any more keeps nobody from verifying.
    texts = {c.name: "x" for c in table.columns if isinstance(c.type, Text) and not c.primary_key}
    assert not texts or findings(store, update(table).where(*where(table, row)).values(texts))


def test_what_nobody_changed_is_whole(store: SqlStore) -> None:
    assert findings(store) == []


T = metadata.tables


def objects(entry: str) -> Any:
    return T["register_entry"].c.id == entry


#: What trust.md 4 tried by hand, and what must name it.
BY_HAND = {
    "roles of a person": (
        update(T["register_entry"]).where(objects("anna")).values(data='{"roles":["leading_office"]}'),
        "register_entry",
    ),
    "credit classes": (
        update(T["register_entry"]).where(T["register_entry"].c.kind == "objects").values(data='{"credit":"A"}'),
        "register_entry",
    ),
    "an enterprise deleted": (delete(T["register_entry"]).where(objects("a")), "register_entry"),
    "recusals wiped": (update(T["register_entry"]).where(objects("b")).values(data="{}"), "register_entry"),
    "a document replaced": (update(T["document"]).values(content=b"another"), "document"),
    "a document replaced with its digest": (
        update(T["document"]).values(content=b"another", sha256=hashlib.sha256(b"another").hexdigest()),
        "document",
    ),
    "a document deleted": (delete(T["document"]), "document"),
    "the text of a definition": (
        update(T["definition_source"]).values(content=b"workflow: other"),
        "definition_source",
    ),
    "tasks": (delete(T["task"]), "task"),
    "timers": (delete(T["timer"]), "timer"),
    "the outbox deleted": (delete(T["outbox"]), "outbox"),
    "a token planted": (
        insert(T["token"]).values(
            id="planted", person="lena", label="", created_at="2024-09-02T02:00:00.000000Z",
            expires_at="2030-09-02T02:00:00.000000Z", revoked_at=None, sha256="0" * 64,
        ),
        "token",
    ),
    "all seals deleted": (delete(T["event"]).where(T["event"].c.stream == "seal"), "event"),
    "the record of a draw": (update(T["draw"]).values(record='{"log":["a","b"],"visits":[]}'), "draw"),
    "settings that decide rights": (update(T["setting"]).values(body='["everybody"]'), "setting"),
}  # fmt: skip


@pytest.mark.parametrize("name", BY_HAND)
def test_what_was_changed_by_hand_is_found(name: str, store: SqlStore) -> None:
    done, table = BY_HAND[name]
    found = findings(store, done)
    assert any(isinstance(one, RowFinding) and one.table == table for one in found), found


def test_the_last_case_taken_out_with_its_number_and_the_seals_is_found(store: SqlStore) -> None:
    last = "errand-3"
    done = [delete(T[name]).where(T[name].c.case_id == last) for name in ("task", "timer")]
    found = findings(
        store,
        *done,
        delete(T["case"]).where(T["case"].c.id == last),
        delete(T["event"]).where(T["event"].c.stream.in_([last, "seal"])),
        update(T["sequence_counter"]).where(T["sequence_counter"].c.name == "errand").values(last=2),
    )
    told = [one for one in found if isinstance(one, RowFinding)]
    assert {one.table for one in told} == {"case", "event", "sequence_counter", "task", "timer"}
    assert {one.stream for one in told if one.table in ("case", "task", "timer")} == {last}


def test_a_row_is_named_with_its_table_its_key_and_its_case(store: SqlStore) -> None:
    done = update(T["task"]).where(T["task"].c.case_id == "errand-1").values(assignee="zoe")
    (found,) = findings(store, done)
    assert isinstance(found, RowFinding)
    assert (found.table, found.case, found.stream, found.day) == (
        "task",
        "errand-1",
        "errand-1",
        "2024-09-02",
    )
    assert str(found).startswith("errand-1：表 task 的行 errand-1/")


def test_a_role_added_by_hand_is_found_after_the_entry_was_written_over(tmp_path: Path) -> None:
    """An honest change keeps what was changed by hand before it, and states it: that it was so is stated as well."""
    with closing(open_store(tmp_path / "ssj.db", create=True, synchronous="NORMAL")) as store:
        names = [f"p-{number}" for number in range(9)]

        def put(*changed: str, roles: list[str]) -> None:
            entries = [RegisterEntry("people", name, name, None, {"roles": roles}) for name in changed]
            with store.write() as transaction:
                transaction.registers.put(entries, NOW)
                add_entry(transaction, NOW, "imported", "p", {}, "register:people")

        put(*names, roles=["inspector"])
        for changed in (names[:1], names):
            with store.read() as transaction:
                assert list(verify_rows(transaction)) == []
            with store.engine.begin() as connection:
                entry = T["register_entry"]
                connection.execute(
                    update(entry).where(entry.c.id == "p-0").values(data='{"roles":["bureau_head"]}')
                )
            put(*changed, roles=["bureau_head", str(len(changed))])
            with store.read() as transaction:
                (found,) = verify_rows(transaction)
            assert isinstance(found, RowFinding)
            assert (found.table, found.key, found.message) == (
                "register_entry",
                ("people", "p-0"),
                OVERWRITTEN,
            )
            with store.engine.begin() as connection:
                # For the second round: as if nothing had been.
                last = select(func.max(T["row_statement"].c.position)).scalar_subquery()
                statement = connection.execute(
                    select(T["row_statement"]).where(T["row_statement"].c.position == last)
                ).one()
                stated = [one for one in json.loads(statement.rows) if not one[0].startswith(WAS)]
                rows = json.dumps(stated)
                hashed = statement_hash(statement.kind, statement.events, rows)
                connection.execute(
                    update(T["row_statement"])
                    .where(T["row_statement"].c.position == statement.position)
                    .values(rows=rows, hash=hashed)
                )


@pytest.mark.parametrize("table", ["document", "evidence"])
def test_a_row_added_beyond_the_first_page_of_a_table_with_bytes_is_found(table: str, tmp_path: Path) -> None:
    with closing(open_store(tmp_path / "ssj.db", create=True, synchronous="NORMAL")) as store:
        rows = []
        for number in range(120):
            content = b"%d" % number
            digest = hashlib.sha256(content).hexdigest()
            row = {"sha256": digest, "content": content}
            if table == "document":
                row |= {
                    "id": f"d-{number:03}",
                    "case_id": "c",
                    "kind": "k",
                    "name": "n",
                    "made_at": to_text(NOW),
                }
            rows.append(row)
        columns = [column.name for column in T[table].columns]
        with store.write() as transaction:
            assert isinstance(transaction, SqlTransaction)
            driver = transaction.driver
            with_all = [tuple(row[name] for name in columns) for row in rows]
            driver.connection.execute(insert(T[table]), rows)
            driver.wrote(table, with_all)
            add_entry(transaction, NOW, "kept", "anna", {})
        with store.read() as transaction:
            assert list(verify_rows(transaction)) == []
        first = next(iter(T[table].primary_key)).name
        keys = sorted(str(row[first]) for row in rows)
        added = [f"{keys[place]}x" for place in (60, 119)]
        done = [insert(T[table]).values({**rows[0], first: key}) for key in added]
        found = findings(store, *done, of=verify_rows)
        assert {one.key for one in found if isinstance(one, RowFinding)} == {(key,) for key in added}


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("document", "content='x'"),
        ("inbox", "text=cast(x'ff41' as text)"),
        ("case", "title=x'ff00'"),
        ("case", "title=cast(x'ff41' as text)"),
    ],
)
def test_a_value_of_the_wrong_type_is_found_and_the_check_goes_on(
    table: str, change: str, store: SqlStore
) -> None:
    done = update(T[table]).values({change.partition("=")[0]: literal_column(change.partition("=")[2])})
    other = update(T["setting"]).values(body='["everybody"]')
    for of in (verify, verify_rows):
        found = findings(store, done, other, of=of)
        assert any(isinstance(one, RowFinding) and one.table == "setting" for one in found), found
        assert all(str(one) and json.dumps(one.as_json()) for one in found)
        if table != "case" or of is verify_rows:
            assert any(isinstance(one, RowFinding) and one.table == table for one in found), found
        else:
            assert any(one.stream == "errand-1" for one in found), found
