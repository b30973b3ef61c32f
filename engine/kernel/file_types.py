"""What a file is by its content: the kinds a bureau keeps, each told by its first bytes or, for a zip, by what is in it."""

from __future__ import annotations

from collections.abc import Mapping

#: Type -> the endings a file of it may have.
ENDINGS: Mapping[str, tuple[str, ...]] = {
    "pdf": ("pdf",),
    "jpeg": ("jpg", "jpeg"),
    "png": ("png",),
    "docx": ("docx",),
    "xlsx": ("xlsx",),
    "ofd": ("ofd",),
    "txt": ("txt", "csv", "md"),
}

_FIRST: Mapping[bytes, str] = {
    b"%PDF-": "pdf",
    b"\xff\xd8\xff": "jpeg",
    b"\x89PNG\r\n\x1a\n": "png",
}
_ZIP = b"PK\x03\x04"
#: The name of a part -> the type of a zip that has it.
_PARTS: Mapping[bytes, str] = {
    b"word/document.xml": "docx",
    b"xl/workbook.xml": "xlsx",
    b"OFD.xml": "ofd",
}


def file_type(content: bytes) -> str | None:
    """Return what a file is by its content, a key of `ENDINGS`; None for what is none of them."""
    for first, found in _FIRST.items():
        if content.startswith(first):
            return found
    if content.startswith(_ZIP):
        # The names of the parts are in the zip as they are, whatever is done with what they hold.
        return next((found for part, found in _PARTS.items() if part in content), None)
    if not content or b"\0" in content:
        return None
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return "txt" if all(one.isprintable() or one in "\r\n\t\u3000" for one in text) else None
    return None


def fits(name: str, found: str) -> bool:
    """Tell whether a file of a type may be called `name`."""
    return name.rpartition(".")[2].lower() in ENDINGS[found]
