"""``ssj backup`` and ``ssj restore``: made while others write, checked whole, nothing thrown away, nothing sent twice."""

from __future__ import annotations

import json
import sqlite3
import stat
import subprocess
import sys
import threading
import zipfile
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from command_fixtures import called, done, put_sign_in_mode, ssj, state_of

from engine.app.commands import Caller
from engine.app.history.journal import add_entry
from engine.app.ports.records import OutboxItem
from engine.cli.system.backup import backup as backup_command
from engine.cli.system.backup import restore as restore_command
from engine.deployment.clocks import SystemClock
from engine.deployment.home import find_home
from engine.deployment.open import open_application, open_deployment_store
from engine.lifecycle.chain import Event
from engine.operations.backup import (
    DATABASE,
    MANIFEST,
    BackupError,
    back_up,
    copy_database,
    database_file,
    look_at,
)
from engine.operations.machine_account import machine_account
from engine.operations.restore import verify_backup
from engine.runtime.lock import LOCK, HomeLock

#: Holds a request, as a command does that is under way.
HOLD = """
import sys
from pathlib import Path
from engine.store.sql import open_store
with open_store(Path(sys.argv[1])).hold("request:r-1") as held:
    print(held, flush=True)
    sys.stdin.read()
"""

#: No message of these tests is past its term, whenever they run.
AT = datetime(2124, 6, 3, 1, tzinfo=UTC)


def start(home: Path, title: str = "示例期") -> None:
    done("case", "start", "batch", "--title", title, "--as", "leading", home=home)


def message(name: str) -> OutboxItem:
    return OutboxItem(
        id=name, kind="message", channel="log", recipient="leading", case=None, payload={}, created_at=AT
    )


def put(home: Path, *items: OutboxItem, sent: tuple[str, ...] = ()) -> None:
    store = open_deployment_store(find_home(str(home)))
    try:
        with store.write() as transaction:
            transaction.outbox.put(items)
            transaction.outbox.sent(sent, AT)
    finally:
        store.close()


def outbox(home: Path) -> dict[str, str]:
    store = open_deployment_store(find_home(str(home)))
    try:
        with store.read() as transaction:
            return {i.id: i.status for i in transaction.outbox.listed(limit=1000) if i.id.startswith("m-")}
    finally:
        store.close()


def rewritten(source: Path, target: Path, changes: dict[str, bytes], leave_out: str = "") -> Path:
    """Copy a backup, as an earlier program would have made it, with some of its files changed."""
    with zipfile.ZipFile(source) as old:
        manifest = changes.get(MANIFEST, old.read(MANIFEST)).replace(b'"whole": true', b'"whole": false')
    changes = {**changes, MANIFEST: manifest}
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            if name != leave_out:
                new.writestr(name, changes.get(name, old.read(name)))
        for name in changes.keys() - set(old.namelist()):
            new.writestr(name, changes[name])
    return target


def test_there_and_back(home: Path, tmp_path: Path) -> None:
    start(home)
    (home / "profiles").mkdir()
    (home / "profiles" / "ours.yaml").write_text("register: objects\n", encoding="utf-8")
    (home / "public").mkdir()
    (home / "public" / "index.html").write_text("made again", encoding="utf-8")
    (home / "logs" / "messages.jsonl").write_text("{}\n", encoding="utf-8")
    before = state_of(home)
    file = tmp_path / "backup.zip"
    assert done("backup", file, "--as", "leading", home=home).out == f"{file}\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with zipfile.ZipFile(file) as package:
        names = package.namelist()
    assert {MANIFEST, DATABASE, "home/settings.yaml", "home/profiles/ours.yaml"} <= set(names)
    assert not [name for name in names if "public/" in name or "logs/" in name or ".db" in name]
    assert done("restore", file, "--verify").out == "备份完好。\n"
    done("restore", file, tmp_path / "new" / "place")
    after = state_of(tmp_path / "new" / "place")
    assert after[0] == before[0]
    assert after[2:] == before[2:]
    # Two entries more: that the backup was begun, and that it was restored.
    added = [event[1] for event in after[1] if event not in before[1]]  # type: ignore[attr-defined,operator]
    assert (len(after[1]), added) == (len(before[1]) + 2, ["begun", "restored"])  # type: ignore[arg-type]
    assert done("audit", "verify", home=tmp_path / "new" / "place").code == 0
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".ssj")] == []


