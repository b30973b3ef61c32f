"""``ssj serve`` and ``ssj daemon``: started with the settings of the deployment, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest
from command_fixtures import called

from engine.cli.system.daemon import daemon
from engine.cli.system.serve import serve
from engine.deployment.daemon_tasks import DeploymentTasks
from engine.language import say
from engine.runtime.daemon import DaemonError

#: `serve` has a workbench besides, here at a free port.
PORTS = {"serve": ("--port", "0"), "daemon": ()}


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Stand in for the process that would run on; returns the settings it was given."""
    seen: list[Any] = []

    def run(make: Callable[[], DeploymentTasks], settings: Any) -> int:
        tasks = make()
        seen.append((tasks, settings))
        tasks.close()
        return 0

    monkeypatch.setattr("engine.runtime.daemon.run_daemon", run)
    return seen


@pytest.mark.parametrize("command", [serve, daemon], ids=["serve", "daemon"])
def test_it_runs_with_the_settings_of_the_deployment(
    command: click.Command, home: Path, ran: list[Any]
) -> None:
    free = PORTS[command.name or ""]
    assert called(command, *free, home=home).code == 0
    assert called(command, *free, "--health-port", "0", "-v", home=home).code == 0
    (tasks, default), (_, chosen) = ran
    assert isinstance(tasks, DeploymentTasks)
    assert chosen.health_port == 0 != default.health_port


@pytest.mark.parametrize("command", [serve, daemon], ids=["serve", "daemon"])
def test_what_keeps_it_from_running_is_the_environment(
    command: click.Command, home: Path, tmp_path: Path, ran: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert called(command, home=tmp_path / "nowhere").code == 3
    assert called(command, "--health-port", "70000", home=home).code == 2

    def locked(*_: object) -> int:
        raise DaemonError(say("没有消息。"))

    monkeypatch.setattr("engine.runtime.daemon.run_daemon", locked)
    said = called(command, *PORTS[command.name or ""], home=home)
    assert (said.code, said.err) == (3, "没有消息。\n")
    assert ran == []
