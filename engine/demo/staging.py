"""Setting the stage of the demonstration: a deployment, its registers, the people, and the summary at the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from engine.demo.people import Crowd
from engine.demo.scenario import Scenario, shipped
from engine.demo.year import RETRY, Year, summary
from engine.deployment.clocks import VirtualClock
from engine.deployment.home import Home
from engine.deployment.publishing import SiteChannel, build_public_site
from engine.deployment.setting_up import lay_out, load_definitions, put_entries
from engine.deployment.wiring import ZONE, open_deployment_store, open_office
from engine.language import Message, say
from engine.office.definitions import SYSTEM, Published, publish
from engine.office.delivery import deliver
from engine.office.office import Office
from engine.register.check import Entry
from engine.register.importing import Reading, read_register
from engine.register.rating import with_made_up_ratings
from engine.register.sample import sample_registers
from engine.runtime.channels import open_channels

#: Shares of a hundred of the made-up credit classes given to objects that come without a rating.
MADE_UP_SHARES: Mapping[str, int] = {"A": 40, "B": 40, "C": 15, "D": 5}


class UnreadableObjects(Exception):
    """The objects given for the demonstration cannot be read; `message` says why."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.text)
        self.message = message


def run_demo(directory: Path, objects: Path | None, seed: str) -> tuple[dict[str, Any], list[Message]]:
    """Run the year in a new deployment in `directory`; return the summary and what should be mentioned."""
    scenario = shipped()
    registers, notes = _registers(scenario, objects, seed)
    home = lay_out(directory)
    start = datetime.combine(date.fromisoformat(scenario.start), time(8), ZoneInfo(ZONE))
    clock = VirtualClock(start)
    office = open_office(home, clock=clock, store=open_deployment_store(home, create=True))
    try:
        outcome = publish(office, load_definitions(home), SYSTEM)
        if not isinstance(outcome, Published):
            raise UnreadableObjects(outcome[0])
        for kind, entries in registers.items():
            put_entries(office, kind, entries, str(objects) if objects and kind == "objects" else "sample")
        year = Year(
            office, clock, scenario, Crowd(office, scenario, seed), open_channels(home.channels, home.path)
        )
        year.run()
        found = summary(year)
        _build_site(office, home)
        return found, notes
    finally:
        office.store.close()


def _registers(
    scenario: Scenario, objects: Path | None, seed: str
) -> tuple[dict[str, Sequence[Entry]], list[Message]]:
    sizes = scenario.registers
    made = sample_registers(
        "demo", objects=sizes["objects"], inspectors=sizes["inspectors"], experts=sizes["experts"]
    )
    registers: dict[str, Sequence[Entry]] = dict(made)
    notes: list[Message] = []
    if objects is not None:
        reading = read_register("objects", objects)
        if reading.faults:
            raise UnreadableObjects(
                say("{file}：{problems}", file=objects.name, problems=list(map(str, reading.faults)))
            )
        registers["objects"] = _rated(reading.importable(skip_bad=True), seed)
        notes += _notes(reading, objects)
    return registers, notes


def _rated(entries: Sequence[Entry], seed: str) -> Sequence[Entry]:
    """Give a made-up class, marked as such, to objects that have none."""
    rated = [entry for entry in entries if entry.data.get("ratings")]
    bare = [entry for entry in entries if not entry.data.get("ratings")]
    classes, shares = list(MADE_UP_SHARES), list(MADE_UP_SHARES.values())
    return [*rated, *with_made_up_ratings(bare, "credit", classes, shares, seed, given_on=date(2024, 1, 1))]


def _notes(reading: Reading, file: Path) -> list[Message]:
    notes = [
        say(
            "{file}：读入 {count} 户，信用风险等级为虚构，仅供演示",
            file=file.name,
            count=len(reading.entries),
        )
    ]
    if reading.problems:
        first = [str(problem) for problem in reading.problems[:3]]
        notes.append(say("{count} 行有误，已跳过；例如：{first}", count=len(reading.bad_rows), first=first))
    return notes


def _build_site(office: Office, home: Home) -> None:
    channel = SiteChannel(lambda: build_public_site(office, home))
    deliver(office.store, {"site": channel}, office.clock.now(), limit=1_000_000, retry=RETRY)
