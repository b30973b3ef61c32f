"""A small bureau whose roles keep registers, files of registers, and an act that comes in between."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from engine.app.commands import Caller
from engine.app.commands.application import Application
from engine.app.commands.publish_definitions import Published, publish
from engine.app.definitions.cache import DefinitionCache
from engine.app.ports.records import InboxEntry, RegisterEntry
from engine.app.ports.store import Store, Transaction
from engine.app.registers.import_entries import import_entries
from engine.app.registers.merge_import import RegisterFile
from engine.calendars.load import load_calendar
from engine.definition.library import load_files
from engine.deployment.clocks import VirtualClock
from engine.kernel.refusal import Refusal
from engine.lifecycle.chain import Event
from engine.lifecycle.command import SYSTEM
from engine.lifecycle.deadlines.schedule import DeadlineCalculator
from engine.register.import_result import read_register
from engine.register.profile import built_in
from engine.store.memory import MemoryStore

SHANGHAI = ZoneInfo("Asia/Shanghai")

BUREAU = """\
bureau: example
title: 示例局
timezone: Asia/Shanghai
notify_at: "09:00"
sections: {one: 一股, two: 二股}
roles:
  roster_admin: {title: 名录库管理员, scope: bureau}
  clerk: {title: 经办人, scope: section}
"""

NOTE = """\
workflow: errand
title: 差事
about: none
initial: open
start: {by: clerk}
states:
  open: {title: 待办, for: clerk}
  closed: {title: 办结, final: true}
transitions:
  - {do: finish, title: 完成, from: open, to: closed}
"""

KEEPER, CLERK, OTHER = "keeper-1", "clerk-1", "clerk-2"
PEOPLE = (
    RegisterEntry("people", KEEPER, "管理员01", None, {"roles": ["roster_admin"], "status": "active"}),
    RegisterEntry("people", CLERK, "经办人01", "one", {"roles": ["clerk"], "status": "active"}),
    RegisterEntry("people", OTHER, "经办人02", "two", {"roles": ["clerk"], "status": "active"}),
    RegisterEntry("people", "gone-1", "经办人03", "one", {"roles": ["clerk"], "status": "left"}),
)


def small_application(store: Store | None = None, *, people: bool = True) -> Application:
    """Return a bureau on a new store (one in memory), on a clock that is moved by hand."""
    clock = VirtualClock(datetime(2026, 3, 2, 10, tzinfo=SHANGHAI))
    keeping = DeadlineCalculator(load_calendar([]), SHANGHAI, time(9))
    application = Application(store or MemoryStore(), clock, DefinitionCache(keeping))
    loaded = load_files({"bureau.yaml": BUREAU, "errand.yaml": NOTE})
    assert loaded.sound, [f"{p.file}:{p.line} {p.message}" for p in loaded.problems]
    assert isinstance(publish(application, Caller(SYSTEM), loaded), Published)
    if people:
        import_entries(application, "people", PEOPLE, SYSTEM, source="test")
    return application


def register_file(folder: Path, kind: str, text: str, **how: Any) -> RegisterFile:
    """Return a CSV text as a file of a register that was read."""
    file = folder / f"{kind}.csv"
    file.write_text(text, encoding="utf-8")
    profile = built_in(kind)
    return RegisterFile(profile=profile, reading=read_register(kind, file, profile), source=file.name, **how)


def entries(application: Application, kind: str) -> dict[str, RegisterEntry]:
    """Return a register, by id."""
    with application.store.read() as transaction:
        return {entry.id: entry for entry in transaction.registers.all(kind)}


def events(application: Application, stream: str) -> list[Event]:
    """Return a history."""
    with application.store.read() as transaction:
        return list(transaction.events.of(stream))


def reasons(outcome: object) -> list[str]:
    """Return why a command or query was refused, which it must have been."""
    assert isinstance(outcome, Refusal), outcome
    return [str(reason) for reason in outcome.reasons]


def kept_refusals(application: Application) -> list[tuple[str, str]]:
    """Return (person, use case) of the refused attempts that are kept."""
    found = [event for event in events(application, "office") if event.kind == "refused"]
    return [(event.actor, str(event.body["verb"])) for event in found]


class Interrupted:
    """A store in which somebody else acts just before the next writing transaction begins."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.before: Callable[[], object] | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """Begin a writing transaction, after whatever is to come before it."""
        act, self.before = self.before, None
        if act is not None:
            act()
        with self._store.write() as transaction:
            yield transaction


def by(person: str = KEEPER, **how: Any) -> Caller:
    """Return who acts."""
    return Caller(person, **how)


def filled_inbox() -> Application:
    """Return a bureau in which two people were each sent two messages."""
    application = small_application()
    with application.store.write() as transaction:
        transaction.inbox.put(
            [
                InboxEntry(
                    id=f"{person}:{number}",
                    recipient=person,
                    case="errand-1",
                    about="reminded",
                    title="示例",
                    text=f"提醒第 {number} 条",
                    urgent=False,
                    created_at=application.clock.now() + timedelta(minutes=number),
                )
                for person in (CLERK, OTHER)
                for number in (1, 2)
            ]
        )
    return application
