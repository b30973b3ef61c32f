"""The Word file a paper is written into: page, styles, fonts, numbers of pages, tables, and packing it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from copy import deepcopy
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from engine.documents.paper.blocks import Look, Paper
from engine.documents.paper.layout import PAGE, SIZES, Sizes
from engine.language import current_language, say

if TYPE_CHECKING:
    from docx.document import Document as WordFile
    from docx.shared import Length
    from docx.table import Table, _Cell, _Row

#: Fonts by purpose: Chinese, and Latin beside it. The bureau's computers have the Chinese ones.
FONTS = {
    "text": ("仿宋", "Times New Roman"),
    "title": ("宋体", "Times New Roman"),
    "head": ("黑体", "Times New Roman"),
    "mono": ("仿宋", "Consolas"),
}
#: In the layout of official documents the title is in 小标宋 (GB/T 9704-2012, 7.3.1).
OFFICIAL_TITLE = ("方正小标宋简体", "Times New Roman")
#: Red of the line above the title of official documents.
_RED = "C00000"
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)
#: Twentieths of a point in a tenth of a millimetre: 1440 / 254.
_DXA = (1440, 254)


def new_file(paper: Paper, made_on: date) -> WordFile:
    """Return an empty file with the page, styles and properties of a paper.

    Its text and properties are its own; styles, theme, settings and feet of pages are those of the empty file, which
    all files of one look share: nobody may change them.
    """
    from docx.opc.constants import RELATIONSHIP_TYPE as KIND
    from docx.package import Package
    from docx.parts.document import DocumentPart

    empty = _empty(paper.look, current_language())
    package: Any = Package()
    whole: Any = empty.part.package
    part = DocumentPart(empty.part.partname, empty.part.content_type, deepcopy(empty.part.element), package)
    own = {KIND.OFFICE_DOCUMENT: part, KIND.CORE_PROPERTIES: _core_properties(whole, package)}
    for source, target in ((whole, package), (empty.part, part)):
        for number, rel in source.rels.items():
            target.load_rel(rel.reltype, own.get(rel.reltype, rel.target_part), number)
    file: WordFile = part.document
    made = datetime(made_on.year, made_on.month, made_on.day, tzinfo=UTC).replace(tzinfo=None)
    properties = file.core_properties
    properties.title, properties.language = paper.title, paper.language
    properties.author = properties.comments = properties.last_modified_by = ""
    properties.created = properties.modified = made
    properties.revision = 1
    return file


def _core_properties(whole: Any, package: Any) -> Any:
    from docx.opc.constants import RELATIONSHIP_TYPE as KIND

    part = whole.part_related_by(KIND.CORE_PROPERTIES)
    return type(part)(part.partname, part.content_type, deepcopy(part.element), package)


@lru_cache(maxsize=8)
def _empty(look: Look, _language: str) -> WordFile:
    """Return a file of a look with nothing in it. Kept: its styles take longer to make than the text of a paper."""
    import docx
    from docx.shared import Mm

    file = docx.Document()
    sizes = SIZES[look]
    section = file.sections[0]
    section.page_width, section.page_height = Mm(PAGE[0]), Mm(PAGE[1])
    section.top_margin, section.bottom_margin = tenths(sizes.top), tenths(sizes.bottom)
    section.left_margin, section.right_margin = tenths(sizes.left), tenths(sizes.right)
    section.footer_distance = Mm(8 if look is not Look.OFFICIAL else 25)
    _styles(file, look, sizes)
    _theme(file)
    _page_numbers(file, look)
    return file


def style_id(name: str) -> str:
    """Return the id of a style by its name; python-docx looks through all styles for it, once for every paragraph."""
    return name.replace(" ", "")


def packed(file: WordFile) -> bytes:
    """Return the bytes of a file, its parts in one order and with one time."""
    own, shared = _own_and_shared(file)
    out = io.BytesIO(_packed_parts(shared[0].package))
    with zipfile.ZipFile(out, "a") as archive:
        _write_parts(archive, own)
        # The parts that papers share come first in the bytes; the directory names all by one order.
        archive.filelist.sort(key=lambda entry: _place(entry.filename))
    return out.getvalue()


@lru_cache(maxsize=8)
def _packed_parts(whole: Any) -> bytes:
    """Return the archive of what the files made from an empty one (by its package) share. Kept: packing it takes long."""
    from docx.opc.constants import CONTENT_TYPE as TYPE
    from docx.opc.constants import RELATIONSHIP_TYPE as KIND
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part
    from docx.opc.pkgwriter import PackageWriter

    own = [whole.part_related_by(kind) for kind in (KIND.OFFICE_DOCUMENT, KIND.CORE_PROPERTIES)]
    # What PackageWriter.write does. The kind of pictures is always named, so that a file may have one.
    picture = Part(PackURI("/word/media/image1.png"), TYPE.PNG)
    writer: Any = PackageWriter
    parts = _Parts()
    writer._write_content_types_stream(parts, [*whole.parts, picture])  # noqa: SLF001
    writer._write_pkg_rels(parts, whole.rels)  # noqa: SLF001
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        _write(archive, parts)
        _write_parts(archive, [part for part in whole.parts if part not in own])
    return out.getvalue()


def _own_and_shared(file: WordFile) -> tuple[list[Any], list[Any]]:
    """Return the parts of a file that are its own, and those that it shares with all files of its look."""
    package = file.part.package
    if package is None:
        raise ValueError("a file of no package")
    parts = package.parts
    # A picture is of no package.
    shared = [part for part in parts if part.package not in (package, None)]
    return [part for part in parts if part not in shared], shared


def _write_parts(archive: zipfile.ZipFile, parts: Sequence[Any]) -> None:
    from docx.opc.pkgwriter import PackageWriter

    for part in parts:
        part.before_marshal()
    gathered = _Parts()
    writer: Any = PackageWriter
    writer._write_parts(gathered, parts)  # noqa: SLF001 - the parts are gathered instead of packed with the time of now
    _write(archive, gathered)


def _write(archive: zipfile.ZipFile, parts: _Parts) -> None:
    for name in sorted(parts.blobs, key=_place):
        entry = zipfile.ZipInfo(name, _FIXED_TIME)
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.create_system = 3
        archive.writestr(entry, parts.blobs[name])


def _place(name: str) -> tuple[bool, str]:
    """Return where a part goes in an archive: readers look for the types first."""
    return name != "[Content_Types].xml", name


def take_apart(file: WordFile) -> None:
    """Let go of what a file is made of; it cannot be used any more. What it shares with others stays.

    Its parts and tables hold one another in circles, each with its XML. Left to the collector, which counts objects and
    does not see how large their XML is, a thousand files would take a gigabyte.
    """
    from docx.oxml.ns import qn

    package = file.part.package
    parts, _ = _own_and_shared(file)
    for one in list(file.element.iter(qn("w:body"), qn("w:tbl"), qn("w:tr"))):
        one.clear()
    for part in parts:
        part.__dict__.clear()
    if package is not None:
        package.__dict__.clear()
    file.__dict__.clear()


class _Parts:
    """Gathers what python-docx would write into a package: name -> bytes."""

    def __init__(self) -> None:
        self.blobs: dict[str, bytes] = {}

    def write(self, pack_uri: Any, blob: bytes) -> None:
        self.blobs[pack_uri.membername] = blob


def tenths(number: int) -> Length:
    """Return tenths of a millimetre as python-docx measures: 36,000 English Metric Units in a millimetre."""
    from docx.shared import Emu

    return Emu(number * 3600)


def halves(number: int) -> Length:
    """Return half points as python-docx measures: 12,700 English Metric Units in a point."""
    from docx.shared import Emu

    return Emu(number * 6350)


def new_table(file: WordFile, rows: int, widths: Sequence[int], *, bordered: bool) -> Table:
    """Add a table of fixed widths (tenths of a millimetre); its grid, cells and whole say the same."""
    from docx.oxml.ns import qn

    table: Table = file.add_table(rows=rows, cols=len(widths))
    if bordered:
        table._tbl.tblStyle_val = style_id("Table Grid")  # noqa: SLF001 - by name all styles are looked through
    table.autofit = False
    measured = [tenths(width) for width in widths]
    for column, length in zip(table.columns, measured, strict=True):
        column.width = length
    for row in table._tbl.tr_lst:  # noqa: SLF001 - python-docx reads the whole table again for every cell
        for cell, length in zip(row.tc_lst, measured, strict=True):
            cell.width = length
    whole = table._tbl.tblPr.find(qn("w:tblW"))  # noqa: SLF001 - python-docx has no name for the width of a table
    if whole is not None:
        whole.set(qn("w:type"), "dxa")
        whole.set(qn("w:w"), str(sum(widths) * _DXA[0] // _DXA[1]))
    return table


def span_columns(cell: _Cell, count: int, width: int) -> None:
    """Let a cell take the place of the empty ones at its right, `width` tenths of a millimetre together.

    What `merge` of python-docx does, without looking for what the others hold: they are new.
    """
    taken = cell._tc  # noqa: SLF001 - python-docx has no name for it
    for _ in range(count - 1):
        taken.getparent().remove(taken.getnext())
    taken.grid_span = count
    taken.width = tenths(width)


def keep_row(row: _Row, *, height: int) -> None:
    """Keep a row on one page; `height` is the least it takes, tenths of a millimetre."""
    from docx.enum.table import WD_ROW_HEIGHT_RULE

    _mark_row(row, "w:cantSplit")
    if height:
        row.height, row.height_rule = tenths(height), WD_ROW_HEIGHT_RULE.AT_LEAST


def join_rows(above: _Row, below: _Row) -> None:
    """Leave out the line between two rows: they are one that goes on."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for row, edge in ((above, "w:bottom"), (below, "w:top")):
        for cell in row.cells:
            borders = OxmlElement("w:tcBorders")
            line = OxmlElement(edge)
            line.set(qn("w:val"), "nil")
            borders.append(line)
            about = cell._tc.get_or_add_tcPr()  # noqa: SLF001 - python-docx has no name for it
            about.insert_element_before(
                borders, "w:shd", "w:noWrap", "w:tcMar", "w:textDirection", "w:tcFitText", "w:vAlign"
            )


