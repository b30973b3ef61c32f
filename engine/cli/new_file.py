"""Writing where a person names a path: made new, or the command ends with exit code 2."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from engine.cli.exits import USAGE, CommandError


@contextmanager
def _said() -> Iterator[None]:
    from engine.files.output import OutputExistsError

    try:
        yield
    except OutputExistsError as problem:
        raise CommandError(problem.message, USAGE) from None


def require_new(path: Path | None) -> None:
    """End the command where something is at `path`, before anything is read for it."""
    from engine.files import output

    if path is not None:
        with _said():
            output.require_new(path)


def require_new_folder(folder: Path | None, *, empty: bool = True) -> None:
    """End the command where `folder` is a link, or holds something and `empty` asks for one that does not."""
    from engine.files import output

    if folder is not None:
        with _said():
            output.require_new_folder(folder, empty=empty)


def write_new(path: Path, content: bytes) -> None:
    """Write a new file; end the command where something is at its path."""
    from engine.files import output

    with _said():
        output.create_file(path, content)


def write_new_folder(
    folder: Path, files: Mapping[str, bytes], *, empty: bool = True, mode: int = 0o666
) -> None:
    """Write new files into a folder; end the command where one of them, or a link, is in the way."""
    from engine.files import output

    with _said():
        output.create_files(folder, files, empty=empty, mode=mode)
