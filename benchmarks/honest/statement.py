"""The statement of what a transaction has written, by hand: a digest for each part of each row, in the order of writing."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from benchmarks.honest.schema import canonical, quoted

#: Table -> its parts: name, how many columns are the key, places of the columns among those of the row.
PARTS: dict[str, tuple[tuple[str, int, tuple[int, ...]], ...]] = {
    "case": (("case", 1, (0, 1, 2, 3, 6, 7, 8, 9, 10, 11, 12)), ("case.carried", 1, (0, 4, 5, 13, 14, 15))),
    "task": (("task", 2, tuple(range(12))),),
    "timer": (("timer", 2, (0, 1, 2, 3)), ("timer.error", 2, (0, 1, 4))),
    "outbox": (("outbox", 1, (0, 1, 2, 3, 4, 5, 6)), ("outbox.status", 1, (0, 7, 10))),
    "idempotency_key": (("idempotency_key", 1, (0, 1, 2, 3)),),
    "register_entry": (("register_entry", 2, (0, 1, 2, 3, 4, 5)),),
    "sequence_counter": (("sequence_counter", 1, (0, 1)),),
}
#: Rows after which a statement is written.
MAX_STATED = 2000
INSERT = "INSERT INTO row_statement (kind, events, rows, hash) VALUES ('written', ?, ?, ?)"


class Statement:
    """What one transaction states; `ready` are those that are to be inserted, the last by `close`."""

    __slots__ = ("_count", "_events", "_rows", "ready")

    def __init__(self) -> None:
        self.ready: list[tuple[str, str, str]] = []
        self._events: dict[str, list[Any]] = {}
        self._rows: list[str] = []
        self._count = 0

    def events(self, made: Sequence[tuple[str, int, str]]) -> None:
        """State events: stream, number, hash."""
        for stream, seq, head in made:
            known = self._events.get(stream)
            if known is None:
                self._events[stream] = [stream, seq, seq, head]
            else:
                known[2:] = seq, head
        self._counted(len(made))

    def wrote(self, table: str, rows: Sequence[Sequence[Any]]) -> None:
        """State whole rows."""
        add = self._rows.append
        for name, width, places in PARTS[table]:
            title = quoted(name)
            for row in rows:
                cells = [row[place] for place in places]
                digest = sha256(canonical([name, *cells]).encode()).hexdigest()
                add(f'[{title},{canonical(cells[:width])},"{digest}"]')
        self._counted(len(rows))

    def replaced(self, table: str, rows: Sequence[Sequence[Any]]) -> None:
        """State whole rows as they are, which are about to be written over."""
        for name, width, places in PARTS[table]:
            title = quoted(f"was:{name}")
            for row in rows:
                cells = [row[place] for place in places]
                digest = sha256(canonical([name, *cells]).encode()).hexdigest()
                self._rows.append(f'[{title},{canonical(cells[:width])},"{digest}"]')
        self._counted(len(rows))

    def changed(self, part: str, width: int, rows: Sequence[Sequence[Any]]) -> None:
        """State parts of rows, the key first."""
        title = quoted(part)
        for row in rows:
            digest = sha256(canonical([part, *row]).encode()).hexdigest()
            self._rows.append(f'[{title},{canonical(list(row[:width]))},"{digest}"]')
        self._counted(len(rows))

    def removed(self, table: str, keys: Sequence[Sequence[Any]]) -> None:
        """State rows that are gone."""
        title = quoted(table)
        self._rows += [f"[{title},{canonical(list(key))},null]" for key in keys]
        self._counted(len(keys))

    def close(self) -> list[tuple[str, str, str]]:
        """Return what is to be inserted."""
        if self._events or self._rows:
            events, rows = canonical(list(self._events.values())), f"[{','.join(self._rows)}]"
            made = sha256(f"written\n{events}\n{rows}".encode()).hexdigest()
            self.ready.append((events, rows, made))
            self._events, self._rows, self._count = {}, [], 0
        return self.ready

    def _counted(self, count: int) -> None:
        self._count += count
        if self._count >= MAX_STATED:
            self.close()
