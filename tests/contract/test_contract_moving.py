"""A deployment moves from SQLite to PostgreSQL and back: the same rows, the same histories, and nothing half done."""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sample_rows import make_delegation, make_heartbeat, make_token
from sqlalchemy import create_engine, text

from engine.app.audit.verify_deployment import verify
from engine.app.commands import Caller
from engine.app.commands.publish_definitions import Published, publish
from engine.app.history.journal import add_entry
from engine.app.history.requests import CommandResult
from engine.app.ports.records import CaseFilter, Document, Publication
from engine.app.ports.store import Transaction
from engine.app.session.new_case import NewCase
from engine.deployment.clocks import VirtualClock
from engine.deployment.home import Home, find_home
from engine.deployment.open import open_application, open_deployment_store
from engine.deployment.set_up import lay_out, load_definitions, put_entries
from engine.lifecycle.command import SYSTEM
from engine.operations.move_database import Moved, MoveError, move_store
from engine.runtime.lock import LOCK, HomeLock
from engine.store.problem import StoreUnavailableError
from engine.store.sql import copy as moving
from engine.store.sql import open_store
from engine.store.sql.database_url import address
from engine.synthetic.registers import sample_registers
from tests.hung_run import HUNG

ROOT = Path(__file__).parents[2]
#: Yesterday: the commands run by the clock of the machine, which may not be weeks behind that of the daemon.
NOW = datetime.now(UTC).replace(hour=1, minute=0, second=0, microsecond=0) - timedelta(days=1)
SSJ = (sys.executable, "-c", "from engine.cli.main import main; main()")


@pytest.fixture
def schema(postgres_url: str) -> Iterator[Callable[[], str]]:
    """Return what makes an empty place of its own on the server and gives its address."""
    engine = create_engine(address(postgres_url))
    made: list[str] = []

    def make() -> str:
        name = f"moving_{os.getpid()}_{next(NUMBERS)}"
        with engine.begin() as connection:
            connection.execute(text(f"CREATE SCHEMA {name}"))
        made.append(name)
        joined = "&" if "?" in postgres_url else "?"
        return f"{postgres_url}{joined}options=-csearch_path%3D{name}"

    yield make
    with engine.begin() as connection:
        for name in made:
            connection.execute(text(f"DROP SCHEMA {name} CASCADE"))
    engine.dispose()


NUMBERS = itertools.count(1)


WATCH = """
workflow: watch
title: 值守
about: none
initial: open
start: {by: [leading_office]}
verbs: {claim: {}}
states:
  open: {title: 值守中, for: leading_office, deadline: 30 working days, remind: 3 working days before}
  closed: {title: 已结束, final: true}
transitions:
  - {do: close, title: 结束, from: open, to: closed}
"""


def deployment(path: Path, objects: int = 300) -> Home:
    """Return a deployment with registers, running cases, a publication, a snapshot and a document in it."""
    home = lay_out(path)
    for file in (*home.workflows.glob("*.yaml"), *home.forms.glob("*.yaml")):
        if file.name != "bureau.yaml":
            file.unlink()
    (home.workflows / "watch.yaml").write_text(WATCH.lstrip(), "utf-8")
    application = open_application(
        home, clock=VirtualClock(NOW), store=open_deployment_store(home, create=True)
    )
    with closing(application.store):
        assert isinstance(publish(application, Caller(SYSTEM), load_definitions(home)), Published)
        for kind, entries in sample_registers("move", objects=objects).items():
            put_entries(application, kind, entries, "sample")
        for number in range(40):
            assert isinstance(
                application.start("watch", "leading", NewCase(title=f"值守{number}")), CommandResult
            )
        assert isinstance(application.advance("watch-3", "close", "leading"), CommandResult)
        with application.store.write() as transaction:
            transaction.delegations.add(make_delegation())
            transaction.tokens.add(make_token())
            for history in ("delegations", "sign-in"):
                add_entry(transaction, NOW, "done", "leading", {}, history)
            transaction.daemons.put(make_heartbeat(at=NOW - timedelta(days=2), leads=True))
            transaction.records.put_publication(
                Publication(
                    id="pub-1",
                    kind="plan",
                    case="watch-1",
                    title="计划",
                    body={"甲": [1, "二", True]},
                    published_at=NOW,
                )
            )
            transaction.records.put_document(
                Document(
                    "doc-1",
                    "watch-1",
                    "notice",
                    "通知.html",
                    hashlib.sha256(bytes(range(256))).hexdigest(),
                    bytes(range(256)),
                    NOW,
                )
            )
    return home


