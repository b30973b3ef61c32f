"""A release: the changelog is dated, the version written, and the packages hold what they must."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def release() -> ModuleType:
    spec = importlib.util.spec_from_file_location("ssj_release", ROOT / "packaging/release.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


CHANGELOG = (
    "# Changelog\n\n## [Unreleased]\n\n### Added\n\n* One thing.\n\n## [0.1.0] - 2026-11-28\n\n* First.\n"
)


def test_what_is_unreleased_gets_the_version_and_its_date(release: ModuleType) -> None:
    text = release.dated(CHANGELOG, "0.2.0", "2026-12-31")
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == [
        "[Unreleased]",
        "[0.2.0] - 2026-12-31",
        "[0.1.0] - 2026-11-28",
    ]
    assert text.index("[0.2.0]") < text.index("One thing") < text.index("[0.1.0]")


@pytest.mark.parametrize("version", ["0.1.0", "0.2.0"])
def test_nothing_is_released_twice_or_empty(release: ModuleType, version: str) -> None:
    text = CHANGELOG if version == "0.1.0" else CHANGELOG.replace("* One thing.", "")
    with pytest.raises(release.ReleaseError):
        release.dated(text, version, "2026-12-31")


def test_the_changelog_of_the_project_can_be_dated(release: ModuleType) -> None:
    assert "## [9.9.9] - 2030-01-02" in release.dated(
        (ROOT / "CHANGELOG.md").read_text("utf-8"), "9.9.9", "2030-01-02"
    )


def test_the_version_is_written_once(release: ModuleType) -> None:
    module = (ROOT / "engine/__init__.py").read_text("utf-8")
    assert '__version__ = "9.9.9"' in release.with_version(module, "9.9.9")
    with pytest.raises(release.ReleaseError):
        release.with_version("", "9.9.9")


@pytest.mark.parametrize("arguments", [[], ["1.2"], ["1.2.3", "tomorrow"], ["v1.2.3", "2026-12-31"]])
def test_a_release_needs_a_version_and_a_date(release: ModuleType, arguments: list[str]) -> None:
    with pytest.raises(release.ReleaseError, match="usage"):
        release.main(arguments)


def test_what_is_not_in_a_package_is_named(release: ModuleType) -> None:
    assert "engine/py.typed" in release.missing(set(), "1.2.3", wheel=True)
    names = {f"shuangsuiji-1.2.3/{name}" for name in release.missing(set(), "1.2.3", wheel=False)}
    assert release.missing(names, "1.2.3", wheel=False) == []


def test_packages_are_built_and_checked(release: ModuleType, tmp_path: Path) -> None:
    from engine import __version__

    release.build(tmp_path)
    release.check(tmp_path, __version__)
