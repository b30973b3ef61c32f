"""Reads what is within a paragraph or cell of a rendered template: texts, blanks, boxes, ends of lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.documents.paper.blocks import Blank, Box, Inline, Line, LineBreak, Run
from engine.documents.paper.tree import Element, PaperError, collapsed
from engine.language import say


def read_lines(element: Element) -> tuple[Line, ...]:
    """Return the lines of a cell or group: each paragraph and each option is one, so is the text between them."""
    lines: list[Line] = []
    loose: list[Inline] = []
    for child in element.children:
        if isinstance(child, Element) and (child.tag in ("p", "div") or "opt" in child.classes):
            lines += _closed(loose)
            loose = []
            lines += read_lines(child) if child.tag == "div" else _closed(inline_parts(child))
        else:
            loose += _parts(child)
    return (*lines, *_closed(loose))


def inline_parts(element: Element, *, bold: bool = False, mono: bool = False) -> Iterator[Inline]:
    """Yield the parts within an element, in order, white space made one space."""
    for child in element.children:
        yield from _parts(child, bold=bold, mono=mono)


def _parts(child: Element | str, *, bold: bool = False, mono: bool = False) -> Iterator[Inline]:
    if isinstance(child, str):
        yield Run(collapsed(child), bold, mono)
    elif child.tag == "br":
        yield LineBreak()
    elif child.tag in ("strong", "b"):
        yield from inline_parts(child, bold=True, mono=mono)
    elif child.tag in ("span", "small"):
        if "box" in child.classes:
            yield Box()
        elif "line" in child.classes:
            yield Blank(child.text(), "short" in child.classes)
        else:
            yield from inline_parts(child, bold=bold, mono=mono or "hex" in child.classes)
    else:
        raise PaperError(
            say("文书第 {line} 行的 <{tag}> 不能放在一行文字里。", line=child.line, tag=child.tag)
        )


def _closed(parts: Iterable[Inline]) -> list[Line]:
    line = closed_line(parts)
    return [line] if line else []


def closed_line(parts: Iterable[Inline]) -> Line:
    """Return the parts of a line, neighbours of one look made one, white space at both ends and beside breaks left out."""
    made: list[Inline] = []
    for part in parts:
        last = made[-1] if made else None
        if isinstance(part, Run):
            text = part.text
            if (
                last is None
                or isinstance(last, LineBreak)
                or (isinstance(last, Run) and last.text.endswith(" "))
            ):
                text = text.lstrip(" ")
            if not text:
                continue
            if isinstance(last, Run) and (last.bold, last.mono) == (part.bold, part.mono):
                made[-1] = Run(last.text + text, part.bold, part.mono)
            else:
                made.append(Run(text, part.bold, part.mono))
            continue
        if isinstance(part, LineBreak):
            _strip_end(made)
        made.append(part)
    _strip_end(made)
    while made and isinstance(made[-1], LineBreak):
        made.pop()
        _strip_end(made)
    return tuple(made)


def _strip_end(made: list[Inline]) -> None:
    if made and isinstance(last := made[-1], Run) and last.text.endswith(" "):
        text = last.text.rstrip(" ")
        if text:
            made[-1] = Run(text, last.bold, last.mono)
        else:
            made.pop()