def everything(transaction: Transaction) -> dict[str, object]:
    return {
        "cases": transaction.cases.find(CaseFilter()),
        "events": {
            stream: kept
            for stream in transaction.events.streams()
            # That it was moved, or tried to, is the one thing that is added.
            if (kept := [e for e in transaction.events.of(stream) if e.body.get("verb") != "system.move"])
        },
        "objects": transaction.registers.all("objects"),
        "timers": transaction.timers.of_case("watch-1"),
        "tasks": transaction.tasks.of_case("watch-1"),
        "published": transaction.records.publications(),
        "documents": transaction.records.documents("watch-1"),
        "counts": transaction.outbox.counts(),
        "settings": {name: transaction.settings.get(name) for name in transaction.settings.names("")},
        "delegations": transaction.delegations.all(),
        "tokens": transaction.tokens.all(),
        "daemons": transaction.daemons.all(),
    }


def seen(home: Home) -> dict[str, object]:
    with closing(open_deployment_store(find_home(str(home.path)))) as store, store.read() as transaction:
        assert list(verify(transaction)) == []
        return everything(transaction)


def move(home: Home, to: str, *, dry_run: bool = False, replace: bool = False) -> Moved:
    by = Caller("leading", dry_run=dry_run)
    moved = move_store(find_home(str(home.path)), by, to, VirtualClock(NOW), replace=replace)
    assert isinstance(moved, Moved)
    return moved


def test_there_and_back(tmp_path: Path, schema: Callable[[], str]) -> None:
    home = deployment(tmp_path / "home")
    before = seen(home)
    old, to = find_home(str(home.path)).database, schema()
    there = move(home, to)
    assert there.switched
    assert there.tables["register_entry"].rows > 300
    assert find_home(str(home.path)).database == to
    assert seen(home) == before
    # Work goes on there.
    application = open_application(find_home(str(home.path)), clock=VirtualClock(NOW))
    with closing(application.store):
        application.claim("watch-1", "leading")
    worked = seen(home)

    back = move(home, "data/back.db")
    assert find_home(str(home.path)).database == str(home.path / "data" / "back.db")
    assert seen(home) == worked
    assert back.tables["event"].rows >= there.tables["event"].rows
    # What was left behind says where everything has gone, and takes nothing in.
    for left in (old, to):
        with pytest.raises(StoreUnavailableError) as told:
            open_store(left)
        assert "已搬到别处" in str(told.value)


def test_whoever_has_the_old_one_open_is_refused(tmp_path: Path, schema: Callable[[], str]) -> None:
    home = deployment(tmp_path / "home")
    application = open_application(find_home(str(home.path)), clock=VirtualClock(NOW))
    with closing(application.store):
        move(home, schema())
        with pytest.raises(StoreUnavailableError) as told:
            application.claim("watch-1", "leading")
    assert "已搬到别处" in str(told.value)


def test_a_trial_changes_nothing(tmp_path: Path, schema: Callable[[], str]) -> None:
    home = deployment(tmp_path / "home")
    before, settings = seen(home), (home.path / "settings.yaml").read_bytes()
    to = schema()
    assert not move(home, to, dry_run=True).switched
    assert (seen(home), (home.path / "settings.yaml").read_bytes()) == (before, settings)
    # The place is as empty as it was.
    assert move(home, to).switched


