"""The pass over an Excel workbook (.xlsx, ECMA-376) before its values are read.

It bounds parts, elements, cells, styles and shared texts while they are unpacked, finds what is hidden or filtered and
where formulas stand, and packs the one sheet that is read into a small workbook of its own.
"""

from __future__ import annotations

import posixpath
import zlib
from collections.abc import Iterable, Iterator, Mapping

from engine.register.sheet.book.container import TooMuchError, WorkbookContainer, WorkbookContainerError
from engine.register.sheet.book.covered import covered_columns
from engine.register.sheet.book.cutter import Cutter
from engine.register.sheet.book.escapes import spelled_out, unescaped
from engine.register.sheet.book.facts import SheetFacts, SheetName, TextCount
from engine.register.sheet.book.unseen import UnseenStyles, format_hides, is_no_size
from engine.register.sheet.book.xlsx_sheet import YES, SheetPass, WrittenStyles, integer
from engine.register.sheet.book.xml_pass import ElementCount, attribute, read_elements
from engine.register.sheet.limits import Limits
from engine.register.sheet.number_format import BUILT_IN, NumberFormat, number_format, shows_date
from engine.register.sheet.shared_texts import SharedTexts

#: Excel itself has no more formats of cells.
MAX_STYLES = 65_490
#: A reader of values reads the formats anew for each part of a sheet, and counts the shared texts up to the last that is used
#: there: so many over all parts, for each element a file of its size may have.
_COUNTED_AGAIN = 16
#: Number formats Excel numbers itself that show a date; 27 to 36 and 50 to 58 are the East Asian ones.
_DATE_FORMATS = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})

_SHEET = "xl/worksheets/sheet1.xml"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


