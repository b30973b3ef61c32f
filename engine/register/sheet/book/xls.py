"""The pass over an old Excel workbook (.xls, BIFF8 and BIFF5) before its values are read: bounds, hidden rows, errors."""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import pairwise

from engine.register.sheet.book.compound_file import CompoundFile, compound_file
from engine.register.sheet.book.container import TooMuchError, WorkbookContainerError
from engine.register.sheet.book.covered import Merges
from engine.register.sheet.book.facts import EncryptedError, Extent, SheetFacts, SheetName
from engine.register.sheet.book.range_groups import RangeGroups, unsaid
from engine.register.sheet.book.unseen import CHARACTER, MIN_HEIGHT, MIN_WIDTH, format_hides
from engine.register.sheet.frozen import FrozenPanes
from engine.register.sheet.limits import Limits
from engine.register.sheet.number_format import BUILT_IN, MAX_CODE, NumberFormat, number_format

_BOF, _EOF, _CONTINUE, _FILEPASS, _BOUNDSHEET, _SST = 0x809, 0x0A, 0x3C, 0x2F, 0x85, 0xFC
_ROW, _COLINFO, _FILTERMODE, _FORMULA, _STRING = 0x208, 0x7D, 0x9B, 0x06, 0x207
_DEFAULT_HEIGHT, _DEFAULT_WIDTH, _STANDARD_WIDTH, _SHEET_OPTIONS = 0x225, 0x55, 0x99, 0x81
_WINDOW, _PANE = 0x23E, 0x41
_FONT, _FORMAT, _XF, _MERGED = 0x31, 0x41E, 0xE0, 0xE5
_LABELSST, _LABEL, _RSTRING, _NUMBER, _RK, _MULRK, _BOOLERR = 0xFD, 0x204, 0xD6, 0x203, 0x27E, 0xBD, 0x205
#: Records of one cell each, and how long a record is at least.
_CELLS = {_FORMULA: 20, _LABELSST: 10, _LABEL: 8, _RSTRING: 8, _NUMBER: 14, _RK: 10, _MULRK: 12, _BOOLERR: 8}
#: Records a reader of values would make much of, and nobody needs: how far a sheet reaches, for which it takes memory before
#: it has read a cell, and names of formulas. In its file they are of a kind that says nothing.
_DIMENSIONS, _NAME, _SAYS_NOTHING = 0x200, 0x18, 0xE2
#: Where the length of a formula is in its record.
_FORMULA_LENGTH = 20
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}

Record = tuple[int, memoryview]


