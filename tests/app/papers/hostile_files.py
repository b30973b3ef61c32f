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