class XlsxBook:
    """An opened workbook. Raises `WorkbookContainerError` where it is damaged, `TooMuchError` where it holds too much."""

    form = "xlsx"

    def __init__(self, container: WorkbookContainer, limits: Limits) -> None:
        self._container = container
        self._limits = limits
        self._count = ElementCount(limits.elements)
        self._text_count = TextCount(limits)
        part = next(
            (target for kind, target in self._related("").values() if kind == "officeDocument"),
            "xl/workbook.xml",
        )
        related = self._related(part)
        self.sheets: list[SheetName] = []
        self._epoch_1904 = False

        def start(tag: str, found: Mapping[str, str]) -> None:
            if tag == "workbookPr":
                self._epoch_1904 = found.get("date1904", "").strip() in YES
            elif tag == "sheet":
                kind, target = related.get(attribute(found, "id") or "", ("", ""))
                if "name" not in found or not kind:
                    raise WorkbookContainerError(part)
                if kind == "worksheet":
                    visible = found.get("state", "visible") == "visible"
                    self.sheets.append(SheetName(unescaped(found["name"]), visible, target))

        read_elements(container.pieces(part), self._count, start)
        if not self.sheets:
            raise WorkbookContainerError(part)
        parts = dict(related.values())
        self._cuts: dict[str, tuple[list[tuple[int, int, bool]], list[str]]] = {}
        #: Of each sheet: which shared texts each of its parts has, packed.
        self._used: dict[str, list[bytes]] = {}
        #: The sheets with escapes in cells that hold their texts themselves.
        self._escaped: set[str] = set()
        self._strings, self._styles = (
            place if (place := parts.get(kind)) is not None and place in container else None
            for kind in ("sharedStrings", "styles")
        )
        for place in (self._strings, self._styles):
            if place is not None:
                container.take_as_utf8(place)
        self._small: set[int] = set()
        self._texts = SharedTexts()
        self._left = _COUNTED_AGAIN * limits.elements
        if self._strings:
            self._read_strings(self._strings)
        self._dates, self._unseen = frozenset[str](), UnseenStyles(shared=self._small)
        self._written = WrittenStyles()
        before = self._count.left
        if self._styles:
            self._read_styles(self._styles)
        self._formats = before - self._count.left

    def facts(self, sheet: SheetName) -> SheetFacts:
        """Return what one pass over a sheet finds."""
        self._container.take_as_utf8(sheet.place)
        found = SheetPass(
            self._limits,
            self._texts.lengths,
            self._dates,
            self._count,
            self._unseen.if_any(),
            self._written.if_any(),
            self._text_count,
        )
        pieces = self._container.pieces(sheet.place)
        read_elements(pieces, self._count, found.start, text=found.pieces.append, begin=found.begin)
        facts = found.finish()
        if found.merges:
            # The merges come after the cells: only now is it known which of them are below one.
            again = ElementCount(self._limits.elements)
            facts.unseen_columns |= covered_columns(self._container.pieces(sheet.place), found.merges, again)
        self._cuts[sheet.place] = (found.cuts, found.around)
        self._used[sheet.place] = found.used
        if found.escaped:
            self._escaped.add(sheet.place)
        return facts

    def blocks(self, sheet: SheetName) -> Iterator[tuple[int, bytes]]:
        """Yield workbooks of that sheet alone, for a reader of values: of all of it, or of some rows at a time.

        Such a reader keeps every place of a sheet, so the memory it takes is that of one block.
        """
        cuts, around = self._cuts.get(sheet.place, ([], []))
        used = self._used.get(sheet.place, [])
        spelled = spelled_out if sheet.place in self._escaped else bytes
        pieces = self._container.pieces(sheet.place)
        if len(cuts) < 2 or len(around) != 2:
            if sheet.place in self._escaped:
                yield 0, self._alone({}, {_SHEET: spelled(b"".join(pieces))}, used)
            else:
                yield 0, self._alone({_SHEET: sheet.place}, {}, used)
            return
        cutter = Cutter(pieces)
        head = cutter.up_to(cuts[0][0])
        if b"\0" in head[:4]:
            # Two bytes a character: the parts could not be put together again.
            yield 0, self._alone({_SHEET: sheet.place}, {}, used)
            return
        foot = f"</{around[1]}></{around[0]}>".encode()
        for number, (_, row, numbered) in enumerate(cuts):
            last = number + 1 == len(cuts)
            rows = cutter.rest() if last else cutter.up_to(cuts[number + 1][0])
            if not numbered:
                tag, space, rest = rows.partition(b"row")
                rows = tag + space + f' r="{row + 1}"'.encode() + rest
            part = head + spelled(rows) + (b"" if last else foot)
            yield 0, self._alone({}, {_SHEET: part}, used[number : number + 1])

    def _alone(self, parts: dict[str, str], sheets: Mapping[str, bytes], used: list[bytes]) -> bytes:
        """Return a workbook of one sheet with those shared texts that are used in it, all of them where nobody counted."""
        links = [("worksheet", "worksheets/sheet1.xml")]
        more: dict[str, bytes | Iterable[bytes]] = {**sheets}
        if self._strings:
            counted = zlib.decompress(used[0]) if len(used) == 1 else None
            self._left -= len(self._texts) if counted is None else counted.rfind(1) + 1
            more["xl/sharedStrings.xml"] = self._texts.table(counted)
            links.append(("sharedStrings", "sharedStrings.xml"))
        if self._styles:
            parts["xl/styles.xml"] = self._styles
            self._left -= self._formats
            links.append(("styles", "styles.xml"))
        if self._left < 0:
            raise TooMuchError("elements")
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
        return self._container.packed_again(
            parts, {**{name: text.encode() for name, text in texts.items()}, **more}
        )

    def _related(self, part: str) -> dict[str, tuple[str, str]]:
        """Return relation id -> (kind, part) of a part; the last word of the kind's address says what it is."""
        folder, name = posixpath.split(part)
        relations = posixpath.join(folder, "_rels", f"{name}.rels")
        out: dict[str, tuple[str, str]] = {}

        def start(tag: str, found: Mapping[str, str]) -> None:
            if tag == "Relationship" and found.get("TargetMode") != "External":
                if not found.keys() >= {"Id", "Type", "Target"}:
                    raise WorkbookContainerError(relations)
                target = found["Target"].replace("\\", "/")
                whole = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
                out[found["Id"]] = (found["Type"].rpartition("/")[2], posixpath.normpath(whole))

        if relations in self._container:
            read_elements(self._container.pieces(relations), self._count, start)
        return out

    def _read_strings(self, part: str) -> None:
        """Take the shared texts, with their escapes undone."""
        reader = _TextReader(self._texts, self._small, self._limits.shared)
        read_elements(self._container.pieces(part), self._count, reader.start, reader.end, reader.text)
        self._texts.finish()

    def _read_styles(self, part: str) -> None:
        """Note the numbers of the cell formats that show a date, and of those that do not show what a cell holds."""
        reader = _StyleReader()
        read_elements(self._container.pieces(part), self._count, reader.start)
        self._dates = frozenset(reader.dated)
        self._unseen = UnseenStyles(frozenset(reader.no_numbers), frozenset(reader.no_texts), self._small)
        self._written = WrittenStyles(reader.written, reader.formats)


