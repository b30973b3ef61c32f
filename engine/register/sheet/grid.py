"""A table of texts, however its file was written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from engine.language import Message
from engine.register.problem import FileProblem
from engine.register.sheet.header import (
    Header,
)

#: A register of a district is far below; a bigger file is a mistake, or an attack.
MAX_BYTES = 200_000_000


class TableError(Exception):
    """The file cannot be read; carries every reason. Never leaves this room."""

    def __init__(self, *problems: FileProblem) -> None:
        super().__init__(*map(str, problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Grid:
    """A table whose header is understood. Going through `rows` may raise `TableError`."""

    header: Header
    #: (row as a spreadsheet numbers it, the texts of its cells); blank rows are left out. It may be gone through once,
    #: or again where it is no iterator: then rows are not kept in case they are needed later.
    rows: Iterable[tuple[int, Sequence[str]]]
    #: What the reader had to decide: encoding, sheet.
    notes: tuple[Message, ...] = ()
    #: Whether a row that is shorter than the header may have lost cells in its middle.
    ragged_is_wrong: bool = False
    #: Rows with something in them that the office's program does not show, as a spreadsheet numbers them.
    hidden_rows: frozenset[int] = frozenset()
    #: Places of the header whose columns it does not show.
    hidden_columns: frozenset[int] = frozenset()
    #: Rows in which every filled cell is a formula.
    formula_rows: frozenset[int] = frozenset()


class RowsAgain:
    """Rows that are read from the file each time somebody goes through them."""

    def __init__(self, read: Callable[[], Iterator[tuple[int, Sequence[str]]]]) -> None:
        self._read = read

    def __iter__(self) -> Iterator[tuple[int, Sequence[str]]]:
        return self._read()
