"""The commits of the language, each played beside the one before: what is printed, and when it fails."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from benchmarks import language_years
from benchmarks.year_results import Commit, Intended
from tests.demonstration import demonstration


@pytest.fixture
def both(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have each commit stand for a folder, whose year is the demonstration's; that of ``after`` has one page more."""
    home = demonstration(tmp_path_factory) / "demo"

    def taken_out(commit: str, folder: Path) -> Path:
        return folder / commit

    def played(checkout: Path, place: Path, objects: Path | None) -> tuple[float, dict[str, int]]:
        shutil.copytree(home, place)
        if checkout.name == "after":
            (place / "public" / "more.html").write_text("more", encoding="utf-8")
        return (2.0 if checkout.name == "after" else 1.0), {"steps": 100}

    monkeypatch.setattr(language_years, "taken_out", taken_out)
    monkeypatch.setattr(language_years, "played", played)
    return tmp_path


def test_each_difference_is_printed_with_its_reason_and_one_that_is_not_listed_fails(
    both: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = Intended("page only after", "pages are new", "新的网页")
    for differences, sound, said in (((page,), True, "pages are new"), ((), False, "UNLISTED")):
        commit = Commit("after", "before", "what", "何事", "", differences)
        assert language_years.compared(commit, both, None, 1) is sound
        assert capsys.readouterr().out == (
            f"after what\n       1 page only after: {said}\n  a step: 10.00 ms, then 20.00 ms: 2.00\n"
        )
        for left in both.iterdir():
            shutil.rmtree(left)


def test_the_tables_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert language_years.main(["--markdown"]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("| commit |")
    assert "| `cb3b84f2c` | one grammar of conditions" in printed
