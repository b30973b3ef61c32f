"""The cells of an Excel workbook (.xlsx), row by row, as texts. Standard library only.

A workbook is a zip of XML parts (ECMA-376). A register of 40,000 rows has about a million filled cells; read as
objects, one each, they take several times as long as all the checks. Here a streaming parser hands over texts.
Formulas keep their ``=``, so that whoever checks can refuse them; nothing is computed.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import IO
from xml.parsers import expat

#: Excel keeps 15 digits of a number; a longer code typed as a number has lost the rest.
_DIGITS_KEPT = 10**15
#: Number formats Excel numbers itself that show a date; 27 to 36 and 50 to 58 are the East Asian ones.
_DATE_FORMATS = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
# What is quoted, bracketed or escaped in a number format is not part of the date.
_NOT_FORMAT = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')
_CHUNK = 1 << 18
_MAX_COLUMNS = 16_384

Attributes = Mapping[str, str]


class WorkbookError(Exception):
    """The parts of the file do not make a workbook."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A worksheet by its name, and the part of the file it is in."""

    name: str
    part: str
    visible: bool


class Workbook:
    """An open workbook. What it raises on a damaged file is not one family; see `DAMAGED`."""

    def __init__(self, file: IO[bytes], most_unpacked: int) -> None:
        self._archive = zipfile.ZipFile(file)
        if sum(entry.file_size for entry in self._archive.infolist()) > most_unpacked:
            # A small file that unpacks to so much was made to fill the memory.
            raise WorkbookError
        part = next(
            (target for kind, target in self._related("").values() if kind == "officeDocument"),
            "xl/workbook.xml",
        )
        related = self._related(part)
        self.sheets: tuple[Sheet, ...] = ()
        self._epoch_1904 = False
        for tag, attributes in self._elements(part):
            if tag == "workbookPr":
                self._epoch_1904 = attributes.get("date1904") in ("1", "true")
            elif tag == "sheet":
                link = next(
                    (value for name, value in attributes.items() if name.rpartition(":")[2] == "id"), ""
                )
                kind, target = related[link]
                if kind == "worksheet":
                    visible = attributes.get("state", "visible") == "visible"
                    self.sheets += (Sheet(attributes["name"], target, visible),)
        if not self.sheets:
            raise WorkbookError
        parts = dict(related.values())
        self._strings = self._shared_strings(parts["sharedStrings"]) if "sharedStrings" in parts else []
        self._dates = self._date_styles(parts["styles"]) if "styles" in parts else frozenset()

    def close(self) -> None:
        """Let go of the file."""
        self._archive.close()

    def rows(self, sheet: Sheet) -> Iterator[tuple[int, list[str]]]:
        """Yield (row number, texts of the cells) for each row that is in the file; cells not there are empty.

        Dates are ISO texts, with the time of day if there is one; numbers are written plainly, those with more than
        15 digits as Excel shows them (``9.11301E+17``); formulas begin with ``=``.
        """
        cells = _Cells(self._strings, self._dates, epoch_1904=self._epoch_1904)
        with self._archive.open(sheet.part) as part:
            while chunk := part.read(_CHUNK):
                cells.parser.Parse(chunk)
                yield from cells.rows
                cells.rows.clear()
            cells.parser.Parse(b"", True)
        yield from cells.rows

    def _related(self, part: str) -> dict[str, tuple[str, str]]:
        """Return relation id -> (kind, part) of a part; the last word of the kind's address says what it is."""
        folder, name = posixpath.split(part)
        relations = posixpath.join(folder, "_rels", f"{name}.rels")
        if relations not in self._archive.namelist():
            return {}
        out = {}
        for tag, attributes in self._elements(relations):
            if tag == "Relationship" and attributes.get("TargetMode") != "External":
                target = attributes["Target"]
                whole = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
                kind = attributes["Type"].rpartition("/")[2]
                out[attributes["Id"]] = (kind, posixpath.normpath(whole))
        return out

    def _elements(self, part: str) -> list[tuple[str, Attributes]]:
        found: list[tuple[str, Attributes]] = []
        parser = _parser()
        parser.StartElementHandler = lambda tag, attributes: found.append(
            (tag.rpartition(":")[2], attributes)
        )
        parser.Parse(self._archive.read(part), True)
        return found

    def _shared_strings(self, part: str) -> list[str]:
        strings = _Strings()
        with self._archive.open(part) as stream:
            while chunk := stream.read(_CHUNK):
                strings.parser.Parse(chunk)
            strings.parser.Parse(b"", True)
        return strings.found

    def _date_styles(self, part: str) -> frozenset[int]:
        dates = set(_DATE_FORMATS)
        styles: list[int] = []
        inside = ""
        for tag, attributes in self._elements(part):
            if tag in ("cellStyleXfs", "cellXfs", "cellStyles", "dxfs"):
                inside = tag
            elif tag == "numFmt" and not inside and _shows_date(attributes.get("formatCode", "")):
                dates.add(int(attributes["numFmtId"]))
            elif tag == "xf" and inside == "cellXfs":
                styles.append(int(attributes.get("numFmtId", "0")))
        return frozenset(style for style, number in enumerate(styles) if number in dates)


