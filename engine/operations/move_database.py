"""Moving a deployment from one database to another: copied and compared in one transaction, then the settings switch.

Nobody can write the old database while it is copied, nor afterwards: whoever still has it open is refused with where
the data is now. Broken off before the settings have switched, the old database is as it was and goes on being used.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from engine.app.audit.verify_deployment import verify
from engine.app.commands import Caller, Clock, operations
from engine.app.commands.operations import LongCommandContext
from engine.deployment.home import SETTINGS, DeploymentMissingError, Home, read_settings, why_outside
from engine.deployment.open import open_application
from engine.files.journal import MOVE_JOURNAL, prepare_file, read_journal, remove_journal, write_journal
from engine.files.reading import read_text
from engine.kernel.budget import SETTINGS as SETTINGS_BUDGET
from engine.kernel.instants import to_text
from engine.kernel.refusal import Refusal
from engine.language import Message, say
from engine.operations.server_copy import ALIVE
from engine.runtime.lock import LOCK, HomeLock
from engine.store.migrations import current
from engine.store.revision import EXPECTED, MOVED
from engine.store.sql import copy as moving
from engine.store.sql import open_store
from engine.store.sql.copy import Sum
from engine.store.sql.database_url import address
from engine.store.sql.error_messages import explained
from engine.store.sql.store import SqlStore
from engine.store.sql.transaction import SqlTransaction

#: What the settings mean where they name no database.
DEFAULT_DATABASE = "data/ssj.db"


class MoveError(Exception):
    """The deployment cannot be moved; `message` says why and what to do. Nothing has been changed."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.text)
        self.message = message


@dataclass(frozen=True, slots=True)
class Moved:
    """What was moved."""

    #: table -> what it comes to, the same on both sides
    tables: Mapping[str, Sum]
    source: str
    target: str
    #: False for a trial.
    switched: bool

    def as_json(self) -> dict[str, Any]:
        """Return plain values; `from_json` reads them."""
        return asdict(self)

    @staticmethod
    def from_json(body: Mapping[str, Any]) -> Moved:
        """Return what `as_json` gave."""
        return Moved(**{**body, "tables": {name: Sum(**one) for name, one in body["tables"].items()}})


def move_store(
    home: Home,
    caller: Caller,
    to: str,
    clock: Clock,
    report: Callable[[str, int], None] = lambda _table, _rows: None,
    *,
    replace: bool = False,
) -> Moved | Refusal:
    """Move everything to the database `to` for `caller`, and let the settings name it.

    A path is taken from the deployment on, as in the settings.
    `replace` takes the leavings of a broken-off move away from the target first; any other row there refuses the move.
    Where the caller asks for a dry run all is copied and compared and then undone.
    The end is entered into the new database. Raises MoveError, StoreUnavailableError, OSError.
    """
    place = to if "://" in to else str(home.path / to)
    shown = address(place).render_as_string(hide_password=True)
    in_use = MoveError(say("部署已经在用这个数据库：{database}", database=shown))
    same = address(home.database) == address(place)
    if same and not caller.request_id:
        raise in_use
    if (outside := why_outside(home.path, {"database": to})) is not None:
        raise MoveError(outside)
    application = open_application(home, clock=clock)

    def work(context: LongCommandContext) -> Moved:
        if same:
            # Not the request that has moved it: that one is answered from what is kept.
            raise in_use
        lock = HomeLock(home.path / LOCK)
        if (refusal := lock.take()) is not None:
            raise MoveError(refusal)
        try:
            with _noted(home, to, place):
                # A new one is made with its tables; an empty one is given them.
                target = open_store(place, create=True)
                try:
                    return _move(home, _sql(application.store), target, to, context, report, replace=replace)
                finally:
                    target.close()
        finally:
            lock.release()

    try:
        return operations.move_database(application, caller, shown, work, Moved.from_json)
    finally:
        application.store.close()


@contextmanager
def _noted(home: Home, to: str, place: str) -> Iterator[None]:
    """Write down that a database is copied to, so that a copy which was broken off is removed later."""
    journal = home.path / MOVE_JOURNAL
    new = address(place)
    fresh = new.get_backend_name() == "sqlite" and not Path(str(new.database)).exists()
    write_journal(journal, {"change": "copy", "to": to, "fresh": fresh})
    try:
        yield
    finally:
        body = read_journal(journal)
        if body is not None and body["change"] == "copy":
            remove_journal(journal)


