"""Where queries of a deployment read: the store and the definitions are opened once, and not before they are asked for."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.deployment.clocks import SystemClock, VirtualClock
from engine.deployment.home import Home
from engine.deployment.source import DeploymentSource
from engine.store.memory import MemoryStore
from engine.store.problem import StoreUnavailableError


def test_what_was_handed_in_is_used(tmp_path: Path) -> None:
    store, clock = MemoryStore(), VirtualClock(datetime(2026, 3, 2, tzinfo=UTC))
    source = DeploymentSource(Home(tmp_path), clock, store=store)
    assert source.store is store
    assert source.clock is clock


def test_nothing_is_opened_before_it_is_asked_for(tmp_path: Path) -> None:
    source = DeploymentSource(Home(tmp_path / "none"))
    assert isinstance(source.clock, SystemClock)
    with pytest.raises(StoreUnavailableError):
        source.store  # noqa: B018 - opened by being asked for


def test_definitions_are_opened_once_and_count_with_the_calendars_of_the_folder(tmp_path: Path) -> None:
    source = DeploymentSource(Home(tmp_path), store=MemoryStore())
    assert source.definitions is source.definitions
    assert str(source.definitions.time.zone) == "Asia/Shanghai"


def test_only_what_it_has_opened_is_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closed: list[str] = []

    class Watched(MemoryStore):
        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

        def close(self) -> None:
            closed.append(self.name)

    monkeypatch.setattr("engine.deployment.source.open_deployment_store", lambda _: Watched("own"))
    lent = DeploymentSource(Home(tmp_path), store=Watched("lent"))
    assert lent.store is not None
    lent.close()
    source = DeploymentSource(Home(tmp_path))
    source.close()
    assert closed == []
    assert source.store is not None
    source.close()
    source.close()
    assert closed == ["own"]
