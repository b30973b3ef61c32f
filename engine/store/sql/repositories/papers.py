"""Papers, numbers of series and kept files in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.app.ports.papers import KeptFile, NumberStatus, PaperNumber, PaperRecord
from engine.app.ports.store import ConflictError
from engine.store.paper_codec import file_of, file_row, number_of, number_row, paper_of, paper_row
from engine.store.sql.kept.kept_statements import kept
from engine.store.sql.prepared import DriverConnection

if TYPE_CHECKING:
    from engine.store.sql.core import papers as core
else:
    core = kept("papers")


class SqlPapers:
    """`engine.app.ports.papers.Papers`."""

    __slots__ = ("_driver",)

    def __init__(self, driver: DriverConnection) -> None:
        self._driver = driver

    def put(self, paper: PaperRecord) -> None:
        """Store a paper; one with the same id is replaced."""
        row = paper_row(paper)
        if (found := self._driver.first(core.GET, (paper.id,))) is not None:
            self._driver.replaces("paper", [found])
        self._driver.run(core.PUT, row)
        self._driver.wrote("paper", [row])

    def get(self, paper_id: str) -> PaperRecord | None:
        """Return a paper by its id."""
        row = self._driver.first(core.GET, (paper_id,))
        return None if row is None else paper_of(row)

    def of_case(self, case_id: str) -> list[PaperRecord]:
        """Return the papers of a case, in the order in which they were made."""
        return [paper_of(row) for row in self._driver.run(core.OF_CASE, (case_id,))]

    def add_number(self, number: PaperNumber) -> None:
        """Store a number. Raises ConflictError where it is taken."""
        row = number_row(number)
        if self._driver.run(core.ADD_NUMBER, row).rowcount != 1:
            raise ConflictError(number.text)
        self._driver.wrote("paper_number", [row])

    def set_number(self, number: PaperNumber, before: NumberStatus) -> None:
        """Give a number another status. Raises ConflictError where it no longer has the status `before`."""
        row = number_row(number)
        if self._driver.run(core.SET_NUMBER, (*row[3:], *row[:3], before.value)).rowcount != 1:
            raise ConflictError(number.text)
        self._driver.wrote("paper_number", [row])

    def next_number(self, series: str, year: int) -> PaperNumber | int:
        """Return the lowest open number of a series, or, where none is open, the one after the last."""
        row = self._driver.first(core.LOWEST_OPEN, (series, year))
        if row is not None:
            return number_of(row)
        last = self._driver.first(core.LAST, (series, year))
        return 1 if last is None else int(last[0]) + 1

    def number(self, series: str, year: int, number: int) -> PaperNumber | None:
        """Return a number of a series; None where it was neither given nor skipped."""
        row = self._driver.first(core.NUMBER, (series, year, number))
        return None if row is None else number_of(row)

    def numbers(self, year: int | None = None, series: str | None = None) -> list[PaperNumber]:
        """Return numbers, ordered by series, year and number."""
        query = core.numbers(year, series)
        return [number_of(row) for row in self._driver.connection.execute(query)]

    def number_of(self, paper_id: str) -> PaperNumber | None:
        """Return the number a paper has; the void one only where it has no other."""
        found = [number_of(row) for row in self._driver.run(core.NUMBER_OF, (paper_id,))]
        return min(found, key=lambda one: one.status is NumberStatus.VOID, default=None)

    def add_file(self, file: KeptFile) -> None:
        """Store what is known of a kept file. Raises ConflictError where its id is taken."""
        row = file_row(file)
        if self._driver.run(core.ADD_FILE, row).rowcount != 1:
            raise ConflictError(file.id)
        self._driver.wrote("kept_file", [row])

    def call_file(self, file_id: str, title: str, name: str) -> None:
        """Give a kept file another title and another name. Does nothing where there is none."""
        if self._driver.run(core.CALL_FILE, (title, name, file_id)).rowcount == 1:
            row = self._driver.first(core.GET_FILE, (file_id,))
            if row is not None:
                self._driver.wrote("kept_file", [tuple(row)])

    def files(self, case_id: str | None = None) -> list[KeptFile]:
        """Return the kept files (of a case), by case in the order in which they were kept."""
        found = (
            self._driver.run(core.ALL_FILES) if case_id is None else self._driver.run(core.FILES, (case_id,))
        )
        return [file_of(row) for row in found]
