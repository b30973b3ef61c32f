"""``ssj draw select``: the drawn objects again, from three files."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_fixtures import called
from draws_fixtures import BATCH, DICE, Desk

from engine.cli.draws.select import select
from engine.draw.kit import kit_files


@pytest.fixture
def files(drawn: Desk, tmp_path: Path) -> tuple[Path, Path]:
    for name, content in kit_files(drawn.record()).items():
        (tmp_path / name).write_bytes(content)
    return tmp_path / "commitment.json", tmp_path / "roster.tsv"


def test_it_is_the_list_of_the_draw(files: tuple[Path, Path], drawn: Desk) -> None:
    said = called(select, *files, "--entropy", f"{DICE}/batch:{BATCH}")
    assert said.code == 0, said.err
    selection = drawn.record().selection
    assert selection is not None
    assert said.out == "".join(
        f"{one.stratum}\t{one.position}\t{one.object_id}\t{one.ticket}\n"
        for stratum in selection.strata
        for one in stratum.drawn
    )


def test_other_files_are_refused(files: tuple[Path, Path]) -> None:
    commitment, roster = files
    entropy = ("--entropy", f"{DICE}/batch:{BATCH}")
    other = called(select, *files, "--entropy", "dice:111135620918374652013948/batch:other")
    right = called(select, *files, *entropy)
    assert (right.code, other.out != right.out) == (0, True)
    roster.write_bytes(roster.read_bytes() + b"X\n")
    changed = called(select, *files, *entropy)
    assert (changed.code, changed.out) == (1, "")
    commitment.write_bytes(b"\xff\xfe")
    unread = called(select, *files, *entropy)
    assert (unread.code, unread.err) == (1, f"{commitment} 不是 UTF-8 文件\n")
