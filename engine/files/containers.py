"""Zip files within a budget: what they say of themselves is checked before anything is unpacked, and while it is.

Every way in which a zip can be damaged, cut or made to deceive ends in ContainerError, whatever the libraries raise.
"""

from __future__ import annotations

import errno
import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from engine.files.reading import open_regular
from engine.kernel.budget import Budget
from engine.kernel.plain_text import visible
from engine.language import Message, say
from engine.value import value

#: What `zipfile` and `zlib` raise for bytes that are no sound zip. RuntimeError: a password; NotImplementedError: a
#: compression they do not know; struct.error, IndexError, OverflowError: places and sizes that are not there.
ZIP_ERRORS = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError),
    *(struct.error, ValueError, KeyError, IndexError, OverflowError, TypeError, AttributeError),
)
_CHUNK = 1 << 20
#: The end of a zip: a record of 22 bytes and a comment of 65,535 at the most; 64-bit zips have a locator before it.
_TAIL = 22 + 65_535 + 20
_ENTRY = 46
#: The end of a 64-bit zip that stands before it: record and locator.
_WIDE = 56 + 20
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class ContainerError(Exception):
    """A zip cannot be read; `message` says what is wrong with it."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.text)
        self.message = message

    def __str__(self) -> str:
        return self.message.render()


@contextmanager
def damage() -> Iterator[None]:
    """Convert whatever the libraries raise for a damaged zip into ContainerError; a fault of the disk goes on."""
    try:
        yield
    except ZIP_ERRORS:
        raise ContainerError(say("压缩包已损坏，读不出来")) from None
    except OSError as problem:
        # A place that cannot be: `seek` refuses it.
        if problem.errno != errno.EINVAL:
            raise
        raise ContainerError(say("压缩包已损坏，读不出来")) from None


@value
class Container:
    """An open zip whose list of entries has been checked."""

    archive: zipfile.ZipFile
    budget: Budget

    def sizes(self) -> dict[str, int]:
        """Return name -> size of each entry, as the zip says."""
        return {entry.filename: entry.file_size for entry in self.archive.infolist()}

    def pieces(self, name: str) -> Iterator[bytes]:
        """Yield an entry piece by piece; never more than the zip said it has. Raises ContainerError, OSError."""
        with damage():
            entry = self.archive.getinfo(name)
            opened = self.archive.open(entry)
        left = entry.file_size
        with opened as stream:
            while True:
                with damage():
                    part = stream.read(_CHUNK)
                if not part:
                    break
                left -= len(part)
                if left < 0:
                    raise ContainerError(say("“{name}”比所记的大", name=name))
                yield part
        if left:
            raise ContainerError(say("“{name}”比所记的小", name=name))

    def read(self, name: str, most: int) -> bytes:
        """Return an entry that must not have more than `most` bytes. Raises ContainerError, OSError."""
        parts: list[bytes] = []
        for part in self.pieces(name):
            most -= len(part)
            if most < 0:
                raise ContainerError(say("“{name}”太大", name=name))
            parts.append(part)
        return b"".join(parts)


@contextmanager
def open_container(file: Path, budget: Budget) -> Iterator[Container]:
    """Open a zip; its list of entries is measured before it is read. Raises ContainerError, OSError."""
    with open_regular(file) as stream:
        with damage():
            _measure_list(stream, budget)
            archive = zipfile.ZipFile(stream)
        with archive:
            _check_list(archive.infolist(), budget)
            yield Container(archive, budget)


def check_zip(content: bytes, budget: Budget) -> None:
    """Measure a zip in memory, by what it says of itself and then by what is in it. Raises ContainerError.

    No entry may have a place outside of it, and nothing may stand behind its end. Each entry is unpacked piece by piece, and not further than the zip says it goes: one that says 10 bytes and holds
    gigabytes is damage.
    """
    with damage():
        _measure_list(io.BytesIO(content), budget)
        archive = zipfile.ZipFile(io.BytesIO(content))
    with archive:
        _check_list(archive.infolist(), budget)
        for entry in archive.infolist():
            if leads_outside(entry.filename) or leads_outside(entry.orig_filename):
                raise ContainerError(say("“{name}”要放到压缩包以外的地方", name=visible(entry.orig_filename)))
        if content[content.rfind(b"PK\x05\x06") + 22 + len(archive.comment) :]:
            raise ContainerError(say("压缩包的末尾以后还有别的内容"))
        container = Container(archive, budget)
        for name in container.sizes():
            for _ in container.pieces(name):
                pass


def leads_outside(name: str) -> bool:
    """Tell whether the name of an entry is a place outside of the folder it is unpacked into, on whichever system."""
    parts = name.replace("\\", "/").split("/")
    return ".." in parts or parts[0] == "" or parts[0].endswith(":")


def _measure_list(stream: BinaryIO, budget: Budget) -> None:
    """Refuse a list of entries that would cost much memory to read, by its length in bytes."""
    size = stream.seek(0, 2)
    stream.seek(max(0, size - _TAIL))
    tail = stream.read(_TAIL)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < 22:
        raise zipfile.BadZipFile
    length = int.from_bytes(tail[at + 12 : at + 16], "little")
    if length == 0xFFFFFFFF and (wide := tail.rfind(b"PK\x06\x07", 0, at)) >= 0:
        stream.seek(int.from_bytes(tail[wide + 8 : wide + 16], "little"))
        length = int.from_bytes(stream.read(56)[40:48], "little")
    if length > size:
        raise zipfile.BadZipFile
    if length > budget.entries * (_ENTRY + 200):
        raise ContainerError(say("压缩包的目录太长，超过 {most} 个文件", most=budget.entries))
    end = max(0, size - _TAIL) + at
    stream.seek(max(0, end - length - _WIDE))
    # Each entry costs a thousand bytes of memory, and as few as 47 of the file.
    if stream.read(length + _WIDE).count(b"PK\x01\x02") > budget.entries:
        raise ContainerError(say("压缩包里超过 {most} 个文件", most=budget.entries))
    stream.seek(0)


def _check_list(entries: list[zipfile.ZipInfo], budget: Budget) -> None:
    if len(entries) > budget.entries:
        raise ContainerError(say("压缩包里超过 {most} 个文件", most=budget.entries))
    if len({entry.filename for entry in entries}) != len(entries):
        raise ContainerError(say("压缩包里有两个同名的文件"))
    for entry in entries:
        if entry.flag_bits & 0x1:
            raise ContainerError(say("“{name}”加了密码", name=entry.filename))
        if entry.compress_type not in _METHODS:
            raise ContainerError(say("“{name}”的压缩方法读不了", name=entry.filename))
    if budget.unpacked and sum(entry.file_size for entry in entries) > budget.unpacked:
        raise ContainerError(say("压缩包解开后超过 {most} 字节", most=budget.unpacked))
