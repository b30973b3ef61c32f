"""The styles of an OpenDocument spreadsheet, as far as they keep what a cell holds from being shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from engine.register.sheet.book.unseen import is_no_size, is_too_low, is_too_narrow
from engine.register.sheet.book.xml_pass import attribute

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
#: A style has parents; so many are followed.
_MAX_PARENTS = 50


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
    #: (condition, format) of the values it gives to another format.
    others: list[tuple[str, str]] = field(default_factory=list)


class OdsStyles:
    """Takes the elements of ``styles.xml`` and ``content.xml``, then tells what is hidden."""

    def __init__(self) -> None:
        self._styles: dict[tuple[str, str], _Style] = {}
        #: Family -> what its styles are where they do not say.
        self._defaults: dict[str, _Style] = {}
        self._formats: dict[str, _Format] = {}
        self._style: _Style | None = None
        self._format: _Format | None = None
        self._known: dict[tuple[str, str, bool, bool], bool] = {}

    def start(self, tag: str, found: Mapping[str, str]) -> None:
        """Take the beginning of an element."""
        if tag == "style":
            family = attribute(found, "family") or ""
            parent, data = attribute(found, "parent-style-name"), attribute(found, "data-style-name")
            self._style = self._styles[family, attribute(found, "name") or ""] = _Style(parent, data)
        elif tag == "default-style":
            family = attribute(found, "family") or ""
            self._style = self._defaults[family] = _Style()
        elif tag in _FORMATS:
            self._format = self._formats[attribute(found, "name") or ""] = _Format(tag == "text-style")
        elif self._format is not None:
            self._in_format(self._format, tag, found)
        elif self._style is not None:
            _in_style(self._style, tag, found)

    def end(self, tag: str) -> None:
        """Take the end of an element."""
        if tag in ("style", "default-style"):
            self._style = None
        elif tag in _FORMATS:
            self._format = None

    def _in_format(self, format_: _Format, tag: str, found: Mapping[str, str]) -> None:
        if tag in _SHOWING:
            format_.shows = True
        elif tag == "map":
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
