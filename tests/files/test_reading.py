"""Files and streams are measured before they are read, and never read beyond their budget."""

from __future__ import annotations

import hashlib
import io
import os
import threading
from pathlib import Path
from typing import IO, cast

import pytest

from engine.files.reading import (
    check_folder,
    file_digest,
    open_regular,
    read_file,
    read_folder,
    read_stream,
    read_text,
)
from engine.kernel.budget import Budget, BudgetExceededError

TEN = Budget(bytes=10)


class Endless(io.RawIOBase):
    """A stream without end; counts what is taken from it."""

    taken = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        assert size > 0
        self.taken += size
        return b"x" * size


def test_a_file_that_fits_and_one_that_does_not(tmp_path: Path) -> None:
    file = tmp_path / "f"
    file.write_bytes(b"\xef\xbb\xbf1234567")
    assert read_file(file, TEN) == b"\xef\xbb\xbf1234567"
    assert read_text(file, TEN) == "1234567"
    file.write_bytes(b"12345678901")
    with pytest.raises(BudgetExceededError, match="f"):
        read_file(file, TEN)


def test_a_file_as_large_as_a_disk_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "f"
    with file.open("wb") as stream:
        stream.truncate(1 << 40)
    with pytest.raises(BudgetExceededError):
        read_file(file, TEN)


def test_a_stream_without_end_is_read_to_its_budget_and_a_byte() -> None:
    stream = Endless()
    with pytest.raises(BudgetExceededError):
        read_stream(cast("IO[bytes]", stream), TEN)
    assert stream.taken == 11


def test_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    # Nobody writes into it, and nobody is waited for.
    with pytest.raises(OSError, match="没有程序在往里写"):
        read_file(pipe, TEN)
    held = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    end = os.open(pipe, os.O_WRONLY)

    def write() -> None:
        os.write(end, b"12345")
        os.close(end)

    # Its writer is there and has written nothing yet.
    writer = threading.Thread(target=write)
    reader = threading.Thread(target=lambda: found.append(read_file(pipe, TEN)))
    found: list[bytes] = []
    reader.start()
    writer.start()
    writer.join()
    reader.join()
    assert found == [b"12345"]
    os.close(held)


def test_what_has_no_size_is_no_file_to_be_read_twice(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    held = os.open(tmp_path / "pipe", os.O_RDWR)
    os.write(held, b"1")
    for path in (tmp_path / "pipe", Path("/dev/zero"), tmp_path):
        with pytest.raises(OSError, match=r"不是普通文件|directory"):
            file_digest(path)
    os.close(held)


def test_a_file_that_grows_is_read_as_far_as_it_went(tmp_path: Path) -> None:
    file = tmp_path / "f"
    file.write_bytes(b"12345")
    with open_regular(file) as stream, file.open("ab") as other:
        assert stream.read(3) == b"123"
        other.write(b"x" * 100)
    assert file_digest(file) == hashlib.sha256(file.read_bytes()).hexdigest()

    class Growing(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return b"x" * (size or 1)

    with pytest.MonkeyPatch.context() as patched:
        growing = Growing()
        growing.fileno = lambda: os.open(file, os.O_RDONLY)  # type: ignore[method-assign]
        patched.setattr("engine.files.reading.open_file", lambda _: growing)
        assert file_digest(file) == hashlib.sha256(b"x" * 105).hexdigest()


def test_a_folder_gives_the_files_that_are_asked_for(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"1")
    (tmp_path / "other").write_bytes(b"x" * 100)
    (tmp_path / "c").mkdir()
    assert read_folder(tmp_path, ("a", "b", "c"), TEN) == {"a": b"1"}
    (tmp_path / "b").symlink_to(tmp_path / "a")
    with pytest.raises(BudgetExceededError, match="符号链接"):
        read_folder(tmp_path, ("a", "b"), TEN)


def test_a_folder_for_another_program_holds_plain_files_of_bounded_size(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"12345")
    (tmp_path / "below").mkdir()
    check_folder(tmp_path, Budget(bytes=5))
    (tmp_path / "link").symlink_to("/dev/zero")
    _refused(tmp_path, "link")
    os.mkfifo(tmp_path / "pipe")
    _refused(tmp_path, "pipe")
    (tmp_path / "large").write_bytes(b"123456")
    _refused(tmp_path, "large")


def _refused(folder: Path, name: str) -> None:
    with pytest.raises(BudgetExceededError, match=name):
        check_folder(folder, Budget(bytes=5))
    (folder / name).unlink()
