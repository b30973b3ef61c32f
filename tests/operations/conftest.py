"""A small deployment with a secret or two, and a backup of it."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.app.commands import Caller
from engine.app.ports.records import RegisterEntry
from engine.deployment.clocks import SystemClock
from engine.deployment.home import SETTINGS, find_home
from engine.deployment.open import open_deployment_store
from engine.deployment.set_up import set_up
from engine.kernel.refusal import Refusal
from engine.operations.backup import back_up


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return a small deployment and a backup of it; the deployment has gone on since."""
    home = set_up(tmp_path_factory.mktemp("made") / "bureau").path
    for name in ("workflows", "forms"):
        shutil.rmtree(home / name)
    store = open_deployment_store(find_home(str(home)))
    with store.write() as transaction:
        person = RegisterEntry("people", "leading", "示例", None, {"roles": ["leading_office"]})
        transaction.registers.put([person], datetime(2024, 1, 1, tzinfo=UTC))
    store.close()
    home.chmod(0o700)
    (home / SETTINGS).chmod(0o600)
    file = home.parent / "backup.zip"
    assert not isinstance(back_up(find_home(str(home)), Caller("leading"), file, SystemClock()), Refusal)
    (home / "since.txt").write_text("after the backup", encoding="utf-8")
    return home, file
