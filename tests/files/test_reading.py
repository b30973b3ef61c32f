"""Files and streams are measured before they are read, and never read beyond their budget."""

from __future__ import annotations

import io
import os
import threading
from pathlib import Path
from typing import IO, cast

import pytest

from engine.files.reading import read_file, read_folder, read_stream, read_text
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
    writer = threading.Thread(target=lambda: pipe.write_bytes(b"12345"))
    writer.start()
    assert read_file(pipe, TEN) == b"12345"
    writer.join()


def test_a_folder_gives_the_files_that_are_asked_for(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"1")
    (tmp_path / "other").write_bytes(b"x" * 100)
    (tmp_path / "c").mkdir()
    assert read_folder(tmp_path, ("a", "b", "c"), TEN) == {"a": b"1"}
    (tmp_path / "b").symlink_to(tmp_path / "a")
    with pytest.raises(BudgetExceededError, match="符号链接"):
        read_folder(tmp_path, ("a", "b"), TEN)
