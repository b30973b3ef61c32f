"""The lines of the form that is made, each with the cell it came from and the part it belongs to."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from engine.authoring.xlsform.cell_problem import Cell
from engine.kernel.plain_text import visible

_PLAIN = re.compile(r"[\u3400-\u9fffA-Za-z][\u3400-\u9fffA-Za-z0-9_]*")
_WORDS = {"true", "false", "yes", "no", "on", "off", "null", "none", "y", "n"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line. `part` is what is left out where the check refuses the line: ``12`` a whole question, ``12:when`` a key."""

    text: str
    cell: Cell
    part: str


def scalar(text: str) -> str:
    """Return a text on one line as YAML takes it for that text and nothing else."""
    plain = visible(" ".join(text.split()))
    if _PLAIN.fullmatch(plain) and plain.lower() not in _WORDS:
        return plain
    return json.dumps(plain, ensure_ascii=False)


def comment(text: str) -> str:
    """Return a text as a comment on one line."""
    return "# " + visible(" ".join(text.split()))
