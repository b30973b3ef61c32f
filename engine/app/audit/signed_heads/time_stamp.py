"""What an RFC 3161 time stamp says, read from its DER without any library: what it is of, and when it was made.

The signature of the authority is not checked here: that takes its certificates and a program made for it
(``openssl ts -verify``, or the library of the extra ``timestamps``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

_SEQUENCE, _OCTETS, _OID, _INTEGER, _TIME, _EXPLICIT = 0x30, 0x04, 0x06, 0x02, 0x18, 0xA0
_SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
_TST_INFO = bytes.fromhex("2a864886f70d0109100104")
_HASHES = {
    bytes.fromhex("608648016503040201"): "sha256",
    bytes.fromhex("608648016503040202"): "sha384",
    bytes.fromhex("608648016503040203"): "sha512",
}
#: A response is no longer.
MAX_BYTES = 200_000
_GRANTED = (0, 1)


class TimeStampFormatError(ValueError):
    """The bytes are no time stamp that was granted."""


@dataclass(frozen=True, slots=True)
class TimeStamp:
    """What a time stamp is of, and when it was made."""

    algorithm: str
    digest: bytes
    at: datetime

    def covers(self, content: bytes) -> bool:
        """Tell whether it is of `content`."""
        return hashlib.new(self.algorithm, content).digest() == self.digest


def read_time_stamp(response: bytes) -> TimeStamp:
    """Return what a response of an authority says. Raises TimeStampFormatError."""
    if len(response) > MAX_BYTES:
        raise TimeStampFormatError("too long")
    try:
        return _read(response)
    except (IndexError, StopIteration, ValueError, KeyError) as problem:
        raise TimeStampFormatError(str(problem)) from None


def _read(response: bytes) -> TimeStamp:
    status, token = list(_inside(_one(response, _SEQUENCE)))[:2]
    granted = next(_inside(_value(status, _SEQUENCE)))
    if int.from_bytes(_value(granted, _INTEGER), "big") not in _GRANTED:
        raise ValueError("not granted")
    kind, signed = _inside(_value(token, _SEQUENCE))
    if _value(kind, _OID) != _SIGNED_DATA:
        raise ValueError("no signed data")
    parts = list(_inside(_one(_value(signed, _EXPLICIT), _SEQUENCE)))
    kind, wrapped = _inside(_value(parts[2], _SEQUENCE))
    if _value(kind, _OID) != _TST_INFO:
        raise ValueError("no time stamp")
    info = list(_inside(_one(_one(_value(wrapped, _EXPLICIT), _OCTETS), _SEQUENCE)))
    algorithm, digest = _inside(_value(info[2], _SEQUENCE))
    made = _value(next(one for one in info[3:] if one[0] == _TIME), _TIME).decode("ascii")
    found = next(_inside(_value(algorithm, _SEQUENCE)))
    return TimeStamp(_HASHES[_value(found, _OID)], _value(digest, _OCTETS), _instant(made))


def _instant(text: str) -> datetime:
    """Return the instant of a GeneralizedTime, ``20260301013000.5Z``; parts of a second beyond millionths are left off."""
    whole, _, parts = text.removesuffix("Z").partition(".")
    if not text.endswith("Z") or (parts and not parts.isdecimal()):
        raise ValueError(text)
    at = datetime.strptime(whole, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    return at.replace(microsecond=int(parts[:6].ljust(6, "0")))


def _one(data: bytes, tag: int) -> bytes:
    """Return the value of the only element in `data`."""
    return _value(next(_inside(data)), tag)


def _value(element: tuple[int, bytes], tag: int) -> bytes:
    if element[0] != tag:
        raise ValueError(f"tag {element[0]:#x}")
    return element[1]


def _inside(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield tag and value of each element in `data`. Raises ValueError, IndexError."""
    at = 0
    while at < len(data):
        tag, length = data[at], data[at + 1]
        at += 2
        if length & 0x80:
            count = length & 0x7F
            if not 1 <= count <= 4:
                raise ValueError("length")
            length = int.from_bytes(data[at : at + count], "big")
            at += count
        if at + length > len(data):
            raise ValueError("cut off")
        yield tag, data[at : at + length]
        at += length
