"""Versions and templates one person published where two have to agree and there was no second (单人办理), as the history of definitions says."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from typing import TYPE_CHECKING

from engine.app.history.credential import SINGLE_HANDED
from engine.app.history.replay import history
from engine.app.ports.documents import TEMPLATES

if TYPE_CHECKING:
    from datetime import datetime

    from engine.app.ports.records import MadeDocument
    from engine.app.ports.store import Transaction


#: The history of definitions.
STREAM = "definitions"
#: The kind of its entries that say which files were published beside definitions.
FILES = "files"
_PAPER, _BLOCK, _PART = ".html", ".txt", "_"
_NAME = re.compile(r"[\w-]+")


def versions_by_one(transaction: Transaction) -> frozenset[tuple[str, int]]:
    """Return workflow and number of every version that was published by one person alone."""
    return frozenset(
        (str(event.body["workflow"]), int(event.body["version"]))
        for event in history(transaction, STREAM)
        if event.kind == "published" and event.body.get(SINGLE_HANDED) is True
    )


class _Templates:
    """The templates of papers at every time since the first were published."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        #: name of a file -> when it was published, its digest (None: taken away), whether by one person alone; in order.
        self._published: dict[str, list[tuple[datetime, str | None, bool]]] = {}
        self._words: dict[str, frozenset[str]] = {}
        for event in history(transaction, STREAM):
            if event.kind == FILES:
                alone = event.body.get(SINGLE_HANDED) is True
                for path, digest in event.body["files"].items():
                    if path.startswith(TEMPLATES):
                        name = path.removeprefix(TEMPLATES)
                        self._published.setdefault(name, []).append((event.at, digest, alone))
        self.any_by_one = any(alone for lines in self._published.values() for _, _, alone in lines)

    def by_one(self, kind: str, at: datetime) -> bool:
        """Tell whether what the papers of a kind were made from at a time was published by one person alone: the template, or a part of it."""
        found = {f"{kind}{_PAPER}"}
        waiting = list(found)
        while waiting:
            words = self._of(waiting.pop(), at)
            more = {name for name in self._published if name not in found and _uses(words, name)}
            found |= more
            waiting += more
        return any(line is not None and line[2] for line in (self._line(name, at) for name in found))

    def _line(self, name: str, at: datetime) -> tuple[datetime, str | None, bool] | None:
        """Return how a file was published last at a time."""
        lines = self._published.get(name, [])
        place = bisect_right(lines, at, key=lambda line: line[0])
        return lines[place - 1] if place else None

    def _of(self, name: str, at: datetime) -> frozenset[str]:
        """Return the words of a file as it was published at a time."""
        line = self._line(name, at)
        if line is None or line[1] is None:
            return frozenset()
        if line[1] not in self._words:
            text = self._transaction.definitions.text(line[1]) or b""
            self._words[line[1]] = frozenset(_NAME.findall(text.decode(errors="replace")))
        return self._words[line[1]]


def _uses(words: frozenset[str], name: str) -> bool:
    """Tell whether a template of these words can use a file: one it names, or one that every template is given."""
    stem, _, ending = name.rpartition(".")
    if f".{ending}" == _PAPER:
        return name.startswith(_PART) and stem in words
    return stem in words if f".{ending}" == _BLOCK else True


def papers_by_one(transaction: Transaction, cases: Iterable[str]) -> list[MadeDocument]:
    """Return the papers of cases made from templates that one person alone had published at the time."""
    templates = _Templates(transaction)
    if not templates.any_by_one:
        return []
    made = transaction.records.made_documents(list(cases))
    known: dict[tuple[str, datetime], bool] = {}
    for one in made:
        if (one.kind, one.made_at) not in known:
            known[one.kind, one.made_at] = templates.by_one(one.kind, one.made_at)
    return [one for one in made if known[one.kind, one.made_at]]
