"""Inputs for readers: sound files mangled, containers packed anew with mangled parts, and structures without end."""

from __future__ import annotations

import io
import json
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from mangling import STRANGE, mangled

#: What makes inputs that one reader takes for sound (`shapes.py`).
Shapes = Sequence[Callable[[random.Random], bytes]]

#: Structures are no larger: up to here the bounds on memory and processor time hold for every input.
MAX_BYTES = 64 * 1024
#: Texts and values that are put into JSON.
_TEXTS = (
    "", "x", "0", "-1", "a" * 3000, "9" * 5000, "1e999", "2024-02-30", "0000-00-00T00:00:00Z", "\u0000", "\n", "\ud800",
    "\u202e", "\u2028", "１", "²", "ab" * 32, "../x", "/", "\\", "{a}", "%s", "NaN", "format",
)  # fmt: skip
_VALUES = (
    "null", "true", "0", "-1", "1.5", "1e308", "9" * 30, "9" * 400, "[]", "{}", "[[]]", '{"a": 1}', "[null]", '[["a", 1, "00"]]',
    "[" * 70 + "]" * 70, *map(json.dumps, _TEXTS),
)  # fmt: skip


def inputs(seeds: Sequence[bytes], number: int, rng: random.Random, shapes: Shapes = ()) -> bytes:
    """Return the input `number`; the same generator gives the same inputs. `shapes` make those of this reader alone."""
    kind = number % 8
    if kind == 5 and shapes and number % 16 == 5:
        return rng.choice(shapes)(rng)[:MAX_BYTES]
    if kind < 5:
        return _mangled(rng.choice(seeds), rng)
    if kind == 5:
        return rng.choice(_STRUCTURES)(rng)[:MAX_BYTES]
    if kind == 6:
        return _joined(seeds, rng)
    return bytes(rng.getrandbits(8) for _ in range(rng.choice((0, 1, 3, 40))))


def _mangled(seed: bytes, rng: random.Random) -> bytes:
    # Where one letter off ends the reading, what comes after the parser is reached by other values alone.
    begin = seed[:2].find(b"{")
    if begin >= 0 and rng.random() < 0.5:
        return seed[:begin] + _other_values(seed[begin:], rng)
    if seed[:2] == b"PK" and rng.random() < 0.6:
        return _repacked(seed, rng)
    return mangled(seed, _edits(rng))


def _edits(rng: random.Random) -> list[tuple[str, int, object]]:
    made: list[tuple[str, int, object]] = []
    for _ in range(rng.randint(1, 5)):
        place = rng.randrange(1 << 20)
        what = rng.choice(("cut", "double", "flip", "put", "put", "over", "end"))
        how: object = rng.randint(1, 200)
        if what in ("put", "over"):
            how = rng.choice(STRANGE) if rng.random() < 0.7 else rng.randbytes(rng.randint(1, 8))
        elif what == "flip":
            how = rng.randint(1, 255)
        made.append((what, place, how))
    return made


