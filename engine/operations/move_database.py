"""Moving a deployment from one database to another: copied and compared in one transaction, then the settings switch.

Nobody can write the old database while it is copied, nor afterwards: whoever still has it open is refused with where
the data is now. Broken off before the settings have switched, the old database is as it was and goes on being used.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from engine.app.audit.verify_all import verify
from engine.app.commands import Caller, Clock, operate
from engine.app.commands.operate import LongCommandContext
from engine.app.daemons.heartbeats import alive
from engine.deployment.home import SETTINGS, Home, read_settings
from engine.deployment.open import open_application
from engine.files.reading import read_text
from engine.kernel.budget import SETTINGS as SETTINGS_BUDGET
from engine.kernel.instants import to_text
from engine.kernel.refusal import Refusal
from engine.language import Message, say
from engine.operations.server_copy import ALIVE
from engine.runtime.lock import LOCK, HomeLock
from engine.store.migrations import EXPECTED, current
from engine.store.sql import copy as moving
from engine.store.sql import open_store
from engine.store.sql.copy import Sum
from engine.store.sql.database_url import address
from engine.store.sql.store import SqlStore, SqlTransaction


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
    application = open_application(home, clock=clock)

    def work(context: LongCommandContext) -> Moved:
        if same:
            # Not the request that has moved it: that one is answered from what is kept.
            raise in_use
        lock = HomeLock(home.path / LOCK)
        if (refusal := lock.take()) is not None:
            raise MoveError(refusal)
        try:
            # A new one is made with its tables; an empty one is given them.
            target = open_store(place, create=True)
            try:
                return _move(home, _sql(application.store), target, to, context, report, replace=replace)
            finally:
                target.close()
        finally:
            lock.release()

    try:
        return operate.move_database(application, caller, shown, work, Moved.from_json)
    finally:
        application.store.close()


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
        name_database(home, to)
        moved = Moved(before, source.where, target.where, switched=True)
        with target.write() as there:
            moving.in_use(there.connection)
            context.end(there, moved)
        moving.shut(old)
    return moved


def _nobody_works(transaction: SqlTransaction, clock: Clock) -> None:
    if transaction.connection.dialect.name == "sqlite":
        # Its one daemon would hold the lock of the deployment.
        return
    working = [one.name for one in alive(transaction, clock.now(), ALIVE)]
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
    left = moving.copied(new)
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


def name_database(home: Home, to: str) -> None:
    """Let ``settings.yaml`` name another database; the rest of the file stays as it is written. Raises MoveError."""
    file = home.path / SETTINGS
    text = read_text(file, SETTINGS_BUDGET)
    line = f"database: {json.dumps(to, ensure_ascii=False)}"
    written, count = re.subn(r"(?m)^database[ \t]*:.*$", lambda _: line, text, count=1)
    if not count:
        written = f"{text.rstrip()}\n{line}\n" if text.strip() else f"{line}\n"
    handle, name = tempfile.mkstemp(dir=home.path, prefix=".settings-")
    fresh = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(written)
            stream.flush()
            os.fsync(stream.fileno())
        if read_settings(fresh).get("database") != to:
            raise MoveError(say("无法在 {file} 里改写 database 一项；请核对该文件", file=file))
        fresh.chmod(file.stat().st_mode & 0o777)
        fresh.replace(file)
    finally:
        fresh.unlink(missing_ok=True)
