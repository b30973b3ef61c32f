"""What keeps a PDF from being PDF/A-2a and PDF/UA-1, as far as its bytes say it: each fault in a word."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pikepdf

_SCRIPTS = ("/OpenAction", "/AA")
#: An action on a page or a note that does no more than lead to another place of the paper, or to an address.
_PLAIN = ("/GoTo", "/URI")


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
    intents = list(root.get("/OutputIntents", []))
    if not intents or not all(map(_has_profile, intents)):
        yield "OutputIntents"
    if not root.get("/StructTreeRoot", pikepdf.Dictionary()).get("/K") or not (
        "/MarkInfo" in root and root.MarkInfo.get("/Marked")
    ):
        yield "StructTreeRoot"
    if not str(root.get("/Lang", "")):
        yield "Lang"
    if any(name in root for name in _SCRIPTS) or "/JavaScript" in root.get("/Names", {}):
        yield "script"
    for page in file.pages:
        if "/AA" in page.obj or any(map(_acts, page.obj.get("/Annots", []))):
            yield "script"
        for font in page.Resources.get("/Font", {}).values():
            if "/ToUnicode" not in font or b"beginbf" not in font.ToUnicode.read_bytes():
                yield "ToUnicode"
            inner = font.DescendantFonts[0].FontDescriptor
            if not {"/FontFile2", "/FontFile3"} & set(inner.keys()):
                yield "FontFile"


def _has_profile(intent: Any) -> bool:
    return "/DestOutputProfile" in intent and bool(intent.DestOutputProfile.read_bytes())


def _acts(note: Any) -> bool:
    """Tell whether an annotation does something when it is clicked or shown, besides leading somewhere."""
    return "/AA" in note or ("/A" in note and str(note.A.get("/S")) not in _PLAIN)
