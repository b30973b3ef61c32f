"""The text of a PDF that is tagged, read from its bytes: what is marked as an artifact (numbers of pages) is left out."""

from __future__ import annotations

import io
import re

import pikepdf

_ONE = rb"<([0-9A-Fa-f]+)>\s*"
_PAIRS = {b"bfchar": re.compile(_ONE * 2), b"bfrange": re.compile(_ONE * 3)}
_SECTION = re.compile(rb"begin(bfchar|bfrange)(.*?)end\1", re.DOTALL)


def pdf_text(data: bytes) -> str:
    """Return the text of all pages in the order in which it is drawn."""
    return "".join(pdf_pages(data))


def pdf_pages(data: bytes) -> list[str]:
    """Return the text of each page in the order in which it is drawn."""
    pages: list[str] = []
    with pikepdf.open(io.BytesIO(data)) as file:
        for page in file.pages:
            found: list[str] = []
            fonts = {name: _letters(font) for name, font in page.Resources.Font.items()}
            current: dict[bytes, str] = {}
            marked: list[bool] = []
            for one in pikepdf.parse_content_stream(page):
                operands, word = one.operands, str(one.operator)
                if word in ("BDC", "BMC"):
                    marked.append(str(operands[0]) == "/Artifact")
                elif word == "EMC":
                    marked.pop()
                elif word == "Tf":
                    current = fonts[str(operands[0])]
                elif word in ("Tj", "TJ") and not any(marked):
                    pieces = operands[0] if word == "TJ" else operands
                    found += [_said(bytes(one), current) for one in pieces if isinstance(one, pikepdf.String)]
            pages.append("".join(found))
    return pages


def _said(codes: bytes, letters: dict[bytes, str]) -> str:
    return "".join(letters[codes[at : at + 2]] for at in range(0, len(codes), 2))


def _letters(font: pikepdf.Object) -> dict[bytes, str]:
    found: dict[bytes, str] = {}
    for kind, body in _SECTION.findall(bytes(font.ToUnicode.read_bytes())):
        for first, *rest in _PAIRS[kind].findall(body):
            start = int(first, 16)
            if kind == b"bfchar":
                found[start.to_bytes(2, "big")] = bytes.fromhex(rest[0].decode()).decode("utf-16-be")
                continue
            base = int(rest[1], 16)
            for code in range(start, int(rest[0], 16) + 1):
                found[code.to_bytes(2, "big")] = chr(base + code - start)
    return found