def _tokens(home: Path) -> dict[str, bool]:
    store = open_deployment_store(find_home(str(home)))
    try:
        with store.read() as transaction:
            return {one.label: one.revoked_at is None for one in transaction.tokens.all()}
    finally:
        store.close()


def test_a_token_that_was_revoked_since_does_not_come_back(home: Path, tmp_path: Path) -> None:
    """Restored over the deployment it is known which were revoked; elsewhere nobody can tell, and is told so."""
    for label in ("kept", "stolen"):
        done("user", "token", "create", "leading", "--label", label, "--as", "leading", home=home)
    file = tmp_path / "backup.zip"
    done("backup", file, "--as", "leading", home=home)
    listed = done("user", "token", "list", "--as", "leading", home=home).out
    stolen = next(line.split()[0] for line in listed.splitlines() if "stolen" in line)
    done("user", "token", "revoke", stolen, "--as", "leading", home=home)
    said = done("restore", file, tmp_path / "elsewhere")
    assert "2 枚令牌重新有效，备份以后是否撤销过无从核对" in said.err
    assert _tokens(tmp_path / "elsewhere") == {"kept": True, "stolen": True}
    said = done("restore", file, home, "--yes")
    assert "1 枚令牌在备份以后撤销过，已再次撤销" in said.err
    assert _tokens(home) == {"kept": True, "stolen": False}
    assert done("audit", "verify", home=home).code == 0


