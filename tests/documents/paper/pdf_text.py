"""The text of a PDF that is tagged, read from its bytes: what is marked as an artifact (numbers of pages) is left out."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass

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
    # Codes of one font are of one length: two bytes in what typst writes, one in some fonts of a browser.
    size = len(next(iter(letters), b"  "))
    return "".join(letters[codes[at : at + size]] for at in range(0, len(codes), size))


def _letters(font: pikepdf.Object) -> dict[bytes, str]:
    found: dict[bytes, str] = {}
    for kind, body in _SECTION.findall(bytes(font.ToUnicode.read_bytes())):
        for first, *rest in _PAIRS[kind].findall(body):
            start, size = int(first, 16), len(first) // 2
            if kind == b"bfchar":
                found[start.to_bytes(size, "big")] = bytes.fromhex(rest[0].decode()).decode("utf-16-be")
                continue
            base = int(rest[1], 16)
            for code in range(start, int(rest[0], 16) + 1):
                found[code.to_bytes(size, "big")] = chr(base + code - start)
    return found


@dataclass(frozen=True)
class PlacedText:
    """A piece of text: its page, where its base line begins and ends, and how high its letters are, in points."""

    page: int
    left: float
    right: float
    base: float
    size: float
    text: str

    def covers(self, other: PlacedText) -> bool:
        """Tell whether both are printed one over the other."""
        # Punctuation is as wide as a letter, of which half is empty and may be left out.
        half = 0.6 * min(self.size, other.size)
        beside = self.right <= other.left + half or other.right <= self.left + half
        apart = abs(self.base - other.base) >= 0.7 * min(self.size, other.size)
        return self.page == other.page and not beside and not apart


def placed(data: bytes) -> list[PlacedText]:
    """Return every piece of text with its place; the numbers of the pages are left out."""
    found = []
    with pikepdf.open(io.BytesIO(data)) as file:
        for number, page in enumerate(file.pages):
            fonts = {name: (_letters(font), _widths(font)) for name, font in page.Resources.Font.items()}
            at, inside, size, current, marked = (0.0, 0.0), (0.0, 0.0), 0.0, "", [False]
            for one in pikepdf.parse_content_stream(page):
                operands, word = one.operands, str(one.operator)
                if word in ("BDC", "BMC"):
                    marked.append(str(operands[0]) == "/Artifact")
                elif word == "EMC":
                    marked.pop()
                elif word == "cm":
                    at = float(operands[4]), float(operands[5])
                elif word == "Tm":
                    inside = float(operands[4]), float(operands[5])
                elif word == "Tf":
                    current, size = str(operands[0]), float(operands[1])
                elif word in ("Tj", "TJ") and not any(marked):
                    # The text is upside down in a page that is upside down.
                    left, base = at[0] + inside[0], at[1] - inside[1]
                    pieces = list(operands[0]) if word == "TJ" else list(operands)
                    letters, widths = fonts[current]
                    text = "".join(
                        _said(bytes(one), letters) for one in pieces if isinstance(one, pikepdf.String)
                    )
                    wide = 0.0
                    for piece in pieces:
                        if isinstance(piece, pikepdf.String):
                            codes = bytes(piece)
                            wide += sum(
                                widths.get(int.from_bytes(codes[i : i + 2], "big"), 0.0)
                                for i in range(0, len(codes), 2)
                            )
                        else:
                            wide -= float(piece)
                    found.append(PlacedText(number, left, left + wide * size / 1000, base, size, text))
    return found


def outside_or_covered(data: bytes) -> list[str]:
    """Return what is printed outside of the text area of its page, or over something else."""
    with pikepdf.open(io.BytesIO(data)) as file:
        width, height = (float(file.pages[0].mediabox[n]) for n in (2, 3))
    found = placed(data)
    outside = [
        one.text
        for one in found
        if not (30 <= one.base <= height - 30 and one.left >= 30 and one.right <= width - 30)
    ]
    ordered = sorted(found, key=lambda one: (one.page, one.base))
    covered = [
        f"{one.text} / {other.text}"
        for number, one in enumerate(ordered)
        for other in ordered[number + 1 : number + 12]
        if one.covers(other)
    ]
    return outside + covered


def _widths(font: pikepdf.Object) -> dict[int, float]:
    found: dict[int, float] = {}
    values = list(font.DescendantFonts[0].W)
    while values:
        first, second = int(values.pop(0)), values.pop(0)
        if isinstance(second, pikepdf.Array):
            found.update({first + number: float(width) for number, width in enumerate(second)})
        else:
            width = float(values.pop(0))
            found.update(dict.fromkeys(range(first, int(second) + 1), width))
    return found
