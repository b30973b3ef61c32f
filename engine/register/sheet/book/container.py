"""The zip around a workbook: its parts by name, unpacked piece by piece under a bound, packed again without the rest.

What the directory of a zip says about sizes is compared with what is unpacked, never trusted.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping

from engine.files.containers import ZIP_ERRORS
from engine.register.sheet.limits import Limits

_PIECE = 1 << 16
_DECLARATION = re.compile(r"<\?xml[^>]*\?>")
_LOCAL_HEADER = struct.Struct("<4s5H3I2H")


class WorkbookContainerError(Exception):
    """The file is not an intact workbook."""


class TooMuchError(WorkbookContainerError):
    """The file holds more than a file of its size may; `what` is the name of the bound in `Limits`, `most` the bound."""

    def __init__(self, what: str, most: int | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.most = most


class DuplicatePartError(WorkbookContainerError):
    """Two parts of the file have one name."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def part_key(name: str) -> str:
    """Return what names of parts are compared by: without case (ECMA-376 part 2, 6.3.5), whatever the separator."""
    plain = name.replace("\\", "/")
    while plain.startswith(("/", "./")):
        plain = plain.removeprefix(".").lstrip("/")
    return plain.casefold()


class WorkbookContainer:
    """The parts of an opened zip. Raises `WorkbookContainerError` for one that is damaged."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        self._data = data
        self._left = self._most = limits.unpacked
        self._seen: set[str] = set()
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                entries = archive.infolist()
        except (*ZIP_ERRORS, OSError) as error:
            raise WorkbookContainerError from error
        self._put: dict[str, bytes] = {}
        self._entries: dict[str, zipfile.ZipInfo] = {}
        for entry in entries:
            key = part_key(entry.orig_filename)
            if key in self._entries:
                raise DuplicatePartError(entry.orig_filename)
            self._entries[key] = entry

    def __contains__(self, name: str) -> bool:
        return part_key(name) in self._entries

    def pieces(self, name: str) -> Iterator[bytes]:
        """Yield a part unpacked, piece by piece. Raises `TooMuchError` where all parts together exceed the bound.

        A part that was unpacked whole before counts once.
        """
        entry, packed = self._packed(name)
        length = crc = 0
        known = part_key(name) in self._seen
        for piece in _unpacked(packed, entry.compress_type):
            length += len(piece)
            if not known:
                self._left -= len(piece)
                if self._left < 0:
                    raise TooMuchError("unpacked", self._most)
            crc = zlib.crc32(piece, crc)
            yield piece
        if length != entry.file_size or crc != entry.CRC:
            raise WorkbookContainerError(name)
        self._seen.add(part_key(name))

    def take_as_utf8(self, name: str) -> None:
        """Let a part in UTF-16 be one in UTF-8 from now on: readers of values find nothing in the other."""
        entry, packed = self._packed(name)
        if next(_unpacked(packed, entry.compress_type), b"")[:2] not in (b"\xff\xfe", b"\xfe\xff"):
            return
        try:
            text = b"".join(self.pieces(name)).decode("utf-16")
        except UnicodeDecodeError as error:
            raise WorkbookContainerError(name) from error
        self.put(name, _DECLARATION.sub("", text, count=1).encode())

    def put(self, name: str, content: bytes) -> None:
        """Let a part have another content from now on."""
        entry = zipfile.ZipInfo(part_key(name))
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.file_size, entry.CRC = len(content), zlib.crc32(content)
        self._put[part_key(name)] = _deflated(content)
        self._entries[part_key(name)] = entry

    def packed_again(self, parts: Mapping[str, str], texts: Mapping[str, bytes | Iterable[bytes]]) -> bytes:
        """Return a zip of some parts (new name -> name here), still compressed as they were, and some new texts, whole or in pieces.

        Whoever reads it sees what was looked at here, and nothing else.
        """
        out = io.BytesIO()
        directory = []
        for name, content in texts.items():
            made, crc, length = _deflated_pieces((content,) if isinstance(content, bytes) else content)
            directory.append(_write(out, name, zipfile.ZIP_DEFLATED, made, crc, length))
        for name, here in parts.items():
            entry, packed = self._packed(here)
            directory.append(_write(out, name, entry.compress_type, packed, entry.CRC, entry.file_size))
        start = out.tell()
        out.write(b"".join(directory))
        size = out.tell() - start
        out.write(struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, len(directory), len(directory), size, start, 0))
        return out.getvalue()

    def _packed(self, name: str) -> tuple[zipfile.ZipInfo, memoryview]:
        entry = self._entries.get(part_key(name))
        if entry is None or entry.flag_bits & 0x1:
            raise WorkbookContainerError(name)
        if part_key(name) in self._put:
            return entry, memoryview(self._put[part_key(name)])
        start = entry.header_offset
        head = self._data[start : start + _LOCAL_HEADER.size]
        if len(head) < _LOCAL_HEADER.size or head[:4] != b"PK\3\4":
            raise WorkbookContainerError(name)
        *_, name_length, extra_length = _LOCAL_HEADER.unpack(head)
        start += _LOCAL_HEADER.size + name_length + extra_length
        packed = memoryview(self._data)[start : start + entry.compress_size]
        if len(packed) != entry.compress_size:
            raise WorkbookContainerError(name)
        return entry, packed


def _deflated(content: bytes) -> bytes:
    return _deflated_pieces((content,))[0]


def _deflated_pieces(pieces: Iterable[bytes]) -> tuple[bytes, int, int]:
    """Return what the pieces are packed to, with the check sum and the length of all of them."""
    fast = zlib.compressobj(1, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = []
    crc = length = 0
    for piece in pieces:
        packed.append(fast.compress(piece))
        crc = zlib.crc32(piece, crc)
        length += len(piece)
    packed.append(fast.flush())
    return b"".join(packed), crc, length


def _unpacked(packed: memoryview, method: int) -> Iterator[bytes]:
    if method == zipfile.ZIP_STORED:
        for start in range(0, len(packed), _PIECE):
            yield bytes(packed[start : start + _PIECE])
        return
    if method != zipfile.ZIP_DEFLATED:
        raise WorkbookContainerError
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for start in range(0, len(packed), _PIECE):
            rest: bytes | memoryview = packed[start : start + _PIECE]
            while len(rest):
                yield inflate.decompress(rest, _PIECE)
                rest = inflate.unconsumed_tail
        if not inflate.eof:
            yield inflate.flush()
    except zlib.error as error:
        raise WorkbookContainerError from error
    if not inflate.eof or inflate.unused_data:
        raise WorkbookContainerError


def _write(
    out: io.BytesIO, name: str, method: int, content: bytes | memoryview, crc: int, size: int
) -> bytes:
    """Write one entry; return its line of the directory."""
    start = out.tell()
    encoded = name.encode()
    common = struct.pack("<5H3I2H", 20, 0x800, method, 0, 33, crc, len(content), size, len(encoded), 0)
    out.write(b"PK\3\4" + common + encoded)
    out.write(content)
    return b"PK\1\2" + struct.pack("<H", 20) + common + struct.pack("<3H2I", 0, 0, 0, 0, start) + encoded
