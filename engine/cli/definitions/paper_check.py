"""Part of ``check``: templates of papers, rendered for the made-up case and held against what each must say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from engine.definition.rules.missing_part import RULE
from engine.language import Message
from engine.yamltext.problem import Problem

if TYPE_CHECKING:
    from engine.definition.library import Loaded
    from engine.documents.parts.paper_tests import PaperKind, PaperTests


def names_papers(path: Path) -> bool:
    """Tell whether a path names a template, or a file of paper tests, and so no definition."""
    from engine.documents.parts.paper_tests import FOLDER, NAME

    return path.suffix == ".html" or (path.name == NAME and path.parent.name == FOLDER)


def paper_problems(named: Sequence[Path], loaded: Loaded) -> list[Problem]:
    """Return what is wrong with the papers some paths name: a template, a file of paper tests, or all of a directory."""
    from engine.documents.parts.paper_tests import PaperTestError, find_paper_tests

    found: list[Problem] = []
    for path in named:
        forms = _forms_folder(path)
        if forms is None:
            continue
        try:
            tests = find_paper_tests((forms, _standard()))
        except PaperTestError as problem:
            found.append(_problem(str(forms), 1, problem.message))
            continue
        if tests is not None:
            folders = tuple(dict.fromkeys((forms / "templates", _standard() / "templates")))
            found += _of(tests, path, folders, loaded)
    return found


def _standard() -> Path:
    from engine.definition.resources import forms_dir

    return forms_dir()


def _forms_folder(path: Path) -> Path | None:
    """Return the folder of forms whose papers a path names; None where it names none."""
    if not path.is_dir():
        return path.resolve().parents[1] if names_papers(path) else None
    for folder in (path / "forms", path):
        if (folder / "templates").is_dir():
            return folder
    return path.parent if path.name == "templates" else None


def _of(tests: PaperTests, path: Path, folders: Sequence[Path], loaded: Loaded) -> Iterator[Problem]:
    from engine.documents.render import RenderError, check_template, templates

    for name in [path.stem] if path.suffix == ".html" else templates(folders[:1]):
        try:
            # A part of others is read as well: it is no paper of its own.
            check_template(name, folders)
        except RenderError as problem:
            yield _problem(str(folders[0] / f"{name}.html"), 1, problem.message)
            continue
        for kind in tests.kinds.values():
            if kind.template == name:
                yield from _of_kind(kind, tests, folders, loaded)


def _of_kind(
    kind: PaperKind, tests: PaperTests, folders: Sequence[Path], loaded: Loaded
) -> Iterator[Problem]:
    from engine.documents.paper.html_reading import read_paper
    from engine.documents.paper.tree import PaperError
    from engine.documents.parts.checking import missing_parts
    from engine.documents.parts.made_up import INTERNAL, made_up_document
    from engine.documents.render import RenderError

    workflow, bureau = loaded.workflows.get(kind.workflow), loaded.bureau
    if workflow is None or bureau is None:
        # Switched off, or unsound, which is said elsewhere.
        return
    try:
        paper = read_paper(made_up_document(kind, workflow, bureau, tests, folders).decode("utf-8"))
    except (RenderError, PaperError) as problem:
        yield _problem(str(folders[0] / f"{kind.template}.html"), 1, problem.message)
        return
    for line, message in missing_parts(kind, paper, tests.never, INTERNAL):
        yield _problem(tests.file, line, message)


def _problem(file: str, line: int, message: Message) -> Problem:
    return Problem(file, line, 1, RULE.id, RULE.severity, message)
