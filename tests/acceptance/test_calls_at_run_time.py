"""Calls seen while the product works go down too: nothing lower calls something higher but through a named port."""

from __future__ import annotations

import gc
import sys
from collections import Counter
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from acceptance_fixtures import Bureau, check_rows, open_bureau, run, to_the_visit, visit

from engine.app.delivery.deliver import Retry
from engine.deployment.daemon_tasks import DeploymentTasks
from engine.deployment.home import find_home
from tests.test_house import RANK, room_of

#: (calling room, called room) -> the port by which the call is handed down.
PORTS = {
    ("app", "store"): "app.ports.store: Store, Transaction and the repositories",
    ("app", "documents"): "app.ports.documents: Renderer",
    ("app", "deployment"): "app.ports: Clock, Renderer, Channel",
    ("app", "runtime"): "app.delivery: Channel",
    ("app", "site"): "app.delivery: Channel",
    ("app.access", "app.commands"): "app.access.command: the body of a command",
    ("app.access", "app.queries"): "app.access.query: the body of a query",
    ("app.history", "app.access"): "app.history.retry: the transaction that is tried again",
    ("app.history", "app.audit"): "app.history.retry: the transaction that is tried again",
    (
        "app.history",
        "app.queries",
    ): "app.history.paged_reading.as_stored: what reads, while texts of any kind may be met",
    ("app.history", "app.commands"): "app.history.retry: the transaction that is tried again",
    ("app.history", "app.execution"): "app.history.retry: the transaction that is tried again",
    ("app.history", "app.daemons"): "app.history.retry: the transaction that is tried again",
    ("app.history", "app.timers"): "app.history.retry: the transaction that is tried again",
    ("app.history", "app.draws"): "app.history.retry: the transaction that is tried again",
    ("app.history", "app.papers"): "app.history.retry: the transaction that is tried again",
    ("app.history", "app.registers"): "app.history.retry: the transaction that is tried again",
    ("app.daemons", "app.registers"): "app.daemons.retention: PersonalStep and what is destroyed again",
    ("app.papers", "app.registers"): "app.papers.paper_values: ValuesOf",
    ("app.people", "app.access"): "the bureau is opened only when roles decide",
    ("app.execution", "app.draws"): "app.execution.effects.registry",
    ("app.session", "app.execution"): "app.session.effect_context: StartCases",
    ("store", "deployment"): "app.ports.store: Clock",
    ("runtime", "deployment"): "runtime.daemon: DaemonTasks",
    ("value", "store"): "value.Lazy: the method whose value is kept",
    ("value", "definition"): "value.value: the parts of two values are compared by their own comparison",
    ("value", "documents"): "value.Later: what makes a value that is asked for",
    ("documents", "deployment"): "app.ports.documents: Renderer",
    ("app.access", "operations"): "app.commands.operations: LongWork",
    ("app.commands", "cli"): "app.commands.operations: LongWork, KeptResult",
    ("app.commands", "operations"): "app.commands.operations: LongWork, KeptResult",
    ("app.registers", "operations"): "app.registers.forgetting: Noting",
    ("operations", "cli"): "operations.doctor: Viewer",
}


@cache
def _rooms(module: str) -> str | None:
    room = room_of(module) if module.startswith("engine.") else None
    return room if room in RANK else None


def _named(caller: str, called: str) -> bool:
    whole = (caller.split(".", maxsplit=1)[0], called.split(".", maxsplit=1)[0])
    return (caller, called) in PORTS or whole in PORTS


def _a_day(folder: Path, patch: pytest.MonkeyPatch) -> None:
    """Plan, draw, visit; then let the daemon fire and deliver, and read what there is."""
    bureau = open_bureau(folder, patch, "2024-03-04")
    (case, *_) = to_the_visit(bureau, (1, 39))
    bureau.signed(
        case,
        "finish_visit",
        bureau.team(case),
        visit(bureau, bureau.team(case), check_rows(bureau.show(case))),
    )
    bureau.until("2024-05-20")
    tasks = DeploymentTasks(find_home(str(bureau.home)), Retry((1, 5), 15))
    try:
        tasks.sweep()
        tasks.deliver()
        tasks.nightly()
    finally:
        tasks.close()
    for words in (
        ("task", "list", "--overdue"),
        ("case", "history", case),
        ("report", "kpi"),
        ("audit", "verify"),
        ("draw", "list"),
        ("register", "list", "objects"),
        ("site", "build", "--as", "leading"),
    ):
        bureau.done(*words)
    _keep(folder, bureau)


def _keep(folder: Path, bureau: Bureau) -> None:
    """Forecast a draw, look the deployment over, back it up and restore it."""
    (batch,) = (case["id"] for case in bureau.cases("batch"))
    bureau.done("draw", "forecast", batch, "--simulations", "3")
    assert "database" in bureau.ssj("doctor", "--as", "leading").out
    bureau.done("backup", str(folder / "kept.zip"), "--as", "leading")
    restored = run("restore", str(folder / "kept.zip"), str(folder / "restored"))
    assert restored.code == 0, restored.err


def test_calls_go_down_but_through_named_ports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A day of work: cases are started and advanced, a timer fires, a message leaves, the lists are read."""
    seen: Counter[tuple[str, str]] = Counter()
    examples: dict[tuple[str, str], str] = {}

    def profile(frame: FrameType, event: str, argument: Any) -> None:
        if event != "call" or frame.f_back is None:
            return
        caller = _rooms(frame.f_back.f_globals.get("__name__", ""))
        called = _rooms(frame.f_globals.get("__name__", ""))
        if caller is None or called is None or caller == called:
            return
        seen[caller, called] += 1
        examples.setdefault(
            (caller, called),
            f"{frame.f_back.f_globals['__name__']}.{frame.f_back.f_code.co_name} -> "
            f"{frame.f_globals['__name__']}.{frame.f_code.co_name}",
        )

    # What the collector closes is called by whoever happens to run at that moment.
    gc.disable()
    sys.setprofile(profile)
    try:
        _a_day(tmp_path, monkeypatch)
    finally:
        sys.setprofile(None)
        gc.enable()
    assert sum(seen.values()) > 10_000
    up = {pair for pair in seen if RANK[pair[1]] >= RANK[pair[0]]}
    assert not [examples[pair] for pair in sorted(up) if not _named(*pair)]
    assert up, "the ports are called, so some calls go up"
