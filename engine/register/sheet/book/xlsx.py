"""The pass over an Excel workbook (.xlsx, ECMA-376) before its values are read.

It bounds parts, elements, cells, styles and shared texts while they are unpacked, finds what is hidden or filtered and
where formulas stand, and packs the one sheet that is read into a small workbook of its own.
"""

from __future__ import annotations

import posixpath
import re
from array import array
from collections.abc import Mapping
from functools import cache

from engine.register.sheet.book.container import Container, ContainerError, TooMuchError
from engine.register.sheet.book.facts import Extent, SheetFacts, SheetName
from engine.register.sheet.limits import Limits
from engine.register.sheet.book.xml_pass import ElementCount, attribute, read_elements

_YES = frozenset({"1", "true", "on"})
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
#: Number formats Excel numbers itself that show a date; 27 to 36 and 50 to 58 are the East Asian ones.
_DATE_FORMATS = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
# What is quoted, bracketed or escaped in a number format is not part of the date.
_NOT_FORMAT = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')
#: So much of a formula is kept to be shown.
_SHOWN = 100

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def unescaped(text: str) -> str:
    """Return `text` with ``_xHHHH_`` undone (ECMA-376 part 1, 22.9.2.19); ``_x005F_`` keeps what follows as it is."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


class XlsxBook:
    """An opened workbook. Raises `ContainerError` where it is damaged, `TooMuchError` where it holds too much."""

    form = "xlsx"

    def __init__(self, container: Container, limits: Limits) -> None:
        self._container = container
        self._limits = limits
        self._count = ElementCount(limits.elements)
        part = next(
            (target for kind, target in self._related("").values() if kind == "officeDocument"),
            "xl/workbook.xml",
        )
        related = self._related(part)
        self.sheets: list[SheetName] = []
        self._epoch_1904 = False

        def start(tag: str, found: Mapping[str, str]) -> None:
            if tag == "workbookPr":
                self._epoch_1904 = found.get("date1904") in _YES
            elif tag == "sheet":
                kind, target = related.get(attribute(found, "id") or "", ("", ""))
                if "name" not in found or not kind:
                    raise ContainerError(part)
                if kind == "worksheet":
                    visible = found.get("state", "visible") == "visible"
                    self.sheets.append(SheetName(unescaped(found["name"]), visible, target))

        read_elements(container.pieces(part), self._count, start)
        if not self.sheets:
            raise ContainerError(part)
        parts = dict(related.values())
        self._strings, self._styles = (
            part if (part := parts.get(kind)) is not None and part in container else None
            for kind in ("sharedStrings", "styles")
        )
        self._lengths = self._read_strings(self._strings) if self._strings else array("I")
        self._dates = self._read_styles(self._styles) if self._styles else frozenset()

    def facts(self, sheet: SheetName) -> SheetFacts:
        """Return what one pass over a sheet finds."""
        found = _SheetPass(self._limits, self._lengths, self._dates)
        pieces = self._container.pieces(sheet.place)
        read_elements(pieces, self._count, found.start, text=found.pieces.append)
        found.finish_cell()
        return found.finish()

    def alone(self, sheet: SheetName) -> bytes:
        """Return a workbook of that sheet alone, for a reader of values."""
        parts = {"xl/worksheets/sheet1.xml": sheet.place}
        links = [("worksheet", "worksheets/sheet1.xml")]
        if self._strings:
            parts["xl/sharedStrings.xml"] = self._strings
            links.append(("sharedStrings", "sharedStrings.xml"))
        if self._styles:
            parts["xl/styles.xml"] = self._styles
            links.append(("styles", "styles.xml"))
        epoch = '<workbookPr date1904="1"/>' if self._epoch_1904 else ""
        workbook = (
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATED}">{epoch}'
            '<sheets><sheet name="1" sheetId="1" r:id="r1"/></sheets></workbook>'
        )
        types = f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>'
        texts = {
            "[Content_Types].xml": types,
            "_rels/.rels": _links([("officeDocument", "xl/workbook.xml")]),
            "xl/workbook.xml": workbook,
            "xl/_rels/workbook.xml.rels": _links(links),
        }
        return self._container.packed_again(parts, {name: text.encode() for name, text in texts.items()})

    def _related(self, part: str) -> dict[str, tuple[str, str]]:
        """Return relation id -> (kind, part) of a part; the last word of the kind's address says what it is."""
        folder, name = posixpath.split(part)
        relations = posixpath.join(folder, "_rels", f"{name}.rels")
        out: dict[str, tuple[str, str]] = {}

        def start(tag: str, found: Mapping[str, str]) -> None:
            if tag == "Relationship" and found.get("TargetMode") != "External":
                if not found.keys() >= {"Id", "Type", "Target"}:
                    raise ContainerError(relations)
                target = found["Target"].replace("\\", "/")
                whole = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
                out[found["Id"]] = (found["Type"].rpartition("/")[2], posixpath.normpath(whole))

        if relations in self._container:
            read_elements(self._container.pieces(relations), self._count, start)
        return out

    def _read_strings(self, part: str) -> array[int]:
        """Return how many bytes each shared text has."""
        lengths = array("I")
        length = 0

        def start(tag: str, _found: Mapping[str, str]) -> None:
            nonlocal length
            if tag == "si":
                if lengths:
                    lengths[-1] = length
                length = 0
                lengths.append(0)

        def text(piece: str) -> None:
            nonlocal length
            # Readings and white space between elements are counted too; it is a bound.
            length += len(piece) if piece.isascii() else 3 * len(piece)

        read_elements(self._container.pieces(part), self._count, start, text=text)
        if lengths:
            lengths[-1] = length
        return lengths

    def _read_styles(self, part: str) -> frozenset[str]:
        """Return the numbers of the cell formats that show a date."""
        dates = set(_DATE_FORMATS)
        styles: list[str] = []
        inside = ""
        formats = 0

        def start(tag: str, found: Mapping[str, str]) -> None:
            nonlocal inside, formats
            if tag in ("cellStyleXfs", "cellXfs", "cellStyles", "dxfs"):
                inside = tag
            elif tag == "numFmt" and not inside and _shows_date(found.get("formatCode", "")):
                dates.add(_integer(found.get("numFmtId", "")))
            elif tag == "xf" and inside == "cellXfs":
                if _integer(found.get("numFmtId", "0")) in dates:
                    styles.append(str(formats))
                formats += 1
                if formats > 65_490:
                    # Excel itself has no more.
                    raise TooMuchError("styles")

        read_elements(self._container.pieces(part), self._count, start)
        return frozenset(styles)