def repeat_row(row: _Row) -> None:
    """Repeat a row at the head of every page the table takes."""
    _mark_row(row, "w:tblHeader")


def describe_picture(picture: Any, title: str, text: str) -> None:
    """Say what a picture shows, for those who cannot see it."""
    shown = picture._inline.docPr  # noqa: SLF001 - python-docx has no name for it
    shown.set("name", title)
    shown.set("descr", f"{title}：{text}")


def _mark_row(row: _Row, name: str) -> None:
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement(name))  # noqa: SLF001 - python-docx has no name for it


def _styles(file: WordFile, look: Look, sizes: Sizes) -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.enum.text import WD_PARAGRAPH_ALIGNMENT as ALIGN

    text, table = sizes.text, sizes.table
    lines = sizes.leading
    title_font = OFFICIAL_TITLE if look is Look.OFFICIAL else FONTS["title"]
    official = look is Look.OFFICIAL
    _style(file, "Normal", FONTS["text"], text, leading=lines)
    _style(file, "Title", title_font, sizes.title, align=ALIGN.CENTER, bold=not official, after=8, keep=True)
    _style(file, "Heading 2", FONTS["head"], text, bold=not official, before=14, after=4, keep=True, leading=lines,
           first=2 if official else 0)  # fmt: skip
    add = file.styles.add_style
    made: tuple[tuple[str, tuple[str, str], int, dict[str, Any]], ...] = (
        ("SSJ Over", title_font, sizes.over, {"align": ALIGN.CENTER, "keep": True, "after": 4}),
        ("SSJ Head", title_font, sizes.over, {"align": ALIGN.CENTER, "keep": True, "after": 10}),
        ("SSJ Number", FONTS["text"], text, {"align": ALIGN.CENTER, "after": 14, "leading": lines}),
        ("SSJ Body", FONTS["text"], text, {"align": ALIGN.JUSTIFY, "first": 2, "after": 4, "leading": lines}),
        ("SSJ Flat", FONTS["text"], text, {"after": 4, "leading": lines}),
        ("SSJ Right", FONTS["text"], text, {"align": ALIGN.RIGHT, "after": 4, "leading": lines}),
        ("SSJ Foot", FONTS["text"], sizes.foot, {"after": 2}),
        ("SSJ Digest", FONTS["mono"], sizes.digest, {"align": ALIGN.CENTER, "after": 6}),
        (
            "SSJ Item",
            FONTS["text"],
            text,
            {"first" if official else "hanging": 2, "after": 2, "leading": lines},
        ),
        ("SSJ Cell", FONTS["text"], table, {"percent": sizes.table_leading, "pad": sizes.cell}),
        ("SSJ Cell Head", FONTS["head"], table, {"percent": sizes.table_leading, "pad": sizes.cell}),
        ("SSJ Signature", FONTS["text"], text, {"before": 14, "leading": lines}),
        ("SSJ Seal", FONTS["text"], text, {"align": ALIGN.RIGHT, "leading": lines, "right": 2}),
        ("SSJ After Table", FONTS["text"], 4, {}),
    )
    for name, fonts, size, about in made:
        add(name, WD_STYLE_TYPE.PARAGRAPH)
        _style(file, name, fonts, size, **about)
    mono = add("SSJ Mono", WD_STYLE_TYPE.CHARACTER)
    _fonts(mono, FONTS["mono"])
    _border(file.styles["Title"], None)
    if official:
        from docx.shared import RGBColor

        file.styles["SSJ Head"].font.color.rgb = RGBColor(*bytes.fromhex(_RED))
        _border(file.styles["Title"], _RED)


