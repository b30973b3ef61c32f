"""A name held beside a file, and on a server. That all stores agree is in ``tests/contract/test_contract_requests.py``."""

from __future__ import annotations

from contextlib import closing, nullcontext
from pathlib import Path

from engine.store.sql.file.held_name import held_beside, held_on_server
from engine.store.sql.store import open_store


def test_beside_a_file_each_name_is_a_file_that_goes_again(tmp_path: Path) -> None:
    database = tmp_path / "a[b].db"
    (tmp_path / ".a[b].db.held-left").touch()
    with held_beside(database, "一") as one, held_beside(database, "二") as two:
        assert (one, two) == (True, True)
        assert len(list(tmp_path.iterdir())) == 2
        with held_beside(database, "一") as again:
            assert not again
    assert list(tmp_path.iterdir()) == []


def test_on_a_server_a_name_is_held_until_its_session_ends(postgres_database: str) -> None:
    with closing(open_store(postgres_database, create=True)) as store:
        with held_on_server(store.engine, nullcontext, "一") as one:
            assert one
            with store.hold("一") as other, store.hold("二") as second:
                assert (other, second) == (False, True)
        with store.hold("一") as again:
            assert again


def test_on_a_server_a_name_is_let_go_of_before_the_block_is_left(postgres_database: str) -> None:
    """The server takes a closed connection back in its own time: whoever comes next must not find the name held."""
    with closing(open_store(postgres_database, create=True)) as store:
        found = []
        for _ in range(100):
            with store.hold("一") as held:
                found.append(held)
        assert all(found)


def test_on_a_server_a_lost_connection_ends_the_block_all_the_same(postgres_database: str) -> None:
    # Other databases of the server have locks of their own.
    ended = (
        "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted "
        "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    with (
        closing(open_store(postgres_database, create=True)) as store,
        held_on_server(store.engine, nullcontext, "一") as held,
        store.engine.connect() as other,
    ):
        assert held
        assert other.exec_driver_sql(ended).scalar()
