"""Writes a paper as PDF by typst: PDF/A-2a (ISO 19005-2, for archives) and PDF/UA-1 (ISO 14289-1, for the blind).

What is in the paper goes to typst as data, never as source, so no text of anybody is read as a command. Fonts are
those of the package and of the bureau's own folder, never the machine's: the same paper gives the same bytes anywhere.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from threading import local
from typing import Any

from engine.documents.paper.blocks import (
    Blank,
    Block,
    Box,
    Cell,
    Code,
    Heading,
    Inline,
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
    kept_items,
    kept_with_next,
    line_text,
)
from engine.documents.paper.layout import (
    BREAK,
    CELL_SIDE,
    PAGE,
    SIZES,
    breakable,
    breaks_in,
    column_widths,
    head_size,
    parted,
    rows_that_break,
)
from engine.documents.paper.parting import parted_paragraph, parted_table
from engine.documents.paper.tree import PaperError
from engine.documents.qr import qr_svg
from engine.language import Message, say

_SOURCE = Path(__file__).with_name("paper.typ")
#: As `paper.typ` has them, tenths of a millimetre: what is beside the text of a filled line, of a QR code, and of an item of
#: a list (for each half point of its letters). The letters beside a QR code, half points.
_BLANK_SIDES, _CODE, _INDENT, _CODE_LETTERS = 60, 330, 4, 18
#: Signatures of more lines or letters may be more than a page holds, and are parted.
_MANY_LINES, _MANY_LETTERS = 20, 600
_of_thread = local()


def pdf_bytes(paper: Paper, made_on: date, fonts: Sequence[Path] = ()) -> bytes:
    """Return the paper as the bytes of a PDF; `fonts` are folders searched before the package's own fonts.

    Raises PaperError for a letter no font has, named, with what to do.
    """
    import typst

    try:
        made: bytes = _compiler(tuple(fonts)).compile(
            format="pdf",
            sys_inputs={"paper": json.dumps(_paper(paper), ensure_ascii=False)},
            pdf_standards=["a-2a", "ua-1"],
            timestamp=_midnight(made_on),
        )
    except typst.TypstError as problem:
        raise PaperError(_why(str(problem))) from None
    return made


def _compiler(folders: tuple[Path, ...]) -> Any:
    """Return what has read the source already: reading it takes a twentieth of the time of a paper.

    Each thread has its own: one that is at work refuses every other thread.
    """
    import typst

    known, compiler = getattr(_of_thread, "compiler", (None, None))
    if known != folders:
        compiler = typst.Compiler(str(_SOURCE), root=str(_SOURCE.parent), font_paths=_fonts(folders))
        _of_thread.compiler = (folders, compiler)
    return compiler


@lru_cache(maxsize=4)
def _fonts(folders: tuple[Path, ...]) -> Any:
    # Kept: reading 20 MB of fonts takes longer than a paper does.
    import typst
    from pylopdf_fonts_zh_cn import __file__ as packaged

    found = [str(folder) for folder in (*folders, Path(packaged).parent) if folder.is_dir()]
    return typst.Fonts(include_system_fonts=False, font_paths=found)


def _midnight(day: date) -> int:
    """Return the second at which `day` begins in UTC, counted from 1970."""
    return (day - date(1970, 1, 1)).days * 86_400


def _why(problem: str) -> Message:
    if "could not be displayed" in problem:
        letter = problem.split('"')[1] if problem.count('"') > 1 else ""
        return say(
            "PDF 字体里没有“{letter}”。请把有这个字的字体文件放进 forms/fonts，或改用 Word 格式。",
            letter=letter,
        )
    return say("这份文书生成不了 PDF：{why}。请改用 Word 格式，并把模板交给管理员。", why=problem[:300])


def _paper(paper: Paper) -> dict[str, Any]:
    sizes = SIZES[paper.look]
    return {
        "title": paper.title or next((line_text(b.line) for b in paper.blocks if isinstance(b, Title)), ""),
        "look": paper.look.value,
        "language": paper.language.split("-")[0],
        "page": PAGE,
        "side": CELL_SIDE,
        "sizes": {name: getattr(sizes, name) for name in sizes.__dataclass_fields__},
        "numbers": say("第 {page} 页　共 {pages} 页", page="{page}", pages="{pages}").render(),
        "blocks": [
            piece
            for block, keep in zip(paper.blocks, kept_with_next(paper.blocks), strict=True)
            for piece in _pieces(block, paper, keep)
        ],
    }


def _pieces(block: Block, paper: Paper, keep: bool) -> list[dict[str, Any]]:
    """Return a block as it is laid out: a long one that is kept with what comes next in two pieces, of which the second is kept."""
    if keep and isinstance(block, Paragraph) and (parts := parted_paragraph(block)) is not None:
        return [{**_block(one, paper), "keep": one is parts[1]} for one in parts]
    if keep and isinstance(block, Table) and not block.whole:
        return _pieces_of_table(block, paper)
    whole = {**_block(block, paper), "keep": keep}
    if not (keep and isinstance(block, Items)):
        return [whole]
    lines, at = whole["lines"], len(block.lines) - kept_items(block)
    return [{**whole, "lines": lines[:at], "keep": False}, {**whole, "lines": lines[at:]}] if at else [whole]


def _pieces_of_table(block: Table, paper: Paper) -> list[dict[str, Any]]:
    sizes = SIZES[paper.look]
    breaking = rows_that_break(block, column_widths(block.widths, sizes.width, sizes.table), sizes)
    parts = parted_table(block, breaking)
    if parts is None:
        return [{**_block(block, paper), "keep": not breaking, "whole": not breaking}]
    above, below = _block(parts.above, paper), _block(parts.below, paper)
    return [
        {**above, "keep": False, "whole": False, "goes_on": True, "open_below": parts.open},
        {**below, "keep": True, "whole": True, "follows": True, "open_above": parts.open},
    ]


def _block(block: Block, paper: Paper) -> dict[str, Any]:
    sizes = SIZES[paper.look]
    match block:
        case Title():
            return {
                "is": "title",
                "line": _line(block.line, sizes.width, sizes.title),
                "over": _line(block.over, sizes.width, sizes.over),
                "over_size": head_size(line_text(block.over), paper.look),
            }
        case Heading():
            return {"is": "heading", "line": _line(block.line, sizes.width, sizes.text), "page": block.page}
        case Paragraph(role=Role.HEAD):
            return {
                "is": "head",
                "line": _line(block.line, sizes.width, sizes.over),
                "size": head_size(line_text(block.line), paper.look),
            }
        case Paragraph():
            return {"is": block.role.value, "line": _line(block.line, sizes.width, sizes.text)}
        case Items():
            across = sizes.width - _INDENT * sizes.text
            return {
                "is": "items",
                "lines": [
                    [item_mark(number, ordered=block.ordered), _line(line, across, sizes.text)]
                    for number, line in enumerate(block.lines, 1)
                ],
            }
        case Table():
            widths = column_widths(block.widths, sizes.width, sizes.table)
            parted = rows_that_break(block, widths, sizes)
            placed: list[list[tuple[int, Cell]]] = [[] for _ in block.rows]
            for number, at, cell in block.placed():
                placed[number].append((at, cell))
            return {
                "is": "table",
                "heads": block.heads,
                "whole": block.whole,
                "widths": widths,
                "rows": [
                    {
                        "tall": row.tall,
                        "cells": [
                            {
                                **_cell(cell, sum(widths[at : at + cell.columns]), sizes.table),
                                "parted": not parted.isdisjoint(range(number, number + cell.rows)),
                            }
                            for at, cell in placed[number]
                        ],
                    }
                    for number, row in enumerate(block.rows)
                ],
            }
        case Signatures() | Seal():
            kind = "signatures" if isinstance(block, Signatures) else "seal"
            across = sizes.width * 4 // 5 if isinstance(block, Seal) else sizes.width * 2 // 5
            letters = sum(len(line_text(line)) for line in block.lines)
            return {
                "is": kind,
                "lines": [_line(line, across, sizes.text) for line in block.lines],
                "long": len(block.lines) > _MANY_LINES or letters > _MANY_LETTERS,
            }
        case Code():
            return {
                "is": "code",
                "svg": str(qr_svg(block.text, block.title)),
                "alt": f"{block.title}：{block.text}",
                "lines": [_line(line, sizes.width - _CODE, _CODE_LETTERS) for line in block.lines],
            }


def _cell(cell: Cell, wide: int, letters: int) -> dict[str, Any]:
    return {
        "lines": [_line(line, wide - 2 * CELL_SIDE, letters) for line in cell.lines],
        "head": cell.head,
        "centred": cell.centred or cell.head,
        "columns": cell.columns,
        "rows": cell.rows,
    }


def _line(line: Line, across: int, letters: int) -> str | list[list[Any]]:
    if len(line) == 1 and isinstance(only := line[0], Run) and not only.bold and not only.mono:
        return breakable(only.text, across, letters)
    # Parts of several looks may be one word: it is parted as a whole.
    texts = [
        part.text if isinstance(part, Run) and not part.mono else "□" if isinstance(part, Box) else "\n"
        for part in line
    ]
    breaks = breaks_in("".join(texts), across, letters)
    found, begin = [], 0
    for part, text in zip(line, texts, strict=True):
        end = begin + len(text)
        own = [at - begin for at in breaks if begin <= at < end]
        if own and isinstance(part, Box):
            found.append(["text", BREAK])
        found.append(_part(part, own, across, letters))
        begin = end
    return found


def _part(part: Inline, breaks: Sequence[int], across: int, letters: int) -> list[Any]:
    match part:
        case Run():
            if part.mono:
                return ["mono", part.text]
            return ["bold" if part.bold else "text", parted(part.text, breaks)]
        case Blank():
            return ["blank", breakable(part.text, across - _BLANK_SIDES, letters), part.short]
        case Box():
            return ["box"]
        case LineBreak():
            return ["break"]
