"""What a cell shows by its number format: ``000000`` shows 123 as 000123, ``"第"0"号"`` as 第123号.

The codes are those of Excel (ECMA-376 part 1, 18.8.31). A format that shows a number as what it is, with its decimal
places, thousands or currency, is none of those here.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache

#: Number formats Excel numbers itself that are not shown as they are: percents.
BUILT_IN = {9: "0%", 10: "0.00%"}
#: No honest format is longer, and no number has more places.
MAX_CODE, _MAX_PLACES = 255, 40

# What is quoted, bracketed or escaped in a number format is not part of the date.
_NOT_DATE = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|(?P<skipped>[_*].)|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<general>General|G/通用格式)|(?P<exponent>E[+-])|(?P<sign>[0#?.,%/@;])|(?P<other>.)",
    re.DOTALL | re.IGNORECASE,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d{1,15}(?:\.\d{1,15})?)", re.ASCII)
_COLOUR = re.compile(
    r"(black|blue|cyan|green|magenta|red|white|yellow|color\s*\d{1,2}|[黑蓝绿红白黄]色?|蓝绿色?|洋红色?)",
    re.IGNORECASE,
)
_CURRENCY = re.compile(r"\$([^-]*)(?:-.*)?", re.DOTALL)


def shows_date(code: str) -> bool:
    """Tell whether a number format shows a date or a time; of one that is too long to be honest the beginning counts."""
    return any(char in "ymdhsYMDHS" for char in _NOT_DATE.sub("", code[: MAX_CODE + 1].partition(";")[0]))


@dataclass(slots=True)
class _Section:
    """One of the sections of a format."""

    #: (a placeholder 0, # or ?, or "" for a text between; the text).
    whole: list[tuple[str, str]] = field(default_factory=list)
    places: list[tuple[str, str]] = field(default_factory=list)
    point: bool = False
    groups: bool = False
    thousands: int = 0
    percent: bool = False
    #: Whether it shows the value as one without a format, or a text, between what stands before and after.
    general: bool = False
    text: bool = False
    condition: tuple[str, Decimal] | None = None
    #: Whether something of it is not understood here: numbers in Chinese, fractions, powers of ten.
    strange: bool = False
    #: The same, and the number is what is shown all the same: fractions and powers of ten.
    power: bool = False

    @property
    def plain(self) -> bool:
        """Tell whether it shows a number as what it is."""
        if self.power:
            return True
        if self.strange or self.percent or self.thousands or self.text or self.condition is not None:
            return False
        zeros = sum(kind == "0" for kind, _ in self.whole)
        digits = False
        for kind, text in (*self.whole, *self.places):
            # A hyphen behind a digit is part of what is written, one before it is a minus.
            if any(char.isalnum() or (digits and char in "-/") for char in text):
                return False
            digits = digits or kind in ("0", "#")
        return zeros <= 1

    @property
    def known(self) -> bool:
        """Tell whether how it shows a number is understood here."""
        return not self.strange

    def number(self, value: Decimal) -> str | None:
        """Return how it shows a number that is not below zero; None where that is not understood here."""
        if self.strange or self.power:
            return None
        if self.general or self.text:
            shown = _without_zeros(value)
            return "".join(text or shown for _, text in self.whole)
        value = value * (100 if self.percent else 1) / 1000**self.thousands
        count = sum(bool(kind) for kind, _ in self.places)
        rounded = value.quantize(Decimal(1).scaleb(-count), ROUND_HALF_UP)
        digits, _, behind = f"{rounded:f}".partition(".")
        out = self._whole(digits) + ("." if self.point else "")
        kept = len(behind.rstrip("0"))
        at = 0
        for kind, text in self.places:
            if not kind:
                out += text
                continue
            if kind == "0" or at < kept:
                out += behind[at]
            at += 1
        return out

    def _whole(self, digits: str) -> str:
        kinds = [kind for kind, _ in self.whole if kind]
        if not kinds:
            return "".join(text for _, text in self.whole)
        padded = len(kinds) - kinds.index("0") if "0" in kinds else 0
        digits = digits.lstrip("0").rjust(padded, "0")
        if self.groups:
            digits = _grouped(digits)
            kept, seen = [], False
            # The digits come together where the first placeholder is.
            for kind, text in self.whole:
                if not kind:
                    kept.append(text)
                elif not seen:
                    kept.append(digits)
                    seen = True
            return "".join(kept)
        out: list[str] = []
        left, open_ = digits, len(kinds)
        for kind, text in reversed(self.whole):
            if not kind:
                out.append(text)
                continue
            open_ -= 1
            taken, left = (left, "") if not open_ else (left[-1:], left[:-1])
            out.append(taken)
        return "".join(reversed(out))


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """A number format that shows numbers, or texts, with something the cell does not hold."""

    code: str
    _sections: tuple[_Section, ...]
    _of_text: _Section | None

    @property
    def known(self) -> bool:
        """Tell whether how it shows numbers is understood here."""
        return all(one.known for one in self._sections)

    def number(self, held: str) -> str | None:
        """Return how the number that is written plainly in `held` is shown; None where that is not understood here."""
        try:
            return self._number(held)
        except InvalidOperation:
            # More digits than are counted with, or no number.
            return None

    def _number(self, held: str) -> str | None:
        value = Decimal(held)
        if not value.is_finite() or value.adjusted() >= 15 or not self._sections:
            return None
        section, sign = self._chosen(value)
        if section is None:
            return None
        if section.plain and not sign and section.condition is None:
            return held
        shown = section.number(abs(value))
        return None if shown is None else sign + shown

    def _chosen(self, value: Decimal) -> tuple[_Section | None, str]:
        sections = self._sections
        if any(one.condition is not None for one in sections):
            for one in sections:
                if one.condition is None or _holds(value, *one.condition):
                    return one, "-" if value < 0 else ""
            return None, ""
        if value < 0:
            return (sections[1], "") if len(sections) > 1 else (sections[0], "-")
        if not value and len(sections) > 2:
            return sections[2], ""
        return sections[0], ""

    def text(self, held: str) -> str:
        """Return how a text is shown."""
        section = self._of_text
        return held if section is None else "".join(text or held for _, text in section.whole)


@lru_cache(maxsize=1 << 10)
def number_format(code: str) -> NumberFormat | None:
    """Return a number format; None where it shows what the cell holds, or a date."""
    if len(code) > MAX_CODE or shows_date(code):
        return None
    sections = _sections(code)
    numbers = tuple(one for one in sections[:3] if not one.text or len(sections) == 1)
    of_text = next((one for one in sections if one.text), None)
    if of_text is not None and not any(text for _, text in of_text.whole):
        of_text = None
    if all(_harmless(one) for one in numbers) and of_text is None:
        return None
    return NumberFormat(code, numbers, of_text)


def _harmless(section: _Section) -> bool:
    # A lone @ shows a number as it is; an empty section hides, and the pass over styles looks for that.
    return (
        section.plain
        or not (section.whole or section.places)
        or (section.text and not any(text for _, text in section.whole))
    )


def _sections(code: str) -> list[_Section]:
    found = [_Section()]
    before_digits = 0
    for token in _TOKEN.finditer(code):
        section = found[-1]
        into = section.places if section.point else section.whole
        kind, text = token.lastgroup, token[token.lastgroup or 0]
        if kind == "quoted" or kind == "escaped" or kind == "other":
            into.append(("", text))
        elif kind == "bracket":
            _take_bracket(section, text)
        elif kind == "general":
            section.general = True
            into.append(("General", ""))
        elif kind == "exponent" or text == "/":
            section.power = True
        elif text == ";":
            found.append(_Section())
        elif text in "0#?" and kind == "sign":
            section.groups = section.groups or section.thousands > 0
            section.thousands = 0
            into.append((text, ""))
            before_digits += 1
            section.strange = section.strange or before_digits > _MAX_PLACES
        elif text == "," and kind == "sign":
            digits = any(placeholder in "0#?" and placeholder for placeholder, _ in into)
            section.thousands += digits
        elif text == ".":
            section.point = True
        elif text == "%":
            section.percent = True
            into.append(("", "%"))
        elif text == "@":
            section.text = True
            into.append(("@", ""))
    return found


def _take_bracket(section: _Section, text: str) -> None:
    if found := _CONDITION.fullmatch(text.strip()):
        section.condition = (found[1], Decimal(found[2]))
    elif found := _CURRENCY.fullmatch(text):
        section.whole.append(("", found[1]))
    elif not _COLOUR.fullmatch(text.strip()):
        section.strange = True


def _holds(value: Decimal, sign: str, other: Decimal) -> bool:
    return {
        "<": value < other,
        ">": value > other,
        "=": value == other,
        "<=": value <= other,
        ">=": value >= other,
        "<>": value != other,
    }[sign]


def _without_zeros(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _grouped(digits: str) -> str:
    head = len(digits) % 3
    parts = [digits[:head]] if head else []
    return ",".join([*parts, *(digits[at : at + 3] for at in range(head, len(digits), 3))])


class ShownColumn:
    """The formats of one column's cells, as runs of rows below each other."""

    def __init__(self) -> None:
        self._firsts, self._lasts, self._formats = array("I"), array("I"), array("I")
        self._in_order = True

    def take(self, row: int, number: int) -> bool:
        """Note that a cell has a format, by its number; tell whether that begins another run."""
        if self._lasts:
            if self._lasts[-1] + 1 == row and self._formats[-1] == number:
                self._lasts[-1] = row
                return False
            self._in_order = self._in_order and row > self._lasts[-1]
        self._firsts.append(row)
        self._lasts.append(row)
        self._formats.append(number)
        return True

    def at(self, row: int) -> int | None:
        """Return the number of the format of a cell; None where it has none of those."""
        if not self._in_order:
            ordered = sorted(zip(self._firsts, self._lasts, self._formats, strict=True))
            self._firsts, self._lasts, self._formats = (
                array("I", part) for part in zip(*ordered, strict=True)
            )
            self._in_order = True
        place = bisect_right(self._firsts, row) - 1
        return self._formats[place] if place >= 0 and row <= self._lasts[place] else None


@dataclass(slots=True)
class ShownCells:
    """The cells of a sheet that show something else than they hold, and the formats they show it by."""

    formats: Sequence[NumberFormat]
    columns: dict[int, ShownColumn] = field(default_factory=dict)
    #: How many cells there are; how many of them show it in a way that is not understood here.
    count: int = 0
    unknown: int = 0
    #: The first of either: its row and its format.
    first: tuple[int, int] | None = None
    first_unknown: tuple[int, int] | None = None
    runs: int = 0

    def take(self, row: int, column: int, number: int) -> None:
        """Note a cell, and the number of its format."""
        shown = self.columns.get(column)
        if shown is None:
            shown = self.columns[column] = ShownColumn()
        self.runs += shown.take(row, number)
        if self.formats[number].known:
            self.count += 1
            self.first = self.first or (row, number)
        else:
            self.unknown += 1
            self.first_unknown = self.first_unknown or (row, number)

    def text(self, row: int, column: int, held: float | str, written: str) -> str:
        """Return what a cell shows that holds a number or a text, which is `written` without a format."""
        number = self.columns[column].at(row)
        if number is None:
            return written
        if isinstance(held, str):
            return self.formats[number].text(held)
        shown = self.formats[number].number(written)
        return written if shown is None else shown
