"""Documents that run something where they are opened, or fetch something: found by what they say of their parts.

Office documents name every part with its kind, and everything a part refers to; PDF names every action. Nothing is run.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from xml.parsers import expat

from engine.files.containers import ContainerError, damage
from engine.language import say

#: Kinds of parts and of references that are a program, or an object another program opens.
_PROGRAMS = ("vbaproject", "macroenabled", "activex", "oleobject", "/control")
_KINDS, _REFERENCES = "[Content_Types].xml", ".rels"
#: Bytes and number of the lists that are read of one document.
_MAX_BYTES, _MAX_LISTS = 1_000_000, 2_000
#: Actions of a PDF that run a program or start one. Long enough that the bytes of no picture look like them: ``/JS`` is
#: not, and says nothing without ``/JavaScript``.
_ACTIONS = re.compile(rb"/(JavaScript|Launch|RichMedia)(?![A-Za-z0-9])")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_OBJECTS = re.compile(rb"/ObjStm(?:(?!endobj).){0,2000}?stream\r?\n", re.DOTALL)
#: Bytes that are unpacked of the objects of one PDF.
_MAX_UNPACKED = 50_000_000


def runs_in_office(content: bytes) -> bool:
    """Tell whether an Office document has a macro, an embedded object, or a part it fetches. Raises ContainerError."""
    with damage(), zipfile.ZipFile(io.BytesIO(content)) as archive:
        lists = [entry for entry in archive.infolist() if entry.filename.endswith((_KINDS, _REFERENCES))]
        if len(lists) > _MAX_LISTS or any(entry.file_size > _MAX_BYTES for entry in lists):
            raise ContainerError(say("文档的部件太多"))
        return any(_is_active(one) for entry in lists for one in _elements(archive.read(entry)))


def _is_active(attributes: Mapping[str, str]) -> bool:
    kind = attributes.get("Type", "") + attributes.get("ContentType", "")
    # A link to click on fetches nothing by itself.
    fetched = attributes.get("TargetMode") == "External" and not kind.endswith("/hyperlink")
    return fetched or any(word in kind.lower() for word in _PROGRAMS)


def _elements(content: bytes) -> Iterator[Mapping[str, str]]:
    """Yield the attributes of the elements of a list; a document type in it would unpack without end and is refused."""
    found: list[Mapping[str, str]] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda _, attributes: found.append(attributes)
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, LookupError) as problem:
        raise ValueError from problem
    yield from found


def _refuse(*_: object) -> None:
    raise ValueError


def runs_in_pdf(content: bytes) -> bool:
    """Tell whether a PDF names an action that runs or starts a program, in its objects or in those it holds packed."""
    if _names_action(content):
        return True
    left = _MAX_UNPACKED
    for found in _OBJECTS.finditer(content):
        try:
            part = zlib.decompressobj().decompress(content[found.end() :], left)
        except zlib.error:
            # Packed in another way, or broken: no reader opens it by what is known here.
            continue
        left -= len(part)
        if _names_action(part):
            return True
        if left <= 0:
            break
    return False


def _names_action(content: bytes) -> bool:
    # A name may be written with any of its letters as a number.
    plain = _ESCAPED.sub(lambda code: bytes([int(code[1], 16)]), content)
    return _ACTIONS.search(plain) is not None
