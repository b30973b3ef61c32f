"""What a paper consists of, whatever it is written as: blocks of text, tables, signature lines, a QR code.

Sizes are in millimetres. Nothing here depends on HTML, Word or PDF.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

#: A table of at most so many rows, letters and lines is kept on one page: a longer one would leave half a page empty before it.
MAX_WHOLE_ROWS, MAX_WHOLE_LETTERS, MAX_WHOLE_LINES = 8, 240, 24
#: A page with a seal or signatures has at least so many letters of the text above them: more than a line to be called by.
MIN_LETTERS_ABOVE = 60


@dataclass(frozen=True, slots=True)
class Run:
    """Text of one look; `mono` is for digests."""

    text: str
    bold: bool = False
    mono: bool = False


@dataclass(frozen=True, slots=True)
class Blank:
    """A line to write on, or what was written on it."""

    text: str = ""
    short: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """A box to tick."""


@dataclass(frozen=True, slots=True)
class LineBreak:
    """The end of a line within a paragraph."""


Inline: TypeAlias = Run | Blank | Box | LineBreak
Line: TypeAlias = tuple[Inline, ...]


class Role(Enum):
    """What a paragraph is; each format has one look for each."""

    #: Who issues an official document, above its number and title, in red (GB/T 9704-2012, 7.2.4).
    HEAD = "head"
    BODY = "body"
    FLAT = "flat"
    NUMBER = "number"
    RIGHT = "right"
    FOOT = "foot"
    DIGEST = "digest"


@dataclass(frozen=True, slots=True)
class Title:
    """The name of the paper; `over` is the line above it, usually the bureau."""

    line: Line
    over: Line = ()


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a part; with `page` it begins a page."""

    line: Line
    page: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph."""

    line: Line
    role: Role = Role.BODY


@dataclass(frozen=True, slots=True)
class Items:
    """A list; numbered from 1 when `ordered`."""

    lines: tuple[Line, ...]
    ordered: bool = True


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its paragraphs, whether it names its row or column, how many columns and rows it takes."""

    lines: tuple[Line, ...]
    head: bool = False
    centred: bool = False
    columns: int = 1
    rows: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """One row of cells; a `tall` one leaves room to write by hand."""

    cells: tuple[Cell, ...]
    tall: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table; the first `heads` rows are repeated on every page. `widths` are the weights of its columns."""

    rows: tuple[Row, ...]
    heads: int = 0
    widths: tuple[int, ...] = ()

    @property
    def whole(self) -> bool:
        """Tell whether it is so short that the end of a page never parts it."""
        letters = sum(len(line_text(line)) for row in self.rows for cell in row.cells for line in cell.lines)
        lines = sum(
            max(
                (sum(line_text(line).count("\n") + 1 for line in cell.lines) for cell in row.cells), default=0
            )
            for row in self.rows
        )
        return len(self.rows) <= MAX_WHOLE_ROWS and letters <= MAX_WHOLE_LETTERS and lines <= MAX_WHOLE_LINES

    def placed(self) -> Iterator[tuple[int, int, Cell]]:
        """Yield each cell with the number of its first row and of its first column."""
        taken: set[tuple[int, int]] = set()
        for number, row in enumerate(self.rows):
            at = 0
            for cell in row.cells:
                while (number, at) in taken:
                    at += 1
                yield number, at, cell
                if cell.rows > 1:
                    taken |= {
                        (r, c)
                        for r in range(number + 1, number + cell.rows)
                        for c in range(at, at + cell.columns)
                    }
                at += cell.columns


@dataclass(frozen=True, slots=True)
class Signatures:
    """Lines to sign, two beside each other, never parted by the end of a page."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Seal:
    """Who issues the paper and its date, at the right, where the seal goes; never parted by the end of a page."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code with the lines beside it; `text` is what it says, `title` its name for those who cannot see it."""

    text: str
    title: str
    lines: tuple[Line, ...] = ()


Block: TypeAlias = Title | Heading | Paragraph | Items | Table | Signatures | Seal | Code


class Look(Enum):
    """How a paper is laid out: plain, a dense form to fill in, or the layout of official documents (GB/T 9704-2012)."""

    PLAIN = "plain"
    DENSE = "dense"
    OFFICIAL = "official"


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole paper, in reading order; the first block is its title."""

    title: str
    language: str
    blocks: tuple[Block, ...]
    look: Look = Look.PLAIN


def kept_with_next(blocks: Sequence[Block]) -> list[bool]:
    """Return for each block whether it may not be parted from the next by the end of a page.

    Signatures and a seal never stand alone on a page, and neither does what follows them to the end: each of these is
    kept with what comes before it, and what is short there with what is before it.
    """
    keeping = [isinstance(block, Seal | Signatures | Code) for block in blocks]
    last = max((number for number, keep in enumerate(keeping) if keep), default=len(blocks))
    for number, block in enumerate(blocks):
        trailing = number > last and isinstance(block, Paragraph)
        keeping[number] = keeping[number] or trailing or _is_foot(block)
    for number in [at for at, keep in enumerate(keeping) if keep and at]:
        above, letters = number - 1, 0
        while above > 0 and isinstance(short := blocks[above], Paragraph | Heading):
            if isinstance(short, Heading) and short.page:
                break
            letters += len(line_text(short.line))
            if letters >= MIN_LETTERS_ABOVE:
                break
            keeping[above] = True
            above -= 1
    return [*keeping[1:], False]


def kept_items(block: Items) -> int:
    """Return how many items at the end of a list that is kept with the next block are kept with it: as many as the text above a seal needs.

    All of them would go to the next page together and leave the rest of this one empty.
    """
    letters = 0
    for number, line in enumerate(reversed(block.lines), 1):
        letters += len(line_text(line))
        if letters >= MIN_LETTERS_ABOVE:
            return number
    return len(block.lines)


def _is_foot(block: Block) -> bool:
    return isinstance(block, Paragraph) and block.role is Role.FOOT


def paper_text(paper: Paper) -> str:
    """Return the text of a paper, one paragraph or cell a line, in reading order; boxes and blanks to fill leave nothing."""
    return "\n".join(line for line in map(line_text, paper_lines(paper)) if line)


def paper_lines(paper: Paper) -> Iterator[Line]:
    """Yield every line of a paper in reading order; the number of a list's item comes before its text."""
    for block in paper.blocks:
        yield from block_lines(block)


def line_text(line: Sequence[Inline]) -> str:
    """Return the text of a line."""
    return "".join(
        part.text if isinstance(part, Run | Blank) else "\n" if isinstance(part, LineBreak) else ""
        for part in line
    )


def item_mark(number: int, *, ordered: bool) -> str:
    """Return what comes before an item of a list."""
    return f"{number}．" if ordered else "·"


def block_lines(block: Block) -> Iterator[Line]:
    """Yield every line of a block in reading order."""
    match block:
        case Title():
            if block.over:
                yield block.over
            yield block.line
        case Heading() | Paragraph():
            yield block.line
        case Items():
            for number, line in enumerate(block.lines, 1):
                yield (Run(item_mark(number, ordered=block.ordered)), *line)
        case Table():
            for row in block.rows:
                for cell in row.cells:
                    yield from cell.lines
        case Signatures() | Seal() | Code():
            yield from block.lines
