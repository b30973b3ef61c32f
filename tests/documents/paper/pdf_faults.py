"""What keeps a PDF from being PDF/A-2a and PDF/UA-1, as far as its bytes say it: each fault in a word."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pikepdf

_SCRIPTS = ("/OpenAction", "/AA")


def pdf_faults(data: bytes) -> list[str]:
    """Return the faults of a PDF, in a fixed order; none for one that may be kept for ever."""
    with pikepdf.open(io.BytesIO(data)) as file:
        return list(_faults(file))


def _faults(file: pikepdf.Pdf) -> Iterator[str]:
    root = file.Root
    about = file.open_metadata()
    if (about.get("pdfaid:part"), about.get("pdfaid:conformance")) != ("2", "A"):
        yield "pdfaid"
    if about.get("pdfuaid:part") != "1":
        yield "pdfuaid"
    if not root.get("/OutputIntents"):
        yield "OutputIntents"
    if "/StructTreeRoot" not in root or not ("/MarkInfo" in root and root.MarkInfo.get("/Marked")):
        yield "StructTreeRoot"
    if not str(root.get("/Lang", "")):
        yield "Lang"
    if any(name in root for name in _SCRIPTS) or "/JavaScript" in root.get("/Names", {}):
        yield "script"
    for page in file.pages:
        for font in page.Resources.get("/Font", {}).values():
            if "/ToUnicode" not in font:
                yield "ToUnicode"
            inner = font.DescendantFonts[0].FontDescriptor
            if not {"/FontFile2", "/FontFile3"} & set(inner.keys()):
                yield "FontFile"
