"""Whoever a step of the shipped processes brings a task is told: every transition, and every case that starts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, time
from functools import cache
from zoneinfo import ZoneInfo

from engine.app.commands.application import Application
from engine.app.definitions.cache import DefinitionCache
from engine.app.definitions.versions import add_versions
from engine.app.execution.apply import start_cases
from engine.app.people.directory import candidates
from engine.app.ports.records import OutboxItem, RegisterEntry
from engine.app.session.new_case import NewCase
from engine.app.session.unit_of_work import UnitOfWork
from engine.calendars.load import load_calendar
from engine.definition.library import Loaded, load_paths
from engine.definition.resources import forms_dir, workflows_dir
from engine.deployment.clocks import VirtualClock
from engine.lifecycle.case import Case, Change
from engine.lifecycle.command import SYSTEM
from engine.lifecycle.deadlines.schedule import DeadlineCalculator
from engine.lifecycle.permission import is_for
from engine.store.memory import MemoryStore

SECTION = "labour_inspection"
NOW = datetime(2024, 9, 20, 2, tzinfo=UTC)
#: Whoever takes the step; nobody's task is theirs.
STRANGER = "stranger"


@cache
def shipped() -> Loaded:
    return load_paths([*workflows_dir().glob("*.yaml"), *forms_dir().glob("*.yaml")])


@cache
def office() -> Application:
    """Return an office with the shipped definitions in which one person holds each role, and two are inspectors."""
    loaded = shipped()
    assert loaded.bureau is not None
    store = MemoryStore()
    calculator = DeadlineCalculator(load_calendar([]), ZoneInfo("Asia/Shanghai"), time(9))
    application = Application(
        store, VirtualClock(NOW), DefinitionCache(calculator), channels=("log", "inbox")
    )
    people = [
        RegisterEntry("people", f"person-{role}", role, SECTION, {"roles": [role]})
        for role in loaded.bureau.roles
    ]
    inspectors = [RegisterEntry("inspectors", f"insp-{n}", f"检查员{n}", SECTION, {}) for n in (1, 2)]
    with store.write() as transaction:
        transaction.registers.put([*people, *inspectors], NOW)
        add_versions(transaction, loaded, NOW, SYSTEM)
    return application


def arrivals() -> Iterator[tuple[str, str, str | None, str]]:
    """Yield workflow, step, source and target of every way a case comes to somebody's task; no source: it starts there."""
    for workflow in shipped().workflows.values():
        if workflow.states[workflow.initial].audience:
            yield workflow.id, "start", None, workflow.initial
        for step in workflow.transitions:
            for source in step.sources:
                if (
                    step.target is not None
                    and step.target != source
                    and workflow.states[step.target].audience
                ):
                    yield workflow.id, step.id, source, step.target


def new_case(application: Application, uow: UnitOfWork, name: str) -> Case:
    process = application.definitions.latest(uow.transaction, name)
    assert process is not None
    parties = dict.fromkeys(process.workflow.parties, ("insp-1", "insp-2"))
    fields = {"inspect_to": "2024-10-31"} if name == "inspection" else {}
    new = NewCase(
        title="示例件",
        section=SECTION,
        subject={"id": "E1", "name": "示例企业"},
        parties=parties,
        fields=fields,
    )
    (made,) = start_cases(uow, process, SYSTEM, [new]).ids
    case = uow.case(made)
    assert case is not None
    return case


def brought(name: str, source: str | None, target: str) -> tuple[set[str], list[OutboxItem]]:
    """Return who has the task after a case has come from `source` to `target`, and what was written to the outbox."""
    _, holders, items = came(name, source, target)
    return holders, items


def came(name: str, source: str | None, target: str) -> tuple[Case, set[str], list[OutboxItem]]:
    """Return the case too, besides what `brought` does."""
    application = office()
    with application.store.write() as transaction:
        uow = UnitOfWork(application, transaction, NOW)
        case = new_case(application, uow, name)
        if source is not None:
            if source != case.state:
                case = uow.record(case, "advanced", STRANGER, {}, Change(state=source))
            uow.finish()
            uow = UnitOfWork(application, transaction, NOW)
            held = uow.case(case.id)
            assert held is not None
            case = uow.record(held, "advanced", STRANGER, {}, Change(state=target))
        uow.finish()
        keys = candidates(uow.process(case), case)
        holders = {person for key in keys for person in uow.people.behind(key)}
        about = [item for item in transaction.outbox.listed(limit=1_000_000) if item.case == case.id]
        last = [item for item in about if item.id.startswith(f"{case.id}:{case.rev}:")]
    return case, holders, last