class _SheetPass:
    """Follows the elements of a worksheet."""

    def __init__(self, limits: Limits, lengths: array[int], dates: frozenset[str]) -> None:
        self.pieces: list[str] = []
        self._facts = SheetFacts()
        self._extent = Extent(limits)
        self._limits = limits
        self._lengths = lengths
        self._dates = dates
        self._row = self._next_row = 0
        self._column = 0
        self._hidden = False
        self._cell: Mapping[str, str] | None = None
        self._part = ""
        self._formula: str | None = None
        self._filled = self._own = False

    def start(self, tag: str, found: Mapping[str, str]) -> None:
        if tag == "c":
            self.finish_cell()
            self._cell = found
            self.pieces.clear()
            reference = found.get("r")
            if reference is not None:
                self._column = _column(reference.rstrip("0123456789"))
            self._part = ""
        elif tag == "v" or tag == "t":
            self._take_formula()
            self._part = tag
        elif tag == "f":
            self.pieces.clear()
            self._part = tag
        elif tag == "rPh":
            # A reading is no part of the text; what it holds comes in elements of its own.
            self._part = "rPh"
        elif tag == "row":
            self.finish_cell()
            self._finish_row()
            number = found.get("r")
            self._row = _integer(number) - 1 if number is not None else self._next_row
            self._next_row = self._row + 1
            self._column = 0
            self._hidden = found.get("hidden") in _YES or found.get("ht") in ("0", "0.0")
        elif tag == "col":
            if found.get("hidden") in _YES or found.get("width") in ("0", "0.0"):
                first, last = _integer(found.get("min", "")), _integer(found.get("max", ""))
                self._facts.hidden_columns.append((first - 1, last - 1))
        elif tag == "autoFilter" or tag == "filterColumn":
            self.finish_cell()
            self._facts.filtered = self._facts.filtered or tag == "filterColumn"

    def _take_formula(self) -> None:
        if self._part == "f":
            self._formula = "".join(self.pieces)[:_SHOWN] or "…"
            self.pieces.clear()

    def finish_cell(self) -> None:
        """Take the cell whose elements came so far."""
        cell = self._cell
        if cell is None:
            return
        self._cell = None
        self._take_formula()
        pieces = self.pieces
        text = (pieces[0] if len(pieces) == 1 else "".join(pieces)).strip() if pieces else ""
        column, row = self._column, self._row
        self._column += 1
        kind = cell.get("t", "n")
        formula, self._formula = self._formula, None
        if formula is not None:
            if text:
                self._facts.formulas += 1
            elif not (kind == "str" and self._part == "v"):
                self._put(row, column, f"={formula.strip()}")
                text = "="
            self._filled = True
        if not text:
            return
        if formula is None:
            self._filled = self._own = True
        if kind == "s":
            index = _integer(text)
            if index >= len(self._lengths):
                raise ContainerError(text)
            self._extent.take(row, column, self._lengths[index])
            return
        self._extent.take(row, column, len(text) if text.isascii() else 3 * len(text))
        if kind == "e":
            self._put(row, column, text[:_SHOWN])
        elif kind == "n" and text != "=" and cell.get("s") in self._dates:
            value = _float(text)
            # Before serial 61 Excel counts a 29 February 1900 that never was; such cells are not dates of a register.
            if not 61 <= value < 2_958_466:
                self._put(row, column, number_text(value))

    def _put(self, row: int, column: int, text: str) -> None:
        if len(self._facts.instead) >= self._limits.rows:
            raise TooMuchError("formulas")
        self._facts.instead[row, column] = text

    def _finish_row(self) -> None:
        if self._filled:
            if self._hidden:
                self._facts.hidden_rows.append(self._row)
            if not self._own:
                self._facts.formula_rows.add(self._row)
        self._filled = self._own = False

    def finish(self) -> SheetFacts:
        """Return what was found."""
        self._finish_row()
        return self._facts


def _links(targets: list[tuple[str, str]]) -> str:
    inside = "".join(
        f'<Relationship Id="r{number}" Type="{_RELATED}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{inside}</Relationships>'


def _shows_date(code: str) -> bool:
    return any(char in "ymdhsYMDHS" for char in _NOT_FORMAT.sub("", code.partition(";")[0]))


def _integer(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise ContainerError(text[:20])
    return int(text)


def _float(text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise ContainerError(text[:20]) from error


def number_text(value: float) -> str:
    """Return a number as the office's program shows it: no more than 15 digits, those of a longer one as ``9.11E+17``."""
    if value != value or value in (float("inf"), float("-inf")):
        return str(value)
    if abs(value) >= 10**15:
        # Excel keeps 15 digits of a number; a longer code typed as a number has lost the rest.
        return f"{value:.5E}"
    return str(int(value)) if value == int(value) else format(value, ".15g")


@cache
def _column(letters: str) -> int:
    """Return the place of a column, A being 0."""
    if not (letters.isascii() and letters.isalpha() and len(letters) <= 3):
        raise ContainerError(letters[:20])
    place = 0
    for letter in letters:
        place = place * 26 + int(letter, 36) - 9
    return place - 1