#: What reading a damaged workbook may raise.
DAMAGED = (
    WorkbookError, expat.ExpatError, zipfile.BadZipFile, EOFError, OSError, KeyError, ValueError, IndexError,
    OverflowError, NotImplementedError, RuntimeError, zlib.error,
)  # fmt: skip


def _parser() -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def refuse(*_: object) -> None:
        # A workbook has no document type; one that has may hide entities that unpack without end.
        raise WorkbookError

    parser.StartDoctypeDeclHandler = refuse
    return parser


def _shows_date(code: str) -> bool:
    return any(char in "ymdhsYMDHS" for char in _NOT_FORMAT.sub("", code.partition(";")[0]))


class _Strings:
    """Gathers the texts of the shared strings; rich text is joined, readings (ruby) are left out."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self.parser = _parser()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self._pieces: list[str] = []
        self._reading = False

    def _start(self, tag: str, _attributes: Attributes) -> None:
        tag = tag.rpartition(":")[2]
        if tag == "t" and not self._reading:
            self.parser.CharacterDataHandler = self._pieces.append
        elif tag == "rPh":
            self._reading = True

    def _end(self, tag: str) -> None:
        tag = tag.rpartition(":")[2]
        if tag == "t":
            self.parser.CharacterDataHandler = None
        elif tag == "rPh":
            self._reading = False
        elif tag == "si":
            self.found.append("".join(self._pieces))
            self._pieces.clear()


class _Cells:
    """Converts the events of a worksheet's XML into rows of texts."""

    def __init__(self, strings: list[str], dates: frozenset[int], *, epoch_1904: bool) -> None:
        self.rows: list[tuple[int, list[str]]] = []
        self.parser = _parser()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self._strings = strings
        self._dates = {str(style) for style in dates}
        self._epoch = date(1904, 1, 1) if epoch_1904 else date(1899, 12, 30)
        self._number = 0
        self._cells: list[str] = []
        self._cell: Attributes = {}
        self._pieces: list[str] = []
        self._add = self._pieces.append
        self._formula: list[str] | None = None
        self._reading = False
        self._shown: dict[str, str] = {}
        self._convert: Mapping[str, Callable[[str], str]] = {
            "s": lambda text: strings[int(text)],
            "b": lambda text: "TRUE" if text == "1" else "FALSE",
            "d": lambda text: text.replace("T", " "),
        }

    def _start(self, tag: str, attributes: Attributes) -> None:
        if tag == "c":
            self._cell = attributes
        elif tag == "v" or (tag == "t" and not self._reading):
            self.parser.CharacterDataHandler = self._add
        elif tag == "row":
            self._number = int(attributes.get("r", self._number + 1))
            self._cells = []
        elif tag == "f":
            self._formula = []
            self.parser.CharacterDataHandler = self._formula.append
        elif tag == "rPh":
            self._reading = True
        elif ":" in tag:
            # Some programs write every tag with a prefix.
            self._start(tag.rpartition(":")[2], attributes)

    def _end(self, tag: str) -> None:
        if tag == "c":
            if self._pieces or self._formula is not None:
                self._put()
        elif tag in ("t", "v", "f"):
            self.parser.CharacterDataHandler = None
        elif tag == "row":
            if self._cells:
                self.rows.append((self._number, self._cells))
        elif tag == "rPh":
            self._reading = False
        elif ":" in tag:
            self._end(tag.rpartition(":")[2])

    def _put(self) -> None:
        cell = self._cell
        cells = self._cells
        count = len(cells)
        reference = cell.get("r")
        place = count if reference is None else _column(reference.rstrip("0123456789"))
        if place > count:
            cells.extend([""] * (place - count))
        pieces = self._pieces
        text = pieces[0] if len(pieces) == 1 else "".join(pieces)
        pieces.clear()
        if self._formula is not None:
            text = f"={''.join(self._formula) or '…'}"
            self._formula = None
        else:
            kind = cell.get("t", "n")
            if kind == "n":
                text = self._date(text) if cell.get("s") in self._dates else _number(text)
            elif kind in self._convert:
                text = self._convert[kind](text)
        if place >= count:
            cells.append(text)
        else:
            cells[place] = text

    def _date(self, text: str) -> str:
        shown = self._shown.get(text)
        if shown is None:
            shown = self._shown[text] = _date(text, self._epoch)
        return shown


@cache
def _column(letters: str) -> int:
    """Return the place of a column, A being 0."""
    place = 0
    for letter in letters:
        place = place * 26 + int(letter, 36) - 9
    if not 0 < place <= _MAX_COLUMNS:
        raise ValueError(letters)
    return place - 1


def _number(text: str) -> str:
    if text.isdigit() and len(text) <= 15:
        return text
    value = float(text)
    if abs(value) >= _DIGITS_KEPT:
        return f"{value:.5E}"
    return str(int(value)) if value == int(value) else format(value, ".15g")


def _date(text: str, epoch: date) -> str:
    serial = float(text)
    days, seconds = divmod(round(serial * 86_400), 86_400)
    # Before serial 61 Excel counts a 29 February 1900 that never was; such cells are not dates of a register.
    if not 61 <= days < 2_958_466:
        return _number(text)
    day = (epoch + timedelta(days=days)).isoformat()
    if not seconds:
        return day
    return f"{day} {seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