def _repacked(package: bytes, rng: random.Random) -> bytes:
    """Return a zip with one of its files mangled, or its list of files falsified."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(out, "w", rng.choice((0, 8))) as new:
        chosen = rng.choice(old.namelist())
        for name in old.namelist():
            data = old.read(name)
            if name == chosen:
                data = _mangled(data, rng) if rng.random() < 0.7 else rng.choice(_STRUCTURES)(rng)
            new.writestr(name, data)
        new.comment = old.comment
    made = bytearray(out.getvalue())
    if rng.random() < 0.3:
        # A size, a method, flags or a place in the list of entries that are not so.
        at = made.rfind(b"PK\x01\x02")
        where, value = at + rng.choice((8, 10, 20, 24, 42)), rng.choice((0, 1, 12, 99, 0xFFFF, 0xFFFFFFFF))
        made[where : where + 4] = struct.pack("<I", value)
    return bytes(made)


def _other_values(seed: bytes, rng: random.Random) -> bytes:
    """Return a JSON object with some of its values exchanged, taken away or doubled."""
    try:
        value = json.loads(seed)
    except ValueError:
        return mangled(seed, _edits(rng))
    for _ in range(rng.choice((1, 1, 2, 4))):
        holder: Any = value
        while True:
            places = list(holder) if isinstance(holder, dict) else range(len(holder))
            if not places:
                break
            place = rng.choice(places)
            if not isinstance(holder[place], (dict, list)) or rng.random() < 0.3:
                _exchange(holder, place, rng)
                break
            holder = holder[place]
    return json.dumps(value, ensure_ascii=rng.random() < 0.5).encode("utf-8", "surrogatepass")


def _exchange(holder: Any, place: Any, rng: random.Random) -> None:
    kind = rng.random()
    if kind < 0.15:
        del holder[place]
    elif kind < 0.25 and isinstance(holder, list):
        holder.append(holder[place])
    elif kind < 0.3 and isinstance(holder, dict):
        holder[rng.choice(_TEXTS)] = holder[place]
    elif kind < 0.4 and isinstance(holder[place], str) and holder[place]:
        text = holder[place]
        holder[place] = (
            text[: rng.randrange(len(text))] + rng.choice(_TEXTS) + text[rng.randrange(len(text)) :]
        )
    else:
        # A value of its own each time: the next exchange may reach into it.
        holder[place] = json.loads(rng.choice(_VALUES))


def _joined(seeds: Sequence[bytes], rng: random.Random) -> bytes:
    one, other = rng.choice(seeds), rng.choice(seeds)
    return one[: rng.randrange(len(one) + 1)] + rng.choice(STRANGE) + other[rng.randrange(len(other) + 1) :]


def _repeated(rng: random.Random) -> bytes:
    piece = rng.choice(STRANGE) if rng.random() < 0.5 else rng.randbytes(rng.randint(1, 6))
    return piece * rng.choice((10, 1000, MAX_BYTES // max(1, len(piece))))


def _deep(rng: random.Random) -> bytes:
    opener, closer = rng.choice(
        [(b"[", b"]"), (b"{", b"}"), (b'{"a":', b"}"), (b"- ", b""), (b"(", b")"), (b"? ", b""), (b"[[", b"]]"), (b"<a>", b"</a>")]
    )  # fmt: skip
    count = rng.choice((15, 61, 990, 5_000, 30_000))
    return opener * count + rng.choice((b"", b"1", b"x: 1")) + (closer * count if rng.random() < 0.6 else b"")


def _wide(rng: random.Random) -> bytes:
    piece = rng.choice(
        [
            b"a: 1\n",
            b"- a\n",
            b"a,",
            b"1,2,3\n",
            b"[],",
            b'"a",',
            b"{{ a }}",
            b"a.b + ",
            b"x|upper|",
            b"'a' ~ ",
        ]
    )
    head = rng.choice([b"", b"[", b"{", b"a: [", b"{% for a in rows %}"])
    # As long as can be at times, and mostly short: what is wrong with many is mostly wrong with forty.
    return head + piece * rng.choice((40, 1_000, MAX_BYTES // len(piece)))


def _bomb(rng: random.Random) -> bytes:
    """Return a zip of some hundred bytes that unpacks to many million, under a name that is looked for."""
    name = rng.choice(
        [
            "manifest.json",
            "xl/styles.xml",
            "xl/workbook.xml",
            "events.jsonl",
            "case.json",
            "[Content_Types].xml",
        ]
    )
    piece, count = rng.choice((b" ", b"[", b"0", b"<a/>")), rng.choice((1_000, 10_000_000))
    return _packed(name, piece, count, 300 if rng.random() < 0.3 else 0)


@cache
def _packed(name: str, piece: bytes, count: int, empty: int) -> bytes:
    """Return a zip of `piece` so many times, and so many empty files. Packing takes longer than any reader does."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        # Stored as it is, the packed content takes the place of what is unpacked; the two entries about it are mended below.
        packed, checksum = _deflated(piece, count)
        package.writestr(name, packed)
        for number in range(empty):
            package.writestr(f"{number}", b"")
    made = bytearray(out.getvalue())
    for at, size in ((14, 22), (made.find(b"PK\x01\x02") + 16, made.find(b"PK\x01\x02") + 24)):
        made[at : at + 4] = struct.pack("<I", checksum)
        made[size : size + 4] = struct.pack("<I", len(piece) * count)
        made[at - 6 : at - 4] = struct.pack("<H", zipfile.ZIP_DEFLATED)
    return bytes(made)


@cache
def _deflated(piece: bytes, count: int) -> tuple[bytes, int]:
    """Return `piece` so many times, packed, and its checksum."""
    content = piece * count
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(content) + packer.flush(), zlib.crc32(content)


_STRUCTURES: list[Callable[[random.Random], bytes]] = [_repeated, _deep, _wide]
_STRUCTURES += [_deep, _wide, _repeated, _bomb]
