"""Opening a database: what is said when it cannot be used, and that the schema is what the tables say."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from engine.store import migrations
from engine.store.problem import StoreUnavailableError
from engine.store.revision import EXPECTED
from engine.store.sql import open_store
from engine.store.sql.file.file_place import NETWORK, check_sqlite, file_system
from engine.store.sql.tables import metadata


def said(path: str | Path, **how: Any) -> str:
    with pytest.raises(StoreUnavailableError) as problem:
        open_store(path, **how)
    return str(problem.value)


def schema(path: Path) -> dict[str, set[str]]:
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute(
            "SELECT type, name, sql FROM sqlite_master WHERE name != 'alembic_version' AND sql IS NOT NULL"
        ).fetchall()
    # Order and indentation of a definition say nothing.
    return {f"{kind} {name}": set(sql.replace(",", " ").split()) for kind, name, sql in rows}


def test_a_made_database_has_the_tables_of_the_metadata(tmp_path: Path) -> None:
    migrated, declared = tmp_path / "migrated.db", tmp_path / "declared.db"
    with closing(open_store(migrated, create=True)) as store, store.reader.connect() as connection:
        assert migrations.current(connection) == EXPECTED
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    engine = create_engine(f"sqlite:///{declared}")
    metadata.create_all(engine)
    engine.dispose()
    assert schema(migrated) == schema(declared)
    assert "WITHOUT" in schema(migrated)["table timer"]


def test_partial_indexes_are_partial_on_both_databases() -> None:
    found = []
    for script in (Path(migrations.__file__).parent / "versions").glob("r*.py"):
        text = script.read_text(encoding="utf-8")
        conditions = {kind: re.findall(rf"{kind}_where=(.+),\n", text) for kind in ("sqlite", "postgresql")}
        assert conditions["sqlite"] == conditions["postgresql"]
        found += conditions["sqlite"]
    assert found


def test_the_expected_revision_is_the_newest_script() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(config).get_current_head() == EXPECTED


def test_a_normal_start_does_not_import_alembic(tmp_path: Path) -> None:
    path = tmp_path / "ssj.db"
    open_store(path, create=True).close()
    code = (
        "import sys; from engine.store.sql import open_store\n"
        "store = open_store(sys.argv[1])\n"
        "with store.write() as unit: unit.settings.put('a', 1)\n"
        "with store.read() as unit: assert unit.settings.get('a') == 1\n"
        "store.close()\n"
        "print([m for m in ('alembic', 'mako', 'sqlalchemy.orm', 'sqlalchemy.dialects.postgresql') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_opening_twice_and_creating_again_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "ssj.db"
    with closing(open_store(path, create=True)) as store, store.write() as transaction:
        transaction.settings.put("kept", 1)
    with closing(open_store(f"sqlite:///{path}", create=True)) as store, store.read() as transaction:
        assert transaction.settings.get("kept") == 1


def test_settings_of_a_connection(tmp_path: Path) -> None:
    for synchronous, number in (("FULL", 2), ("NORMAL", 1)):
        with closing(open_store(tmp_path / "ssj.db", create=True, synchronous=synchronous)) as store:
            for engine, only in ((store.engine, 0), (store.reader, 1)):
                with engine.connect() as connection:
                    asked = ("journal_mode", "synchronous", "busy_timeout", "query_only")
                    found = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in asked]
                assert found == ["wal", number, 30_000, only]
    assert "synchronous" in said(tmp_path / "ssj.db", synchronous="OFF")


def test_what_is_said_when_there_is_no_database(tmp_path: Path) -> None:
    assert "没有数据库" in said(tmp_path / "none.db")
    assert not (tmp_path / "none.db").exists()
    assert "目录" in said(tmp_path / "none" / "ssj.db", create=True)
    assert "是目录" in said(tmp_path, create=True)
    (tmp_path / "empty.db").touch()
    assert "没有本系统的数据" in said(tmp_path / "empty.db")
    assert "不认识" in said("mysql://localhost/ssj")
    assert "不认识" in said("sqlite://")
    assert "不认识" in said("://")


def test_a_password_is_never_shown() -> None:
    assert "secret" not in said("mysql://someone:secret@localhost/ssj")
    assert "secret" not in said("postgresql://someone:secret@127.0.0.1:1/ssj")


def test_a_server_that_does_not_answer() -> None:
    assert "连不上数据库" in said("postgresql://someone@127.0.0.1:1/ssj")


def test_what_is_not_a_database(tmp_path: Path) -> None:
    path = tmp_path / "ssj.db"
    path.write_bytes(b"not a database, but long enough to be taken for one " * 100)
    assert "不是数据库文件" in said(path)
    assert "不是数据库文件" in said(path, create=True)


def test_a_damaged_database(tmp_path: Path) -> None:
    path = tmp_path / "ssj.db"
    with closing(open_store(path, create=True)) as store, store.write() as transaction:
        transaction.definitions.put_texts({f"{n:064}": b"x" * 5000 for n in range(200)})
    content = path.read_bytes()
    path.write_bytes(content[:8192] + b"\xff" * (len(content) - 8192))
    with pytest.raises(StoreUnavailableError, match=r"damaged|\{where\}"), closing(open_store(path)) as store:
        read_all(store)


def read_all(store: Any) -> None:
    with store.write() as transaction:
        transaction.definitions.put_texts({"a" * 64: b"y" * 50_000})
        for n in range(200):
            transaction.definitions.text(f"{n:064}")
            transaction.settings.put(str(n), n)


def test_a_schema_of_another_version(tmp_path: Path) -> None:
    path = tmp_path / "ssj.db"
    open_store(path, create=True).close()
    for revision, word in (("9999", "请升级程序"), ("0000", "ssj backup")):
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))
        assert word in said(path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    assert "请升级程序" in said(path, create=True)


def test_a_locked_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "ssj.db"
    open_store(path, create=True).close()
    monkeypatch.setattr("engine.store.sql.file.file_connection.BUSY_TIMEOUT_SECONDS", 0.1)
    with closing(sqlite3.connect(path, isolation_level=None)) as other, closing(open_store(path)) as store:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailableError) as problem, store.write():
            pass
        assert "占用" in str(problem.value)
        with store.read() as transaction:
            assert transaction.settings.get("reading goes on") is None
        other.execute("ROLLBACK")
        with store.write() as transaction:
            transaction.settings.put("and writing again", 1)


def test_a_full_disk(tmp_path: Path) -> None:
    with closing(open_store(tmp_path / "ssj.db", create=True)) as store:
        with store.write() as transaction:
            transaction.settings.put("somebody has written before", 1)
            pages = transaction.connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            transaction.connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}")
        with pytest.raises(StoreUnavailableError) as problem, store.write() as transaction:
            transaction.definitions.put_texts({"a": b"x" * 100_000})
        assert "磁盘已满" in str(problem.value)
        with store.read() as transaction:
            assert transaction.definitions.text("a") is None


def test_who_looks_after_the_file_finds_a_connection_while_others_write(tmp_path: Path) -> None:
    with closing(open_store(tmp_path / "ssj.db", create=True)) as store:
        done = threading.Event()

        def write() -> None:
            while not done.is_set():
                with store.write() as transaction:
                    transaction.settings.put("written", 1)

        writer = threading.Thread(target=write)
        writer.start()
        try:
            for _ in range(50):
                with store.engine.connect() as connection:
                    assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2
        finally:
            done.set()
            writer.join()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_directory_that_cannot_be_written(tmp_path: Path) -> None:
    path = tmp_path / "ssj.db"
    open_store(path, create=True).close()
    path.chmod(0o400)
    tmp_path.chmod(0o500)
    try:
        assert "权限" in said(path)
    finally:
        tmp_path.chmod(0o700)


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="needs a directory where nobody can make files")
def test_a_directory_where_nothing_can_be_made() -> None:
    assert "无法打开数据库" in said("/proc/ssj.db", create=True)


def test_network_file_systems_are_refused(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    share = tmp_path / "my share"
    (share / "data").mkdir(parents=True)
    shown = str(share).replace(" ", "\\040")
    for kind in sorted(NETWORK):
        mounts.write_text(f"/dev/sda / ext4 rw 0 0\nserver:/x {shown} {kind} rw 0 0\n", encoding="utf-8")
        with pytest.raises(StoreUnavailableError) as problem:
            check_sqlite(share / "data" / "ssj.db", create=True, mounts=mounts)
        assert kind in str(problem.value)
        check_sqlite(tmp_path / "ssj.db", create=True, mounts=mounts)
    mounts.write_text(f"server:/x {shown} nfs rw 0 0\ntmpfs {shown} tmpfs rw 0 0\n", encoding="utf-8")
    assert file_system(share / "ssj.db", mounts) == "tmpfs"
    assert file_system(share / "ssj.db", tmp_path / "no mounts") is None


def test_an_old_sqlite_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sqlite3.sqlite_version_info", (3, 7, 17))
    assert "过旧" in said(tmp_path / "ssj.db", create=True)


def test_nested_writing_units_are_refused(tmp_path: Path) -> None:
    with closing(open_store(tmp_path / "ssj.db", create=True)) as store, store.write() as transaction:
        transaction.settings.put("outer", 1)
        with pytest.raises(RuntimeError, match="already open"), store.write():
            pass


def test_what_the_driver_remarks_on_broken_lines_reaches_nobody_uninvited() -> None:
    """Where no log is set up, Python prints warnings of libraries to stderr: besides the sentence for the person."""
    pytest.importorskip("psycopg")
    script = (
        "import logging\n"
        "from engine.store.problem import StoreUnavailableError\n"
        "from engine.store.sql import open_store\n"
        "try:\n"
        "    open_store('postgresql://nobody@127.0.0.1:1/nothing')\n"
        "except StoreUnavailableError:\n"
        "    logging.getLogger('psycopg').warning('error ignored terminating')\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stderr == ""
