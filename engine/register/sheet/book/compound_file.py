"""The compound file [MS-CFB] around an .xls: one stream out of it, and a new one around that stream alone."""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterator

from engine.register.sheet.book.container import WorkbookContainerError

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
#: Sectors of the file that is written; with this size its table of tables need not be continued.
_SECTOR = 4096


class CompoundFile:
    """The streams of a compound file, by their names. Raises `WorkbookContainerError` for a damaged one."""

    def __init__(self, data: bytes) -> None:
        if len(data) < 512 or not data.startswith(SIGNATURE):
            raise WorkbookContainerError
        shift, mini_shift = struct.unpack_from("<2H", data, 30)
        if shift not in (9, 12) or mini_shift != 6:
            raise WorkbookContainerError
        self._data = memoryview(data)
        self._size = 1 << shift
        self._sectors = max(0, (len(data) + self._size - 1) // self._size - 1)
        directory, _, self._cutoff, mini_table, _, difat = struct.unpack_from("<6I", data, 48)
        self._table = self._read_table(data, difat)
        self._mini_table = (
            array("I", _whole_words(b"".join(self._chain(mini_table))))
            if mini_table < _FAT - 1
            else array("I")
        )
        self._streams: dict[str, tuple[int, int]] = {}
        self._mini_stream = b""
        entries = b"".join(self._chain(directory))
        for at in range(0, len(entries) - 127, 128):
            length, kind = struct.unpack_from("<HB", entries, at + 64)
            start, size = struct.unpack_from("<2I", entries, at + 116)
            name = entries[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
            if kind == 5 and start < _FAT - 1:
                self._mini_stream = b"".join(self._chain(start))
            elif kind == 2:
                self._streams.setdefault(name.casefold(), (start, size))

    def __contains__(self, name: str) -> bool:
        return name.casefold() in self._streams

    def stream(self, name: str) -> bytes:
        """Return a stream whole."""
        start, size = self._streams[name.casefold()]
        content = b"".join(self._chain(start) if size >= self._cutoff else self._mini_chain(start))
        if len(content) < size:
            raise WorkbookContainerError(name)
        return content[:size]

    def _read_table(self, data: bytes, difat: int) -> array[int]:
        """Return the table of the sectors: sector -> the one after it."""
        places = [place for place in struct.unpack_from("<109I", data, 76) if place != _FREE]
        seen = 0
        while difat < _FAT - 1:
            words = struct.unpack(f"<{self._size // 4}I", self._sector(difat))
            places += [place for place in words[:-1] if place != _FREE]
            difat = words[-1]
            seen += 1
            if seen > self._sectors:
                raise WorkbookContainerError
        if len(places) > self._sectors:
            raise WorkbookContainerError
        table = array("I")
        for place in places:
            table.frombytes(self._sector(place))
        return table

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        content = bytes(self._data[start : start + self._size])
        if not content:
            raise WorkbookContainerError
        # The last sector of a file may be short.
        return content.ljust(self._size, b"\0")

    def _chain(self, number: int) -> Iterator[bytes]:
        for _ in range(self._sectors + 1):
            if number == _END:
                return
            if number >= len(self._table):
                raise WorkbookContainerError
            yield self._sector(number)
            number = self._table[number]
        raise WorkbookContainerError

    def _mini_chain(self, number: int) -> Iterator[bytes]:
        for _ in range(len(self._mini_table) + 1):
            if number == _END:
                return
            if number >= len(self._mini_table):
                raise WorkbookContainerError
            yield self._mini_stream[number * 64 : number * 64 + 64]
            number = self._mini_table[number]
        raise WorkbookContainerError


def _whole_words(content: bytes) -> bytes:
    return content[: len(content) // 4 * 4]


def compound_file(name: str, content: bytes | bytearray) -> bytes:
    """Return a compound file that holds one stream."""
    if len(content) < _SECTOR:
        content = content.ljust(_SECTOR, b"\0")
    data = -(-len(content) // _SECTOR)
    tables = 1
    while tables * (_SECTOR // 4) < tables + 1 + data:
        tables += 1
    table = array("I", [_FAT] * tables)
    table.append(_END)
    first = tables + 1
    table.extend(range(first + 1, first + data))
    table.append(_END)
    table.extend([_FREE] * (tables * (_SECTOR // 4) - len(table)))
    if tables > 109:
        raise WorkbookContainerError
    header = bytearray(_SECTOR)
    header[:8] = SIGNATURE
    struct.pack_into("<5H", header, 24, 0x3E, 4, 0xFFFE, 12, 6)
    struct.pack_into("<9I", header, 40, 1, tables, tables, 0, 4096, _END, 0, _END, 0)
    struct.pack_into("<109I", header, 76, *range(tables), *[_FREE] * (109 - tables))
    # Some readers refuse a root whose own chain is empty.
    entries = _entry("Root Entry", 5, 1, tables, 0) + _entry(name, 2, _FREE, first, len(content))
    entries += _entry("", 0, _FREE, 0, 0) * (_SECTOR // 128 - 2)
    return b"".join([bytes(header), table.tobytes(), entries, content, bytes(data * _SECTOR - len(content))])


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    encoded = name.encode("utf-16-le")
    length = len(encoded) + 2 if name else 0
    head = encoded.ljust(64, b"\0") + struct.pack("<HBB3I", length, kind, 1, _FREE, _FREE, child)
    return head + bytes(36) + struct.pack("<IQ", start, size)
