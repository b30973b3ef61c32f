"""The texts of a paper by the place they stand in."""

from __future__ import annotations

from engine.documents.paper.blocks import (
    Code,
    Heading,
    Items,
    Line,
    Paper,
    Paragraph,
    Role,
    Seal,
    Signatures,
    Table,
    Title,
    line_text,
)
from engine.documents.parts.paper_tests import Place

#: What an addressee ends with.
_COLON = ("：", ":")


def texts_by_place(paper: Paper) -> dict[Place, str]:
    """Return the text of each place of a paper, white space left out; a place that holds nothing is empty.

    The addressee is the first paragraph without indent that ends with a colon, before any other text.
    """
    found: dict[Place, list[str]] = {place: [] for place in Place}
    for block in paper.blocks:
        match block:
            case Title():
                _add(found, Place.TITLE, block.over, block.line)
            case Paragraph(role=Role.HEAD):
                _add(found, Place.TITLE, block.line)
            case Paragraph(role=Role.NUMBER):
                _add(found, Place.NUMBER, block.line)
            case Paragraph(role=Role.FOOT):
                _add(found, Place.FOOT, block.line)
            case Paragraph(role=Role.FLAT) if _addressed(found, block.line):
                _add(found, Place.ADDRESSEE, block.line)
            case Heading() | Paragraph():
                _add(found, Place.BODY, block.line)
            case Items():
                _add(found, Place.BODY, *block.lines)
            case Table():
                _add(
                    found,
                    Place.BODY,
                    *(line for row in block.rows for cell in row.cells for line in cell.lines),
                )
            case Seal():
                _add(found, Place.SEAL, *block.lines)
            case Signatures():
                _add(found, Place.SIGNATURES, *block.lines)
            case Code():
                _add(found, Place.CODE, *block.lines)
    return {place: squeezed("\n".join(lines)) for place, lines in found.items()}


def squeezed(text: str) -> str:
    """Return a text without any white space."""
    return "".join(text.split())


def _add(found: dict[Place, list[str]], place: Place, *lines: Line) -> None:
    found[place].extend(map(line_text, lines))


def _addressed(found: dict[Place, list[str]], line: Line) -> bool:
    return not found[Place.BODY] and not found[Place.ADDRESSEE] and line_text(line).endswith(_COLON)
