"""Sizes of a paper, the same in Word and PDF: page, margins, letters. Millimetres and half points, never floats.

Plain and dense follow the style sheet of the templates. Official follows GB/T 9704-2012: text area 156 x 225 mm
(5.2.1), text in size 3 (16 pt), 22 lines of 28 characters (5.2.3), title in size 2 (22 pt, 7.3.1).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from engine.documents.paper.blocks import Line, Look, Table, line_text

#: Letters after this code point are as wide as they are high: CJK begins there.
WIDE_FROM = 0x2E7F
#: A4, millimetres.
PAGE = (210, 297)
#: Room at each side of a cell, tenths of a millimetre.
CELL_SIDE = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """The sizes of one look. Letters are in half points, everything else in tenths of a millimetre."""

    top: int
    right: int
    bottom: int
    left: int
    #: Letters of the text, title, line above the title, tables, notes at the foot, digests.
    text: int
    title: int
    over: int
    table: int
    foot: int
    digest: int
    #: From one line of the text to the next, in half points; of tables, percent of the letters.
    leading: int
    table_leading: int
    #: Room inside a cell, above and below.
    cell: int
    #: Height of a row left for writing.
    tall: int = 200

    @property
    def width(self) -> int:
        """Width of the text, in tenths of a millimetre."""
        return PAGE[0] * 10 - self.left - self.right


SIZES: Mapping[Look, Sizes] = {
    Look.PLAIN: Sizes(
        top=200, right=220, bottom=180, left=240, text=24, title=40, over=30, table=21, foot=18, digest=20,
        leading=41, table_leading=150, cell=16,
    ),
    Look.DENSE: Sizes(
        top=160, right=140, bottom=160, left=140, text=22, title=36, over=28, table=19, foot=17, digest=18,
        leading=34, table_leading=140, cell=9,
    ),
    Look.OFFICIAL: Sizes(
        top=370, right=260, bottom=350, left=280, text=32, title=44, over=60, table=24, foot=24, digest=22,
        leading=58, table_leading=130, cell=14,
    ),
}  # fmt: skip


#: A column of at most this weight is given what its text needs; longer ones share what is left.
_SHORT = 12


def column_widths(weights: tuple[int, ...], width: int, letters: int) -> tuple[int, ...]:
    """Share `width` (tenths of a millimetre) among columns whose texts are `weights` wide letters of `letters` half points.

    Short columns get what they need, long ones share the rest by weight; the widths add up to `width` exactly.
    """
    one = letters * 254 // 144
    long = sum(weight for weight in weights if weight > _SHORT)
    rest = width - sum(weight * one for weight in weights if weight <= _SHORT)
    if long and rest >= long * one // 4:
        shares = [weight * one * long if weight <= _SHORT else weight * rest for weight in weights]
    else:
        shares = list(weights)
    whole = sum(shares)
    edges = [sum(shares[:number]) * width // whole for number in range(len(shares) + 1)]
    return tuple(after - before for before, after in pairwise(edges))


def rows_that_break(table: Table, widths: Sequence[int], sizes: Sizes) -> set[int]:
    """Return the numbers of the rows that a page may part: those with a cell that may be higher than two thirds of a page.

    `widths` are those of the columns, in tenths of a millimetre. Heights are estimated from the letters.
    """
    room = (PAGE[1] * 10 - sizes.top - sizes.bottom) * 2 // 3
    # A half point is 25.4/144 mm.
    line = sizes.table * sizes.table_leading * 254 // (100 * 144)
    most = (room - 2 * sizes.cell) // line
    found: set[int] = set()
    for number, at, cell in table.placed():
        across = sum(widths[at : at + cell.columns]) - 2 * CELL_SIDE
        if sum(_lines(one, across, sizes.table) for one in cell.lines) > most:
            found.update(range(number, number + cell.rows))
    return found


def _lines(line: Line, across: int, letters: int) -> int:
    """Return how many lines a paragraph may take that is so many tenths of a millimetre wide.

    What is written without a blank is not parted where it fits into a line: the rest of the line before it is empty.
    """
    count = 0
    for part in line_text(line).split("\n"):
        count, used = count + 1, 0
        for found in _PIECE.finditer(part):
            wide = _wide(found[0], letters)
            used += wide
            if used > across:
                full = -(-wide // max(across, 1))
                count, used = count + full, wide - (full - 1) * across
    return count


#: Latin letters that are as wide as they are high, or a little wider.
_WIDE = frozenset("MW@%mw")
#: Blanks at which a line may end; it may not at those that join (U+00A0, U+202F).
_BLANKS = " \t\n\r\u1680\u2000-\u2006\u2008-\u200b\u205f\u3000"
#: Writing that is broken anywhere: ideographs, kana, hangul, and Latin letters and digits as wide as those.
_ANYWHERE = (
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3040-\u30ff\u3100-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf"
    "\uac00-\ud7a3\uf900-\ufaff\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\U00020000-\U0003ffff"
)
#: What joins the letters beside it, whatever they are.
_JOINS = "\u200d\u2060\ufeff"
#: What has no place for the end of a line in it.
_RUN = re.compile(rf"(?:[^{_BLANKS}{_ANYWHERE}]|[^{_BLANKS}](?=[{_JOINS}])|(?<=[{_JOINS}])[^{_BLANKS}])+")
#: A run, or one letter of other writing; punctuation is not parted from what is before it.
_PIECE = re.compile(rf"(?:{_RUN.pattern}|.)[，。、；：！？）》」』”’]*", re.DOTALL)
#: A place where a line may end though nothing is printed there.
BREAK = "\u200b"


def _wide(text: str, letters: int) -> int:
    """Return how wide a text of letters of so many half points may be, in tenths of a millimetre."""
    return sum(map(_tenths, text)) * letters * 254 // 1440


def _tenths(letter: str) -> int:
    """Return how wide a letter may be, in tenths of its height; those of which fonts differ (Greek, dashes, boxes) as wide as high."""
    if letter in _WIDE:
        return 11
    if letter.isascii():
        return 8 if letter.isupper() else 6
    if unicodedata.combining(letter):
        return 0
    return 10 if unicodedata.east_asian_width(letter) in "WFA" else 8


def breaks_in(text: str, across: int, letters: int) -> list[int]:
    """Return where a line may have to end in what has no place for it and may be wider than a line.

    The line is `across` tenths of a millimetre wide, its letters are `letters` half points high.
    """
    fits = across * 144 // (letters * 254)
    found: list[int] = []
    for run in _RUN.finditer(text):
        if len(run[0]) <= fits or _wide(run[0], letters) <= across:
            continue
        begin, wide = run.start(), 0
        for at in range(run.start(), run.end()):
            tenths = _tenths(text[at])
            if at > begin and tenths and (wide + tenths) * letters * 254 // 1440 > across:
                found.append(at)
                begin, wide = at, 0
            wide += tenths
    return found


def breakable(text: str, across: int, letters: int) -> str:
    """Return a text with places for the end of a line where it may need them (`breaks_in`)."""
    return parted(text, breaks_in(text, across, letters))


def parted(text: str, breaks: Sequence[int]) -> str:
    """Return a text with a place for the end of a line at each of `breaks`."""
    if not breaks:
        return text
    edges = [0, *breaks, len(text)]
    return BREAK.join(text[begin:end] for begin, end in pairwise(edges))


def head_size(text: str, look: Look) -> int:
    """Return the half points in which the line above the title fits into one line."""
    sizes = SIZES[look]
    across = sum(2 if ord(letter) > WIDE_FROM else 1 for letter in text) or 1
    # A half point is 25.4/144 mm; a wide letter is as wide as it is high. A tenth of the line stays free.
    fits = sizes.width * 9 * 2 * 144 // (across * 254 * 10)
    return max(sizes.foot, min(sizes.over, fits))
