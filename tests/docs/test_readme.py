"""The README's commands, run in its order; both languages show the same; two commands set everything up."""

from __future__ import annotations

from pathlib import Path

import pytest
from running_documents import OF_THE_DAY, ROOT, STAND_INS, check, masks, normal_blocks, same

from tests.demonstration import COMMAND, demonstration

ENGLISH = ROOT / "README.md"
CHINESE = ROOT / "README.zh-CN.md"


def test_the_readme_does_what_it_says(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    # What is run for `make demo` was run already in this run of the tests: its folder is taken, and what it printed.
    place = demonstration(tmp_path_factory)
    check(ENGLISH, tmp_path, {"make demo": f"mv '{place / 'demo'}' demo; cat '{place / 'printed'}'"})


def test_both_languages_show_the_same_commands_and_outputs() -> None:
    chinese, english = (page.read_text(encoding="utf-8") for page in (CHINESE, ENGLISH))
    assert normal_blocks(chinese, OF_THE_DAY) == normal_blocks(english, OF_THE_DAY)


def test_another_demonstration_would_be_noticed() -> None:
    """Its year, firms, inspectors and histories are the same each time, and compared as they are."""
    command = "ssj --home demo case history inspection-5"
    line = "1\t2024-04-07 09:30\tinsp-29\tstarted\t示例泓鹭餐饮有限公司\tto_approve\tf0c239233067"
    for other in (("insp-29", "insp-35"), ("泓鹭餐饮", "棠禾商贸"), ("f0c2", "21cc")):
        assert not same([line], [line.replace(*other)], masks(command))
        assert same([line], [line.replace(*other)], masks("ssj case history inspection-5"))
    # What hangs on the day on which the page is followed is not compared.
    until = "时限：2027-10-29（暂定）"
    assert same([until], ["时限：2028-01-05"], masks("ssj --home demo task show annual_plan-3"))


def test_make_demo_is_what_is_run_for_it() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert STAND_INS["make demo"] == "ssj demo demo"
    assert ["ssj", *COMMAND] == STAND_INS["make demo"].split()
    assert "DEMO ?= demo\n" in makefile
    assert "$(BIN)/ssj demo $(DEMO)\n" in makefile
    for target in ("demo", "test"):
        assert f"\n{target}: " in makefile
