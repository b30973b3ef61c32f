"""A release: ``python packaging/release.py VERSION DATE`` (``make release``).

Writes the version into ``engine/__init__.py`` and gives what stands under "Unreleased" in ``CHANGELOG.md`` that version
and date, then builds the sdist and the wheel in ``dist/`` and checks both. Commits, tags and uploads nothing.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VERSION = re.compile(r"\d+\.\d+\.\d+(?:(?:a|b|rc)\d+)?")
DATE = re.compile(r"20\d\d-[01]\d-[0-3]\d")
#: What both packages must hold, besides every module.
SHIPPED = (
    "engine/py.typed",
    "engine/language/locale/en/LC_MESSAGES/ssj.mo",
    "engine/language/locale/en/LC_MESSAGES/shipped.mo",
    "engine/draw/kit/verify.py",
    "engine/draw/v2/kit/parts/program.py",
)


class ReleaseError(Exception):
    """The release cannot be made; the message says why."""


def dated(changelog: str, version: str, date: str) -> str:
    """Return the changelog with what is unreleased under `version`, and an empty "Unreleased" above it."""
    if f"\n## [{version}]" in changelog:
        raise ReleaseError(f"CHANGELOG.md has {version} already")
    found = re.search(r"^## \[Unreleased\]\n(.*?)(?=^## \[|\Z)", changelog, re.MULTILINE | re.DOTALL)
    if found is None or not re.search(r"^[*-] ", found[1], re.MULTILINE):
        raise ReleaseError("nothing stands under [Unreleased] in CHANGELOG.md")
    head = f"## [Unreleased]\n\n## [{version}] - {date}\n"
    return changelog[: found.start()] + head + changelog[found.start() + len("## [Unreleased]\n") :]


def with_version(module: str, version: str) -> str:
    """Return the text of ``engine/__init__.py`` with `version`."""
    new, count = re.subn(r'^__version__ = ".*"$', f'__version__ = "{version}"', module, flags=re.MULTILINE)
    if count != 1:
        raise ReleaseError("engine/__init__.py has no __version__")
    return new


def missing(names: set[str], version: str, *, wheel: bool) -> list[str]:
    """Return what a package with files of these `names` should hold and does not."""
    top = "" if wheel else f"shuangsuiji-{version}/"
    modules = (path.relative_to(ROOT).as_posix() for path in (ROOT / "engine").rglob("*.py"))
    yaml = [
        path.relative_to(ROOT).as_posix()
        for name in ("workflows", "forms")
        for path in (ROOT / name).rglob("*.yaml")
    ]
    inside = [f"engine/definition/standard/{name}" for name in yaml] if wheel else yaml
    return [name for name in (*modules, *SHIPPED, *inside) if f"{top}{name}" not in names]


def build(folder: Path) -> None:
    """Build the sdist and the wheel into `folder`, with what is installed."""
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-d", str(folder)], cwd=ROOT, check=True)


def check(folder: Path, version: str) -> None:
    """Check both packages: their files, and that the wheel says its version when nothing else is in the way."""
    wheel = folder / f"shuangsuiji-{version}-py3-none-any.whl"
    sdist = folder / f"shuangsuiji-{version}.tar.gz"
    with zipfile.ZipFile(wheel) as archive, tempfile.TemporaryDirectory() as place:
        absent = missing(set(archive.namelist()), version, wheel=True)
        archive.extractall(place)
        said = subprocess.run(
            [sys.executable, "-c", "import engine.cli.main as m; m.main(['--version'])"],
            cwd=place,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    with tarfile.open(sdist) as archive:
        absent += missing(set(archive.getnames()), version, wheel=False)
    if absent:
        raise ReleaseError(f"not in the packages: {', '.join(absent)}")
    if version not in said:
        raise ReleaseError(f"the wheel says {said.strip()!r}, not {version}")


def main(arguments: list[str]) -> None:
    """Make the release."""
    if len(arguments) != 2 or not VERSION.fullmatch(arguments[0]) or not DATE.fullmatch(arguments[1]):
        raise ReleaseError("usage: make release VERSION=1.2.3 DATE=2026-12-31")
    version, date = arguments
    module, changelog = ROOT / "engine/__init__.py", ROOT / "CHANGELOG.md"
    # Both texts are made before either file is written.
    texts = (
        with_version(module.read_text("utf-8"), version),
        dated(changelog.read_text("utf-8"), version, date),
    )
    module.write_text(texts[0], "utf-8")
    changelog.write_text(texts[1], "utf-8")
    build(ROOT / "dist")
    check(ROOT / "dist", version)
    print(f"dist/ holds {version}. Look at the difference, commit it, tag it v{version}.")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except ReleaseError as error:
        sys.exit(str(error))