class XlsBook:
    """An opened workbook. Raises `WorkbookContainerError` where it is damaged, `TooMuchError` where it holds too much."""

    form = "xls"

    def __init__(self, data: bytes, limits: Limits) -> None:
        file = CompoundFile(data)
        if "EncryptedPackage" in file:
            raise EncryptedError
        name = "Workbook" if "Workbook" in file else "Book"
        if name not in file:
            raise WorkbookContainerError
        self._name = name
        #: What the reader of values is given; what it would make much of is taken out while it is looked through.
        self._stream = bytearray(file.stream(name))
        self._left = limits.elements
        self._lengths = array("I")
        self._extent = Extent(limits)
        self._limits = limits
        self._written = WrittenCells()
        self.sheets: list[SheetName] = []
        self._facts: list[SheetFacts] = []
        #: (first byte, byte behind the last) of each part.
        self._parts: set[tuple[int, int]] = set()
        self._no_numbers: set[int] = set()
        self._no_texts: set[int] = set()
        starts = self._globals()
        if not self.sheets:
            raise WorkbookContainerError
        for start in starts:
            self._extent.next_sheet()
            self._facts.append(self._sheet(start))
        if any(following < end for (_, end), (following, _) in pairwise(sorted(self._parts))):
            # What is taken out of the one would be another thing in the other.
            raise WorkbookContainerError

    def facts(self, sheet: SheetName) -> SheetFacts:
        """Return what the pass found on a sheet."""
        return self._facts[int(sheet.place)]

    def blocks(self, _sheet: SheetName) -> Iterator[tuple[int, bytes]]:
        """Yield one file of the workbook's stream alone, for a reader of values."""
        yield 0, compound_file(self._name, self._stream)

    def _records(self, start: int, *, nested: bool = True) -> Iterator[Record]:
        """Yield the records from a place up to the end of their part. Raises where there is none.

        With `nested`, parts in it, those of diagrams, are passed over, as a reader of values does.
        """
        stream = memoryview(self._stream)
        at, depth, begun = start, 0, False
        while at + 4 <= len(stream):
            kind, length = struct.unpack_from("<2H", stream, at)
            if at + 4 + length > len(stream):
                raise WorkbookContainerError
            self._left -= 1
            if self._left < 0:
                raise TooMuchError("elements", self._limits.elements)
            body = stream[at + 4 : at + 4 + length]
            if kind == _BOF and nested:
                depth += begun
                begun = True
            if depth == 0:
                yield kind, body
                _take_out(kind, stream[at : at + 4 + length])
            if kind == _EOF:
                if depth == 0:
                    self._parts.add((start, at + 4 + length))
                    return
                depth -= 1
            at += 4 + length
        raise WorkbookContainerError

    def _globals(self) -> list[int]:
        starts = []
        wide = True
        shared: list[memoryview] = []
        styles = _CellStyles()
        last = 0
        for kind, body in self._records(0, nested=False):
            if kind == _BOF and len(body) >= 2:
                wide = struct.unpack_from("<H", body)[0] >= 0x600
            elif kind == _FILEPASS:
                raise EncryptedError
            elif kind == _BOUNDSHEET and len(body) >= 8:
                starts.append(struct.unpack_from("<I", body)[0])
                visible = body[4] & 3 == 0
                self.sheets.append(SheetName(_sheet_name(body, wide=wide), visible, str(len(self.sheets))))
            elif kind in (_FONT, _FORMAT, _XF):
                styles.take(kind, body, wide=wide)
            elif kind == _SST or (kind == _CONTINUE and last == _SST):
                shared.append(body)
            last = kind if kind != _CONTINUE else last
        if shared:
            self._lengths = _shared_lengths(shared)
            if len(self._lengths) > self._limits.shared:
                raise TooMuchError("shared", self._limits.shared)
        self._no_numbers, self._no_texts = styles.hiding()
        self._written = styles.written()
        return starts

    def _sheet(self, start: int) -> SheetFacts:
        facts = SheetFacts()
        sizes, merges = _LineSizes(), Merges()
        filled: dict[int, bool] = {}
        for kind, body in self._records(start):
            if kind in _SIZES:
                sizes.take(kind, body)
            elif kind == _MERGED:
                _take_merges(merges, body)
            elif kind == _FILTERMODE:
                facts.filtered = True
            elif kind in _CELLS:
                if len(body) < _CELLS[kind]:
                    raise WorkbookContainerError
                self._cell(kind, body, facts, filled)
            elif kind == _STRING and len(body) >= 2:
                # The result of the formula before it.
                self._extent.text(2 * len(body))
        if merges:
            self._see_covered(start, merges, facts)
        facts.hidden_rows = sizes.hidden_rows(filled.keys())
        facts.hidden_columns = sizes.hidden_columns()
        facts.formula_rows = {row for row, own in filled.items() if not own}
        return facts

    def _cell(self, kind: int, body: memoryview, facts: SheetFacts, filled: dict[int, bool]) -> None:
        row, column = struct.unpack_from("<2H", body)
        length, last = 16, column
        if kind == _LABELSST:
            index = struct.unpack_from("<I", body, 6)[0]
            if index >= len(self._lengths):
                raise WorkbookContainerError
            length = self._lengths[index]
        elif kind in (_LABEL, _RSTRING):
            length = 2 * len(body)
        elif kind == _MULRK:
            last = column + (len(body) - 6) // 6 - 1
        elif kind == _BOOLERR and body[7]:
            facts.instead[row, column] = _ERRORS.get(body[6], "#N/A")
        elif kind == _FORMULA:
            special = body[12] == body[13] == 0xFF
            if special and body[6] == 2:
                facts.instead[row, column] = _ERRORS.get(body[8], "#N/A")
            facts.formulas += not (special and body[6] == 3)
        for place in range(column, last + 1):
            self._extent.take(row, place, length)
        if self._no_numbers or self._no_texts:
            self._see(kind, body, facts, column, last)
        if self._written.styles and kind != _BOOLERR:
            self._take_shown(body, facts, row, range(column, last + 1))
        filled[row] = filled.get(row, False) or kind != _FORMULA

    def _take_shown(self, body: memoryview, facts: SheetFacts, row: int, columns: range) -> None:
        """Note cells that show something else than they hold."""
        for number, column in enumerate(columns):
            format_ = self._written.styles.get(_word(body, 4 + 6 * number, 2))
            if format_ is not None:
                facts.take_shown(row, column, format_, self._written.formats, self._limits.rows)

    def _see(self, kind: int, body: memoryview, facts: SheetFacts, column: int, last: int) -> None:
        """Note cells that do not show what they hold."""
        number = kind in (_NUMBER, _RK, _MULRK) or (kind == _FORMULA and not body[12] == body[13] == 0xFF)
        styles = self._no_numbers if number else self._no_texts
        for place in range(column, last + 1):
            if _word(body, 4 + 6 * (place - column), 2) in styles:
                facts.unseen_columns.add(place)

    def _see_covered(self, start: int, merges: Merges, facts: SheetFacts) -> None:
        """Note cells below a merged cell: its record comes after theirs."""
        for kind, body in self._records(start):
            if kind in _CELLS:
                row, column = struct.unpack_from("<2H", body)
                last = column + (len(body) - 6) // 6 - 1 if kind == _MULRK else column
                facts.unseen_columns.update(
                    place for place in range(column, last + 1) if merges.cover(row, place)
                )


