"""Gathers the texts of the shipped definitions: what `workflows/` and `forms/` say in Chinese, and the titles of registers.

`engine.language.catalogue` keeps their English in a catalogue of its own, ``shipped.po``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from engine.language.gathering import is_chinese

#: Folders of the shipped definitions.
FOLDERS = ("workflows", "forms")
#: The profiles of the registers; of these the titles are gathered, the rest is what files are read by.
REGISTERS = "engine/register/profiles"
#: Keys whose value nobody is shown in English: conditions, how numbers of papers are formed, the sheet of a workbook, what a law is
#: called and says.
NOT_SHOWN = frozenset({"that", "pattern", "sheet", "words", "edition", "short"})


#: Bound of a date that is ``today`` -> what is said behind its title.
OF_TODAY = {"max": "不能晚于今天", "min": "不能早于今天"}


def gather_shipped(root: Path) -> dict[str, set[str]]:
    """Return the Chinese texts of the definitions below `root`, each with the files that have it.

    A text with its English beside it (``title_en`` beside ``title``) is left out there.
    """
    import yaml

    found: dict[str, set[str]] = {}
    for folder in FOLDERS:
        for path in sorted((root / folder).glob("*.yaml")):
            name = path.relative_to(root).as_posix()
            for text in _texts(yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)):  # noqa: S506 - texts alone
                found.setdefault(text, set()).add(name)
    for path in sorted((root / REGISTERS).glob("*.yaml")):
        profile = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506 - texts alone
        for part in (profile, *profile.get("columns", {}).values()):
            if is_chinese(text := part.get("title", "")):
                found.setdefault(text, set()).add(path.relative_to(root).as_posix())
    return found


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for bound, said in OF_TODAY.items():
            if node.get(bound) == "today":
                # What the reader says of such a date.
                yield node["title"] + said
        for key, value in node.items():
            if key not in NOT_SHOWN and not (isinstance(value, str) and f"{key}_en" in node):
                yield from _texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from _texts(value)
    elif isinstance(node, str) and is_chinese(node):
        yield node
