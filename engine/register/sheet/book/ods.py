"""The pass over an OpenDocument spreadsheet (.ods) before its values are read: bounds, what is hidden, formulas."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping

from engine.register.sheet.book.container import TooMuchError, WorkbookContainer, WorkbookContainerError
from engine.register.sheet.book.facts import EncryptedError, Extent, SheetFacts, SheetName
from engine.register.sheet.book.ods_styles import OdsStyles
from engine.register.sheet.book.xml_pass import ElementCount, attribute, read_elements
from engine.register.sheet.limits import MAX_ROWS, Limits

_MIME = "application/vnd.oasis.opendocument.spreadsheet"
_MANIFEST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_MIME}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)

#: Elements of a cell's text, and the family of their styles.
_TEXT_FAMILIES = {"p": "paragraph", "span": "text"}
#: Elements around rows, or columns, that may be folded up; so many may be in each other.
_GROUPS = {"table-row-group": "row", "table-column-group": "column"}
_MAX_GROUPS = 100
_VALUES = ("value", "string-value", "date-value", "time-value", "boolean-value")


class OdsBook:
    """An opened spreadsheet. Raises `WorkbookContainerError` where it is damaged, `TooMuchError` where it holds too much."""

    form = "ods"

    def __init__(self, container: WorkbookContainer, limits: Limits) -> None:
        self._container = container
        count = ElementCount(limits.elements)
        if "META-INF/manifest.xml" in container:
            read_elements(container.pieces("META-INF/manifest.xml"), count, _refuse_encrypted)
        container.take_as_utf8("content.xml")
        styles = OdsStyles()
        if "styles.xml" in container:
            read_elements(container.pieces("styles.xml"), count, styles.start, styles.end, styles.text)
        found = _ContentPass(limits, styles)
        read_elements(container.pieces("content.xml"), count, found.start, found.end, found.text)
        if not found.sheets:
            raise WorkbookContainerError("content.xml")
        self.sheets = [
            SheetName(name, style not in found.undisplayed, str(number))
            for number, (name, style, _) in enumerate(found.sheets)
        ]
        self._facts = [facts for _, _, facts in found.sheets]

    def facts(self, sheet: SheetName) -> SheetFacts:
        """Return what the pass found on a sheet."""
        return self._facts[int(sheet.place)]

    def blocks(self, _sheet: SheetName) -> Iterator[bytes]:
        """Yield one file of the contents alone, for a reader of values."""
        texts = {"mimetype": _MIME.encode(), "META-INF/manifest.xml": _MANIFEST.encode()}
        yield self._container.packed_again({"content.xml": "content.xml"}, texts)


def _refuse_encrypted(tag: str, _found: Mapping[str, str]) -> None:
    if tag == "encryption-data":
        raise EncryptedError


class _ContentPass:
    """Follows the elements of ``content.xml``."""

    def __init__(self, limits: Limits, styles: OdsStyles) -> None:
        self.sheets: list[tuple[str, str, SheetFacts]] = []
        self._styles = styles
        self._protected = False
        #: The first column of each `table-column`, and the style of its cells.
        self._column_styles: tuple[list[int], list[str]] = ([], [])
        self._row_style: str | None = None
        #: Of the groups around what is read, the innermost last: whether it is folded up.
        self._groups: dict[str, list[bool]] = {"row": [], "column": []}
        self.undisplayed: set[str] = set()
        self._limits = limits
        self._style = ""
        self._facts = SheetFacts()
        # All sheets are read at once, so one extent bounds them together.
        self._extent = Extent(limits)
        self._depth = 0
        self._row = self._next_row = self._column = self._next_column = 0
        self._repeated = 1
        self._hidden = False
        #: Of the row that is being read: (column, bytes, whether a formula) of each filled cell.
        self._cells: list[tuple[int, int, bool]] = []
        #: Of that row: (column, number of the format) of each cell that shows something else than it holds.
        self._shown: list[tuple[int, int]] = []
        self._cell: Mapping[str, str] | None = None
        #: Whether a part of the cell's text is in letters that are not shown.
        self._part_unseen = False
        self._length = 0

    def start(self, tag: str, found: Mapping[str, str]) -> None:
        if self._depth == 0:
            self._styles.start(tag, found)
        if tag == "style":
            self._style = attribute(found, "name") or ""
        elif tag == "table-properties":
            if attribute(found, "display") == "false":
                self.undisplayed.add(self._style)
        elif tag == "table":
            self._start_table(found)
        elif self._depth != 1:
            return
        elif tag == "table-column":
            self._start_column(found)
        elif tag == "table-row":
            self._start_row(found)
        elif tag in _GROUPS:
            self._start_group(_GROUPS[tag], found)
        elif tag in ("table-cell", "covered-table-cell"):
            self._cell = found
            # Below a merged cell: LibreOffice keeps what was there and shows nothing of it.
            self._part_unseen = tag == "covered-table-cell"
            self._length = 0
        elif tag in _TEXT_FAMILIES and self._cell is not None:
            self._start_part(_TEXT_FAMILIES[tag], found)

    def _start_group(self, of: str, found: Mapping[str, str]) -> None:
        groups = self._groups[of]
        groups.append(attribute(found, "display") == "false")
        if len(groups) > _MAX_GROUPS:
            raise TooMuchError("elements")

    def _start_part(self, family: str, found: Mapping[str, str]) -> None:
        name = attribute(found, "style-name")
        if name is not None and self._styles.hides(family, name):
            self._part_unseen = True

    def _start_table(self, found: Mapping[str, str]) -> None:
        self._depth += 1
        if self._depth == 1:
            self._facts = SheetFacts()
            name = attribute(found, "name") or ""
            self.sheets.append((name, attribute(found, "style-name") or "", self._facts))
            self._next_row = self._next_column = 0
            self._protected = attribute(found, "protected") == "true"
            self._column_styles = ([], [])
            self._groups = {"row": [], "column": []}
            self._extent.next_sheet()

    def _start_column(self, found: Mapping[str, str]) -> None:
        repeated = _repeated(found, "number-columns-repeated")
        hidden = attribute(found, "visibility") in ("collapse", "filter") or True in self._groups["column"]
        if hidden or self._styles.flat("table-column", attribute(found, "style-name")):
            self._facts.hidden_columns.append((self._next_column, self._next_column + repeated - 1))
        self._column_styles[0].append(self._next_column)
        self._column_styles[1].append(attribute(found, "default-cell-style-name") or "")
        self._next_column += repeated

    def _start_row(self, found: Mapping[str, str]) -> None:
        self._repeated = _repeated(found, "number-rows-repeated")
        visibility = attribute(found, "visibility")
        self._hidden = visibility in ("collapse", "filter") or True in self._groups["row"]
        self._hidden = self._hidden or self._styles.flat("table-row", attribute(found, "style-name"))
        self._facts.filtered = self._facts.filtered or visibility == "filter"
        self._row, self._next_row = self._next_row, self._next_row + self._repeated
        if self._next_row > 16 * MAX_ROWS:
            raise TooMuchError("rows")
        self._row_style = attribute(found, "default-cell-style-name")
        self._column = 0
        self._cells.clear()
        self._shown.clear()

    def text(self, piece: str) -> None:
        if self._depth == 0:
            self._styles.text(piece)
        if self._cell is not None:
            self._length += len(piece) if piece.isascii() else 3 * len(piece)

    def end(self, tag: str) -> None:
        if self._depth == 0:
            self._styles.end(tag)
        if tag == "table":
            self._depth -= 1
        elif self._depth != 1:
            return
        elif tag in ("table-cell", "covered-table-cell"):
            self._finish_cell()
        elif tag == "table-row":
            self._finish_row()
        elif tag in _GROUPS and self._groups[_GROUPS[tag]]:
            self._groups[_GROUPS[tag]].pop()

    def _finish_cell(self) -> None:
        found = self._cell
        if found is None:
            return
        self._cell = None
        repeated = _repeated(found, "number-columns-repeated")
        column, self._column = self._column, self._column + repeated
        formula = attribute(found, "formula")
        length = self._length
        if not length:
            # The value may stand in an attribute alone.
            values = [attribute(found, name) for name in _VALUES]
            length = max(3 * len(value) for value in values if value is not None) if any(values) else 0
        if not length and formula is None:
            return
        if self._column > 16_384:
            raise TooMuchError("columns")
        for place in range(column, self._column):
            self._cells.append((place, length, formula is not None))
            if not length:
                continue
            style = self._style_of(found, place)
            if not self._hidden and (self._part_unseen or self._unseen(found, style)):
                self._facts.unseen_columns.add(place)
            if (number := self._styles.written(style)) is not None and self._shows_value(found):
                self._shown.append((place, number))
        if len(self._cells) > 16_384:
            raise TooMuchError("columns")

    def _style_of(self, found: Mapping[str, str], column: int) -> str:
        """Return the style of a cell: its own, that of its row, or that of its column."""
        name = attribute(found, "style-name") or self._row_style
        if name is None:
            starts, names = self._column_styles
            place = bisect_right(starts, column) - 1
            name = names[place] if place >= 0 else ""
        return name

    def _shows_value(self, found: Mapping[str, str]) -> bool:
        return attribute(found, "value-type") not in ("date", "time", "boolean")

    def _unseen(self, found: Mapping[str, str], name: str) -> bool:
        """Tell whether a cell does not show what it holds, by its style."""
        text = attribute(found, "value-type") in (None, "string")
        return self._styles.hides("table-cell", name, text=text, protected=self._protected)

    def _finish_row(self) -> None:
        if not self._cells:
            return
        own = any(not formula for _, _, formula in self._cells)
        for row in range(self._row, self._next_row):
            for column, length, formula in self._cells:
                if length:
                    self._extent.take(row, column, length)
                    self._facts.formulas += formula
            for column, number in self._shown:
                self._facts.take_shown(row, column, number, self._styles.written_formats, self._limits.rows)
            if self._hidden:
                self._facts.hidden_rows.append(row)
            if not own:
                self._facts.formula_rows.add(row)
                if len(self._facts.formula_rows) > self._limits.rows:
                    raise TooMuchError("formulas", self._limits.rows)


def _repeated(found: Mapping[str, str], name: str) -> int:
    text = attribute(found, name) or "1"
    if not (text.isascii() and text.isdigit() and len(text) <= 9 and int(text) > 0):
        raise WorkbookContainerError(name)
    return int(text)