def _take_out(kind: int, record: memoryview) -> None:
    """Take out of a record what a reader of values would make much of: spaces in formulas by the number, names in them."""
    if kind in (_DIMENSIONS, _NAME):
        struct.pack_into("<H", record, 0, _SAYS_NOTHING)
    elif kind == _FORMULA and len(record) >= 4 + _FORMULA_LENGTH + 2:
        struct.pack_into("<H", record, 4 + _FORMULA_LENGTH, 0)


def _take_merges(merges: Merges, body: memoryview) -> None:
    """Take a record of merged ranges: how many, then first row, last row, first column, last column of each."""
    for at in range(2, len(body) - 7, 8):
        merges.take(*struct.unpack_from("<4H", body, at))


#: Records about rows and columns.
_SIZES = frozenset(
    {_WINDOW, _PANE, _ROW, _COLINFO, _DEFAULT_HEIGHT, _DEFAULT_WIDTH, _STANDARD_WIDTH, _SHEET_OPTIONS}
)
#: Bits: a row of the ordinary height; rows that are not in the file are hidden; sums below, and to the right.
_ORDINARY, _NO_ROWS, _SUMS_BELOW, _SUMS_RIGHT = 0x8000, 0x2, 0x40, 0x80
#: Bit of a window: its panes are frozen.
_FROZEN = 0x8


