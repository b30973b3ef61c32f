"""The elements of a rendered template, with the line of each.

`html.parser` of the standard library tells the tags; here they become a tree. Templates are written by people, so
what is not closed in the right order is refused with its line instead of being guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from html.parser import HTMLParser

from engine.language import Message, say

#: Elements that hold nothing and are never closed.
_VOID = frozenset({"br", "meta", "link", "img", "hr", "path", "rect"})
#: What a reader of the paper does not see.
_RAW = frozenset({"style", "script"})
#: White space of HTML; the wide space of Chinese texts is none.
_SPACE = re.compile(r"[ \t\n\r\f]+")
#: Deepest nesting that is read.
DEEPEST = 40


class PaperError(Exception):
    """The paper cannot be written in another format; `message` says where and what to do."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return self.message.render()


@dataclass(slots=True)
class Element:
    """One element: its tag, attributes, and what it holds; `line` counts from 1 in the rendered text."""

    tag: str
    line: int
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)

    @property
    def classes(self) -> frozenset[str]:
        """The names in the attribute `class`."""
        return _names(self.attributes.get("class", ""))

    def elements(self) -> Iterator[Element]:
        """Yield the elements it holds, without the texts between them."""
        return (child for child in self.children if isinstance(child, Element))

    def found(self, tag: str) -> Element | None:
        """Return the first element below with that tag, or None."""
        for child in self.elements():
            if child.tag == tag:
                return child
            if below := child.found(tag):
                return below
        return None

    def text(self) -> str:
        """Return all text below, white space made one space."""
        parts = (child if isinstance(child, str) else child.text() for child in self.children)
        return collapsed("".join(parts)).strip(" ")


@lru_cache(maxsize=256)
def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


def collapsed(text: str) -> str:
    """Return a text as HTML shows it: any run of ASCII white space is one space."""
    return _SPACE.sub(" ", text)


def read_tree(html: str) -> Element:
    """Return the element that holds the whole document. Raises PaperError for tags that do not fit together."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.whole()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open = [Element("", 1)]

    def whole(self) -> Element:
        if len(self._open) > 1:
            last = self._open[-1]
            raise PaperError(
                say("文书第 {line} 行的 <{tag}> 没有结束。请补上 </{tag}>。", line=last.line, tag=last.tag)
            )
        return self._open[0]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        line, _ = self.getpos()
        element = Element(tag, line, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(element)
        if tag in _VOID:
            return
        if len(self._open) > DEEPEST:
            raise PaperError(
                say("文书第 {line} 行的标签嵌套超过 {most} 层，请简化模板。", line=line, most=DEEPEST)
            )
        self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        line, _ = self.getpos()
        self._open[-1].children.append(Element(tag, line, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        line, _ = self.getpos()
        last = self._open[-1]
        if last.tag != tag:
            raise PaperError(
                say(
                    "文书第 {line} 行结束的是 </{tag}>，这里应当先结束第 {opened} 行的 <{other}>。",
                    line=line,
                    tag=tag,
                    opened=last.line,
                    other=last.tag,
                )
                if last.tag
                else say("文书第 {line} 行的 </{tag}> 没有开头。", line=line, tag=tag)
            )
        self._open.pop()

    def handle_data(self, data: str) -> None:
        # What is within is raw: no element is opened in it.
        if self._open[-1].tag not in _RAW:
            self._open[-1].children.append(data)
