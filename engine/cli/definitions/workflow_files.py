"""The workflows of a file, read with the files around it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from engine.cli.exits import CommandError
from engine.language import say

if TYPE_CHECKING:
    from engine.definition.library import Loaded
    from engine.lifecycle.model.workflow import Workflow


def workflows_of(path: Path) -> list[Workflow]:
    """Return the workflows a file defines. Raises CommandError where it has errors, or none."""
    return read_with_files_around(path)[0]


def files_beside(path: Path) -> list[Path]:
    """Return the YAML files in the folder of a file that is in no deployment: the forms of a process that is tried alone."""
    from engine.definition.file_discovery import surrounding_files

    # Beside a device or a pipe is nothing that belongs to it.
    if not path.is_file():
        return []
    whole = path.resolve()
    known = {file.resolve() for file in surrounding_files([path])}
    found = [file for file in sorted(whole.parent.iterdir()) if file.suffix in (".yaml", ".yml")]
    return [] if whole in known else [file for file in found if file != whole]


def read_with_files_around(path: Path) -> tuple[list[Workflow], Loaded]:
    """Return the workflows a file defines, and all that was read with them. Raises CommandError where it has errors, or none."""
    from engine.definition.file_discovery import surrounding_files
    from engine.definition.library import load_paths
    from engine.yamltext.problem import as_text

    loaded = load_paths([path], context=[*files_beside(path), *surrounding_files([path])])
    if not loaded.sound or not loaded.workflows:
        raise CommandError(as_text(loaded.problems, loaded.sources) or say("{path} 里没有流程", path=path))
    mine = [
        w
        for (kind, name), file in loaded.library.places.items()
        if kind == "workflow" and file == str(path)
        for w in [loaded.workflows[name]]
    ]
    return mine or list(loaded.workflows.values())[:1], loaded
