"""Files of the folder that act and that nobody took up: years of calendars, an import of one that was broken off, profiles that move private columns."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from engine.app.audit.finding import AuditFinding
from engine.app.execution.calendar_change import STREAM, finish_change, unadopted_files
from engine.app.history.replay import history
from engine.calendars.load import LOCAL
from engine.deployment.home import Home
from engine.deployment.open import open_deployment_store
from engine.files.journal import UNFINISHED_YEAR
from engine.files.reading import read_file
from engine.kernel.budget import CALENDAR, BudgetExceededError
from engine.language import Message, say
from engine.register.profile import moved_in_folder

if TYPE_CHECKING:
    from engine.app.ports.store import Store

#: The name of the text of a file that is written beside it: a dot, the name, who wrote it.
_BESIDE = re.compile(r"^\.(.*?)(?:\.\d+-\d+)?\.new$")


def settle_year(home: Home) -> Iterator[Message]:
    """Give a year its file where its transaction was committed, and take back the text where it was not; say for each which of the two it was."""
    store = open_deployment_store(home)
    try:
        done = finish_change(store, home.calendars)
        for file in done:
            yield say("上次导入日历 {file} 在中途断了，现已做完", file=file.name)
        # On SQLite whoever takes a year up now writes its text inside of a writing transaction. On a server only the sign is
        # lost of somebody who is at it; the daemon writes what was announced all the same.
        with store.write() as transaction:
            adopted = {event.body.get("sha256") for event in history(transaction, STREAM)}
            undone: set[str] = set()
            finished: set[str] = set()
            for path in sorted(home.calendars.glob(UNFINISHED_YEAR)):
                name = _BESIDE.sub(r"\1", path.name)
                (finished if _digest(path) in adopted & {_digest(home.calendars / name)} else undone).add(
                    name
                )
                path.unlink(missing_ok=True)
        for name in sorted(finished - {file.name for file in done}):
            yield say("上次导入日历 {file} 在中途断了，现已做完", file=name)
        if undone:
            yield say("上次导入日历在中途断了，没有生效，已撤销；请重新导入")
    finally:
        store.close()


def _digest(path: Path) -> str | None:
    try:
        return hashlib.sha256(read_file(path, CALENDAR)).hexdigest()
    except (OSError, BudgetExceededError):
        return None


def unadopted(home: Home, store: Store) -> Iterator[tuple[str, Message]]:
    """Yield the name of each file by which days are counted and which nobody took up by a command, and what to do about it."""
    with store.read() as transaction:
        found = unadopted_files(transaction, home.calendars)
    for name, digest in found:
        if name == LOCAL:
            yield (
                name,
                say(
                    "calendars/{file}（SHA-256 {digest}）是手工写的，没有经两人同意，已按它计算时限",
                    file=name,
                    digest=digest,
                ),
            )
        else:
            yield (
                name,
                say(
                    "calendars/{file}（SHA-256 {digest}）不是用命令采用的，却已按它计算时限；核对后用 ssj calendar import 采用，或移走",
                    file=name,
                    digest=digest,
                ),
            )


def calendar_findings(home: Home, store: Store) -> list[AuditFinding]:
    """Return a finding for each year days are counted by and nobody took up; `LOCAL`, which is written by hand, is none."""
    return [AuditFinding(STREAM, 0, "-", what) for name, what in unadopted(home, store) if name != LOCAL]


def profile_findings(home: Home) -> list[AuditFinding]:
    """Return a finding for each import profile of the folder that brings private columns elsewhere: every import by it is refused."""
    return [
        AuditFinding("register", 0, "-", say("profiles/{name}：{what}", name=name, what=what))
        for name, what in moved_in_folder(home.path / "profiles")
    ]
