"""Files after their time by the command line: nothing of an open case goes, and who may not, may not."""

from __future__ import annotations

from pathlib import Path

from command_fixtures import called, done

from engine.cli.records.archive import group

AS = ("--as", "leading")


def test_nothing_of_an_open_case_goes(home: Path) -> None:
    done("case", "start", "batch", "--title", "示例期", *AS, home=home)
    assert called(group, "due", "--all", *AS, home=home).out == ""
    for words in (("bin",), ("restore",), ("destroy", "--yes")):
        said = called(group, words[0], "batch-1", "--reason", "到期", *words[1:], *AS, home=home)
        assert (said.code, said.out) == (1, "")
    said = called(group, "bin", "batch-1", "--reason", "到期", *AS, home=home)
    assert "还没有办结" in said.err
    assert called(group, "bin", "batch-1", "--reason", "到期", "--as", "chief-office", home=home).code == 1
