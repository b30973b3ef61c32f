"""Part of ``check``: templates of papers, rendered for the made-up case and held against what each must say."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from engine.definition.rules.missing_part import RULE
from engine.language import Message
from engine.yamltext.problem import Problem, Severity

if TYPE_CHECKING:
    from engine.definition.library import Loaded
    from engine.documents.parts.paper_tests import PaperKind, PaperTests
    from engine.documents.render import RenderError


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
            found += _of(tests, path, folders, loaded, _not_judged(named, loaded))
    return found


def _not_judged(named: Sequence[Path], loaded: Loaded) -> list[str]:
    """Return the workflows that were only referred to, so that nothing was said of their papers."""
    paths = [path.resolve() for path in named]
    places = ((name, Path(loaded.library.places["workflow", name]).resolve()) for name in loaded.workflows)
    return [name for name, file in places if not any(file.is_relative_to(path) for path in paths)]


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


def _of(
    tests: PaperTests, path: Path, folders: Sequence[Path], loaded: Loaded, read: Collection[str]
) -> Iterator[Problem]:
    from engine.documents.render import RenderError, check_template, templates

    one_alone = path.suffix == ".html"
    reads = list(_reads(folders, loaded, read)) if read else []
    for name in [path.stem] if one_alone else templates(folders[:1]):
        file = str(folders[0] / f"{name}.html")
        try:
            # A part of others is read as well: it is no paper of its own.
            check_template(name, folders)
        except RenderError as problem:
            yield _of_template(file, folders, problem)
            continue
        own = [problem for problem in reads if problem.file == file]
        yield from own
        wrong = _lines_with_errors(file, (*own, *loaded.problems))
        for kind in tests.kinds.values():
            if kind.template == name:
                for found in _of_kind(kind, tests, folders, loaded):
                    # What is missing on the paper may be what the template has not found; another name is one more fault.
                    if not wrong or (found.file == file and found.line not in wrong):
                        yield found


def _lines_with_errors(file: str, problems: Iterable[Problem]) -> set[int]:
    place = Path(file).resolve()
    errors = (one for one in problems if one.severity is Severity.ERROR and one.file.endswith(".html"))
    return {one.line for one in errors if Path(one.file).resolve() == place}


def _reads(folders: Sequence[Path], loaded: Loaded, workflows: Collection[str]) -> Iterator[Problem]:
    """Yield what papers of some workflows read that is not there."""
    from engine.definition.file_discovery import template_files, templates_beside
    from engine.definition.meaning.papers import FOLDER, PaperReads
    from engine.definition.meaning.ways import Ways, entries_of

    beside = [folder.parent / "any" for folder in reversed(folders)]
    papers = PaperReads(templates_beside(beside), loaded.workflows)
    places = {f"{FOLDER}{file.name}": str(file) for file in template_files(beside).values()}
    for name in workflows:
        workflow = loaded.workflows[name]
        for problem in papers.problems(Ways(workflow, entries_of(workflow, loaded.workflows.values()))):
            yield replace(problem, file=places.get(problem.file, problem.file))


def _of_template(file: str, folders: Sequence[Path], problem: RenderError) -> Problem:
    """Return what is wrong with a template, at its line, or at that of the part of it where it is."""
    place = next(
        (one / problem.file for one in folders if problem.file and (one / problem.file).is_file()), file
    )
    return Problem(str(place), problem.line, 1, RULE.id, RULE.severity, problem.message, problem.hint)


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
    except RenderError as problem:
        yield _of_template(str(folders[0] / f"{kind.template}.html"), folders, problem)
        return
    except PaperError as problem:
        yield _problem(str(folders[0] / f"{kind.template}.html"), 1, problem.message)
        return
    for line, message in missing_parts(kind, paper, tests.never, INTERNAL):
        yield _problem(tests.file, line, message)


def _problem(file: str, line: int, message: Message) -> Problem:
    return Problem(file, line, 1, RULE.id, RULE.severity, message)