def _style(
    file: WordFile,
    name: str,
    fonts: tuple[str, str],
    size: int,
    *,
    align: Any = None,
    bold: bool = False,
    before: int = 0,
    after: int = 0,
    leading: int = 0,
    percent: int = 0,
    pad: int = 0,
    first: int = 0,
    hanging: int = 0,
    right: int = 0,
    keep: bool = False,
) -> None:
    """Set a style. Sizes, `before`, `after` and `leading` are half points, `pad` tenths of a millimetre, `first`,
    `hanging` and `right` letters, `percent` the distance of lines in hundredths of the letters."""
    from docx.enum.text import WD_LINE_SPACING
    from docx.shared import RGBColor

    style: Any = file.styles[name]
    _fonts(style, fonts)
    style.font.size, style.font.bold, style.font.italic = halves(size), bold, False
    style.font.color.rgb = RGBColor(0, 0, 0)
    about = style.paragraph_format
    about.alignment, about.keep_with_next, about.widow_control = align, keep, True
    about.space_before = tenths(pad) if pad else halves(before)
    about.space_after = tenths(pad) if pad else halves(after)
    about.line_spacing = halves(leading or size * (percent or 130) // 100)
    # A line grows with what is set into it, a picture for one.
    about.line_spacing_rule = WD_LINE_SPACING.AT_LEAST
    if first:
        about.first_line_indent = halves(first * size)
    if hanging:
        about.left_indent, about.first_line_indent = halves(hanging * size), halves(-hanging * size)
    if right:
        about.right_indent = halves(right * size)


def _border(style: Any, colour: str | None) -> None:
    """Draw a line above a style's paragraphs in a colour, or none (the template of the library draws one)."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    about = style.element.get_or_add_pPr()
    for old in about.findall(qn("w:pBdr")):
        about.remove(old)
    if colour is None:
        return
    border, line = OxmlElement("w:pBdr"), OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "12"), ("space", "10"), ("color", colour)):
        line.set(qn(f"w:{name}"), value)
    border.append(line)
    about.insert_element_before(
        border, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:kinsoku", "w:overflowPunct", "w:spacing", "w:ind",
        "w:contextualSpacing", "w:jc", "w:outlineLvl",
    )  # fmt: skip


def _fonts(style: Any, fonts: tuple[str, str]) -> None:
    from docx.oxml.ns import qn

    chinese, latin = fonts
    style.font.name = latin
    about = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in list(about.attrib):
        if name.endswith("Theme"):
            del about.attrib[name]
    about.set(qn("w:eastAsia"), chinese)
    about.set(qn("w:hAnsi"), latin)
    about.set(qn("w:cs"), latin)


def _theme(file: WordFile) -> None:
    """Name fonts in the theme that every Chinese computer has: WPS tells its user of those it misses."""
    for part in file.part.package.iter_parts():
        if str(part.partname).endswith("theme1.xml"):
            text = part.blob.decode()
            for old, new in (("Calibri", "Times New Roman"), ("Cambria", "Times New Roman")):
                text = text.replace(f'typeface="{old}"', f'typeface="{new}"')
            for old in ("ＭＳ 明朝", "ＭＳ ゴシック", "MS Mincho", "MS Gothic"):
                text = text.replace(f'typeface="{old}"', 'typeface="宋体"')
            part._blob = text.encode()  # noqa: SLF001 - parts that python-docx does not read are kept as bytes


def _page_numbers(file: WordFile, look: Look) -> None:
    from docx.enum.text import WD_PARAGRAPH_ALIGNMENT as ALIGN

    section = file.sections[0]
    if look is Look.OFFICIAL:
        # GB/T 9704-2012, 7.5: between dashes, odd pages at the right, even pages at the left.
        file.settings.odd_and_even_pages_header_footer = True
        for footer, align in ((section.footer, ALIGN.RIGHT), (section.even_page_footer, ALIGN.LEFT)):
            paragraph = footer.paragraphs[0]
            paragraph.alignment = align
            _numbered(paragraph, "— {page} —", 28)
        return
    paragraph = section.footer.paragraphs[0]
    paragraph.alignment = ALIGN.CENTER
    _numbered(paragraph, say("第 {page} 页　共 {pages} 页", page="{page}", pages="{pages}").render(), 18)


def _numbered(paragraph: Any, pattern: str, size: int) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    def run(text: str = "") -> Any:
        made = paragraph.add_run(text)
        made.font.size = halves(size)
        return made

    for number, piece in enumerate(
        pattern.replace("{pages}", "\0NUMPAGES\0").replace("{page}", "\0PAGE\0").split("\0")
    ):
        if number % 2 == 0:
            if piece:
                run(piece)
            continue
        for kind, text in (("begin", None), (None, piece), ("separate", None), (None, "1"), ("end", None)):
            target = run()
            if kind:
                mark = OxmlElement("w:fldChar")
                mark.set(qn("w:fldCharType"), kind)
            elif text == piece:
                mark = OxmlElement("w:instrText")
                mark.text = f" {text} "
            else:
                mark = OxmlElement("w:t")
                mark.text = text
            target._r.append(mark)  # noqa: SLF001 - python-docx has no name for fields
