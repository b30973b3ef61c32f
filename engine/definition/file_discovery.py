"""Which files a path stands for, and which files around it are to be referred to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from engine.definition.resources import exchange_dir, forms_dir, workflows_dir
from engine.files.reading import read_file
from engine.kernel.budget import TEXT
from engine.yamltext.source import read_source

#: What makes a directory a deployment of its own.
SETTINGS = "settings.yaml"
_SUFFIXES = (".yaml", ".yml")
#: The folder beside definitions in which their stories stand.
STORIES = "tests"
#: The folder of templates of papers; what is in it says how papers are printed, and defines nothing.
TEMPLATES = "templates"
#: The endings of what papers are made of: templates, blocks of text, which duties articles are of.
_OF_PAPERS = (".html", ".txt", ".yaml")
#: The folder of a deployment's own ways of reading files of registers, and the folders of definitions it is beside.
PROFILES = "profiles"
#: The folder of its own workbooks for platforms.
EXCHANGE = "exchange"
_OF_DEFINITIONS = ("workflows", "forms")
#: The kinds of public pages, as seen from a deployment.
PAGE_TYPES = "workflows/page_types.yaml"


def definition_files(path: Path) -> list[Path]:
    """Return the files a path names: itself, or the definitions under a directory.

    A deployment (a directory with ``workflows/`` or ``forms/``) stands for those and its own YAML files that
    define a bureau; any other directory for every YAML file under it, hidden ones left out.
    """
    if not path.is_dir():
        return [path]
    if (path / "workflows").is_dir() or (path / "forms").is_dir():
        return [*_bureaus(path), *_under(path / "workflows"), *_under(path / "forms")]
    return _under(path)


def surrounding_files(paths: Iterable[Path]) -> list[Path]:
    """Return the files that what is in `paths` may refer to.

    For a file or directory of a deployment those of the deployment; where it has no ``workflows/`` (or no
    ``forms/``), or no settings of its own, also the standard ones that come with the product, after its own.
    """
    found: dict[Path, None] = {}
    for root in dict.fromkeys(_root(path) for path in paths):
        workflows, forms = root / "workflows", root / "forms"
        folders = [
            workflows if workflows.is_dir() else workflows_dir(),
            forms if forms.is_dir() else forms_dir(),
        ]
        if not (root / SETTINGS).is_file():
            # Not a deployment that is complete: what it lacks may be a standard definition.
            folders += [workflows_dir(), forms_dir()]
        for file in [*_bureaus(root), *(file for folder in folders for file in _under(folder))]:
            found[file] = None
    return list(found)


def own_and_standard(path: Path) -> tuple[list[Path], list[Path]]:
    """Return a file, or a folder's, with those of its deployment; and the standard ones, which hold where it has none of the same name."""
    around = surrounding_files([path])
    standard = {file for folder in (workflows_dir(), forms_dir()) for file in _under(folder)}
    named = [] if path.is_dir() else [path]
    known = {file.resolve() for file in named}
    own = [*named, *(file for file in around if file not in standard and file.resolve() not in known)]
    return own, [file for file in around if file in standard]


def standard_site() -> Path:
    """Return the standard page types of the public site."""
    return workflows_dir() / "page_types.yaml"


def standard_bureau() -> Path:
    """Return the bureau file that comes with the product."""
    return workflows_dir() / "bureau.yaml"


def site_file(folder: Path) -> Path:
    """Return the file of the page types of a deployment: its own, else the standard one."""
    own = _starting(folder / "workflows", _SITE)
    return own[0] if own else standard_site()


def story_files(path: Path) -> list[Path]:
    """Return the files of stories a path names: itself, or those in the folder `STORIES` in it or under it."""
    if not path.is_dir():
        return [path]
    folders = [path] if path.name == STORIES else [path / STORIES, path / "workflows" / STORIES]
    return [file for folder in folders for file in sorted(folder.glob("*.y*ml")) if file.suffix in _SUFFIXES]


