"""Whatever a repository writes is stated by its transaction; folded statements are the rows as they are."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from sample_rows import NOW, make_chain, make_entry, make_heartbeat
from writing_acts import ACTS, PROTOCOLS, READS, UNSTATED, written_by_all

from engine.app.audit.statements import FoldedStatements, fold
from engine.app.audit.verify_rows import VerifiedRows, verify_rows
from engine.app.ports.store import Store, Transaction
from engine.store.sql.tables import metadata


def test_every_method_of_every_repository_is_known() -> None:
    methods = {
        f"{name}.{method}" for name, one in PROTOCOLS.items() for method in vars(one) if method[0] != "_"
    }
    assert methods == READS | (ACTS.keys() - {"record_request"})
    own = {name for name, value in vars(Transaction).items() if isinstance(value, property)}
    assert own == PROTOCOLS.keys() | {"touched", "statements"}


def test_every_method_that_writes_states_it(store: Store) -> None:
    assert set(written_by_all(store)) <= UNSTATED
    with store.read() as transaction:
        coverage = transaction.statements.coverage()
        folded = FoldedStatements(coverage)
        assert list(fold(transaction, folded)) == []
        for table, parts in coverage.parts.items():
            rows = transaction.statements.present(table)
            assert rows, table
            assert {row.key: row.digests for row in rows} == {
                key: tuple(folded.digest(part, key) for part in parts) for key, _ in folded.digests(parts[0])
            }, table
        verified = VerifiedRows()
        assert list(verify_rows(transaction, verified)) == []
        assert verified.statements == transaction.statements.last()
        assert verified.taken_over == 0


def test_what_is_undone_is_not_stated(store: Store) -> None:
    with store.write() as transaction:
        transaction.settings.put("a", 1)
        with suppress(LookupError), transaction.savepoint():
            transaction.settings.put("a", 2)
            transaction.settings.drop("a")
            transaction.events.append(make_chain("s", 1))
            raise LookupError
        transaction.settings.put("b", 1)
    with suppress(LookupError), store.write() as transaction:
        transaction.settings.put("a", 3)
        raise LookupError
    with store.read() as transaction:
        assert transaction.statements.last() > 0
        assert list(verify_rows(transaction)) == []


def test_many_rows_make_several_statements_of_bounded_size(store: Store) -> None:
    with store.write() as transaction:
        transaction.registers.put([make_entry(f"e-{n}") for n in range(4500)], NOW)
        transaction.events.append(make_chain("register:objects", 1))
    with store.read() as transaction:
        found = transaction.statements.of()
        assert 2 <= len(found) <= 4
        assert max(len(one.rows) for one in found) < 500_000
        assert list(verify_rows(transaction)) == []


def test_a_heartbeat_of_the_same_version_states_nothing(store: Store) -> None:
    for hours in range(3):
        with store.write() as transaction:
            transaction.daemons.put(make_heartbeat("h", at=NOW + timedelta(hours=hours)))
    with store.read() as transaction:
        assert list(verify_rows(transaction)) == []
        if type(store).__name__ == "SqlStore":
            assert len(transaction.statements.of()) == 1


def test_every_table_and_column_is_covered_chained_or_left_out_for_a_reason(store: Store) -> None:
    with store.read() as transaction:
        coverage = transaction.statements.coverage()
    for table in metadata.sorted_tables:
        stated = {column for part in coverage.parts.get(table.name, ()) for column in part.columns}
        left_out = {column for name, column in coverage.left_out if name == table.name}
        if table.name in coverage.chained:
            assert not stated
            assert len(left_out) < 2
            continue
        assert not stated & left_out
        assert stated | left_out == set(table.c.keys()), table.name
        assert stated - {column.name for column in table.primary_key}, table.name
        assert coverage.parts[table.name][0].key == len(table.primary_key)
    assert all(str(reason) for reason in coverage.left_out.values())


def test_keys_no_row_can_have_are_asked_for_and_not_there(store: Store) -> None:
    written_by_all(store)
    odd = [("a\0",), ("\ud800",), ("\udcff",), (3,), (2**70,), (None,), ("a", "b"), (), (["x"],), (1.5,)]
    with store.read() as transaction:
        there = transaction.statements.present("case")[0].key
        hashable = [key for key in odd if not any(isinstance(one, list) for one in key)]
        with transaction.statements.decoding_anything():
            assert [one.key for one in transaction.statements.some("case", [*hashable, there])] == [there]  # type: ignore[list-item] # what a forged statement may name
        # The transaction goes on, on a server too.
        assert transaction.statements.present("case")[0].key == there
