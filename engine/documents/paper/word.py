"""Writes a paper as a Word file (Office Open XML) that Word and WPS lay out alike.

WPS takes widths from the grid of a table, so both the grid and the cells have them; rows of signatures are kept
together by "keep with next"; nothing is laid out by a field but the number of the page. The same paper gives the same
bytes: dates are those of the paper's making (`made_on`), and the archive is packed with fixed times.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from engine.documents.paper.blocks import (
    Blank,
    Block,
    Box,
    Code,
    Heading,
    Items,
    Line,
    LineBreak,
    Paper,
    Paragraph,
    Role,
    Run,
    Seal,
    Signatures,
    Table,
    Title,
    item_mark,
    kept_with_next,
    line_text,
)
from engine.documents.paper.layout import SIZES, Sizes, column_widths, head_size, rows_that_break
from engine.documents.paper.parting import parted_paragraph, parted_table
from engine.documents.qr import qr_png

if TYPE_CHECKING:
    from docx.document import Document as WordFile
    from docx.table import _Cell
    from docx.text.paragraph import Paragraph as WordParagraph

#: What is drawn for a box to tick, and how many wide spaces a line to write on has.
BOX = "□"
_LONG, _SHORT = 8, 3
#: Width of a QR code, and of its column, tenths of a millimetre.
_CODE, _CODE_COLUMN = 280, 340


def word_bytes(paper: Paper, made_on: date) -> bytes:
    """Return the paper as the bytes of a .docx file; `made_on` goes into its properties."""
    from engine.documents.paper.word_file import new_file, packed, take_apart

    file = new_file(paper, made_on)
    writer = _Writer(file, paper)
    for block, keep in zip(paper.blocks, kept_with_next(paper.blocks), strict=True):
        parts = parted_paragraph(block) if keep and isinstance(block, Paragraph) else None
        for piece in parts or (block,):
            writer.block(piece, keep=keep)
        if keep:
            writer.keep_last()
    made = packed(file)
    take_apart(file)
    return made


class _Writer:
    def __init__(self, file: WordFile, paper: Paper) -> None:
        self._file = file
        self._look = paper.look
        self._sizes: Sizes = SIZES[paper.look]

    def block(self, block: Block, *, keep: bool = False) -> None:
        """Write a block; the end of one that is kept with what comes next (`keep`) is kept by whoever asks for it."""
        match block:
            case Title():
                self._title(block)
            case Heading():
                paragraph = self._paragraph("Heading 2", block.line)
                paragraph.paragraph_format.page_break_before = block.page
            case Paragraph(role=Role.HEAD):
                self._sized("SSJ Head", block.line)
            case Paragraph():
                self._paragraph(_STYLES[block.role], block.line)
            case Items():
                for number, line in enumerate(block.lines, 1):
                    mark = Run(item_mark(number, ordered=block.ordered))
                    self._paragraph("SSJ Item", (mark, *line))
            case Table():
                self._table(block, parted=keep and not block.whole)
            case Signatures() if block.lines:
                # Of a case in which nobody is named yet the block is empty, and a table without rows is none.
                self._signatures(block)
            case Seal():
                for number, line in enumerate(block.lines):
                    last = number == len(block.lines) - 1
                    self._paragraph("SSJ Seal", line).paragraph_format.keep_with_next = not last
            case Code():
                self._code(block)

    def keep_last(self) -> None:
        """Keep what was written last on the page of what comes next: a paragraph, or the last row of a table."""
        from docx.table import Table as WordTable

        *before, last = self._file.iter_inner_content()
        if not isinstance(last, WordTable):
            last.paragraph_format.keep_with_next = True
            # The empty line behind a table is kept with its last row.
            after_table = last.style is not None and last.style.name == "SSJ After Table"
            if not before or not after_table or not isinstance(before[-1], WordTable):
                return
            last = before[-1]
        for cell in last.rows[-1].cells:
            for paragraph in cell.paragraphs:
                paragraph.paragraph_format.keep_with_next = True

    def _title(self, title: Title) -> None:
        if title.over:
            self._sized("SSJ Over", title.over)
        self._paragraph("Title", title.line)

    def _sized(self, style: str, line: Line) -> None:
        """Add a line in letters small enough that it stays one."""
        from engine.documents.paper.word_file import halves

        paragraph = self._paragraph(style, line)
        for run in paragraph.runs:
            run.font.size = halves(head_size(line_text(line), self._look))

    def _paragraph(self, style: str, line: Line) -> WordParagraph:
        paragraph = self._file.add_paragraph()
        _styled(paragraph, style)
        _fill(paragraph, line)
        return paragraph

    def _table(self, block: Table, *, parted: bool) -> None:
        from engine.documents.paper.word_file import (
            join_rows,
            keep_row,
            new_table,
            repeat_row,
            span_columns,
        )

        widths = column_widths(block.widths, self._sizes.width, self._sizes.table)
        parts = parted_table(block, rows_that_break(block, widths, self._sizes)) if parted else None
        goes_on = parts is not None and parts.open
        if parts is not None and goes_on:
            block = replace(block, rows=(*parts.above.rows, *parts.below.rows))
        table = new_table(self._file, len(block.rows), widths, bordered=True)
        cells, across = table._cells, len(widths)  # noqa: SLF001 - read once, not again for every cell
        rows = table.rows
        for number, at, cell in block.placed():
            target = cells[number * across + at]
            if cell.rows > 1:
                target = target.merge(cells[(number + cell.rows - 1) * across + at + cell.columns - 1])
            elif cell.columns > 1:
                span_columns(target, cell.columns, sum(widths[at : at + cell.columns]))
            style = "SSJ Cell Head" if cell.head else "SSJ Cell"
            _cell(target, cell.lines, style, centred=cell.head or cell.centred)
            if block.whole and number < len(block.rows) - 1:
                for paragraph in target._tc.p_lst:  # noqa: SLF001 - as its wrapper would, which costs more
                    paragraph.get_or_add_pPr().get_or_add_keepNext()
        for number, row in enumerate(block.rows):
            keep_row(rows[number], height=self._sizes.tall if row.tall else 0)
            if number < block.heads:
                repeat_row(rows[number])
        if goes_on:
            join_rows(rows[-2], rows[-1])
        self._paragraph("SSJ After Table", ())

    def _signatures(self, block: Signatures) -> None:
        from engine.documents.paper.word_file import keep_row, new_table

        half = self._sizes.width // 2
        pairs = [block.lines[i : i + 2] for i in range(0, len(block.lines), 2)]
        table = new_table(self._file, len(pairs), (half, self._sizes.width - half), bordered=False)
        for number, pair in enumerate(pairs):
            for at, line in enumerate(pair):
                _cell(table.cell(number, at), (line,), "SSJ Signature", centred=False)
            keep_row(table.rows[number], height=0)
            if number < len(pairs) - 1:
                for cell in table.rows[number].cells:
                    for paragraph in cell.paragraphs:
                        paragraph.paragraph_format.keep_with_next = True

    def _code(self, block: Code) -> None:
        from engine.documents.paper.word_file import describe_picture, keep_row, new_table, tenths

        table = new_table(self._file, 1, (_CODE_COLUMN, self._sizes.width - _CODE_COLUMN), bordered=False)
        left, right = table.rows[0].cells
        picture = (
            left.paragraphs[0].add_run().add_picture(io.BytesIO(qr_png(block.text)), width=tenths(_CODE))
        )
        describe_picture(picture, block.title, block.text)
        _styled(left.paragraphs[0], "SSJ Cell")
        _cell(right, block.lines, "SSJ Foot", centred=False)
        keep_row(table.rows[0], height=0)


#: Role -> style of the file.
_STYLES = {
    Role.BODY: "SSJ Body",
    Role.FLAT: "SSJ Flat",
    Role.NUMBER: "SSJ Number",
    Role.RIGHT: "SSJ Right",
    Role.FOOT: "SSJ Foot",
    Role.DIGEST: "SSJ Digest",
}


def _styled(paragraph: WordParagraph, style: str) -> None:
    from engine.documents.paper.word_file import style_id

    paragraph._p.style = style_id(style)  # noqa: SLF001 - by name python-docx looks through all styles


def _cell(cell: _Cell, lines: Iterable[Line], style: str, *, centred: bool) -> None:
    from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
    from docx.enum.text import WD_PARAGRAPH_ALIGNMENT

    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    for number, line in enumerate(tuple(lines) or ((),)):
        paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
        _styled(paragraph, style)
        if centred:
            paragraph.alignment = WD_PARAGRAPH_ALIGNMENT.CENTER
        _fill(paragraph, line)


def _fill(paragraph: WordParagraph, line: Line) -> None:
    from engine.documents.paper.word_file import style_id

    for part in line:
        match part:
            case Run():
                run: Any = paragraph.add_run(part.text)
                if part.bold:
                    run.bold = True
                if part.mono:
                    run._r.style = style_id("SSJ Mono")  # noqa: SLF001 - as for paragraphs
            case Blank():
                room = "　" * (_SHORT if part.short else _LONG)
                paragraph.add_run(part.text or room).underline = True
            case Box():
                paragraph.add_run(BOX)
            case LineBreak():
                paragraph.add_run().add_break()
