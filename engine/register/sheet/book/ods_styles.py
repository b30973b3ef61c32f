"""The styles of an OpenDocument spreadsheet, as far as they keep what a cell holds from being shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from engine.register.sheet.book.container import TooMuchError
from engine.register.sheet.book.unseen import is_no_size, is_too_low, is_too_narrow
from engine.register.sheet.book.xml_pass import attribute
from engine.register.sheet.number_format import MAX_CODE, NumberFormat, number_format

_FORMATS = frozenset(
    f"{kind}-style" for kind in ("number", "currency", "percentage", "date", "time", "boolean", "text")
)
#: The parts of a format that show something of the value.
_SHOWING = frozenset(
    (
        *("number", "scientific-number", "fraction", "boolean", "text-content"),
        *("day", "month", "year", "era", "day-of-week", "week-of-year", "quarter"),
        *("hours", "minutes", "seconds", "am-pm"),
    )
)
#: So many elements has a number format at the most.
_MAX_PARTS = 1_000
#: A style has parents; so many are followed.
_MAX_PARENTS = 50


def _digits(found: Mapping[str, str]) -> str:
    whole, behind = _count(found, "min-integer-digits"), _count(found, "decimal-places")
    groups = attribute(found, "grouping") == "true" and whole <= 1
    factor = attribute(found, "display-factor") or "1"
    scale = "," * ((len(factor) - 1) // 3) if factor.strip("0") == "1" else ""
    return ("#,##0" if groups else "0" * whole or "#") + ("." + "0" * behind if behind else "") + scale


def _count(found: Mapping[str, str], name: str) -> int:
    text = attribute(found, name) or "0"
    return min(int(text), MAX_CODE) if text.isascii() and text.isdigit() and len(text) <= 9 else 0


def _quoted(literal: str, *, percent: bool) -> str:
    parts = literal.split("%") if percent else [literal]
    return "%".join('"' + part.replace('"', "") + '"' if part else "" for part in parts)


#: Elements of a format -> what they are in Excel's code of it.
_CODES: Mapping[str, Callable[[Mapping[str, str]], str]] = {
    "number": _digits,
    "scientific-number": lambda _found: "0E+0",
    "fraction": lambda _found: "?/?",
    "text-content": lambda _found: "@",
}


@dataclass(slots=True)
class _Style:
    parent: str | None = None
    format: str | None = None
    #: Whether its letters are hidden or of no size; None where it does not say.
    hidden: bool | None = None
    small: bool | None = None
    #: Whether the content is hidden while the sheet is protected.
    guarded: bool | None = None
    #: Whether a row of this height, or a column of this width, shows nothing.
    flat: bool | None = None


@dataclass(slots=True)
class _Format:
    text: bool
    shows: bool = False
    percent: bool = False
    parts: int = 0
    #: What Excel's code of the same format has, part by part; None where it is of dates or the like.
    code: list[str] | None = field(default_factory=list)
    #: (condition, format) of the values it gives to another format.
    others: list[tuple[str, str]] = field(default_factory=list)


class OdsStyles:
    """Takes the elements of ``styles.xml`` and ``content.xml``, then tells what is hidden."""

    def __init__(self, most: int) -> None:
        self._left = self._most = most
        self._styles: dict[tuple[str, str], _Style] = {}
        #: Family -> what its styles are where they do not say.
        self._defaults: dict[str, _Style] = {}
        self._formats: dict[str, _Format] = {}
        #: Formats that show something else than a cell holds, and style -> the place of its format there.
        self.written_formats: list[NumberFormat] = []
        self._written: dict[str, int | None] = {}
        #: The text in a format that is being read, and where it is: at the end, or before the last so many digits.
        self._literal: list[str] | None = None
        self._style: _Style | None = None
        self._format: _Format | None = None
        self._known: dict[tuple[str, str, bool, bool], bool] = {}

    def start(self, tag: str, found: Mapping[str, str]) -> None:
        """Take the beginning of an element. Raises `TooMuchError` where there are too many styles, or a format has too many parts."""
        if tag == "style" or tag in _FORMATS:
            self._left -= 1
            if self._left < 0:
                raise TooMuchError("styles", self._most)
        if tag == "style":
            family = attribute(found, "family") or ""
            parent, data = attribute(found, "parent-style-name"), attribute(found, "data-style-name")
            self._style = self._styles[family, attribute(found, "name") or ""] = _Style(parent, data)
        elif tag == "default-style":
            family = attribute(found, "family") or ""
            self._style = self._defaults[family] = _Style()
        elif tag in _FORMATS:
            self._format = self._formats[attribute(found, "name") or ""] = _Format(tag == "text-style")
            self._format.percent = tag == "percentage-style"
            if tag in ("date-style", "time-style", "boolean-style"):
                self._format.code = None
        elif self._format is not None:
            self._in_format(self._format, tag, found)
        elif self._style is not None:
            _in_style(self._style, tag, found)

    def end(self, tag: str) -> None:
        """Take the end of an element."""
        if tag in ("style", "default-style"):
            self._style = None
        elif tag in _FORMATS:
            self._format = self._literal = None
        elif self._literal is not None and self._format is not None and self._format.code is not None:
            literal, self._literal = "".join(self._literal)[:MAX_CODE], None
            self._format.code.append(_quoted(literal, percent=self._format.percent))

    def text(self, piece: str) -> None:
        """Take a piece of text between elements."""
        if self._literal is not None:
            self._literal.append(piece)

    def written(self, name: str) -> int | None:
        """Return the place in `written_formats` of what the cells of a style show; None where that is what they hold."""
        if name not in self._written:
            format_name = next(
                (one.format for one in self._chain("table-cell", name) if one.format is not None), ""
            )
            found = number_format(self._code(format_name))
            self._written[name] = len(self.written_formats) if found is not None else None
            self.written_formats += [found] if found is not None else []
        return self._written[name]

    def _code(self, name: str) -> str:
        """Return Excel's code of a format; a format for dates, or for cells it is not said of, has none."""
        format_ = self._formats.get(name)
        if format_ is None or format_.code is None:
            return ""
        own = "".join(format_.code)
        others = []
        for condition, other in format_.others[:3]:
            found = self._formats.get(other)
            if found is None or found.code is None:
                return ""
            others.append((condition.replace("value()", "").replace(" ", ""), "".join(found.code)))
        signs = [condition for condition, _ in others]
        if signs in ([">=0"], [">0", "<0"]):
            return ";".join([*(code for _, code in others), own])
        return ";".join([*(f"[{condition}]{code}" for condition, code in others), own])

    def _in_format(self, format_: _Format, tag: str, found: Mapping[str, str]) -> None:
        format_.parts += 1
        if format_.parts > _MAX_PARTS:
            raise TooMuchError("styles", _MAX_PARTS)
        if tag in _SHOWING:
            format_.shows = True
        if format_.code is not None and tag in ("text", "currency-symbol"):
            self._literal = []
        elif format_.code is not None and tag in _CODES:
            format_.code.append(_CODES[tag](found))
        elif tag == "embedded-text" and format_.code:
            # It is between digits, which is not followed here.
            format_.code.append("[embedded]")
        if tag == "map":
            other = attribute(found, "apply-style-name") or ""
            format_.others.append((attribute(found, "condition") or "", other))

    def hides(self, family: str, name: str, *, text: bool = True, protected: bool = False) -> bool:
        """Tell whether a style of a family keeps a text, or a number, from being shown, on a `protected` sheet or another."""
        key = (family, name, text, protected)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._hides(family, name, text=text, protected=protected)
        return known

    def _hides(self, family: str, name: str, *, text: bool, protected: bool) -> bool:
        chain = list(self._chain(family, name))
        hidden = next((one.hidden for one in chain if one.hidden is not None), False)
        small = next((one.small for one in chain if one.small is not None), False)
        guarded = next((one.guarded for one in chain if one.guarded is not None), False)
        format_ = self._formats.get(next((one.format for one in chain if one.format is not None), ""))
        if hidden or small or (guarded and protected):
            return True
        return format_ is not None and self._format_hides(format_, text=text)

    def flat(self, family: str, name: str | None) -> bool:
        """Tell whether rows, or columns, of a style show nothing for their size."""
        return next((one.flat for one in self._chain(family, name) if one.flat is not None), False)

    def _chain(self, family: str, name: str | None) -> Iterator[_Style]:
        following = name
        for _ in range(_MAX_PARENTS):
            style = self._styles.get((family, following)) if following is not None else None
            if style is None:
                break
            yield style
            following = style.parent
        if family in self._defaults:
            yield self._defaults[family]

    def _format_hides(self, format_: _Format, *, text: bool) -> bool:
        if text:
            return format_.text and not format_.shows
        for condition, name in format_.others:
            if ">" in condition and (other := self._formats.get(name)) is not None:
                return not other.shows
        return not format_.shows


def _in_style(style: _Style, tag: str, found: Mapping[str, str]) -> None:
    if tag == "text-properties":
        if (display := attribute(found, "display")) is not None:
            style.hidden = display == "none"
        if (size := attribute(found, "font-size")) is not None:
            style.small = is_no_size(size)
    elif tag == "table-cell-properties" and (protect := attribute(found, "cell-protect")) is not None:
        style.guarded = protect == "hidden-and-protected"
    elif tag == "table-row-properties" and (height := attribute(found, "row-height")) is not None:
        style.flat = is_too_low(height)
    elif tag == "table-column-properties" and (width := attribute(found, "column-width")) is not None:
        style.flat = is_too_narrow(width)
