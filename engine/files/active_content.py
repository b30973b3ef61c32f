"""Documents that run something where they are opened, or fetch something: found by what they say of their parts.

Office documents name every part with its kind, everything a part refers to, and what a field asks; PDF names every action.
Nothing is run.
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

#: Kinds of parts and of references that are a program, an object another program opens, or a link of a table to another
#: table or, by DDE, to another program.
_PROGRAMS = ("vbaproject", "macroenabled", "activex", "oleobject", "/control", "externallink")
#: Names of parts are the same in capitals.
_KINDS, _REFERENCES = "[content_types].xml", ".rels"
#: Texts of Word, and the fields in them that ask another program for something when the document is opened.
_TEXTS = re.compile(r"word/[^/]+\.xml", re.IGNORECASE)
_ASKS = re.compile(r"^[^\S\n]*+DDE(AUTO)?\b", re.IGNORECASE | re.MULTILINE)
#: Names of parts that are such an object, and what the file of one begins with, whether or not a reference names it.
_OBJECT_PARTS = re.compile(r"vbaproject|activex|oleobject", re.IGNORECASE)
_COMPOUND = b"\xd0\xcf\x11\xe0"
#: Parts that are XML; a document type in one may declare what unpacks without end, or what is fetched.
_XML = (".xml", ".rels", ".vml")
_DOCTYPES = tuple("<!DOCTYPE".encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be"))
#: Bytes and number of the lists that are read of one document.
_MAX_BYTES, _MAX_LISTS = 1_000_000, 2_000
#: Bytes of a text of Word that is looked through.
_MAX_TEXT = 100_000_000
#: What a PDF calls the files it holds, and the mark on a page that is one.
_FILES = re.compile(rb"/(EmbeddedFiles?|FileAttachment)(?![A-Za-z0-9])")
#: Actions of a PDF that run a program or start one. Long enough that the bytes of no picture look like them: ``/JS`` is
#: not, and says nothing without ``/JavaScript``.
_ACTIONS = re.compile(rb"/(JavaScript|Launch|RichMedia)(?![A-Za-z0-9])")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_OBJECTS = re.compile(rb"/ObjStm(?:(?!endobj).){0,2000}?stream\r?\n", re.DOTALL)
#: Bytes that are unpacked of the objects of one PDF.
_MAX_UNPACKED = 50_000_000
#: Bytes read of a part at a time.
_PIECE = 1 << 20


def runs_in_office(content: bytes) -> bool:
    """Tell whether an Office document has a macro, an embedded object, a part it fetches, or a field that starts a program.

    Raises ContainerError.
    """
    with damage(), zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = archive.infolist()
        lists = [entry for entry in entries if entry.filename.lower().endswith((_KINDS, _REFERENCES))]
        texts = [entry for entry in entries if _TEXTS.fullmatch(entry.filename)]
        if len(lists) > _MAX_LISTS or any(entry.file_size > _MAX_BYTES for entry in lists):
            raise ContainerError(say("文档的部件太多"))
        if sum(entry.file_size for entry in texts) > _MAX_TEXT:
            raise ContainerError(say("文档的部件太多"))
        if any(_is_object(archive, entry) for entry in entries):
            return True
        if any(_is_active(one) for entry in lists for one in _elements(archive.read(entry))):
            return True
        return any(_ASKS.search(_fields(archive.read(entry))) for entry in texts)


def _is_object(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    with archive.open(entry) as part:
        return _OBJECT_PARTS.search(entry.filename) is not None or part.read(len(_COMPOUND)) == _COMPOUND


def declares_type(content: bytes) -> bool:
    """Tell whether a part of a document that is XML has a document type: no Office program and no OFD writes one. Raises ContainerError."""
    with damage(), zipfile.ZipFile(io.BytesIO(content)) as archive:
        for entry in archive.infolist():
            if entry.filename.lower().endswith(_XML) and _has_doctype(archive, entry):
                return True
    return False


def _has_doctype(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    before = b""
    with archive.open(entry) as part:
        while piece := part.read(_PIECE):
            if any(one in before + piece for one in _DOCTYPES):
                return True
            before = piece[-len(_DOCTYPES[1]) :]
    return False


def _fields(text: bytes) -> str:
    """Return the instructions of the fields of a text of Word, each on its line: a document may cut them in any place."""
    if b"fldSimple" not in text and b"instrText" not in text and b"\0" not in text[:100]:
        return ""
    found: list[str] = []
    inside = False

    def begin(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal inside
        inside = name.endswith("instrText")
        found.extend(f"\n{value}\n" for key, value in attributes.items() if key.endswith("instr"))
        if name.endswith("fldChar"):
            # Where a field begins, changes to its result, or ends.
            found.append("\n")

    def end(_: str) -> None:
        nonlocal inside
        inside = False

    parser = _parser()
    parser.StartElementHandler, parser.EndElementHandler = begin, end
    parser.CharacterDataHandler = lambda part: found.append(part) if inside else None
    _parse(parser, text)
    return "".join(found)


def _is_active(attributes: Mapping[str, str]) -> bool:
    kind = attributes.get("Type", "") + attributes.get("ContentType", "")
    # A link to click on fetches nothing by itself.
    fetched = attributes.get("TargetMode") == "External" and not kind.endswith("/hyperlink")
    return fetched or any(word in kind.lower() for word in _PROGRAMS)


def _elements(content: bytes) -> Iterator[Mapping[str, str]]:
    """Yield the attributes of the elements of a list."""
    found: list[Mapping[str, str]] = []
    parser = _parser()
    parser.StartElementHandler = lambda _, attributes: found.append(attributes)
    _parse(parser, content)
    yield from found


def _parser() -> expat.XMLParserType:
    """Return a parser that refuses a document type: what it declares would unpack without end."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse
    return parser


def _parse(parser: expat.XMLParserType, content: bytes) -> None:
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, LookupError) as problem:
        raise ValueError from problem


def _refuse(*_: object) -> None:
    raise ValueError


def runs_in_pdf(content: bytes) -> bool:
    """Tell whether a PDF names an action that runs or starts a program, in its objects or in those it holds packed."""
    return _names(_ACTIONS, content)


def holds_files(content: bytes) -> bool:
    """Tell whether a PDF holds other files, as it says in its objects or in those it holds packed."""
    return _names(_FILES, content)


def _names(wanted: re.Pattern[bytes], content: bytes) -> bool:
    if _is_named(wanted, content):
        return True
    left = _MAX_UNPACKED
    for found in _OBJECTS.finditer(content):
        try:
            part = zlib.decompressobj().decompress(content[found.end() :], left)
        except zlib.error:
            # Packed in another way, or broken: no reader opens it by what is known here.
            continue
        left -= len(part)
        if _is_named(wanted, part):
            return True
        if left <= 0:
            break
    return False


def _is_named(wanted: re.Pattern[bytes], content: bytes) -> bool:
    # A name may be written with any of its letters as a number.
    plain = _ESCAPED.sub(lambda code: bytes([int(code[1], 16)]), content)
    return wanted.search(plain) is not None
