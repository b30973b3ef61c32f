"""Pictures as bytes: how large they are, what the camera wrote into them, and the same picture without that.

Only the frame of the file is read; nothing is decoded, so that no picture costs more than its bytes.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

#: More pixels than this are no photograph: a few bytes would become gigabytes where it is shown.
MAX_PIXELS = 150_000_000
_PNG = b"\x89PNG\r\n\x1a\n"
#: Chunks of a PNG beside those it cannot be shown without that belong to the picture; all others may hold words and places.
_PNG_KEPT = (
    *(b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"bKGD", b"pHYs", b"cICP"),
    *(b"acTL", b"fcTL", b"fdAT"),
)
#: Segments of a JPEG that may belong to the picture, and how they begin where they do.
_JPEG_KEPT = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
#: What is read of one entry, and how many entries are: a directory that says more deceives.
_MAX_ENTRIES, _MAX_VALUE = 200, 500
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 9: 4, 10: 8}
_MAKE, _MODEL, _ORIENTATION, _TAKEN, _EXIF, _GPS = 0x10F, 0x110, 0x112, 0x9003, 0x8769, 0x8825


class PictureError(ValueError):
    """The bytes are no picture of the kind they begin as."""


def picture_size(content: bytes) -> tuple[int, int]:
    """Return width and height in pixels. Raises PictureError, for a picture that states them twice too.

    Programs take the last of two sizes, others the first.
    """
    if content.startswith(_PNG):
        heads = [chunk for name, chunk in _chunks(content) if name == b"IHDR"]
        if len(heads) != 1 or len(heads[0]) < 20 or content[12:16] != b"IHDR":
            raise PictureError
        width, height = struct.unpack(">II", heads[0][8:16])
        return width, height
    # SOF0 to SOF15, without the three that mean something else.
    frames = [
        struct.unpack(">HH", content[start + 1 : start + 5])
        for marker, start, end in _segments(content)
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC) and end - start >= 5
    ]
    if len(frames) != 1:
        raise PictureError
    height, width = frames[0]
    return width, height


def without_metadata(content: bytes) -> bytes:
    """Return the same picture, to the pixel, without what the camera and programs wrote into it; it stays upright.

    Raises PictureError.
    """
    if content.startswith(_PNG):
        return b"".join([_PNG, *(chunk for name, chunk in _chunks(content) if _of_png(name))])
    turned = camera_data(content).get("orientation")
    kept = [b"\xff\xd8"]
    if isinstance(turned, int) and 1 < turned <= 8:
        kept.append(_upright(turned))
    last = 2
    for marker, start, end in _segments(content):
        last = end
        if _of_jpeg(marker, content[start : start + 12]):
            kept.append(content[start - 4 : end])
    return b"".join(kept) + _scan(content[last:])


def _of_png(name: bytes) -> bool:
    """Tell whether a chunk belongs to the picture: a capital letter says that it cannot be shown without."""
    return name[:1].isupper() or name in _PNG_KEPT


def _of_jpeg(marker: int, begins: bytes) -> bool:
    """Tell whether a segment belongs to the picture. A comment does not, nor what an application wrote: of the frame
    (JFIF, without the small picture of JFXX), of colours and of Adobe's transform it does.
    """
    if marker == 0xFE:
        return False
    return not 0xE0 <= marker <= 0xEF or begins.startswith(_JPEG_KEPT.get(marker, b"\xff"))


def camera_data(content: bytes) -> Mapping[str, Any]:
    """Return what the camera wrote, as far as it can be read: ``device``, ``taken``, ``place``, ``orientation``."""
    if content.startswith(_PNG):
        return {}
    try:
        for marker, start, end in _segments(content):
            if marker == 0xE1 and content[start : start + 6] == b"Exif\0\0":
                return _exif(content[start + 6 : end])
    except (PictureError, struct.error, IndexError, ZeroDivisionError):
        pass
    return {}


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_PNG)
    while at + 12 <= len(content):
        length = int.from_bytes(content[at : at + 4], "big")
        end = at + 12 + length
        if end > len(content):
            raise PictureError
        name = content[at + 4 : at + 8]
        yield name, content[at:end]
        if name == b"IEND":
            return
        at = end
    raise PictureError


def _segments(content: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield (marker, first byte, one after the last) of the segments of a JPEG before its scan."""
    if not content.startswith(b"\xff\xd8"):
        raise PictureError
    at = 2
    while at + 4 <= len(content):
        if content[at] != 0xFF:
            raise PictureError
        marker = content[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker == 0xDA:
            return
        length = int.from_bytes(content[at + 2 : at + 4], "big")
        end = at + 2 + length
        if length < 2 or end > len(content):
            raise PictureError
        yield marker, at + 4, end
        at = end
    raise PictureError


def _scan(rest: bytes) -> bytes:
    """Return the scans up to the end of the picture; what a program has hung behind it is left out."""
    at = 0
    while (at := rest.find(b"\xff", at)) >= 0 and at + 1 < len(rest):
        marker = rest[at + 1]
        if marker == 0xD9:
            return rest[: at + 2]
        if marker in (0, 0xFF) or 0xD0 <= marker <= 0xD7:
            # A byte of the scan, filling, or a place to start again.
            at += 1 if marker == 0xFF else 2
        else:
            at += 2 + max(2, int.from_bytes(rest[at + 2 : at + 4], "big"))
    raise PictureError


def _upright(orientation: int) -> bytes:
    body = (
        b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01" + bytes([0, orientation, 0, 0]) + b"\0" * 4
    )
    return b"\xff\xe1" + (len(body) + 2).to_bytes(2, "big") + body


def _exif(tiff: bytes) -> Mapping[str, Any]:
    order = {b"II": "little", b"MM": "big"}.get(tiff[:2])
    if order is None:
        return {}
    first = _directory(tiff, int.from_bytes(tiff[4:8], order), order)  # type: ignore[arg-type]  # one of two words
    found: dict[str, Any] = {}
    device = " ".join(str(first[tag]) for tag in (_MAKE, _MODEL) if first.get(tag))
    if device:
        found["device"] = device
    if isinstance(first.get(_ORIENTATION), int):
        found["orientation"] = first[_ORIENTATION]
    if isinstance(first.get(_EXIF), int):
        taken = _directory(tiff, first[_EXIF], order).get(_TAKEN)
        if taken:
            found["taken"] = str(taken)
    if isinstance(first.get(_GPS), int) and (place := _place(_directory(tiff, first[_GPS], order))):
        found["place"] = place
    return found


def _place(gps: Mapping[int, Any]) -> str | None:
    degrees = []
    for side, tag, below in ((1, 2, "S"), (3, 4, "W")):
        parts = gps.get(tag)
        if not isinstance(parts, list) or len(parts) != 3:
            return None
        value = parts[0] + parts[1] / 60 + parts[2] / 3600
        value = -value if gps.get(side) == below else value
        degrees.append(f"{'-' if value < 0 else ''}{int(abs(value))}.{int(abs(value) % 1 * 10**6):06d}")
    return ", ".join(degrees)


def _directory(tiff: bytes, at: int, order: Any) -> dict[int, Any]:
    count = min(int.from_bytes(tiff[at : at + 2], order), _MAX_ENTRIES)
    found: dict[int, Any] = {}
    for number in range(count):
        entry = tiff[at + 2 + 12 * number : at + 14 + 12 * number]
        if len(entry) < 12:
            break
        tag, kind = int.from_bytes(entry[:2], order), int.from_bytes(entry[2:4], order)
        length = _SIZES.get(kind, 0) * int.from_bytes(entry[4:8], order)
        if not 0 < length <= _MAX_VALUE:
            continue
        place = int.from_bytes(entry[8:12], order)
        value = entry[8 : 8 + length] if length <= 4 else tiff[place : place + length]
        if len(value) == length:
            found[tag] = _value(kind, value, order)
    return found


def _value(kind: int, value: bytes, order: Any) -> Any:
    if kind == 2:
        text = value.split(b"\0")[0].decode("utf-8", "replace").strip()
        return "".join(char for char in text if char.isprintable())
    if kind in (5, 10):
        pairs = [value[at : at + 8] for at in range(0, len(value), 8)]
        return [Fraction(int.from_bytes(p[:4], order), int.from_bytes(p[4:], order)) for p in pairs]
    size = _SIZES[kind]
    numbers = [int.from_bytes(value[at : at + size], order) for at in range(0, len(value), size)]
    return numbers[0] if len(numbers) == 1 else numbers
