"""Opening a deployment: its store, its definitions, its calendar, joined into an office."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import time, timedelta
from typing import TYPE_CHECKING, Any

from engine.deployment.home import Home
from engine.kernel.instants import STANDARD_ZONE

if TYPE_CHECKING:
    from engine.app.commands.application import Application
    from engine.app.ports.store import Clock, Store
    from engine.lifecycle.deadlines.schedule import DeadlineCalculator

#: The time zone of everything people see. China has one.
ZONE = STANDARD_ZONE
NOTIFY_AT = "09:00"


def open_deployment_store(home: Home, *, create: bool = False) -> Store:
    """Open the database of a deployment; one that is made or brought up to date is given the id of its home.

    Raises StoreUnavailableError, ForeignDatabaseError.
    """
    from engine.deployment.own_database import claim, require_own
    from engine.store.sql import open_store

    if create and "://" not in home.database:
        (home.path / str(home.settings.get("database", "data/ssj.db"))).parent.mkdir(
            parents=True, exist_ok=True
        )
    store = open_store(
        home.database, create=create, synchronous=str(home.settings.get("synchronous", "FULL"))
    )
    try:
        if create:
            claim(home, store)
        else:
            require_own(home, store)
    except BaseException:
        store.close()
        raise
    return store


def timekeeping(home: Home, zone: str = ZONE, notify_at: str = NOTIFY_AT) -> DeadlineCalculator:
    """Return the calendar of a deployment: the national one, with the years and closures it has imported."""
    from zoneinfo import ZoneInfo

    from engine.calendars.load import load_calendar
    from engine.lifecycle.deadlines.schedule import DeadlineCalculator

    return DeadlineCalculator(load_calendar([home.calendars]), ZoneInfo(zone), time.fromisoformat(notify_at))


def systems_of(channels: Mapping[str, Any]) -> tuple[str, ...]:
    """Return those of the channels that are other systems a step may call: no message goes to them."""
    return tuple(
        name
        for name, values in channels.items()
        if isinstance(values, Mapping) and values.get("kind", name) == "call"
    )


def open_application(home: Home, *, clock: Clock | None = None, store: Store | None = None) -> Application:
    """Open a deployment with everything that acts. `clock` defaults to the machine's."""
    from engine.app.commands.application import Application
    from engine.app.definitions.cache import DefinitionCache
    from engine.deployment.clocks import SystemClock
    from engine.deployment.entropy import SystemEntropy
    from engine.deployment.rendering import TemplateRenderer
    from engine.files.content_store import ContentStore
    from engine.runtime.defaults import defaults

    late_after = home.settings.get("late_notice_minutes", defaults()["daemon"]["late_notice_minutes"])
    return Application(
        store=store or open_deployment_store(home),
        clock=clock or SystemClock(),
        definitions=DefinitionCache(timekeeping(home)),
        channels=tuple(name for name in home.channels if name not in systems_of(home.channels)),
        systems=systems_of(home.channels),
        settings=home.settings,
        entropy=SystemEntropy.take,
        late_after=timedelta(minutes=late_after),
        clock_hold=timedelta(
            days=home.settings.get("clock_hold_days", defaults()["daemon"]["clock_hold_days"])
        ),
        renderer=TemplateRenderer([home.forms / "templates"]),
        files=ContentStore(home.files),
    )


def keep_definitions(application: Application) -> None:
    """Keep definitions that had to be read, so that the next program need not; what hinders that is no problem of this one."""
    from engine.app.ports.store import ConflictError
    from engine.store.problem import StoreUnavailableError

    if application.definitions.has_read:
        with suppress(StoreUnavailableError, ConflictError), application.store.write() as transaction:
            application.definitions.keep_read(transaction)
