"""The pass over an OpenDocument spreadsheet (.ods) before its values are read: bounds, what is hidden, formulas."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from itertools import pairwise
from xml.parsers import expat

from engine.register.sheet.book.container import TooMuchError, WorkbookContainer, WorkbookContainerError
from engine.register.sheet.book.cutter import BLOCK, BLOCK_BYTES, Cut, Cutter
from engine.register.sheet.book.facts import EncryptedError, Extent, SheetFacts, SheetName
from engine.register.sheet.book.ods_styles import OdsStyles
from engine.register.sheet.book.xml_pass import ElementCount, attribute, read_elements
from engine.register.sheet.limits import MAX_CELL_LENGTH, MAX_ROWS, Limits

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
#: So many elements may be in each other around a row, and so long may their names be together.
_MAX_AROUND, _MAX_AROUND_LENGTH = 1_000, 20_000
#: What the part of contents says of its encoding is in its first bytes.
_DECLARATION = re.compile(rb"(?:\xef\xbb\xbf)?<\?xml[^>]{0,200}\?>")
#: A row is handed over whole, so its bytes are bounded as well.
_MAX_BLOCK = 2 * BLOCK_BYTES
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
        styles = OdsStyles(limits.styles)
        if "styles.xml" in container:
            read_elements(container.pieces("styles.xml"), count, styles.start, styles.end, styles.text)
        found = _ContentPass(limits, styles, count)
        pieces = container.pieces("content.xml")
        read_elements(pieces, count, found.start, found.end, found.text, begin=found.begin)
        if not found.sheets:
            raise WorkbookContainerError("content.xml")
        self.sheets = [
            SheetName(name, style not in found.undisplayed, str(number))
            for number, (name, style, _) in enumerate(found.sheets)
        ]
        self._facts = [facts for _, _, facts in found.sheets]
        self._cuts = found.cuts

    def facts(self, sheet: SheetName) -> SheetFacts:
        """Return what the pass found on a sheet."""
        return self._facts[int(sheet.place)]

    def blocks(self, sheet: SheetName) -> Iterator[tuple[int, bytes]]:
        """Yield files of some rows of that sheet alone, for a reader of values, which keeps all that is in a file it opens."""
        cuts = self._cuts[int(sheet.place)]
        if not cuts:
            return
        texts = {"mimetype": _MIME.encode(), "META-INF/manifest.xml": _MANIFEST.encode()}
        cutter = Cutter(self._container.pieces("content.xml"))
        found = _DECLARATION.match(cutter.first(300))
        declaration = found[0] if found is not None else b""
        cutter.skip_to(cuts[0].byte)
        # The last cut is where the sheet ends.
        for this, following in pairwise(cuts):
            head = "".join(f"<{tag}{_named(tag)}>" for tag in this.around).encode()
            foot = "".join(f"</{tag}>" for tag in reversed(following.around)).encode()
            content = b"".join((declaration, head, cutter.up_to(following.byte), foot))
            yield this.row, self._container.packed_again({}, {**texts, "content.xml": content})


def _named(tag: str) -> str:
    """Return the attribute without which a reader of values passes over a sheet."""
    return ' table:name="1"' if tag.rpartition(":")[2] == "table" else ""


def _refuse_encrypted(tag: str, _found: Mapping[str, str]) -> None:
    if tag == "encryption-data":
        raise EncryptedError


class _ContentPass:
    """Follows the elements of ``content.xml``."""

    def __init__(self, limits: Limits, styles: OdsStyles, count: ElementCount) -> None:
        self.sheets: list[tuple[str, str, SheetFacts]] = []
        #: Of each sheet: where it may be cut, the last one being its end.
        self.cuts: list[list[Cut]] = []
        self._count = count
        self._parser: expat.XMLParserType | None = None
        #: Tag -> its local name.
        self._local: dict[str, str] = {}
        #: The tags that are open around the rows, and whether a row is.
        self._around: list[str] = []
        self._in_row = False
        #: Filled cells since the last cut.
        self._since = 0
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
        #: Of that row: the first and last column of each cell for which a reader of values keeps a place, empty ones too.
        self._kept: list[tuple[int, int]] = []
        #: Of that row: (column, number of the format) of each cell that shows something else than it holds.
        self._shown: list[tuple[int, int]] = []
        self._cell: Mapping[str, str] | None = None
        #: Whether a part of the cell's text is in letters that are not shown.
        self._part_unseen = False
        self._length = 0

    def begin(self, parser: expat.XMLParserType) -> None:
        """Take the parser, for the places of rows."""
        self._parser = parser

    def start(self, written: str, found: Mapping[str, str]) -> None:
        """Take the beginning of an element, as the file writes its tag. Raises `TooMuchError` where there are too many."""
        count = self._count
        count.left -= 1
        if count.left < 0:
            raise TooMuchError("elements", count.most)
        tag = self._local.get(written) or self._name_of(written)
        self._start(tag, found)
        if tag == "s" and self._cell is not None:
            # So many blanks: a reader of values makes them.
            self._length += _number(found, "c", least=0)
            if self._length > 4 * MAX_CELL_LENGTH:
                raise TooMuchError("cell", MAX_CELL_LENGTH)
        if not self._in_row:
            self._around.append(written)
            if len(self._around) > _MAX_AROUND:
                raise TooMuchError("elements")
            self._in_row = tag == "table-row" and self._depth == 1

    def _name_of(self, written: str) -> str:
        found = written.rpartition(":")[2]
        if len(self._local) < 1000:
            self._local[written] = found
        return found

    def _cut(self, row: int) -> None:
        if sum(map(len, self._around)) > _MAX_AROUND_LENGTH:
            # They are written again around each part of the sheet.
            raise TooMuchError("elements")
        if self._parser is not None:
            at, cuts = self._parser.CurrentByteIndex, self.cuts[-1]
            if cuts and at - cuts[-1].byte > _MAX_BLOCK:
                raise TooMuchError("unpacked", _MAX_BLOCK)
            cuts.append(Cut(at, row, tuple(self._around)))
        self._since = 0

    def _start(self, tag: str, found: Mapping[str, str]) -> None:
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
            self._start_cell(tag, found)
        elif tag in _TEXT_FAMILIES and self._cell is not None:
            self._start_part(_TEXT_FAMILIES[tag], found)

    def _start_cell(self, tag: str, found: Mapping[str, str]) -> None:
        if self._cell is not None:
            raise WorkbookContainerError("a cell in a cell")
        self._cell = found
        # Below a merged cell: LibreOffice keeps what was there and shows nothing of it.
        self._part_unseen = tag == "covered-table-cell"
        self._length = 0

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
        if self._depth > 1:
            # A reader of values takes the rows of this one for rows of the sheet, which nobody counts here.
            raise WorkbookContainerError("a table in a table")
        if self._depth == 1:
            self._facts = SheetFacts()
            name = attribute(found, "name") or ""
            self.sheets.append((name, attribute(found, "style-name") or "", self._facts))
            self._next_row = self._next_column = 0
            self._protected = attribute(found, "protected") == "true"
            self._column_styles = ([], [])
            self._groups = {"row": [], "column": []}
            self._extent.next_sheet()
            self.cuts.append([])

    def _start_column(self, found: Mapping[str, str]) -> None:
        repeated = _number(found, "number-columns-repeated")
        hidden = attribute(found, "visibility") in ("collapse", "filter") or True in self._groups["column"]
        if hidden or self._styles.flat("table-column", attribute(found, "style-name")):
            self._facts.hidden_columns.append((self._next_column, self._next_column + repeated - 1))
        self._column_styles[0].append(self._next_column)
        self._column_styles[1].append(attribute(found, "default-cell-style-name") or "")
        self._next_column += repeated

    def _start_row(self, found: Mapping[str, str]) -> None:
        if self._in_row:
            raise WorkbookContainerError("a row in a row")
        if self._may_cut():
            self._cut(self._next_row)
        self._repeated = _number(found, "number-rows-repeated")
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
        self._kept.clear()
        self._shown.clear()

    def _may_cut(self) -> bool:
        cuts = self.cuts[-1]
        if not cuts or self._since >= BLOCK:
            return True
        return self._parser is not None and self._parser.CurrentByteIndex - cuts[-1].byte >= BLOCK_BYTES

    def text(self, piece: str) -> None:
        if self._depth == 0:
            self._styles.text(piece)
        if self._cell is not None:
            self._length += len(piece) if piece.isascii() else 3 * len(piece)

    def end(self, tag: str) -> None:
        """Take the end of an element, by its local name."""
        if tag == "table" and self._depth == 1 and self.cuts[-1]:
            self._cut(self._next_row)
        if self._in_row:
            self._in_row = not (tag == "table-row" and self._depth == 1)
        if not self._in_row:
            self._around.pop()
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
        repeated = _number(found, "number-columns-repeated")
        column, self._column = self._column, self._column + repeated
        formula = attribute(found, "formula")
        if formula is not None:
            # A reader of values keeps a formula for each place; what is written once is bounded with the bytes of the part.
            self._extent.text(3 * len(formula) * (min(repeated, 16_384) * self._repeated - 1))
        length = self._length
        if not length:
            # The value may stand in an attribute alone.
            values = [attribute(found, name) for name in _VALUES]
            length = max(3 * len(value) for value in values if value is not None) if any(values) else 0
        if not length and formula is None and not _is_kept(found):
            return
        if self._column > 16_384:
            raise TooMuchError("columns")
        self._kept.append((column, self._column - 1))
        if not length and formula is None:
            return
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
        if not self._kept:
            return
        left, right = min(first for first, _ in self._kept), max(last for _, last in self._kept)
        if not self._cells:
            for row in range(self._row, self._next_row):
                self._extent.take_row(row, left, right, 0)
            return
        own = any(not formula for _, _, formula in self._cells)
        self._since += len(self._cells) * self._repeated
        for row in range(self._row, self._next_row):
            self._extent.take_row(row, left, right, 0)
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


def _is_kept(found: Mapping[str, str]) -> bool:
    """Tell whether a cell that holds nothing is a value all the same: an empty text."""
    return attribute(found, "value-type") is not None or any(
        attribute(found, name) is not None for name in _VALUES
    )


def _number(found: Mapping[str, str], name: str, *, least: int = 1) -> int:
    """Return how often something comes again, 1 where nothing is said.

    Raises `WorkbookContainerError` for what is no number, and for two attributes of one name that differ in their prefixes:
    readers would not agree which of them counts.
    """
    said = [value for key, value in found.items() if key.rpartition(":")[2] == name]
    if not said:
        return 1
    text = said[0]
    if len(said) > 1 or not (text.isascii() and text.isdigit()):
        raise WorkbookContainerError(name)
    number = int(text.lstrip("0")[:12] or "0")
    if number < least:
        raise WorkbookContainerError(name)
    return number
