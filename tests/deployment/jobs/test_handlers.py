"""What workers do: each kind has its handler (`tests/cli/records/test_job.py` holds what they make)."""

from __future__ import annotations

import errno
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from engine.app.jobs.worker import PieceError
from engine.deployment.home import Home
from engine.deployment.jobs.handlers import OF_THE_MACHINE, do_jobs, folder_of, handlers, put_once
from engine.deployment.jobs.kinds import KINDS
from engine.store.memory.store import MemoryStore


def test_each_kind_has_its_handler_and_none_waits() -> None:
    application: Any = SimpleNamespace(store=MemoryStore(), clock=SimpleNamespace(now=lambda: None))
    assert set(handlers(application, SimpleNamespace())) == set(KINDS)  # type: ignore[arg-type]
    assert do_jobs(application, SimpleNamespace(), "one") == 0  # type: ignore[arg-type]


def test_nothing_is_written_into_the_deployment_or_its_public_site(tmp_path: Path) -> None:
    """Whoever changes the folder of a job, or puts a link in its place, publishes nothing by it."""
    home = Home(tmp_path / "home", {"site": str(tmp_path / "web")})
    for name in ("home/public", "web", "out"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "web")

    def folder(name: str) -> Path:
        job: Any = SimpleNamespace(words={"folder": str(tmp_path / name)})
        return folder_of(job, home)

    assert folder("out") == tmp_path / "out"
    for name in ("home", "home/public", "home/calendars", "web", "web/x", "link", "out/../web"):
        with pytest.raises(PieceError, match="公示网站"):
            folder(name)


def test_a_broken_link_in_the_place_of_a_file_fails_the_piece(tmp_path: Path) -> None:
    (tmp_path / "a.zip").symlink_to(tmp_path / "nowhere")
    with pytest.raises(PieceError):
        put_once(tmp_path / "a.zip", b"x", "w")
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("number", sorted(OF_THE_MACHINE))
def test_a_full_disk_is_no_fault_of_the_piece_and_leaves_nothing_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def full(path: Path, content: bytes) -> None:
        path.write_bytes(content[:1])
        raise OSError(number, "no room")

    with monkeypatch.context() as patched:
        patched.setattr("engine.deployment.jobs.handlers.create_file", full)
        with pytest.raises(OSError, match="no room"):
            put_once(tmp_path / "a.zip", b"xyz", "w")
        assert list(tmp_path.iterdir()) == []
    put_once(tmp_path / "a.zip", b"xyz", "w")
    assert (tmp_path / "a.zip").read_bytes() == b"xyz"


def test_a_folder_that_may_not_be_written_fails_the_piece(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(path: Path, content: bytes) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("engine.deployment.jobs.handlers.create_file", forbidden)
    with pytest.raises(PieceError):
        put_once(tmp_path / "a.zip", b"xyz", "w")
