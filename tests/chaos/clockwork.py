"""The daemon of a run: the product's own, on the shared clock, looking around every second."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import redirect_stderr
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar

from engine.app.delivery.deliver import Retry
from engine.deployment.daemon_tasks import DeploymentTasks
from engine.deployment.home import find_home
from engine.runtime.daemon import DaemonError, run_daemon
from engine.runtime.daemon_settings import DaemonSettings
from engine.runtime.logs import configure_logs
from engine.store.problem import StoreUnavailableError
from tests.chaos.shared_clock import SharedClock

#: Minutes of the shared clock: a message that finds nobody is tried again for days, for the receiver has bad ones.
_MINUTES, _LEASE, _CLAIM_SECONDS = (1,) * 400, 1, 3


T = TypeVar("T")


#: What an older version calls them.
_EARLIER = {
    "shutdown_timeout_seconds": "stop_seconds",
    "max_missed_sweeps": "stale_sweeps",
    "lease_seconds": "claim_seconds",
}


def _known(make: Callable[..., T], **values: Any) -> T:
    """Make settings of those values this version of the product knows: an older one knows fewer, some by other names."""
    names = {field.name for field in fields(make)}  # type: ignore[arg-type] # a dataclass
    called = {name if name in names else _EARLIER.get(name, name): value for name, value in values.items()}
    return make(**{name: value for name, value in called.items() if name in names})


def run_clockwork(home: str, clock: Path, log: Path, *, nightly: bool) -> None:
    """Live until SIGTERM; `nightly` says whether this life does the nightly checks, which read every history."""
    place = find_home(home)
    retry = _known(Retry, minutes=_MINUTES, lease=_LEASE, lease_seconds=_CLAIM_SECONDS)
    settings = _known(
        DaemonSettings,
        home=place.path,
        sweep_seconds=1,
        deliver_seconds=1,
        nightly_at="02:30",
        timezone="Asia/Shanghai",
        # Longer than any work takes here, and shorter than it takes until the signal comes again (`workers.AGAIN`).
        shutdown_timeout_seconds=60,
        max_missed_sweeps=12,
        retry=retry,
        shared="://" in place.database,
        verify_days=2,
    )

    class Works(DeploymentTasks):
        def nightly(self) -> object:
            """Check and seal, in some lives."""
            return super().nightly() if nightly else None

    with log.open("a", encoding="utf-8") as stream:
        configure_logs(-1, stream, human=False)
        with redirect_stderr(stream):
            while True:
                try:
                    run_daemon(lambda: Works(place, retry, SharedClock(clock)), settings)
                except (DaemonError, StoreUnavailableError):
                    # As a service manager does: again after a moment.
                    time.sleep(0.2)
                    continue
                return
