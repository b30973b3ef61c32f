"""One pass over a piece of XML: elements by their local names, counted, nothing kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from xml.parsers import expat

from engine.register.sheet.book.container import TooMuchError, WorkbookContainerError

#: Called with the local name of an element and its attributes.
Start = Callable[[str, Mapping[str, str]], None]

#: Bytes of one tag, comment or word. The parser looks at what has not ended from its beginning again with each piece:
#: without a bound that grows with the square of the file. Texts between tags come in parts, and count for nothing here.
MAX_LENGTH = 1024 * 1024


class ElementCount:
    """How many more elements a file may have, over all its parts."""

    def __init__(self, most: int) -> None:
        self.left = self.most = most


def read_elements(
    pieces: Iterable[bytes],
    count: ElementCount,
    start: Start,
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
    *,
    begin: Callable[[expat.XMLParserType], None] | None = None,
) -> None:
    """Call `start`, `end` and `text` for what the pieces hold. Raises `WorkbookContainerError` for what is no XML.

    With `begin`, which is given the parser before it begins, the tags keep their prefixes and `start` counts the elements
    itself: for parts with millions of them. A document type is refused: entities in it unpack without end.
    """
    local: dict[str, str] = {}

    def name_of(tag: str) -> str:
        found = tag.rpartition(":")[2]
        if len(local) < 1000:
            local[tag] = found
        return found

    def started(tag: str, attributes: Mapping[str, str]) -> None:
        count.left -= 1
        if count.left < 0:
            raise TooMuchError("elements", count.most)
        start(local.get(tag) or name_of(tag), attributes)

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = started if begin is None else start
    if begin is not None:
        begin(parser)
    if end is not None:
        ended = end
        parser.EndElementHandler = lambda tag: ended(local.get(tag) or name_of(tag))
    if text is not None:
        parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _refuse
    try:
        fed = 0
        for piece in pieces:
            parser.Parse(piece)
            fed += len(piece)
            if fed - parser.CurrentByteIndex > MAX_LENGTH:
                raise WorkbookContainerError("no end")
        parser.Parse(b"", True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        # Of an encoding it does not know the parser says so by a LookupError or a ValueError.
        raise WorkbookContainerError from error


def _refuse(*_: object) -> None:
    raise WorkbookContainerError("a document type")


def attribute(attributes: Mapping[str, str], name: str) -> str | None:
    """Return an attribute by its local name, whatever its prefix."""
    if name in attributes:
        return attributes[name]
    return next((value for key, value in attributes.items() if key.rpartition(":")[2] == name), None)
