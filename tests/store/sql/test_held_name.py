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