def test_a_backup_that_is_there_is_not_written_over(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "backup.zip"
    file.write_text("precious", encoding="utf-8")
    assert ssj("backup", file, "--as", "leading", home=home).code == 1
    assert file.read_text("utf-8") == "precious"
    done("backup", file, "--yes", "--as", "leading", home=home)
    assert ssj("backup", tmp_path / "absent" / "backup.zip", "--as", "leading", home=home).code == 1
    # Inside the deployment: the next backup does not hold the one before.
    done("backup", home / "first.zip", "--as", "leading", home=home)
    done("backup", home / "second.zip", "--as", "leading", home=home)
    with zipfile.ZipFile(home / "second.zip") as package:
        assert not [name for name in package.namelist() if name.endswith(".zip")]


def test_while_others_write_it_is_one_state(home: Path, tmp_path: Path) -> None:
    application = open_application(find_home(str(home)))
    stop = threading.Event()
    written: list[Any] = []

    def write() -> None:
        while not stop.is_set():
            with application.store.write() as transaction:
                number = len(written)
                # Always both or neither: what is copied must never hold one without the other.
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
        files = []
        for number in range(3):
            seen = len(written)
            files.append(tmp_path / f"{number}.zip")
            back_up(find_home(str(home)), Caller("leading"), files[-1], SystemClock())
            assert len(written) >= seen
    finally:
        stop.set()
        writer.join()
        application.store.close()
    for file in files:
        verify_backup(file)
    done("restore", files[-1], tmp_path / "again")
    store = open_deployment_store(find_home(str(tmp_path / "again")))
    try:
        with store.read() as transaction:
            last = transaction.events.last("register:trial")
            assert transaction.settings.get("left") == transaction.settings.get("right")
            assert last is None or last.body["number"] == transaction.settings.get("left")
    finally:
        store.close()


def test_what_was_sent_since_is_not_sent_again_and_the_old_place_is_kept(home: Path, tmp_path: Path) -> None:
    start(home)
    put(home, message("m-sent-before"), message("m-sent-since"), message("m-never"), sent=("m-sent-before",))
    file = tmp_path / "backup.zip"
    done("backup", file, "--as", "leading", home=home)
    put(home, message("m-later"), sent=("m-sent-since", "m-later"))
    start(home, "备份之后")
    before = state_of(home)
    said = ssj("restore", file, home)
    assert said.code == 2
    assert "备份之后办理的会留在移走的目录里" in said.err
    assert state_of(home) == before
    said = done("restore", file, home, "--yes")
    assert "1 条消息在备份之后已送出" in said.err
    assert outbox(home) == {"m-sent-before": "sent", "m-sent-since": "sent", "m-never": "waiting"}
    (kept,) = tmp_path.glob("bureau.before-*")
    assert state_of(kept) == before
    store = open_deployment_store(find_home(str(home)))
    try:
        with store.read() as transaction:
            event = transaction.events.last("office")
    finally:
        store.close()
    assert event is not None
    assert (event.kind, event.body["already_sent"]) == ("restored", 1)
    assert event.body["replaced"]["events"] > event.body["events"]


def test_elsewhere_nothing_is_sent_that_may_have_been(home: Path, tmp_path: Path) -> None:
    put(home, message("m-sent-before"), message("m-open"), sent=("m-sent-before",))
    done("backup", tmp_path / "backup.zip", "--as", "leading", home=home)
    said = done("restore", tmp_path / "backup.zip", tmp_path / "other")
    assert "1 条消息备份时还没有送出" in said.err
    assert outbox(tmp_path / "other") == {"m-sent-before": "sent", "m-open": "incident"}


def test_a_deployment_that_is_running_is_left_alone(home: Path, tmp_path: Path) -> None:
    done("backup", tmp_path / "backup.zip", "--as", "leading", home=home)
    lock = HomeLock(home / LOCK)
    assert lock.take() is None
    try:
        said = ssj("restore", tmp_path / "backup.zip", home, "--yes")
    finally:
        lock.release()
    assert said.code == 1
    assert "守护进程" in said.err
    assert not list(tmp_path.glob("bureau.before-*"))


def test_a_broken_deployment_can_be_replaced(home: Path, tmp_path: Path) -> None:
    done("backup", tmp_path / "backup.zip", "--as", "leading", home=home)
    database = database_file(find_home(str(home)))
    database.write_bytes(b"not a database" * 1000)
    assert ssj("backup", tmp_path / "other.zip", "--as", "leading", home=home).code == 3
    assert not (tmp_path / "other.zip").exists()
    said = done("restore", tmp_path / "backup.zip", home, "--yes")
    assert "打不开" in said.err
    assert done("audit", "verify", home=home).code == 0


def test_other_files_are_never_replaced(home: Path, tmp_path: Path) -> None:
    done("backup", tmp_path / "backup.zip", "--as", "leading", home=home)
    other = tmp_path / "letters"
    other.mkdir()
    (other / "letter.txt").write_text("mine", encoding="utf-8")
    assert ssj("restore", tmp_path / "backup.zip", other, "--yes").code == 1
    assert (other / "letter.txt").read_text("utf-8") == "mine"
    assert ssj("restore", tmp_path / "backup.zip").code == 2


@pytest.fixture
def backup(home: Path, tmp_path: Path) -> Path:
    start(home)
    done("backup", tmp_path / "backup.zip", "--as", "leading", home=home)
    return tmp_path / "backup.zip"


def manifest(backup: Path, database: bytes) -> dict[str, bytes]:
    """Return the changes that make a backup say its database is `database`."""
    import hashlib

    with zipfile.ZipFile(backup) as package:
        body = json.loads(package.read(MANIFEST))
    body["files"][DATABASE] = [len(database), hashlib.sha256(database).hexdigest()]
    return {DATABASE: database, MANIFEST: json.dumps(body).encode()}


def spoilt(backup: Path, tmp_path: Path, *statements: str) -> dict[str, bytes]:
    """Return the changes that put a database in the backup somebody has worked on by hand."""
    with zipfile.ZipFile(backup) as package:
        (tmp_path / "spoilt.db").write_bytes(package.read(DATABASE))
    connection = sqlite3.connect(tmp_path / "spoilt.db")
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return manifest(backup, (tmp_path / "spoilt.db").read_bytes())


def test_no_backup_at_all(tmp_path: Path, backup: Path) -> None:
    (tmp_path / "text.zip").write_text("hello", encoding="utf-8")
    (tmp_path / "cut.zip").write_bytes(backup.read_bytes()[:5000])
    rewritten(backup, tmp_path / "deep.zip", {MANIFEST: b"[" * 100_000})
    rewritten(backup, tmp_path / "other.zip", {MANIFEST: b'{"format": "x"}'})
    for name in ("text.zip", "cut.zip", "deep.zip", "other.zip"):
        said = ssj("restore", tmp_path / name, tmp_path / "place")
        assert said.code == 1
        assert "不是 ssj backup 所作的备份" in said.err
        assert not (tmp_path / "place").exists()


def test_any_changed_byte_is_found(tmp_path: Path, backup: Path) -> None:
    with zipfile.ZipFile(backup) as package:
        settings = package.read("home/settings.yaml")
    changed = [
        rewritten(backup, tmp_path / "1.zip", {"home/settings.yaml": settings + b"\n"}),
        rewritten(backup, tmp_path / "2.zip", {"home/more.yaml": b"x: 1"}),
        rewritten(backup, tmp_path / "3.zip", {}, leave_out="home/settings.yaml"),
        rewritten(backup, tmp_path / "4.zip", spoilt(backup, tmp_path, "DELETE FROM task")),
    ]
    for file in changed:
        said = ssj("restore", file, tmp_path / "place")
        assert said.code == 1
        assert "备份已损坏" in said.err
        assert not (tmp_path / "place").exists()


def test_a_history_that_was_rewritten_is_found(tmp_path: Path, backup: Path) -> None:
    changes = spoilt(backup, tmp_path, "UPDATE event SET actor = 'somebody' WHERE stream = 'batch-1'")
    said = ssj("restore", rewritten(backup, tmp_path / "bad.zip", changes), tmp_path / "place")
    assert said.code == 1
    assert "历史不可信" in said.err
    assert "batch-1" in said.err


def test_names_that_lead_elsewhere_are_refused(tmp_path: Path, backup: Path) -> None:
    import hashlib

    with zipfile.ZipFile(backup) as package:
        body = json.loads(package.read(MANIFEST))
    for name in ("home/../../evil.txt", "/evil.txt", "home\\..\\evil.txt"):
        body["files"][name] = [1, hashlib.sha256(b"x").hexdigest()]
        changes = {name: b"x", MANIFEST: json.dumps(body).encode()}
        said = ssj("restore", rewritten(backup, tmp_path / "evil.zip", changes), tmp_path / "place")
        assert said.code == 1
        assert "不允许的文件名" in said.err
        del body["files"][name]
    assert not list(tmp_path.rglob("evil.txt"))


def test_settings_that_point_outside_are_not_followed(home: Path, tmp_path: Path, backup: Path) -> None:
    import hashlib

    outside = tmp_path / "outside.db"
    settings = f"database: {outside}\n".encode()
    with zipfile.ZipFile(backup) as package:
        outside.write_bytes(package.read(DATABASE))
        body = json.loads(package.read(MANIFEST))
    content = outside.read_bytes()
    body["files"]["home/settings.yaml"] = [len(settings), hashlib.sha256(settings).hexdigest()]
    changes = {"home/settings.yaml": settings, MANIFEST: json.dumps(body).encode()}
    # As programs before this one made it: they let a deployment use a database outside it.
    said = ssj("restore", rewritten(backup, tmp_path / "earlier.zip", changes), tmp_path / "place")
    assert said.code == 1
    assert "部署目录之外" in said.err
    assert str(outside) in said.err
    assert not (tmp_path / "place").exists()
    (home / "settings.yaml").write_bytes(settings)
    said = ssj("backup", tmp_path / "new.zip", "--as", "leading", home=home)
    assert said.code != 0
    assert "不在部署目录" in said.err
    assert not (tmp_path / "new.zip").exists()
    assert outside.read_bytes() == content


def test_a_missing_database_is_the_environments_problem(home: Path) -> None:
    database_file(find_home(str(home))).unlink()
    with pytest.raises(BackupError) as raised:
        back_up(find_home(str(home)), Caller("leading"), home / "x.zip", SystemClock())
    assert raised.value.of_place


def test_the_commands_themselves(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "all.zip"
    assert called(backup_command, file, "--as", "insp-01", home=home).code == 1
    made = called(backup_command, file, "--as", "leading", home=home)
    assert (made.code, made.out) == (0, f"{file}\n")
    again = called(backup_command, file, "--as", "leading", home=home)
    assert (again.code, again.out) == (1, "")
    assert called(restore_command, file).code == 2
    assert called(restore_command, file, "--verify").out == "备份完好。\n"
    there = tmp_path / "there"
    assert called(restore_command, file, there).out == f"{there}\n"
    asked = called(restore_command, file, there)
    assert (asked.code, "无人可问" in asked.err) == (2, True)


def last_of_office(home: Path) -> Event:
    store = open_deployment_store(find_home(str(home)))
    try:
        with store.read() as transaction:
            event = transaction.events.last("office")
    finally:
        store.close()
    assert event is not None
    return event


def test_a_restore_is_entered_as_the_person_named_or_the_account_of_the_machine(
    home: Path, tmp_path: Path
) -> None:
    file = tmp_path / "backup.zip"
    done("backup", file, "--as", "leading", home=home)
    done("restore", file, tmp_path / "named", "--as", "leading")
    named = last_of_office(tmp_path / "named")
    assert (named.kind, named.actor, named.body["account"]) == ("restored", "leading", machine_account())
    done("restore", file, tmp_path / "unnamed")
    unnamed = last_of_office(tmp_path / "unnamed")
    assert unnamed.actor == f"account:{machine_account()}"
    assert {**unnamed.body, "at": 0} == {**named.body, "at": 0}
    for place in ("named", "unnamed"):
        assert done("audit", "verify", "--as", "leading", home=tmp_path / place).code == 0


def test_a_restore_by_somebody_the_backup_does_not_let_leaves_everything_as_it_was(
    home: Path, tmp_path: Path
) -> None:
    file = tmp_path / "backup.zip"
    done("backup", file, "--as", "leading", home=home)
    start(home)
    before = state_of(home)
    for person in ("nobody", "insp-01"):
        for place in (tmp_path / "new", home):
            said = ssj("restore", file, place, "--yes", "--as", person)
            assert said.code == 1
            assert person in said.err
    assert not (tmp_path / "new").exists()
    assert state_of(home) == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".ssj")] == []