class _LineSizes:
    """What the records of a sheet say about its rows and columns."""

    def __init__(self) -> None:
        self._hidden: set[int] = set()
        #: Rows in the file, and those of them of the ordinary height.
        self._rows: set[int] = set()
        self._ordinary: set[int] = set()
        self._low = self._no_rows = self._narrow = False
        self._sums = _SUMS_BELOW | _SUMS_RIGHT
        self._row_groups, self._column_groups = RangeGroups(), RangeGroups()
        self._panes, self._frozen = FrozenPanes(), False
        self._columns: list[tuple[int, int]] = []
        self._hidden_columns: list[tuple[int, int]] = []

    def take(self, kind: int, body: memoryview) -> None:
        """Take one of their records; a short one says nothing."""
        if kind == _ROW and len(body) >= 14:
            row, height, flags = struct.unpack_from("<H4xH4xH", body)
            self._rows.add(row)
            if height & _ORDINARY:
                self._ordinary.add(row)
            if flags & 0x20 or (not height & _ORDINARY and _is_low(height)):
                self._hidden.add(row)
            self._row_groups.take(row, row, flags & 7, folded=bool(flags & 0x10))
        elif kind == _COLINFO and len(body) >= 10:
            first, last, width, flags = struct.unpack_from("<3H2xH", body)
            self._columns.append((first, last))
            if flags & 1 or _is_narrow(width):
                self._hidden_columns.append((first, last))
            self._column_groups.take(first, last, flags >> 8 & 7, folded=bool(flags & 0x1000))
        elif kind == _DEFAULT_HEIGHT and len(body) >= 4:
            flags, height = struct.unpack_from("<2H", body)
            self._no_rows = bool(flags & _NO_ROWS)
            self._low = _is_low(height)
        elif kind == _SHEET_OPTIONS and len(body) >= 2:
            self._sums = _word(body, 0, 2)
        elif kind == _DEFAULT_WIDTH and len(body) >= 2:
            self._narrow = not _word(body, 0, 2)
        elif kind == _WINDOW and len(body) >= 6:
            flags, self._panes.row, self._panes.column = struct.unpack_from("<3H", body)
            self._frozen = bool(flags & _FROZEN)
        elif kind == _PANE and len(body) >= 4 and self._frozen:
            self._panes.columns, self._panes.rows = struct.unpack_from("<2H", body)
        elif kind == _STANDARD_WIDTH and len(body) >= 2:
            self._narrow = _is_narrow(_word(body, 0, 2))

    def hidden_rows(self, filled: AbstractSet[int]) -> list[int]:
        """Return the rows among `filled` that are not shown."""
        hidden = set(self._hidden)
        for row, _ in self._row_groups.folded_up(after=bool(self._sums & _SUMS_BELOW)):
            hidden.add(row)
        if self._low:
            hidden |= self._ordinary | (filled - self._rows)
        if self._no_rows:
            hidden |= filled - self._rows
        for rows in self._panes.hidden_rows():
            hidden.update(row for row in filled if row in rows)
        return sorted(hidden & filled)

    def hidden_columns(self) -> list[tuple[int, int]]:
        """Return (first, last) of the columns that are not shown."""
        folded = self._column_groups.folded_up(after=bool(self._sums & _SUMS_RIGHT))
        others = unsaid(self._columns) if self._narrow else ()
        return [*self._hidden_columns, *folded, *others, *self._panes.hidden_columns()]


def _is_low(twips: int) -> bool:
    return twips < 20 * MIN_HEIGHT


def _is_narrow(width: int) -> bool:
    return width * CHARACTER < 256 * MIN_WIDTH


@dataclass(frozen=True, slots=True)
class WrittenCells:
    """The cell formats that show something else than a cell holds: their number -> the place of it in `formats`."""

    styles: Mapping[int, int] = field(default_factory=dict)
    formats: Sequence[NumberFormat] = ()


