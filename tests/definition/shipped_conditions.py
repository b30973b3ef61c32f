"""Every condition of the definitions that come with the product."""

from __future__ import annotations

from functools import cache

from engine.definition.condition_rows.places import conditions_in
from engine.definition.resources import forms_dir, workflows_dir
from engine.yamltext.source import read_source


@cache
def shipped_files() -> dict[str, str]:
    """Return the texts of the shipped definitions by the names of their files."""
    folders = (workflows_dir(), forms_dir())
    return {
        file.name: file.read_text("utf-8") for folder in folders for file in sorted(folder.glob("*.yaml"))
    }


@cache
def shipped_conditions() -> list[tuple[str, str]]:
    """Return where each condition is, and its text."""
    return [
        (f"{name}:{one.node.line}:{one.node.column}", one.text)
        for name, text in shipped_files().items()
        for one in conditions_in(read_source(name, text).root)
    ]