def test_what_stands_in_the_way_is_said_and_nothing_is_moved(
    tmp_path: Path, schema: Callable[[], str]
) -> None:
    home, other = deployment(tmp_path / "home"), deployment(tmp_path / "other")
    before = seen(home)

    def refusal(to: str, **how: bool) -> str:
        with pytest.raises(MoveError) as told:
            move(home, to, **how)
        assert seen(home) == before
        return str(told.value.message)

    outside = str(other.path / "data" / "ssj.db")
    assert "不在部署目录" in refusal(outside)
    taken = str(home.path / "data" / "other.db")
    (other.path / "data" / "ssj.db").rename(taken)
    assert "已有数据" in refusal(taken)
    assert "已有数据" in refusal(taken, replace=True)
    assert "已经在用" in refusal(find_home(str(home.path)).database)
    lock = HomeLock(home.path / LOCK)
    assert lock.take() is None
    try:
        assert "守护进程" in refusal(schema())
    finally:
        lock.release()


def leave(home: Home, to: str) -> None:
    """Leave behind what a process leaves that dies between copying and switching the settings."""
    with (
        closing(open_store(to, create=True)) as target,
        closing(open_store(home.database)) as source,
        source.write() as old,
        target.write() as new,
    ):
        moving.copy(old.connection, new.connection, lambda _table, _rows: None)
        sums = {name: one.sha256 for name, one in moving.sums(old.connection).items()}
        moving.note_copy(new.connection, {"from": source.where, "at": "2026-11-02", "sums": sums})


def test_leavings_of_a_move_are_replaced_only_when_asked_and_untouched(
    tmp_path: Path, schema: Callable[[], str]
) -> None:
    """The process died after copying and before the settings were switched."""
    home, to = deployment(tmp_path / "home"), schema()
    before = seen(home)
    leave(home, to)
    with pytest.raises(MoveError) as told:
        move(home, to)
    assert "--replace" in str(told.value.message)
    assert move(home, to, replace=True).switched
    assert seen(home) == before

    # A copy somebody has worked in is nobody's leavings.
    second, there = deployment(tmp_path / "second"), schema()
    leave(second, there)
    with closing(open_store(there)) as store, store.write() as transaction:
        transaction.settings.put("something", 1)
    with pytest.raises(MoveError) as told:
        move(second, there, replace=True)
    assert "又有改动" in str(told.value.message)


def test_killed_on_the_way_the_old_one_goes_on(tmp_path: Path, schema: Callable[[], str]) -> None:
    """kill -9 at several moments: whichever database the settings name holds everything, and a second try succeeds."""
    home = deployment(tmp_path / "home")
    before = seen(home)
    switched = False
    for tenth in (2, 4, 6, 8):
        process = subprocess.Popen(
            [*SSJ, "--home", str(home.path), "migrate-store", "--to", schema(), "--as", "leading", "--yes"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        time.sleep(tenth / 10)
        process.send_signal(signal.SIGKILL)
        process.wait(HUNG)
        assert seen(home) == before
        switched = "postgresql" in find_home(str(home.path)).database
        if switched:
            break
    if not switched:
        assert move(home, schema()).switched
        assert seen(home) == before


def test_the_command_prints_what_each_table_comes_to(tmp_path: Path, schema: Callable[[], str]) -> None:
    home = deployment(tmp_path / "home")
    done = subprocess.run(
        [
            *SSJ,
            "--home",
            str(home.path),
            "migrate-store",
            "--to",
            schema(),
            "--as",
            "leading",
            "--yes",
            "--json",
        ],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        timeout=HUNG,
    )
    body = json.loads(done.stdout)
    assert body["switched"] is True
    assert set(body["tables"]) >= {"case", "event", "timer", "register_entry"}
    assert "register_entry：" in done.stderr
