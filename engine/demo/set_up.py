"""Setting the stage of the demonstration: a deployment, its registers, the people, and the summary at the end."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from engine.app.commands import Caller
from engine.app.commands.application import Application
from engine.app.commands.publish_definitions import Published, publish
from engine.app.queries import Store
from engine.app.queries.cases import CaseFilter
from engine.demo.checkpoint import Checkpoint, CheckpointStore, saved_checkpoint
from engine.demo.people import Staff
from engine.demo.run_state import RunState, begun, undertaken
from engine.demo.year import Year, send_all, summary
from engine.deployment.clocks import VirtualClock
from engine.deployment.home import Home
from engine.deployment.open import ZONE, open_application, open_deployment_store
from engine.deployment.set_up import fill, load_definitions, put_entries, set_reader
from engine.deployment.site_channel import SiteChannel, build_public_site
from engine.kernel.refusal import Refusal
from engine.language import Message, say
from engine.lifecycle.command import SYSTEM
from engine.register.import_result import ImportResult, read_register
from engine.register.sheet.checked_entries import CheckedEntry
from engine.runtime.channels import open_channels
from engine.synthetic.entropy import seeded_entropy
from engine.synthetic.ratings import with_made_up_ratings
from engine.synthetic.registers import SAMPLE_READER, sample_registers, with_made_up_kinds
from engine.synthetic.scenario import Scenario, shipped

#: Shares of a hundred of the made-up credit classes given to objects that come without a rating.
MADE_UP_SHARES: Mapping[str, int] = {"A": 40, "B": 40, "C": 15, "D": 5}


class ObjectsFileError(Exception):
    """The objects given for the demonstration cannot be read; `message` says why."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.text)
        self.message = message


def run_demo(
    directory: Path,
    objects: Path | None,
    seed: str,
    tell: Callable[[dict[str, Any], list[Message]], None] | None = None,
) -> tuple[dict[str, Any], list[Message]]:
    """Run the year in a new deployment in `directory`; return the summary and what should be mentioned.

    Goes on where an earlier call was killed, with the seed and the objects of then, and comes to the same summary.
    `tell` is called with what is returned, before the demonstration counts as finished: whoever is killed until then
    is reported by the next call. Raises FolderNotEmptyError, DemoInUseError, ObjectsFileError, StoreUnavailableError, OSError.
    """
    scenario = shipped()
    # Looked at first, so that a file that cannot be read leaves no directory behind.
    read = None if begun(directory) else _registers(scenario, objects, seed)
    with undertaken(directory, objects, seed) as demo:
        home = fill(directory)
        # After a loss of power the year goes on from the last transaction on the disk, whichever that is; when the store is
        # closed, everything is there. To wait for the disk after each was most of the time the year took.
        waiting = replace(home, settings={**home.settings, "synchronous": "NORMAL"})
        store = open_deployment_store(waiting, create=True)
        try:
            found, notes = _run(home, store, scenario, demo, None if demo.resumed else read)
        finally:
            store.close()
        if tell is not None:
            tell(found, notes)
        return found, notes


#: The entries of each register, and what is to be said about them.
_Registers = tuple[dict[str, Sequence[CheckedEntry]], list[Message]]


def _run(
    home: Home, store: Store, scenario: Scenario, demo: RunState, read: _Registers | None
) -> tuple[dict[str, Any], list[Message]]:
    start = datetime.combine(date.fromisoformat(scenario.start), time(8), ZoneInfo(ZONE))
    with store.read() as transaction:
        place, now = saved_checkpoint(transaction) or (Checkpoint(start.date()), start)
    clock = VirtualClock(now)
    application = open_application(home, clock=clock, store=CheckpointStore(store, place, clock))
    # The same for the same seed, so that two demonstrations can be compared; a real office asks the machine.
    application.entropy = seeded_entropy(demo.seed)
    notes = _set_the_stage(application, home, scenario, demo, read)
    if demo.resumed:
        note = say(
            "{path} 中有一次没有走完的演示：从 {day} 接着走（种子 {seed}）",
            path=home.path.name,
            day=place.day,
            seed=demo.seed,
        )
        notes = [note]
    staff = Staff(application, scenario, demo.seed, place)

    def add_rows(caller: Caller, form: str, rows: str) -> Refusal | object:
        return _add_rows(application, home, caller, form, rows)

    channels = open_channels(home.channels, home.path)
    year = Year(application, clock, scenario, staff, channels, place, add_rows)
    year.run()
    found = summary(year)
    _build_site(year, home)
    return found, notes


