"""``ssj backup`` and ``ssj restore`` of a deployment on PostgreSQL: one moment of the server in the same file."""

from __future__ import annotations

import json
import threading
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from command_fixtures import done, ssj
from sqlalchemy import create_engine, text

from engine.app.daemons.heartbeats import record
from engine.app.history.journal import add_entry
from engine.app.ports.records import OutboxItem
from engine.deployment.clocks import SystemClock
from engine.deployment.home import find_home
from engine.deployment.open import open_application, open_deployment_store
from engine.operations.backup import DATABASE, MANIFEST
from engine.operations.restore import verify_backup
from engine.store import migrations, revision
from engine.store.sql import copy as moving
from engine.store.sql import open_store
from engine.store.sql.copy import Sum
from engine.store.sql.database_url import address

AT = datetime(2024, 6, 3, 1, tzinfo=UTC)


@pytest.fixture
def served(home: Path, postgres_database: str) -> Path:
    """Return a deployment on PostgreSQL, with a case."""
    done("case", "start", "batch", "--title", "示例期", "--as", "leading", home=home)
    done("migrate-store", "--to", postgres_database, "--yes", "--as", "leading", home=home)
    return home


def sums(database: str) -> dict[str, Sum]:
    store = open_store(database)
    try:
        with store.read() as transaction:
            return moving.sums(transaction.connection)
    finally:
        store.close()


def kept(home: Path) -> dict[str, str]:
    """Return the messages of the tests by id, with where they stand."""
    store = open_deployment_store(find_home(str(home)))
    try:
        with store.read() as transaction:
            return {i.id: i.status for i in transaction.outbox.listed(limit=1000) if i.id.startswith("m-")}
    finally:
        store.close()


def message(home: Path, *names: str, sent: tuple[str, ...] = ()) -> None:
    store = open_deployment_store(find_home(str(home)))
    try:
        with store.write() as transaction:
            transaction.outbox.put(
                [
                    OutboxItem(
                        id=name,
                        kind="message",
                        channel="log",
                        recipient="leading",
                        case=None,
                        payload={},
                        created_at=AT,
                    )
                    for name in names
                ]
            )
            transaction.outbox.sent(sent, AT)
    finally:
        store.close()


def test_there_and_back_again(served: Path, postgres_database: str, tmp_path: Path) -> None:
    before = sums(postgres_database)
    file = tmp_path / "backup.zip"
    told = done("backup", file, "--as", "leading", home=served)
    assert "案件 1 件" in told.err
    with zipfile.ZipFile(file) as package:
        assert json.loads(package.read(MANIFEST))["database"] == "postgresql"
        package.extract(DATABASE, tmp_path)
        # The file the data was moved from is not part of the deployment.
        assert not [name for name in package.namelist() if name.startswith("home/data/")]
    copied = sums(str(tmp_path / DATABASE))
    assert {name for name in before if copied[name] != before[name]} == {"event", "row_statement"}
    # That the backup began is in it; that it is done is entered afterwards. Each entry has its row statement.
    for table in ("event", "row_statement"):
        assert copied[table].rows == before[table].rows + 1
    assert done("restore", file, "--verify").out == "备份完好。\n"
    new = tmp_path / "new"
    told = done("restore", file, new)
    assert "恢复后的部署用本目录下的 SQLite（data/ssj.db）" in told.err
    assert done("case", "list", home=new).out.startswith("batch-1\t")
    assert done("audit", "verify", home=new).code == 0
    # The old one is as it was, and back on a server the new one holds the same and what was entered since.
    after = sums(postgres_database)
    assert {name for name in before if after[name] != before[name]} == {"event", "row_statement"}
    for table in ("event", "row_statement"):
        assert after[table].rows == before[table].rows + 2
    engine = create_engine(address(postgres_database))
    with engine.begin() as connection:
        connection.execute(text("CREATE SCHEMA again"))
    joined = "&" if "?" in postgres_database else "?"
    again = f"{postgres_database}{joined}options=-csearch_path%3Dagain"
    try:
        here = sums(str(new / "data" / "ssj.db"))
        done("migrate-store", "--to", again, "--yes", "--as", "leading", home=new)
        there = sums(again)
        # That the move is under way is entered on the old side, and both its ends on the new one.
        assert {name for name in here if there[name] != here[name]} <= {"event", "row_statement"}
        differing = {name for name, found in here.items() if found != before[name]}
        # Messages that had not been sent are put aside by the restore.
        assert differing <= {"event", "outbox", "row_statement", "setting"}
    finally:
        with engine.begin() as connection:
            connection.execute(text("DROP SCHEMA again CASCADE"))
        engine.dispose()


