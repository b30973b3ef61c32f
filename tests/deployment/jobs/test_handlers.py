"""What workers do: each kind has its handler (`tests/cli/records/test_job.py` holds what they make)."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from engine.deployment.jobs.handlers import do_jobs, handlers
from engine.deployment.jobs.kinds import KINDS
from engine.store.memory.store import MemoryStore


def test_each_kind_has_its_handler_and_none_waits() -> None:
    application: Any = SimpleNamespace(store=MemoryStore(), clock=SimpleNamespace(now=lambda: None))
    assert set(handlers(application, SimpleNamespace())) == set(KINDS)  # type: ignore[arg-type]
    assert do_jobs(application, SimpleNamespace(), "one") == 0  # type: ignore[arg-type]
