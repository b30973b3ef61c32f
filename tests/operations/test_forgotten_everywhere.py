"""A period run out: no value of it in the file of the database, in logs, exports, site, or backups made since, to the byte.

And with the period run out, two older backups are restored: gone again, and every history verifies.
"""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from engine.app.audit.verify_deployment import verify
from engine.app.commands import Caller
from engine.app.delivery.deliver import Retry
from engine.app.history.paged_reading import PagedReading
from engine.app.ports.records import RegisterEntry
from engine.app.registers.forgetting import DESTROYED
from engine.app.registers.import_entries import import_entries
from engine.app.registers.maintenance import register_text
from engine.deployment.clocks import SystemClock, VirtualClock
from engine.deployment.daemon_tasks import DeploymentTasks
from engine.deployment.home import find_home
from engine.deployment.open import open_application
from engine.deployment.site_channel import build_site_as
from engine.kernel.refusal import Refusal
from engine.operations.backup import BackupError, Manifest, back_up
from engine.operations.restore import Restored, deployment_at, destroyed_in, restore

BEGIN = datetime(2024, 3, 4, 2, tzinfo=UTC)
OLD, NEW, OTHER = "13800000001", "13900000002", "13700000003"
CARD, OTHER_CARD, MAIL = "ZF-4711-01", "ZF-4711-02", "somebody@example.org"
#: What must be gone: of who has left, and of who was taken out; old and new.
GONE = (OLD, NEW, OTHER, CARD, OTHER_CARD, MAIL)
STAYS = "13600000009"


def inspector(entry_id: str, phone: str, card: str, status: str = "active") -> RegisterEntry:
    data = {"phone": phone, "cert_no": card, "status": status, "email": MAIL}
    return RegisterEntry("inspectors", entry_id, f"检查人员{entry_id}", "labour_inspection", data)


def contents(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield every file below a folder, and every file in every zip there."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield str(path), path.read_bytes()
            if zipfile.is_zipfile(path):
                with zipfile.ZipFile(path) as package:
                    for name in package.namelist():
                        yield f"{path}/{name}", package.read(name)


def holding(folder: Path) -> dict[str, list[str]]:
    """Return value -> the files that hold it."""
    found = {
        value: [name for name, content in contents(folder) if value.encode() in content] for value in GONE
    }
    return {value: names for value, names in found.items() if names}


def findings(home: Path, clock: VirtualClock) -> list[str]:
    application = open_application(find_home(str(home)), clock=clock)
    try:
        with PagedReading(application.store) as pages:
            return [str(one) for one in verify(pages)]
    finally:
        application.store.close()


def put(home: Path, clock: VirtualClock, rows: list[RegisterEntry], *, only: bool = False) -> None:
    application = open_application(find_home(str(home)), clock=clock)
    try:
        import_entries(application, "inspectors", rows, "leading", source="x.csv", remove_missing=only)
    finally:
        application.store.close()


def save(home: Path, clock: VirtualClock, file: Path) -> Path:
    assert isinstance(back_up(find_home(str(home)), Caller("leading"), file, clock), Manifest)
    return file


def test_a_period_run_out(small: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = VirtualClock(BEGIN)
    monkeypatch.setattr(SystemClock, "now", lambda _: clock.now())
    home = Path(shutil.copytree(small[0], tmp_path / "bureau"))
    active = RegisterEntry("inspectors", "i-3", "丙", None, {"phone": STAYS, "status": "active"})
    put(home, clock, [inspector("i-1", OLD, CARD), inspector("i-2", OTHER, OTHER_CARD), active])
    (tmp_path / "old").mkdir()
    first = save(home, clock, tmp_path / "old" / "first.zip")
    clock.set(BEGIN + timedelta(days=30))
    put(home, clock, [inspector("i-1", NEW, CARD), inspector("i-2", OTHER, OTHER_CARD), active])
    second = save(home, clock, tmp_path / "old" / "second.zip")
    clock.set(BEGIN + timedelta(days=60))
    put(home, clock, [inspector("i-1", NEW, CARD, "left"), active], only=True)
    assert set(holding(home)) == set(GONE)

    clock.set(BEGIN + timedelta(days=60 + 1096))
    tasks = DeploymentTasks(find_home(str(home)), Retry((1, 5), 15))
    try:
        assert tasks.nightly() == {"audit": "ok", "head": "signed"}
        site = build_site_as(tasks.application, Caller("leading"), find_home(str(home)), "zh")
        assert not isinstance(site, Refusal)
        with tasks.application.store.read() as transaction:
            text, rows = register_text(transaction.registers.all("inspectors"))
        assert (rows, STAYS.encode() in text) == (2, True)
        assert not any(value.encode() in text for value in GONE)
    finally:
        tasks.close()
    made = tmp_path / "since"
    made.mkdir()
    save(home, clock, made / "since.zip")
    assert holding(home) == {}
    assert holding(made) == {}
    assert findings(home, clock) == []
    assert (home / DESTROYED).stat().st_mode & 0o777 == 0o600

    for older in (first, second):
        assert holding(older.parent) != {}
        done = restore(older, home, clock, deployment_at(home))
        assert isinstance(done, Restored)
        assert done.kept is not None
        assert holding(home) == {}
        assert findings(home, clock) == []
        assert STAYS.encode() in b"".join(content for _, content in contents(home))


def test_a_list_that_cannot_be_read_stops_the_restore(tmp_path: Path) -> None:
    assert destroyed_in(tmp_path) == []
    (tmp_path / DESTROYED).write_text('{"subject": "inspectors/i-1"}\n', encoding="utf-8")
    with pytest.raises(BackupError, match="读不出来"):
        destroyed_in(tmp_path)