def test_every_arrival_is_told_to_everybody_who_has_the_task() -> None:
    ways = list(arrivals())
    silent = []
    for name, step, source, target in ways:
        holders, items = brought(name, source, target)
        assert holders, (name, target)
        if {item.recipient for item in items if item.payload["about"] == "arrived"} != holders:
            silent.append((name, step, source, target))
    assert len(ways) > 100
    assert silent == []


def test_the_message_names_the_firm_the_deed_and_the_last_day() -> None:
    _, items = brought("inspection", None, "to_approve")
    (text,) = {item.payload["text"] for item in items}
    for part in ("示例件", "（示例企业）", "检查待审批", "批准检查", "2024-10-31"):
        assert part in text, (part, text)


def named_steps(text: str) -> list[str]:
    """Return the titles of the steps a message asks its reader to take."""
    _, asks, rest = text.partition("，请办理“")
    titles = re.match("(.*?)”(?:之一)?(?:，|$)", rest)
    assert not asks or titles, text
    return titles.group(1).split("”、“") if titles else []


def test_the_deed_is_one_its_reader_may_take_and_the_main_one() -> None:
    wrong, told, asked = [], 0, 0
    for name, step, source, target in arrivals():
        case, _, items = came(name, source, target)
        with office().store.read() as transaction:
            uow = UnitOfWork(office(), transaction, NOW)
            process = uow.process(case)
            for item in items:
                if item.payload["about"] != "arrived" or item.channel != "log":
                    continue
                told += 1
                reader = uow.people.actor(str(item.recipient))
                assert reader is not None
                own = [
                    found
                    for found in process.manual_steps(target).values()
                    if is_for(process, case, reader, found[0])
                ]
                titles = named_steps(item.payload["text"])
                named = [found for found in own if titles and found[0].title == titles[0]]
                whole = [list(dict.fromkeys(one.title for one in found)) for found in named]
                without_reason = any(not found[0].reason for found in own)
                # Of several ways that are alike none is named, unless the state is called after it.
                ranks = [process.rank(target, found) for found in own]
                alike = bool(ranks) and ranks.count(min(ranks)) > 1
                asked += bool(titles) or alike
                if (
                    (bool(titles) != bool(own) and not alike)
                    or (titles and whole != [titles])
                    or (bool(titles) and without_reason and named[0][0].reason)
                ):
                    wrong.append((name, step, source, target, item.recipient, titles))
    assert wrong == []
    # Some states wait for a day alone.
    assert told - 10 < asked <= told
    assert asked > 300


def text_for(workflow: str, state: str, reader: str) -> str:
    """Return what `reader` is told where a case comes to `state`."""
    initial = shipped().workflows[workflow].initial
    _, items = brought(workflow, None if state == initial else initial, state)
    return next(str(i.payload["text"]) for i in items if i.recipient == reader and i.channel == "log")


def test_each_reader_is_asked_for_a_step_of_their_own() -> None:
    # The first step written in these states is of somebody else, or sends the case back, or says one end of two.
    assert "请办理“送达决定书”" in text_for("penalty", "serving", "insp-2")
    assert "请办理“签署回避声明”" in text_for("inspection", "to_declare", "insp-2")
    assert "请办理" not in text_for("inspection", "to_visit", "insp-2")
    assert "请办理“向社会公示结果”" in text_for("inspection", "to_publish", "person-publisher")
    assert "请办理“资料齐全，归档”" in text_for("inspection", "closed", "person-archivist")
    assert "请办理“批准并发布通报”" in text_for("supervision", "circular_approving", "person-bureau_head")
    assert "请办理“撤销立案”、“作出决定”之一" in text_for("penalty", "deciding", "person-bureau_head")
