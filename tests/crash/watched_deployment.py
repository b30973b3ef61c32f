"""A small deployment for tests: one process under hourly clocks, the made-up people of the sample."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import yaml

from engine.app.commands import Caller
from engine.app.commands.application import Application
from engine.app.commands.publish_definitions import Published, publish
from engine.app.history.requests import CommandResult
from engine.app.people.message_preferences import ARRIVED, SETTING
from engine.app.session.new_case import NewCase
from engine.deployment.clocks import VirtualClock
from engine.deployment.home import SETTINGS, Home, find_home
from engine.deployment.open import open_application, open_deployment_store
from engine.deployment.set_up import lay_out, load_definitions, put_entries
from engine.lifecycle.command import SYSTEM
from engine.synthetic.registers import sample_registers

HERE = Path(__file__).parent
#: The first step of a ladder comes an hour after a case was started, the next an hour later, and so on.
LADDER = ("reminded", "reminded", "overdue", "reminded", "escalated", "advanced")
#: Who may act on a case.
LEADERS = ("leading", "leading2", "leading3")
#: Steps that tell nobody: a deadline that is missed, a case that lapses.
SILENT = ("overdue", "advanced")


def watched(
    path: Path, clock: VirtualClock, settings: Mapping[str, object] | None = None
) -> tuple[Home, Application]:
    """Set the deployment up, with `settings` besides its own; the caller closes the store of the office."""
    home = lay_out(path)
    if settings:
        home = with_settings(home, settings)
    for file in (*home.workflows.glob("*.yaml"), *home.forms.glob("*.yaml")):
        if file.name != "bureau.yaml":
            file.unlink()
    shutil.copy(HERE / "watching.yaml", home.workflows)
    application = open_application(home, clock=clock, store=open_deployment_store(home, create=True))
    outcome = publish(application, Caller(SYSTEM), load_definitions(home))
    assert isinstance(outcome, Published), str(outcome)
    people = sample_registers("watch", objects=1)["people"]
    leading = next(one for one in people if one.id == "leading")
    others = [replace(leading, id=name, name=f"{leading.name}{name}") for name in LEADERS[1:]]
    put_entries(application, "people", [*people, *others], "sample")
    with application.store.write() as transaction:
        # What the clock sends is counted: nobody wants word of new tasks.
        transaction.settings.put(SETTING, {one.id: {ARRIVED: "none"} for one in [*people, *others]})
    return home, application


def with_settings(home: Home, more: Mapping[str, object]) -> Home:
    """Write settings into a deployment; return it as it is then."""
    file = home.path / SETTINGS
    known = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
    file.write_text(yaml.safe_dump({**known, **more}, allow_unicode=True), encoding="utf-8")
    return find_home(str(home.path))


def start_case(application: Application, title: str, at: datetime | None = None) -> str:
    """Start a case, at `at` where it is given; return its id."""
    if at is not None:
        assert isinstance(application.clock, VirtualClock)
        application.clock.set(at)
    answer = application.start("watching", "leading", NewCase(title=title))
    assert isinstance(answer, CommandResult), str(answer)
    return answer.case
