"""Names of files every system can hold: no path, no device of Windows, no more bytes than file systems take."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container

_UNFIT = re.compile(r"[^\w.-]+")
#: Windows opens a device under these names, whatever their ending.
_DEVICES = re.compile(
    r"(?:con|prn|aux|nul|conin|conout|(?:com|lpt)[0-9\u00b9\u00b2\u00b3])(?:\..*)?", re.IGNORECASE
)
#: File systems take 255 bytes; a name may be given a number, and an ending while it is written.
MAX_BYTES = 200
#: Longest ending that is kept when a name is cut, with its dot.
_ENDING = 16


def is_device(name: str) -> bool:
    """Tell whether Windows takes `name` for a device."""
    return _DEVICES.fullmatch(name) is not None


def safe_file_name(name: str, taken: Container[str] = ()) -> str:
    """Return a name made of `name` that can stand in any folder; `taken` holds folded names (`folded`) it must differ from."""
    last = unicodedata.normalize("NFC", name.replace("\\", "/")).rstrip("/").rpartition("/")[2]
    plain = _UNFIT.sub("-", last).strip(".-") or "file"
    if is_device(plain):
        plain = f"_{plain}"
    stem, dot, ending = plain.rpartition(".")
    stem, ending = (stem, dot + ending) if stem and len(ending) < _ENDING else (plain, "")
    number, free = 1, _cut(stem, ending)
    while folded(free) in taken:
        number += 1
        free = _cut(stem, f"-{number}{ending}")
    return free


def folded(name: str) -> str:
    """Return what file systems compare that do not tell capitals from small letters."""
    return unicodedata.normalize("NFC", name).casefold()


def _cut(stem: str, ending: str) -> str:
    room = MAX_BYTES - len(ending.encode())
    return stem.encode()[:room].decode("utf-8", "ignore") + ending