def test_a_restore_is_proved_by_the_people_of_the_backup_where_it_asks_for_sign_in(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "backup.zip"
    token = done("user", "token", "create", "leading", "--as", "leading", home=home).out.strip()
    put_sign_in_mode(home)
    monkeypatch.setenv("SSJ_TOKEN", token)
    done("backup", file, home=home)
    monkeypatch.delenv("SSJ_TOKEN")
    assert ssj("restore", file, tmp_path / "new", "--as", "leading").code == 1
    assert not (tmp_path / "new").exists()
    monkeypatch.setenv("SSJ_TOKEN", token)
    assert ssj("restore", file, tmp_path / "new", "--as", "leading2").code == 1
    done("restore", file, tmp_path / "new")
    assert last_of_office(tmp_path / "new").actor == "leading"


def test_a_deployment_that_asks_for_sign_in_is_replaced_by_nobody_it_does_not_know(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens = {
        person: done("user", "token", "create", person, "--as", person, home=home).out.strip()
        for person in ("leading", "insp-01")
    }
    file = tmp_path / "open.zip"
    done("backup", file, "--as", "leading", home=home)
    put_sign_in_mode(home)
    for words, token, sentence in (
        ((), None, "并要求登录；替换它请写明由谁办理"),
        (("--as", "leading"), None, "要求登录"),
        (("--as", "insp-01"), "insp-01", "“insp-01”不能办理此事"),
    ):
        if token is None:
            monkeypatch.delenv("SSJ_TOKEN", raising=False)
        else:
            monkeypatch.setenv("SSJ_TOKEN", tokens[token])
        said = ssj("restore", "--yes", file, home, *words)
        assert (said.code, sentence in said.err) == (1, True), said.err
        assert not list(home.parent.glob(f"{home.name}.before-*"))
    assert last_of_office(home).kind == "refused"
    monkeypatch.setenv("SSJ_TOKEN", tokens["leading"])
    done("restore", "--yes", file, home)
    assert last_of_office(home).actor == "leading"


def test_a_backup_that_is_under_way_is_not_made_twice_and_one_that_was_killed_is(home: Path) -> None:
    file = home.parent / "twice.zip"
    words = (str(file), "--as", "leading", "--request-id", "r-1")
    database = database_file(find_home(str(home)))
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(database)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"True\n"
        refused = called(backup_command, *words, home=home)
        assert (refused.code, refused.out) == (1, "")
        assert "请求“r-1”正在办理" in refused.err
        assert not file.exists()
        holder.kill()
    made = called(backup_command, *words, home=home)
    assert made.code == 0
    assert file.is_file()
    assert [path.name for path in database.parent.glob(".*.held-*")] == []
    assert called(backup_command, *words, home=home).out == made.out


def test_what_is_past_its_term_is_gone_when_an_older_backup_is_restored(home: Path, tmp_path: Path) -> None:
    """A message of years ago: in the deployment it is; in the one that is restored no byte of it is left."""
    text = "某企业联络人的电话一三八零零"
    with (home / "settings.yaml").open("a", encoding="utf-8") as settings:
        settings.write("retention: {messages: 30}\n")
    old = datetime(2024, 6, 3, 1, tzinfo=UTC)
    store = open_deployment_store(find_home(str(home)))
    with closing(store), store.write() as transaction:
        transaction.outbox.put([replace(message("m-old"), payload={"text": text}, created_at=old)])
        transaction.outbox.sent(["m-old"], old)
    put(home, message("m-new"), sent=("m-new",))
    kept = tmp_path / "kept.zip"
    said = done("backup", kept, "--keep-days", "30", "--as", "leading", home=home)
    assert "已删去" not in said.err
    done("restore", kept, tmp_path / "again", "--as", "leading")
    assert outbox(tmp_path / "again") == {"m-new": "sent"}
    assert not any(
        text.encode() in path.read_bytes() for path in (tmp_path / "again").rglob("*") if path.is_file()
    )
    assert done("audit", "verify", home=tmp_path / "again").out == ""


def test_a_database_whose_names_are_no_text_is_damaged_like_any_other(tmp_path: Path) -> None:
    file = tmp_path / "ssj.db"
    with closing(sqlite3.connect(file)) as made:
        made.execute("CREATE TABLE aaaa (x)")
    file.write_bytes(file.read_bytes().replace(b"aaaa", b"aa\xb8("))
    with pytest.raises(BackupError):
        look_at(file)
    with pytest.raises(BackupError):
        copy_database(file, tmp_path / "copy.db")