def test_while_others_write_it_is_one_moment(served: Path, tmp_path: Path) -> None:
    application = open_application(find_home(str(served)), clock=SystemClock())
    stop = threading.Event()
    written: list[Any] = []

    def write() -> None:
        while not stop.is_set():
            with application.store.write() as transaction:
                number = len(written)
                # All three or none: what is copied must never hold one without the others.
                transaction.settings.put("left", number)
                add_entry(
                    transaction,
                    application.clock.now(),
                    "entered",
                    "leading",
                    {"number": number},
                    stream="register:trial",
                )
                transaction.settings.put("right", number)
            written.append(number)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for uow in range(3):
            begun = len(written)
            file = tmp_path / f"{uow}.zip"
            done("backup", file, "--as", "leading", home=served)
            assert len(written) > begun
            verify_backup(file)
            with zipfile.ZipFile(file) as package:
                package.extract(DATABASE, tmp_path / str(uow))
            store = open_store(tmp_path / str(uow) / DATABASE)
            with store.read() as transaction:
                last = transaction.events.last("register:trial")
                assert last is not None
                both = (transaction.settings.get("left"), transaction.settings.get("right"))
                assert both == (last.body["number"],) * 2
            store.close()
    finally:
        stop.set()
        writer.join()
        application.store.close()


def test_what_was_sent_since_is_not_sent_again(served: Path, tmp_path: Path) -> None:
    message(served, "m-1", "m-2")
    file = tmp_path / "backup.zip"
    done("backup", file, "--as", "leading", home=served)
    message(served, sent=("m-1",))
    # Elsewhere nobody can tell what has been sent: a person looks.
    done("restore", file, tmp_path / "elsewhere")
    assert kept(tmp_path / "elsewhere") == {"m-1": "incident", "m-2": "incident"}
    told = done("restore", file, served, "--yes")
    assert "1 条消息在备份之后已送出" in told.err
    assert "没有动" in told.err
    assert kept(served) == {"m-1": "sent", "m-2": "waiting"}
    assert find_home(str(served)).settings["database"] == "data/ssj.db"


def test_not_while_a_daemon_works_on_it_on_another_machine(served: Path, tmp_path: Path) -> None:
    file = tmp_path / "backup.zip"
    done("backup", file, "--as", "leading", home=served)
    store = open_deployment_store(find_home(str(served)))
    record(store, "elsewhere", "1.0", SystemClock().now())
    store.close()
    told = ssj("restore", file, served, "--yes")
    assert told.code == 1
    assert "elsewhere" in told.err
    assert "停止所有机器上的守护进程" in told.err
    assert find_home(str(served)).settings["database"] != "data/ssj.db"


def test_tables_of_an_earlier_revision_are_backed_up_before_they_are_upgraded(
    home: Path, postgres_database: str, tmp_path: Path
) -> None:
    engine = create_engine(address(postgres_database))
    with engine.begin() as connection:
        migrations.upgrade(connection, "0001")
        connection.execute(text("INSERT INTO series VALUES ('batch', 7)"))
    settings = home / "settings.yaml"
    settings.write_text(f"database: {json.dumps(postgres_database)}\n", encoding="utf-8")
    file = tmp_path / "backup.zip"
    # There is nobody in this register of people yet.
    done("backup", file, "--as", "system", home=home)
    with zipfile.ZipFile(file) as package:
        assert json.loads(package.read(MANIFEST))["revision"] == "0001"
    done("restore", file, tmp_path / "new")
    store = open_deployment_store(find_home(str(tmp_path / "new")))
    with store.read() as transaction:
        assert transaction.cases.last_number("batch") == 7
    store.close()
    for seen, sentence in (("0099", "请升级程序，不要用旧程序打开"), (revision.MOVED, "的数据已搬到别处")):
        with engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :seen"), {"seen": seen})
        told = ssj("backup", tmp_path / "none.zip", "--as", "leading", home=home)
        assert told.code != 0
        assert sentence in told.err
    engine.dispose()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".ssj")] == []


def test_a_server_that_is_not_there_is_told_without_the_password(home: Path, tmp_path: Path) -> None:
    settings = home / "settings.yaml"
    settings.write_text('database: "postgresql://ssj:secret@127.0.0.1:9/ssj"\n', encoding="utf-8")
    told = ssj("backup", tmp_path / "none.zip", "--as", "leading", home=home)
    assert told.code != 0
    assert "连不上数据库" in told.err
    assert "secret" not in told.err + told.out
    assert list(tmp_path.glob("*.zip")) == []
