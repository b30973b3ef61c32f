"""Checked rows of a register, and many of them in little memory."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.register.sheet.made_anew import MadeAnew

#: So many texts are looked for among those of earlier entries.
_MAX_SHARED = 10_000


@dataclass(frozen=True, slots=True)
class CheckedEntry:
    """One checked row of a register. `data` holds JSON values; what is not known is not in it.

    The shape is that of the entries the office keeps: `id`, `name` and `section` are not repeated in `data`.
    """

    kind: str
    id: str
    name: str
    section: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


def packed(row: int, entry: CheckedEntry | None) -> bytes:
    """Return the row of an entry, and all of it but kind and id, as one line; `entry` is None where the row makes none."""
    values = [row] if entry is None else [row, entry.name, entry.section, entry.data]
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


_decode = json.JSONDecoder().decode


def unpacked(kind: str, entry_id: str, line: bytes) -> tuple[int, CheckedEntry | None]:
    """Return the row and the entry that were packed."""
    row, *values = _decode(line.decode("utf-8", "surrogatepass"))
    return row, CheckedEntry(kind, entry_id, *values) if values else None


class KeptEntries(MadeAnew[str, CheckedEntry]):
    """The entries of a file, each packed until it is asked for, and made anew each time.

    As objects they take 700 bytes and more a row, many times what a row takes in a workbook; packed it is some 250.
    """

    __slots__ = ("_kind", "_lines", "_texts")

    def __init__(self, kind: str, lines: Mapping[str, bytes], ids: Sequence[str]) -> None:
        """Take the lines of `packed` by id, and the ids of those that count, in their order."""
        super().__init__(ids)
        self._kind = kind
        self._lines = lines
        self._texts: dict[str, str] = {}

    @property
    def ids(self) -> Sequence[str]:
        """Return the ids, in the order of the entries."""
        return self._kept

    def by_id(self, entry_id: str) -> CheckedEntry:
        """Return the entry with an id. Raises KeyError."""
        return self._made(entry_id)

    def also(self, more: Iterable[CheckedEntry]) -> KeptEntries:
        """Return these entries and others behind them."""
        lines = {entry.id: packed(0, entry) for entry in more}
        return KeptEntries(self._kind, {**self._lines, **lines}, (*self._kept, *lines))

    def _of(self, kept: Sequence[str]) -> KeptEntries:
        return KeptEntries(self._kind, self._lines, kept)

    def _made(self, kept: str) -> CheckedEntry:
        _, *values = _decode(self._lines[kept].decode("utf-8", "surrogatepass"))
        if not values:
            raise KeyError(kept)
        name, section, data = values
        # A district or a section is in thousands of rows: whoever keeps the entries has each once.
        first = self._texts.get if len(self._texts) >= _MAX_SHARED else self._texts.setdefault
        section = None if section is None else first(section, section)
        for column, value in data.items():
            if type(value) is str:
                data[column] = first(value, value)
        return CheckedEntry(self._kind, kept, name, section, data)