def _sql(store: object) -> SqlStore:
    assert isinstance(store, SqlStore)  # noqa: S101 - a deployment has no other
    return store


class _UndoneError(Exception):
    """A trial that went well."""


def _move(
    home: Home,
    source: SqlStore,
    target: SqlStore,
    to: str,
    context: LongCommandContext,
    report: Callable[[str, int], None],
    *,
    replace: bool,
) -> Moved:
    clock = context.services.clock
    with source.write() as working:
        old = working.connection
        moving.hold(old)
        if (revision := current(old)) != EXPECTED:
            raise MoveError(
                say(
                    "数据库的结构版本为 {seen}，不是本程序的 {expected}；请用同一版本的程序搬移",
                    seen=revision,
                    expected=EXPECTED,
                )
            )
        _nobody_works(working, clock)
        before = moving.sums(old)
        made = {"from": source.where, "at": to_text(clock.now()), "sums": _digests(before)}
        try:
            with target.write() as made_there:
                new = made_there.connection
                moving.hold(new)
                _make_room(new, target.where, replace=replace)
                moving.copy(old, new, report)
                _compare(before, moving.sums(new), target.where)
                findings = [str(finding) for finding in verify(made_there)]
                if findings:
                    raise MoveError(say("审计核验发现问题，没有搬移：{findings}", findings=findings[:5]))
                moving.note_copy(new, made)
                if context.caller.dry_run:
                    raise _UndoneError
        except _UndoneError:
            return Moved(before, source.where, target.where, switched=False)
        _switch(home, to, _digests(before))
        moved = Moved(before, source.where, target.where, switched=True)
        with target.write() as there:
            moving.in_use(there.connection)
            context.end(there, moved)
        moving.shut(old)
    remove_journal(home.path / MOVE_JOURNAL)
    return moved


def _switch(home: Home, to: str, sums: Mapping[str, str]) -> None:
    """Let the settings name the new database; from here on a move that is broken off is finished or undone later."""
    journal = home.path / MOVE_JOURNAL
    copying = read_journal(journal) or {}
    body = {
        "change": "move",
        "from": home.settings.get("database", DEFAULT_DATABASE),
        "to": to,
        "sums": sums,
        "fresh": bool(copying.get("fresh")),
    }
    write_journal(journal, body)
    try:
        name_database(home, to)
    except (MoveError, OSError):
        if _database_in(home.path / SETTINGS) != to:
            remove_journal(journal)
        raise


def finish_move(home: Home) -> Message | None:
    """Finish or undo the move that was broken off in a deployment; says what was done.

    The old database must not have been written since it was copied: then the new one is in use, and the old one shut.
    Otherwise the settings name the old one again. Raises StoreUnavailableError, MoveError, OSError.
    """
    lock = HomeLock(home.path / LOCK)
    if lock.take() is not None:
        # Whoever moves it is at work.
        return None
    try:
        journal = home.path / MOVE_JOURNAL
        body = read_journal(journal)
        if body is None:
            return None
        new = str(body["to"])
        old = str(body.get("from", home.settings.get("database", DEFAULT_DATABASE)))
        before = Home(home.path, {**home.settings, "database": old})
        shown = address(before.database).render_as_string(hide_password=True)
        if home.settings.get("database", DEFAULT_DATABASE) != new:
            removed = _remove_copy(home, new) if body.get("fresh") is True else None
            remove_journal(journal)
            if removed is not None:
                return say(
                    "上次搬移数据库在中途断了，没有切换；照旧使用 {database}，没有启用的 {copy} 已清掉",
                    database=shown,
                    copy=removed,
                )
            return say("上次搬移数据库在中途断了，没有切换；照旧使用 {database}", database=shown)
        if _in_force(home, before, body["sums"]):
            remove_journal(journal)
            return say("上次搬移数据库在切换时断了，现已做完；原来的 {database} 不能再写", database=shown)
        name_database(home, old)
        remove_journal(journal)
        return say(
            "上次搬移数据库在切换时断了，原来的数据库此后又有改动；已撤销，照旧使用 {database}",
            database=shown,
        )
    finally:
        lock.release()


def _remove_copy(home: Home, to: str) -> str | None:
    """Remove the file that was made to be copied to and is not in use; return its path, None where there is none."""
    file = Path(str(address(Home(home.path, {**home.settings, "database": to}).database).database))
    beside = [file.with_name(file.name + ending) for ending in ("-wal", "-shm", "-journal")]
    there = file.exists()
    for one in (*beside, file):
        one.unlink(missing_ok=True)
    return str(file) if there else None


