"""What a folder of templates holds besides the papers themselves: blocks of text, and what each paper is called."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from engine.files.reading import read_text
from engine.kernel.budget import TEMPLATE

_TITLE = re.compile(r"<title>\s*([^<{]*)")


def read_texts(folders: Sequence[Path]) -> dict[str, list[str]]:
    """Return the blocks of plain text beside the templates: ``discipline.txt`` and so on, line by line.

    Empty lines and those that begin with ``#`` are left out; the first folder that has a block wins.
    """
    found: dict[str, list[str]] = {}
    for folder in folders:
        for file in sorted(folder.glob("*.txt")):
            lines = [line.strip() for line in read_text(file, TEMPLATE).splitlines()]
            found.setdefault(file.stem, [line for line in lines if line and not line.startswith("#")])
    return found


def template_titles(folders: Sequence[Path]) -> dict[str, str]:
    """Return what each template calls its paper: the part of its ``<title>`` that is the same on all of them.

    The first folder that has one wins; a template without such a part is left out.
    """
    found: dict[str, str] = {}
    for folder in folders:
        for file in sorted(folder.glob("*.html")):
            titled = _TITLE.search(read_text(file, TEMPLATE))
            if titled and titled.group(1).strip():
                found.setdefault(file.stem, titled.group(1).strip())
    return found