class _TextReader:
    """Follows the elements of the part for shared texts."""

    def __init__(self, texts: SharedTexts, small: set[int], most: int) -> None:
        self._texts = texts
        self._most = most
        #: The numbers of the texts with letters of no size.
        self._small = small
        #: What a text shows, the piece of it that is read, and its bytes with all that is between the elements.
        self._shown: list[str] = []
        self._piece: list[str] | None = None
        self._length = 0
        self._preserved = self._reading = False

    def start(self, tag: str, found: Mapping[str, str]) -> None:
        """Take the beginning of an element."""
        if tag == "t":
            self._piece = None if self._reading else []
            self._preserved = found.get("xml:space") == "preserve"
        elif tag == "si":
            self._shown.clear()
            self._length, self._reading = 0, False
        elif tag == "rPh":
            # A reading is no part of the text.
            self._reading = True
        elif tag == "sz" and is_no_size(found.get("val", "")):
            self._small.add(len(self._texts))

    def text(self, piece: str) -> None:
        """Take a piece of text between elements."""
        self._length += len(piece) if piece.isascii() else 3 * len(piece)
        if self._piece is not None:
            self._piece.append(piece)

    def end(self, tag: str) -> None:
        """Take the end of an element. Raises `TooMuchError` where there are too many texts."""
        if tag == "t" and self._piece is not None:
            piece = "".join(self._piece)
            self._piece = None
            self._shown.append(unescaped(piece if self._preserved else piece.strip(" \t\r\n")))
        elif tag == "si":
            if len(self._texts) >= self._most:
                raise TooMuchError("shared", self._most)
            self._texts.add("".join(self._shown), self._length)
        elif tag == "rPh":
            self._reading = False


class _StyleReader:
    """Follows the elements of the part for styles."""

    def __init__(self) -> None:
        self.dated: list[str] = []
        self.no_numbers: list[str] = []
        self.no_texts: list[str] = []
        #: Style -> the place of its format in `formats`, where that shows something else than the cell holds.
        self.written: dict[str, int] = {}
        self.formats: list[NumberFormat] = []
        self._codes = dict(BUILT_IN)
        self._places: dict[int, int] = {}
        self._dates = set(_DATE_FORMATS)
        #: Number format -> whether it shows nothing of numbers, and of texts.
        self._hiding: dict[int, tuple[bool, bool]] = {}
        self._fonts = -1
        self._small: set[int] = set()
        self._inside = ""
        self._formats = 0

    def start(self, tag: str, found: Mapping[str, str]) -> None:
        """Take the beginning of an element."""
        if tag in ("numFmts", "fonts", "fills", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs"):
            self._inside = tag
        elif self._inside == "fonts":
            self._fonts += tag == "font"
            if tag == "sz" and is_no_size(found.get("val", "")):
                self._small.add(self._fonts)
        elif tag == "numFmt" and self._inside in ("", "numFmts"):
            self._number_format(integer(found.get("numFmtId", "")), found.get("formatCode", ""))
        elif tag == "xf" and self._inside == "cellXfs":
            self._cell_format(integer(found.get("numFmtId", "0")), integer(found.get("fontId", "0")))

    def _number_format(self, number: int, code: str) -> None:
        if shows_date(code):
            self._dates.add(number)
        if any(hides := format_hides(code)):
            self._hiding[number] = hides
        if number_format(code) is not None:
            self._codes[number] = code
        else:
            self._codes.pop(number, None)

    def _cell_format(self, number: int, font: int) -> None:
        own = str(self._formats)
        if number in self._dates:
            self.dated.append(own)
        elif number in self._codes:
            self._write(own, number)
        small = font in self._small
        numbers, texts = self._hiding.get(number, (False, False))
        if numbers or small:
            self.no_numbers.append(own)
        if texts or small:
            self.no_texts.append(own)
        self._formats += 1
        if self._formats > MAX_STYLES:
            raise TooMuchError("styles", MAX_STYLES)

    def _write(self, style: str, number: int) -> None:
        if number not in self._places:
            format_ = number_format(self._codes[number])
            if format_ is None:
                return
            self._places[number] = len(self.formats)
            self.formats.append(format_)
        self.written[style] = self._places[number]


def _links(targets: list[tuple[str, str]]) -> str:
    inside = "".join(
        f'<Relationship Id="r{number}" Type="{_RELATED}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{inside}</Relationships>'