def _in_force(home: Home, before: Home, sums: Mapping[str, str]) -> bool:
    """Take the new database into use and shut the old one, unless that was written since it was copied."""
    target = _sql(open_store(home.database))
    try:
        if not is_shut(before):
            source = _sql(open_store(before.database))
            try:
                with source.write() as working:
                    moving.hold(working.connection)
                    if _digests(moving.sums(working.connection)) != sums:
                        return False
                    with target.write() as there:
                        moving.in_use(there.connection)
                    moving.shut(working.connection)
            finally:
                source.close()
        return True
    finally:
        target.close()


def is_shut(home: Home) -> bool:
    """Tell whether the data of a deployment's database is elsewhere now."""
    from engine.operations.backup import database_file, look_at
    from engine.operations.server_copy import on_server
    from engine.store.sql.connections import server_engines

    if not on_server(home):
        return look_at(database_file(home))[0] == MOVED
    server, reader = server_engines(address(home.database))
    try:
        with reader.begin() as connection:
            return current(connection) == MOVED
    except DBAPIError as problem:
        raise explained(problem, address(home.database).render_as_string(hide_password=True)) from problem
    finally:
        server.dispose()
        reader.dispose()


def _nobody_works(transaction: SqlTransaction, clock: Clock) -> None:
    if transaction.connection.dialect.name == "sqlite":
        # Its one daemon would hold the lock of the deployment.
        return
    working = [one.name for one in transaction.daemons.all() if one.alive(clock.now(), ALIVE)]
    if working:
        raise MoveError(
            say(
                "守护进程 {names} 在 {minutes} 分钟内还在运行；请先停止所有机器上的守护进程，过 {minutes} 分钟再试",
                names=working,
                minutes=ALIVE // timedelta(minutes=1),
            )
        )


def _make_room(new: Connection, where: str, *, replace: bool) -> None:
    if moving.is_empty(new):
        return
    left = moving.copied_from(new)
    if left is None:
        raise MoveError(say("目标数据库 {where} 里已有数据，不会覆盖；请换一个空的数据库", where=where))
    said = json.loads(left)
    if _digests(moving.sums(new)) != said["sums"]:
        raise MoveError(
            say(
                "目标数据库 {where} 是 {at} 的一次拷贝，其后又有改动，不会覆盖；请换一个空的数据库",
                where=where,
                at=said["at"],
            )
        )
    if not replace:
        raise MoveError(
            say(
                "目标数据库 {where} 里是 {at} 从 {source} 拷贝、没有启用的一份；要清掉重来请加 --replace",
                where=where,
                at=said["at"],
                source=said["from"],
            )
        )
    moving.clear(new)


def _compare(before: Mapping[str, Sum], after: Mapping[str, Sum], where: str) -> None:
    different = [name for name in before if before[name] != after.get(name)]
    if different:
        raise MoveError(say("拷贝到 {where} 的 {tables} 与原来不符，没有搬移", where=where, tables=different))


def _digests(tables: Mapping[str, Sum]) -> dict[str, str]:
    return {name: found.sha256 for name, found in sorted(tables.items())}


def _database_in(file: Path) -> object:
    """Return what settings name as the database; None where they cannot be read."""
    try:
        return read_settings(file).get("database")
    except DeploymentMissingError:
        # A value of several lines, half of which was rewritten.
        return None


def name_database(home: Home, to: str) -> None:
    """Let ``settings.yaml`` name another database; the rest of the file stays as it is written. Raises MoveError."""
    file = home.path / SETTINGS
    text = read_text(file, SETTINGS_BUDGET)
    line = f"database: {json.dumps(to, ensure_ascii=False)}"
    written, count = re.subn(r"(?m)^database[ \t]*:.*$", lambda _: line, text, count=1)
    if not count:
        written = f"{text.rstrip()}\n{line}\n" if text.strip() else f"{line}\n"
    fresh = prepare_file(file, written.encode(), mode=0o600)
    try:
        if _database_in(fresh) != to:
            raise MoveError(say("无法在 {file} 里改写 database 一项；请核对该文件", file=file))
        fresh.chmod(file.stat().st_mode & 0o777)
        fresh.replace(file)
    except (MoveError, OSError):
        fresh.unlink(missing_ok=True)
        raise
