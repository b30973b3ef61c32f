"""Where the seal and the signatures of a paper lie on its pages."""

from __future__ import annotations

from datetime import date

from pdf_text import pdf_pages

from engine.documents.paper.blocks import Paper, Seal, Signatures, line_text
from engine.documents.paper.pdf import pdf_bytes

#: A seal has more than the line with the telephones above it on its page.
MIN_LETTERS = 20
#: What such a line begins with.
_CALLED = "联系电话"


def seals_alone(paper: Paper) -> list[str]:
    """Return what stands above a seal or signatures that begin a page, or that have but the line with the telephones above them."""
    pages = ["".join(page.split()) for page in pdf_pages(pdf_bytes(paper, date(2026, 3, 5)))]
    found = []
    for block in paper.blocks:
        if isinstance(block, Seal | Signatures):
            said = "".join("".join(line_text(line) for line in block.lines).split())
            for page in pages[1:]:
                at = page.rfind(said) if said else -1
                above = page[: max(at, 0)]
                few = isinstance(block, Seal) and (len(above) < MIN_LETTERS or above.startswith(_CALLED))
                if at == 0 or (at > 0 and few):
                    found.append(above)
    return found
