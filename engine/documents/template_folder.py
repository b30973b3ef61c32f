"""Folders of templates, on a disk or as published; what one holds besides the papers: blocks of text, what each paper is called."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from engine.files.reading import read_file
from engine.kernel.budget import TEMPLATE

_TITLE = re.compile(r"<title>\s*([^<{]*)")


@dataclass(frozen=True, slots=True)
class TextFolder:
    """A folder of templates as it was published: two of one digest are the same."""

    digest: str
    #: name of the file -> its text
    texts: Mapping[str, str] = field(compare=False, repr=False)

    def __str__(self) -> str:
        return self.digest


#: Where templates are looked for.
Folder = Path | TextFolder


def names_in(folder: Folder, ending: str) -> list[str]:
    """Return the names of the files with this ending (``.html``), in order."""
    if isinstance(folder, TextFolder):
        return sorted(name for name in folder.texts if name.endswith(ending))
    return sorted(file.name for file in folder.glob(f"*{ending}"))


def content_of(folder: Folder, name: str) -> bytes | None:
    """Return what is in a file; None where there is none. Raises BudgetExceededError."""
    if isinstance(folder, TextFolder):
        text = folder.texts.get(name)
        return None if text is None else text.encode()
    file = folder / name
    return read_file(file, TEMPLATE) if file.is_file() else None


def _text_of(folder: Folder, name: str) -> str:
    return (content_of(folder, name) or b"").decode("utf-8-sig")


def read_texts(folders: Sequence[Folder]) -> dict[str, list[str]]:
    """Return the blocks of plain text beside the templates: ``discipline.txt`` and so on, line by line.

    Empty lines and those that begin with ``#`` are left out; the first folder that has a block wins.
    """
    found: dict[str, list[str]] = {}
    for folder in folders:
        for name in names_in(folder, ".txt"):
            lines = [line.strip() for line in _text_of(folder, name).splitlines()]
            found.setdefault(
                name.removesuffix(".txt"), [line for line in lines if line and not line.startswith("#")]
            )
    return found


def template_titles(folders: Sequence[Folder]) -> dict[str, str]:
    """Return what each template calls its paper: the part of its ``<title>`` that is the same on all of them.

    The first folder that has one wins; a template without such a part is left out.
    """
    found: dict[str, str] = {}
    for folder in folders:
        for name in names_in(folder, ".html"):
            titled = _TITLE.search(_text_of(folder, name))
            if titled and titled.group(1).strip():
                found.setdefault(name.removesuffix(".html"), titled.group(1).strip())
    return found
