"""Everything in a database is verified whoever asks, also where the row that says whose it is cannot be read."""

from __future__ import annotations

from pathlib import Path

from engine.deployment.home import find_home
from engine.deployment.open import open_deployment_store
from engine.operations.damaged_rows import verify_damaged
from engine.store.sql import open_store


def test_a_database_is_verified_whose_own_id_cannot_be_read(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "settings.yaml").write_text("database: data/ssj.db\n", encoding="utf-8")
    found = find_home(str(home))
    open_deployment_store(found, create=True).close()
    assert verify_damaged(found).findings == ()

    store = open_store(found.database)
    with store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE setting SET body = x'31' WHERE name = 'deployment_id'")
    store.close()
    assert [one.as_json()["key"] for one in verify_damaged(found).findings] == [["deployment_id"]]