class _CellStyles:
    """The fonts, number formats and cell formats of a workbook, in their order."""

    def __init__(self) -> None:
        self._small: list[bool] = []
        self._formats: dict[int, tuple[bool, bool]] = {}
        self._codes = dict(BUILT_IN)
        self._cells: list[tuple[int, int]] = []

    def take(self, kind: int, body: memoryview, *, wide: bool) -> None:
        """Take one of their records; BIFF8 is `wide`."""
        if kind == _FONT:
            if len(self._small) == 4:
                # There is no font number 4.
                self._small.append(False)
            self._small.append(_word(body, 0, 2) <= 20)
        elif kind == _XF:
            self._cells.append((_word(body, 0, 2), _word(body, 2, 2)))
        else:
            code = _format_code(body, wide=wide)
            self._formats[_word(body, 0, 2)] = format_hides(code)
            self._codes[_word(body, 0, 2)] = code[: MAX_CODE + 1]

    def hiding(self) -> tuple[set[int], set[int]]:
        """Return the cell formats that show nothing of numbers, and those that show nothing of texts."""
        found: tuple[set[int], set[int]] = (set(), set())
        for place, (font, number) in enumerate(self._cells):
            small = font < len(self._small) and self._small[font]
            for into, hides in zip(found, self._formats.get(number, (False, False)), strict=True):
                if hides or small:
                    into.add(place)
        return found

    def written(self) -> WrittenCells:
        """Return the cell formats that show something else than a cell holds."""
        formats: list[NumberFormat] = []
        places: dict[int, int | None] = {}
        styles = {}
        for place, (_, number) in enumerate(self._cells):
            if number not in places:
                found = number_format(self._codes.get(number, ""))
                places[number] = len(formats) if found is not None else None
                formats += [found] if found is not None else []
            if (at := places[number]) is not None:
                styles[place] = at
        return WrittenCells(styles, formats)


def _format_code(body: memoryview, *, wide: bool) -> str:
    if not wide:
        return bytes(body[3 : 3 + _word(body, 2, 1)]).decode("latin-1")
    length, flags = _word(body, 2, 2), _word(body, 4, 1)
    if flags & 1:
        return bytes(body[5 : 5 + 2 * length]).decode("utf-16-le", "replace")
    return bytes(body[5 : 5 + length]).decode("latin-1")


def _sheet_name(body: memoryview, *, wide: bool) -> str:
    length = body[6]
    if not wide:
        return bytes(body[7 : 7 + length]).decode("gb18030", "replace")
    if body[7] & 1:
        return bytes(body[8 : 8 + 2 * length]).decode("utf-16-le", "replace")
    return bytes(body[8 : 8 + length]).decode("latin-1")


def _shared_lengths(parts: list[memoryview]) -> array[int]:
    """Return how many bytes each shared text has."""
    if len(parts[0]) < 8:
        raise WorkbookContainerError
    count = struct.unpack_from("<I", parts[0], 4)[0]
    if count > sum(map(len, parts)) // 3:
        raise WorkbookContainerError
    reader = _TextLengths(parts)
    return array("I", [reader.next_length() for _ in range(count)])


class _TextLengths:
    """Goes through the shared texts. One may go on in the next record, with a flag of its own."""

    def __init__(self, parts: list[memoryview]) -> None:
        self._parts = parts
        self._part, self._at = 0, 8

    def next_length(self) -> int:
        """Return the bytes of the next text, and go past it."""
        if self._at >= len(self._parts[self._part]):
            self._next_part(0)
        here = self._parts[self._part]
        if self._at + 3 > len(here):
            raise WorkbookContainerError
        characters, flags = struct.unpack_from("<HB", here, self._at)
        self._at += 3
        after = 0
        if flags & 8:
            after += 4 * _word(here, self._at, 2)
            self._at += 2
        if flags & 4:
            after += _word(here, self._at, 4)
            self._at += 4
        self._pass_text(characters, flags)
        self._pass_bytes(after)
        return 3 * int(characters)

    def _pass_text(self, characters: int, flags: int) -> None:
        while characters:
            width = 2 if flags & 1 else 1
            here = min(characters, (len(self._parts[self._part]) - self._at) // width)
            characters -= here
            self._at += here * width
            if characters:
                self._next_part(1)
                if not len(self._parts[self._part]):
                    raise WorkbookContainerError
                flags = self._parts[self._part][0]

    def _pass_bytes(self, left: int) -> None:
        while left:
            here = min(left, len(self._parts[self._part]) - self._at)
            left -= here
            self._at += here
            if left:
                self._next_part(0)

    def _next_part(self, at: int) -> None:
        self._part, self._at = self._part + 1, at
        if self._part >= len(self._parts):
            raise WorkbookContainerError


def _word(body: memoryview, at: int, size: int) -> int:
    if at + size > len(body):
        raise WorkbookContainerError
    return int.from_bytes(body[at : at + size], "little")
