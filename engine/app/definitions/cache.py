"""The definitions in force: published versions, made ready once per process of the machine and then shared."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from threading import Lock

from engine.app.definitions.derived_settings import JOINS
from engine.app.ports.documents import PublishedTexts
from engine.app.ports.records import Version
from engine.app.ports.store import Transaction
from engine.lifecycle.case import Case
from engine.lifecycle.deadlines.schedule import DeadlineCalculator
from engine.lifecycle.model.bureau import Bureau
from engine.lifecycle.model.workflow import Workflow
from engine.lifecycle.process import Process


class DefinitionCache:
    """Published workflows by version. A version never changes, so what is read once stays right."""

    def __init__(self, time: DeadlineCalculator) -> None:
        self.time = time
        self._lock = Lock()
        self._made: dict[tuple[str, int], Process] = {}
        #: Versions that were read from their texts by this process, with what came of it.
        self._read: dict[tuple[str, int], tuple[Version, Workflow, Bureau]] = {}
        #: The published files as they were last read.
        self._files: PublishedTexts | None = None

    def retime(self, time: DeadlineCalculator) -> None:
        """Count with another calendar from now on."""
        with self._lock:
            self.time = time
            self._made = {key: process.with_time(time) for key, process in self._made.items()}

    def get(self, transaction: Transaction, workflow: str, version: int) -> Process:
        """Return one published version. Raises KeyError for one that was never published."""
        made = self._made.get((workflow, version))
        if made is None:
            row = transaction.definitions.version(workflow, version)
            if row is None:
                raise KeyError(f"{workflow} {version}")
            made = self._make(transaction, row)
        return made

    def latest(self, transaction: Transaction, workflow: str) -> Process | None:
        """Return the newest version of a workflow, or None when none is published."""
        row = transaction.definitions.version(workflow)
        if row is None:
            return None
        return self._made.get((workflow, row.number)) or self._make(transaction, row)

    def in_force(self, transaction: Transaction, workflow: str, day: date) -> Process | None:
        """Return the version of a workflow that holds for cases opened on `day`; None where none does yet."""
        newest = self.latest(transaction, workflow)
        if newest is None or _holds(newest, day):
            return newest
        numbers = sorted((row.number for row in transaction.definitions.versions(workflow)), reverse=True)
        earlier = (self.get(transaction, workflow, number) for number in numbers)
        return next((process for process in earlier if _holds(process, day)), None)

    def workflows(self, transaction: Transaction) -> list[str]:
        """Return the ids of all published workflows."""
        return list(dict.fromkeys(row.workflow for row in transaction.definitions.versions()))

    def awaited(self, transaction: Transaction, child: str) -> frozenset[str]:
        """Return the states of `child` cases some definition waits for."""
        return frozenset((transaction.settings.get(JOINS) or {}).get(child, ()))

    def item_forms(self, transaction: Transaction, case: Case) -> tuple[str, ...]:
        """Return the forms of the items of a case, in the order of its items, each once."""
        items = case.fields.get("items") or ()
        if not items:
            return ()
        process = self.get(transaction, case.workflow, case.version)
        codes = [str(item["code"] if isinstance(item, Mapping) else item) for item in items]
        entries = transaction.registers.some("items", codes)
        forms = (str(entries[code].data.get("form") or "") for code in codes if code in entries)
        return tuple(dict.fromkeys(form for form in forms if form in process.workflow.forms))

    def published_files(self, transaction: Transaction) -> PublishedTexts | None:
        """Return the templates of papers and the kinds of public pages as they are published; None where none ever were."""
        from engine.app.definitions.published_files import read_published

        found = self._files = read_published(transaction, self._files)
        return found

    @property
    def has_read(self) -> bool:
        """Tell whether this process has read texts of versions, which others would read again."""
        return bool(self._read)

    def keep_read(self, transaction: Transaction) -> None:
        """Keep what came of reading texts of versions, for processes that start later."""
        from engine.app.definitions.kept_forms import keep

        with self._lock:
            read, self._read = self._read, {}
        for found in read.values():
            keep(transaction, *found)

    def _make(self, transaction: Transaction, row: Version) -> Process:
        from engine.app.definitions.kept_forms import find

        found = find(transaction, row)
        workflow, bureau = found or self._read_texts(transaction, row)
        process = Process(workflow, bureau, self.time, row.number)
        with self._lock:
            return self._made.setdefault((row.workflow, row.number), process)

    def _read_texts(self, transaction: Transaction, row: Version) -> tuple[Workflow, Bureau]:
        from engine.app.definitions.kept_forms import read_texts

        workflow, bureau = read_texts(transaction, row)
        with self._lock:
            self._read[row.workflow, row.number] = (row, workflow, bureau)
        return workflow, bureau


def _holds(process: Process, day: date) -> bool:
    effective = process.workflow.effective
    return effective is None or effective <= day
