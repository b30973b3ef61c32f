"""A database belongs to one home: it lies in it, both carry one id, and the sign-in mode is a row."""

from __future__ import annotations

import shutil
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.app.history.journal import add_entry
from engine.deployment.home import DeploymentMissingError, Home, find_home, why_outside
from engine.deployment.open import open_deployment_store
from engine.deployment.own_database import (
    HOME_ID,
    SETTING,
    ForeignDatabaseError,
    adopt,
    claim,
    id_of,
    require_own,
)
from engine.store.memory.store import MemoryStore


def home_at(path: Path, **settings: object) -> Home:
    path.mkdir(exist_ok=True)
    return Home(path, settings)


def test_both_are_given_one_id_that_is_for_the_owner_alone(tmp_path: Path) -> None:
    home, store = home_at(tmp_path / "a"), MemoryStore()
    require_own(home, store)
    claim(home, store)
    claim(home, store)
    require_own(home, store)
    with store.read() as transaction:
        assert transaction.settings.get(SETTING) == id_of(home)
        assert transaction.settings.get("sign_in") == "trust"
    assert stat.S_IMODE((home.path / HOME_ID).stat().st_mode) == 0o600


def test_another_home_is_refused(tmp_path: Path) -> None:
    home, store = home_at(tmp_path / "a"), MemoryStore()
    claim(home, store)
    for other in (home_at(tmp_path / "b"), home_at(tmp_path / "c")):
        for asks in (require_own, claim):
            with pytest.raises(ForeignDatabaseError, match="部署编号不同"):
                asks(other, store)
        claim(other, MemoryStore())


def test_a_claim_that_was_broken_off_is_finished(tmp_path: Path) -> None:
    home, store = home_at(tmp_path / "a"), MemoryStore()
    (home.path / HOME_ID).write_text("0123\n", encoding="ascii")
    with pytest.raises(ForeignDatabaseError):
        require_own(home, store)
    claim(home, store)
    require_own(home, store)
    assert id_of(home) == "0123"


def test_the_mode_is_taken_over_once(tmp_path: Path) -> None:
    home, store = home_at(tmp_path / "a", sign_in="required"), MemoryStore()
    claim(home, store)
    claim(Home(home.path, {"sign_in": "trust"}), store)
    with store.read() as transaction:
        assert transaction.settings.get("sign_in") == "required"


def test_a_restored_home_takes_the_id_of_its_database(tmp_path: Path) -> None:
    home, store = home_at(tmp_path / "a"), MemoryStore()
    claim(home, store)
    restored = home_at(tmp_path / "b")
    adopt(restored, store)
    require_own(restored, store)
    adopt(fresh := home_at(tmp_path / "c"), made := MemoryStore())
    require_own(fresh, made)


def test_a_database_lies_in_its_home(tmp_path: Path) -> None:
    (path := tmp_path / "home").mkdir()
    (outside := tmp_path / "other").mkdir()
    (path / "link").symlink_to(outside)
    for named in ("data/ssj.db", "postgresql://who@where/what", f"sqlite:///{path}/data/ssj.db"):
        assert why_outside(path, {"database": named}) is None, named
    for named in (
        str(outside / "ssj.db"),
        "../other/ssj.db",
        "link/ssj.db",
        f"sqlite:///{outside}/ssj.db",
        f"SQLITE:///{outside}/ssj.db?mode=ro",
    ):
        found = why_outside(path, {"database": named})
        assert found is not None, named
        assert "移到" in str(found)
        (path / "settings.yaml").write_text(f"database: {named}\n", encoding="utf-8")
        with pytest.raises(DeploymentMissingError, match="不在部署目录"):
            find_home(str(path))


def test_a_home_of_ones_own_does_not_open_the_bureaus_database(tmp_path: Path) -> None:
    """The walk-round of sign-in: settings of one's own that name the bureau's database, or a copy of its file."""
    bureau = home_at(tmp_path / "bureau", database="data/ssj.db")
    open_deployment_store(bureau, create=True).close()
    mine = home_at(tmp_path / "mine", database="data/ssj.db")
    shutil.copytree(bureau.path / "data", mine.path / "data")
    with pytest.raises(ForeignDatabaseError):
        open_deployment_store(mine)
    with pytest.raises(ForeignDatabaseError):
        open_deployment_store(mine, create=True)
    open_deployment_store(bureau).close()


def test_a_mode_that_was_taken_out_is_taken_over_again_with_an_entry(tmp_path: Path) -> None:
    home, store = home_at(tmp_path / "a", sign_in="required"), MemoryStore()
    claim(home, store)
    with store.write() as transaction:
        assert transaction.events.last("sign-in") is None
        entered = datetime(2026, 3, 2, tzinfo=UTC)
        add_entry(transaction, entered, "published", "system", {}, "definitions")
        transaction.settings.put("sign_in", None)
    claim(Home(home.path, {"sign_in": "trust"}), store)
    with store.read() as transaction:
        entry = transaction.events.last("sign-in")
        assert entry is not None
        assert (entry.kind, entry.actor, entry.body["to"]) == ("sign-in-mode", "system", "trust")
