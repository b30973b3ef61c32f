"""How the daemon of a deployment runs, from its settings and the shipped defaults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from engine.app.delivery.deliver import Retry
from engine.language import say
from engine.runtime.defaults import defaults
from engine.runtime.settings import SettingsError, SettingsReader, clock_time


@dataclass(frozen=True, slots=True)
class DaemonSettings:
    """How the daemon runs. Times in seconds unless named otherwise."""

    home: Path
    sweep_seconds: int
    deliver_seconds: int
    #: ``HH:MM`` in `timezone`.
    nightly_at: str
    #: Days after which everything is verified at night, and not what is new alone.
    verify_days: int
    timezone: str
    shutdown_timeout_seconds: int
    max_missed_sweeps: int
    retry: Retry
    #: The port of the health answers on this machine; None for none, 0 for any free one.
    health_port: int | None = None
    #: The address it listens on; another than this machine's own only on purpose.
    health_host: str = "127.0.0.1"
    metrics_seconds: int = 30
    heartbeat_seconds: int = 10
    #: The database bears several daemons (PostgreSQL): they share the deployment.
    shared: bool = False


def read_daemon_settings(settings: Mapping[str, Any], home: Path) -> DaemonSettings:
    """Take the daemon's settings out of a deployment's. Raises SettingsError with everything wrong at once.

    Names of others at the top of ``settings.yaml`` are left alone.
    """
    reader = SettingsReader(settings, "settings", defaults()["daemon"])
    minutes = reader.integers("retry_minutes", least=1, most=100_000)
    port = reader.integer("health_port", least=0, most=65_535) if "health_port" in settings else None
    found = DaemonSettings(
        home=home,
        sweep_seconds=reader.integer("sweep_seconds", least=1, most=86_400),
        deliver_seconds=reader.integer("deliver_seconds", least=1, most=86_400),
        nightly_at=_time_of_day(reader, "nightly_at"),
        verify_days=reader.integer("verify_days", least=1, most=31),
        timezone=_zone(reader, "timezone"),
        shutdown_timeout_seconds=reader.integer("shutdown_timeout_seconds", least=0, most=3_600),
        max_missed_sweeps=reader.integer("max_missed_sweeps", least=1, most=1_000),
        retry=Retry(
            minutes,
            reader.integer("max_lease_minutes", least=1, most=1_440),
            reader.integer("lease_seconds", least=3, most=3_600),
        ),
        health_port=port,
        health_host=reader.text("health_host", required=True) or "127.0.0.1",
        metrics_seconds=reader.integer("metrics_seconds", least=1, most=3_600),
        heartbeat_seconds=reader.integer("heartbeat_seconds", least=1, most=3_600),
        shared=_bears_several(str(settings.get("database", ""))),
    )
    if reader.problems:
        raise SettingsError(reader.problems)
    return found


def _bears_several(database: str) -> bool:
    """Tell whether a database is a server; a file has one daemon."""
    return "://" in database and not database.startswith("sqlite")


def _time_of_day(reader: SettingsReader, name: str) -> str:
    text = reader.text(name, required=True) or ""
    if text and clock_time(text) is None:
        reader.blame(name, say('应为“时:分”，如 "02:30"（加引号），实为“{seen}”', seen=text))
    return text


def _zone(reader: SettingsReader, name: str) -> str:
    text = reader.text(name, required=True) or "UTC"
    try:
        ZoneInfo(text)
    except (OSError, ValueError, KeyError):
        reader.blame(name, say("没有时区“{seen}”；中国用 Asia/Shanghai", seen=text))
    return text
