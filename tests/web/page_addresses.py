"""An address of every kind of page, in the small bureau."""

from __future__ import annotations

import re

from engine.web.visit import PageKind


def address(kind: PageKind, case: str) -> str:
    """Return an address of a kind, of things there are."""
    parts = {
        "case": case,
        "step": "report",
        "verb": "claim",
        "document:path": f"{case}/1",
        "file:path": f"{case}/F1",
        "workflow": "visit",
    }
    parts |= {
        "number": "1",
        "kind": "people",
        "entry": "clerk-1",
        "row": "nothing",
        "code": "0" * 32,
        "name": "kit.zip",
        "person": "clerk-2",
        "face": "sheet.html",
        "paper:path": f"{case}/note/1",
    }
    return re.sub(r"\{([a-z:]+)\}", lambda found: parts[found[1]], kind.path)
