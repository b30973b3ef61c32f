"""The README's commands, run in its order; both languages show the same; two commands set everything up."""

from __future__ import annotations

from pathlib import Path

import pytest
from running_documents import ROOT, STAND_INS, check, normal_blocks

from tests.demonstration import COMMAND, demonstration

ENGLISH = ROOT / "README.md"
CHINESE = ROOT / "README.zh-CN.md"


def test_the_readme_does_what_it_says(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    # What is run for `make demo` was run already in this run of the tests: its folder is taken, and what it printed.
    place = demonstration(tmp_path_factory)
    check(ENGLISH, tmp_path, {"make demo": f"mv '{place / 'demo'}' demo; cat '{place / 'printed'}'"})


def test_both_languages_show_the_same_commands_and_outputs() -> None:
    assert normal_blocks(CHINESE.read_text(encoding="utf-8")) == normal_blocks(
        ENGLISH.read_text(encoding="utf-8")
    )


def test_make_demo_is_what_is_run_for_it() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert STAND_INS["make demo"] == "ssj demo demo"
    assert ["ssj", *COMMAND] == STAND_INS["make demo"].split()
    assert "DEMO ?= demo\n" in makefile
    assert "$(BIN)/ssj demo $(DEMO)\n" in makefile
    for target in ("demo", "test"):
        assert f"\n{target}: " in makefile
