"""Everything of the product the recorded commands name: a module that moves is named anew here, and nowhere else."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from importlib import import_module
from pathlib import Path

#: What of the product is not imported beforehand: it runs on being imported, or wants a library that is optional.
_NOT_BEFOREHAND = ("engine.__main__", "engine.store.migrations")


def main() -> Callable[[list[str]], object]:
    """Return the command line as a function of its arguments; it ends with SystemExit."""
    from engine.cli.main import main as command_line

    return command_line


def import_everything() -> None:
    """Import the product, so that a process that is forked for a command need not."""
    import sqlalchemy
    import sqlalchemy.dialects.sqlite.pysqlite

    import engine

    assert sqlalchemy.dialects.sqlite.pysqlite
    for found in pkgutil.walk_packages(engine.__path__, "engine.", onerror=lambda name: None):
        if not found.name.startswith(_NOT_BEFOREHAND):
            try:
                import_module(found.name)
            except ModuleNotFoundError as missing:
                if str(missing.name).startswith("engine"):
                    raise
    # What every command reads of the product's own files, and keeps for as long as its process lives.
    from engine.calendars.load import national_years
    from engine.runtime.defaults import defaults

    defaults()
    national_years()


def set_clock(now: datetime) -> None:
    """Let the clock of the machine, as the product asks it, stand at `now`."""
    from engine.deployment.clocks import SystemClock

    SystemClock.now = lambda self: now  # type: ignore[method-assign]


def set_program() -> None:
    """Let definitions be kept as read by a program of one name: what is recorded holds whatever the modules say."""
    from engine.app.definitions import kept_forms

    kept_forms.program = lambda: "recorded"  # type: ignore[assignment, attr-defined]


def earlier_version() -> AbstractContextManager[None]:
    """Let a deployment be set up as by an earlier version, whose draws are held by ssj-draw/1."""
    from earlier_definitions import earlier_version as earlier

    return earlier()


def daemon_round(home: Path) -> str:
    """Fire what is due and deliver what is waiting, as the daemon does between two waits; returns what was done."""
    from engine.app.delivery.deliver import Retry
    from engine.deployment.daemon_tasks import DeploymentTasks
    from engine.deployment.home import find_home

    works = DeploymentTasks(find_home(str(home)), Retry((1, 5), 15))
    try:
        swept, delivered = works.sweep(), works.deliver()
    finally:
        works.close()
    return f"fired {swept.fired}, set aside {swept.set_aside}, sent {delivered.sent}\n"