def template_files(paths: Iterable[Path]) -> dict[str, Path]:
    """Return the templates of papers beside some files of forms, and the standard ones, by name; ``_NAME`` is a part of others."""
    folders = dict.fromkeys((forms_dir() / TEMPLATES, *(path.parent / TEMPLATES for path in paths)))
    return {
        file.stem: file
        for folder in folders
        for file in (sorted(folder.glob("*.html")) if folder.is_dir() else ())
    }


def templates_beside(paths: Iterable[Path]) -> dict[str, str]:
    """Return the texts of `template_files`."""
    return {
        name: read_file(file, TEXT, "").decode("utf-8", "replace")
        for name, file in template_files(paths).items()
    }


def files_beside(
    paths: Iterable[Path], places: Mapping[tuple[str, str], str], texts: Mapping[str, str]
) -> dict[str, str]:
    """Return what acts beside the definitions in `paths` and is published with them: path as seen from a deployment -> text.

    That is their folders of templates (templates, blocks of text, duties), the profiles files of registers are read by, the
    workbooks for platforms, and the kinds of public pages among the definitions, which are at `places` of `texts`; not those
    that come with the product.
    """
    paths = list(paths)
    found = {
        f"forms/{TEMPLATES}/{file.name}": read_file(file, TEXT, "").decode("utf-8", "replace")
        for folder in dict.fromkeys(path.parent / TEMPLATES for path in paths)
        for file in (sorted(folder.iterdir()) if folder.is_dir() else ())
        if file.suffix in _OF_PAPERS and file.is_file()
    }
    for above in dict.fromkeys(p.parent.parent for p in paths if p.parent.name in _OF_DEFINITIONS):
        for folder in (above / PROFILES, above / EXCHANGE):
            if folder.is_dir() and folder.resolve() != exchange_dir().resolve():
                found |= {
                    f"{folder.name}/{file.name}": read_file(file, TEXT, "").decode("utf-8", "replace")
                    for file in sorted(folder.glob("*.yaml"))
                }
    site = next((file for (kind, _), file in places.items() if kind == "site"), "")
    if site in texts and site != str(standard_site()):
        found[PAGE_TYPES] = texts[site]
    return found


def files_unlike(folder: Path, published: Mapping[str, str]) -> list[str]:
    """Return which files beside the definitions of a deployment are not as they are published, or only in one of the two.

    Raises BudgetExceededError, OSError.
    """
    own = site_file(folder)
    texts = {str(own): read_source(str(own), read_file(own, TEXT, "")).text}
    found = files_beside([folder / "forms" / SETTINGS], {("site", ""): str(own)}, texts)
    return sorted(path for path in {*found, *published} if found.get(path) != published.get(path))


def _root(path: Path) -> Path:
    folder = path.resolve() if path.is_dir() else path.resolve().parent
    return next(
        (each for each in (folder, *folder.parents[:2]) if _deployment(each)),
        folder,
    )


def _deployment(folder: Path) -> bool:
    return (folder / "workflows").is_dir() or (folder / "forms").is_dir()


def _under(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return [
        file
        for file in sorted(folder.rglob("*"))
        if file.suffix in _SUFFIXES
        and file.is_file()
        and not any(
            part.startswith(".") or part in (STORIES, TEMPLATES) for part in file.relative_to(folder).parts
        )
    ]


#: How much of a file is looked at to see whether it defines a bureau.
_HEAD = 4096


_BUREAU = ("bureau:", "bureau ", "bureau：", "单位:", "单位：")
_SITE = ("site:", "site ", "site：", "公示网站:", "公示网站：")


def _bureaus(folder: Path) -> list[Path]:
    """Return the YAML files directly in `folder` that define a bureau; settings and the like are none."""
    return _starting(folder, _BUREAU)


def _starting(folder: Path, words: tuple[str, ...]) -> list[Path]:
    """Return the YAML files directly in `folder` with a line that starts with one of `words`."""
    found = []
    for file in sorted(folder.iterdir()) if folder.is_dir() else ():
        if file.suffix not in _SUFFIXES or not file.is_file():
            continue
        try:
            with file.open("rb") as stream:
                lines = stream.read(_HEAD).decode("utf-8-sig", "replace").splitlines()
        except OSError:
            continue
        if any(line.startswith(words) for line in lines):
            found.append(file)
    return found
