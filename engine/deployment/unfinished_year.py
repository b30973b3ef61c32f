"""Files of the folder that act and that nobody took up: years of calendars, an import of one that was broken off, profiles that move private columns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from engine.app.audit.finding import AuditFinding
from engine.app.execution.calendar_change import STREAM, finish_change, unadopted_files
from engine.calendars.load import LOCAL
from engine.deployment.home import Home
from engine.deployment.open import open_deployment_store
from engine.files.journal import UNFINISHED_YEAR
from engine.language import Message, say
from engine.register.profile import moved_in_folder

if TYPE_CHECKING:
    from engine.app.ports.store import Store


def settle_year(home: Home) -> Iterator[Message]:
    """Give a year its file where its transaction was committed, and take back the file where it was not."""
    store = open_deployment_store(home)
    try:
        done = finish_change(store, home.calendars)
        for file in done:
            yield say("上次导入日历 {file} 在中途断了，现已做完", file=file.name)
        # On SQLite whoever takes a year up now writes its text inside of a writing transaction. On a server only the sign is
        # lost of somebody who is at it; the daemon writes what was announced all the same.
        with store.write():
            left = sorted(home.calendars.glob(UNFINISHED_YEAR))
            for path in left:
                path.unlink(missing_ok=True)
        if left and not done:
            yield say("上次导入日历在中途断了，没有生效，已撤销；请重新导入")
    finally:
        store.close()


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