def _set_the_stage(
    application: Application, home: Home, scenario: Scenario, demo: RunState, read: _Registers | None
) -> list[Message]:
    """Publish the definitions and fill the registers, so far as that has not been done; `read` are the registers, where they were read."""
    with application.store.read() as transaction:
        if transaction.cases.count(CaseFilter()):
            return []
        published = bool(transaction.definitions.versions())
        imported = {stream.partition(":")[2] for stream in transaction.events.streams(prefix="register:")}
    if not published:
        outcome = publish(application, Caller(SYSTEM), load_definitions(home))
        if not isinstance(outcome, Published):
            raise ObjectsFileError(outcome.reasons[0].message)
    registers, notes = read or _registers(scenario, demo.objects, demo.seed, demo.source)
    for kind, entries in registers.items():
        if kind not in imported:
            given = demo.source if kind == "objects" else None
            put_entries(application, kind, entries, given or "sample")
    set_reader(application, SAMPLE_READER)
    return notes


def _add_rows(application: Application, home: Home, caller: Caller, form: str, rows: str) -> Refusal | object:
    """Put rows at the end of a form of the deployment and publish what uses it; done again, it changes nothing."""
    file = home.path / "forms" / f"{form}.yaml"
    text = file.read_text("utf-8")
    if rows not in text:
        file.write_text(text + rows, "utf-8")
    return publish(application, caller, load_definitions(home))


def _registers(scenario: Scenario, objects: Path | None, seed: str, source: str | None = None) -> _Registers:
    sizes = scenario.registers
    made = sample_registers(
        "demo", objects=sizes["objects"], inspectors=sizes["inspectors"], experts=sizes["experts"]
    )
    registers: dict[str, Sequence[CheckedEntry]] = dict(made)
    notes: list[Message] = []
    if objects is not None:
        reading = read_register("objects", objects)
        if reading.faults:
            raise ObjectsFileError(
                say(
                    "{file}：{problems}", file=_name(objects, source), problems=list(map(str, reading.faults))
                )
            )
        entries = _rated(reading.importable(skip_bad=True), seed)
        notes += _notes(reading, _name(objects, source))
        if not any(entry.data.get("pools") for entry in entries):
            # Otherwise every item that is for a kind of enterprise has nobody to be drawn.
            entries = with_made_up_kinds(entries, seed)
            notes.append(
                say("{file} 没有写明专项库：各户的专项库为虚构，仅供演示", file=_name(objects, source))
            )
        registers["objects"] = entries
    return registers, notes


def _rated(entries: Sequence[CheckedEntry], seed: str) -> Sequence[CheckedEntry]:
    """Give a made-up class, marked as such, to objects that have none."""
    rated = [entry for entry in entries if entry.data.get("ratings")]
    bare = [entry for entry in entries if not entry.data.get("ratings")]
    classes, shares = list(MADE_UP_SHARES), list(MADE_UP_SHARES.values())
    return [*rated, *with_made_up_ratings(bare, "credit", classes, shares, seed, given_on=date(2024, 1, 1))]


def _name(objects: Path, source: str | None) -> str:
    """Return what the file was called by whoever gave it."""
    return Path(source).name if source else objects.name


def _notes(reading: ImportResult, file: str) -> list[Message]:
    notes = [
        say(
            "{file}：读入 {count} 户，信用风险等级为虚构，仅供演示",
            file=file,
            count=len(reading.entries),
        )
    ]
    if reading.problems:
        first = [str(problem) for problem in reading.problems[:3]]
        notes.append(say("{count} 行有误，已跳过；例如：{first}", count=len(reading.bad_rows), first=first))
    return notes


def _build_site(year: Year, home: Home) -> None:
    channel = SiteChannel(lambda: build_public_site(year.application, home))
    send_all(year.application, year.clock, {"site": channel}, "site")
