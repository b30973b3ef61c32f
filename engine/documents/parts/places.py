"""The texts of a paper by the place they stand in."""

from __future__ import annotations

from engine.documents.paper.blocks import (
    Block,
    Code,
    Line,
    Paper,
    Paragraph,
    Role,
    Seal,
    Signatures,
    Title,
    block_lines,
    line_text,
)
from engine.documents.parts.paper_tests import Place

_ROLES = {Role.HEAD: Place.TITLE, Role.NUMBER: Place.NUMBER, Role.FOOT: Place.FOOT}
_KINDS: dict[type[Block], Place] = {
    Title: Place.TITLE,
    Seal: Place.SEAL,
    Signatures: Place.SIGNATURES,
    Code: Place.CODE,
}
#: What an addressee ends with.
_COLON = ("：", ":")


def texts_by_place(paper: Paper) -> dict[Place, str]:
    """Return the text of each place of a paper, white space left out; a place that holds nothing is empty.

    The addressee is the first paragraph without indent that ends with a colon, before any other text.
    """
    found: dict[Place, list[str]] = {place: [] for place in Place}
    for block in paper.blocks:
        place = _place(block)
        if place is Place.BODY and isinstance(block, Paragraph) and block.role is Role.FLAT:
            place = Place.ADDRESSEE if _addressed(found, block.line) else Place.BODY
        found[place].extend(map(line_text, block_lines(block)))
    return {place: squeezed("\n".join(lines)) for place, lines in found.items()}


def squeezed(text: str) -> str:
    """Return a text without any white space."""
    return "".join(text.split())


def _place(block: Block) -> Place:
    if isinstance(block, Paragraph):
        return _ROLES.get(block.role, Place.BODY)
    return next((place for kind, place in _KINDS.items() if isinstance(block, kind)), Place.BODY)


def _addressed(found: dict[Place, list[str]], line: Line) -> bool:
    return not found[Place.BODY] and not found[Place.ADDRESSEE] and line_text(line).endswith(_COLON)
