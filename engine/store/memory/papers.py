"""Papers, numbers of series and kept files in memory."""

from __future__ import annotations

from dataclasses import replace

from engine.app.ports.papers import KeptFile, NumberStatus, PaperNumber, PaperRecord
from engine.app.ports.store import ConflictError
from engine.store import paper_codec
from engine.store.memory.undo_log import Groups, MemoryTable, UndoLog


class MemoryPapers:
    """`engine.app.ports.papers.Papers`."""

    def __init__(self, undo_log: UndoLog) -> None:
        self._filed: Groups[str, PaperRecord] = Groups(lambda paper: paper.case)
        self._papers = MemoryTable(
            undo_log, self._filed, table="paper", row=lambda _, paper: paper_codec.paper_row(paper)
        )
        self._of_series: Groups[tuple[str, int, int], PaperNumber] = Groups(
            lambda one: (one.series, one.year)
        )
        self._of_paper: Groups[tuple[str, int, int], PaperNumber] = Groups(lambda one: one.paper)
        self._numbers = MemoryTable(
            undo_log,
            self._of_series,
            self._of_paper,
            table="paper_number",
            row=lambda _, one: paper_codec.number_row(one),
        )
        self._kept: Groups[str, KeptFile] = Groups(lambda file: file.case)
        self._files = MemoryTable(
            undo_log, self._kept, table="kept_file", row=lambda _, file: paper_codec.file_row(file)
        )

    def put(self, paper: PaperRecord) -> None:
        """Store a paper; one with the same id is replaced."""
        self._papers.put(paper.id, paper_codec.paper_of(paper_codec.paper_row(paper)))

    def get(self, paper_id: str) -> PaperRecord | None:
        """Return a paper by its id."""
        return self._papers.get(paper_id)

    def of_case(self, case_id: str) -> list[PaperRecord]:
        """Return the papers of a case, in the order in which they were made."""
        found = (self._papers.rows[key] for key in self._filed.of(case_id))
        return sorted(found, key=lambda paper: (paper.facts[0].at, paper.id))

    def add_number(self, number: PaperNumber) -> None:
        """Store a number. Raises ConflictError where it is taken."""
        if self.number(number.series, number.year, number.number) is not None:
            raise ConflictError(number.text)
        self._keep(number)

    def set_number(self, number: PaperNumber, before: NumberStatus) -> None:
        """Give a number another status. Raises ConflictError where it no longer has the status `before`."""
        there = self.number(number.series, number.year, number.number)
        if there is None or there.status is not before:
            raise ConflictError(number.text)
        self._keep(number)

    def _keep(self, number: PaperNumber) -> None:
        settled = paper_codec.number_of(paper_codec.number_row(number))
        self._numbers.put((number.series, number.year, number.number), settled)

    def next_number(self, series: str, year: int) -> PaperNumber | int:
        """Return the lowest open number of a series, or, where none is open, the one after the last."""
        found = sorted(self._of_series.of((series, year)))
        rows = [self._numbers.rows[key] for key in found]
        lowest = next((one for one in rows if one.status is NumberStatus.OPEN), None)
        if lowest is not None:
            return lowest
        return rows[-1].number + 1 if rows else 1

    def number(self, series: str, year: int, number: int) -> PaperNumber | None:
        """Return a number of a series; None where it was neither given nor skipped."""
        return self._numbers.get((series, year, number))

    def numbers(self, year: int | None = None, series: str | None = None) -> list[PaperNumber]:
        """Return numbers, ordered by series, year and number."""
        rows = (one for _, one in sorted(self._numbers.rows.items()))
        return [one for one in rows if year in (None, one.year) and series in (None, one.series)]

    def number_of(self, paper_id: str) -> PaperNumber | None:
        """Return the number a paper has; the void one only where it has no other."""
        found = [self._numbers.rows[key] for key in self._of_paper.of(paper_id)]
        return min(found, key=lambda one: one.status is NumberStatus.VOID, default=None)

    def add_file(self, file: KeptFile) -> None:
        """Store what is known of a kept file. Raises ConflictError where its id is taken."""
        if self._files.get(file.id) is not None:
            raise ConflictError(file.id)
        self._files.put(file.id, paper_codec.file_of(paper_codec.file_row(file)))

    def call_file(self, file_id: str, title: str, name: str) -> None:
        """Give a kept file another title and another name. Does nothing where there is none."""
        found = self._files.get(file_id)
        if found is not None:
            self._files.put(file_id, replace(found, title=title, name=name))

    def files(self, case_id: str | None = None) -> list[KeptFile]:
        """Return the kept files (of a case), by case in the order in which they were kept."""
        keys = list(self._files.rows) if case_id is None else self._kept.of(case_id)
        return sorted((self._files.rows[key] for key in keys), key=lambda one: (one.case, one.at, one.id))
