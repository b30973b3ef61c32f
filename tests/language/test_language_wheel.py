"""A built wheel holds everything the product reads at run time, the English catalogue among it."""

from __future__ import annotations

import subprocess
import sys
import zipfile

import pytest

from engine.language.catalogue import ROOT
from tests.hung_run import HUNG

NEEDED = (
    "engine/language/locale/en/LC_MESSAGES/ssj.mo",
    "engine/worktime/data/",
    "engine/register/profiles/",
    "engine/draw/kit/verify.html",
    "engine/draw/kit/PROTOCOL.md",
    "engine/site/templates/",
    "engine/definition/standard/workflows/",
    "engine/definition/standard/forms/",
    "engine/definition/standard/forms/templates/",
)


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    place = tmp_path_factory.mktemp("wheel")
    words = ["pip", "wheel", "--no-deps", "--no-build-isolation", "--disable-pip-version-check", "-q", "-w"]
    made = subprocess.run(
        [sys.executable, "-m", *words, str(place), str(ROOT)], capture_output=True, text=True, timeout=HUNG
    )
    assert made.returncode == 0, made.stderr
    (wheel,) = place.glob("*.whl")
    with zipfile.ZipFile(wheel) as file:
        return file.namelist()


@pytest.mark.parametrize("needed", NEEDED)
def test_a_wheel_holds_what_is_read_at_run_time(names: list[str], needed: str) -> None:
    assert any(name == needed or (needed.endswith("/") and name.startswith(needed)) for name in names)


def test_every_file_of_the_package_is_in_the_wheel(names: list[str]) -> None:
    tracked = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "engine"], capture_output=True, text=True, check=False
    ).stdout.split("\n")
    there = [name for name in tracked if name and (ROOT / name).is_file()]
    assert [name for name in there if name not in names] == []


def test_every_standard_process_and_form_is_in_the_wheel(names: list[str]) -> None:
    for kind in ("workflows", "forms"):
        for path in (ROOT / kind).rglob("*"):
            if path.is_file():
                assert (
                    f"engine/definition/standard/{kind}/{path.relative_to(ROOT / kind).as_posix()}" in names
                )
