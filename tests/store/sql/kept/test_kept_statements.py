"""Statements whose texts are kept: found without SQLAlchemy, built for another database, and where they are not kept."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from engine.store.sql.compiling import dialect_of
from engine.store.sql.core import settings, tasks
from engine.store.sql.kept import kept_statements
from engine.store.sql.kept.kept_statements import Kept, KeptStatement, key_of, made, texts


def test_a_kept_statement_has_the_text_that_is_built() -> None:
    found = Kept("settings").GET
    assert isinstance(found, KeptStatement)
    for on_server in (False, True):
        assert found.text(dialect_of(on_server)) == settings.GET.text(dialect_of(on_server))
    assert found.binds == settings.GET.binds


def test_what_is_no_statement_comes_from_the_module() -> None:
    assert Kept("settings").names is settings.names


def test_a_statement_made_of_plain_values() -> None:
    kept, built = made("tasks", "of_keys", 2), made("tasks", "of_keys", 40)
    assert isinstance(kept, KeptStatement)
    assert not isinstance(built, KeptStatement)
    for on_server in (False, True):
        dialect = dialect_of(on_server)
        assert kept.text(dialect) == tasks.of_keys(2).text(dialect)
        assert built.text(dialect) == tasks.of_keys(40).text(dialect)
    assert key_of("of_keys", (2,)) in texts()["tasks"]


def test_without_the_file_everything_is_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_statements, "TEXTS", tmp_path / "none.json")
    texts.cache_clear()
    try:
        assert Kept("settings").GET is settings.GET
    finally:
        texts.cache_clear()


def test_a_file_is_read_and_written_without_sqlalchemy(empty_database: Path, tmp_path: Path) -> None:
    place = tmp_path / "ssj.db"
    place.write_bytes(empty_database.read_bytes())
    script = f"""
import sys
from engine.store.sql.store import open_store
store = open_store({str(place)!r})
with store.write() as transaction:
    transaction.settings.put("a", 1)
with store.read() as transaction:
    assert transaction.settings.get("a") == 1
    assert "sqlalchemy" not in sys.modules
    assert transaction.settings.names("") == ["a"]
assert "sqlalchemy" in sys.modules
with store.read() as transaction:
    assert transaction.settings.get("a") == 1
store.close()
"""
    subprocess.run([sys.executable, "-c", script], check=True)
