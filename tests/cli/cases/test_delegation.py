"""``ssj delegation``: made, listed, ended."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_fixtures import called

from engine.cli.cases.delegation import group
from engine.deployment.clocks import SystemClock, VirtualClock

AS = ("--as", "leading")
MAKE = ("add", "leading", "insp-01", "--from", "2026-08-03", "--to", "2026-08-14", "--reason", "年休假")
LINE = "delegation-1\tleading\tinsp-01\t2026-08-03\t2026-08-14\t年休假"


@pytest.fixture(autouse=True)
def july(monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import UTC, datetime

    clock = VirtualClock(datetime(2026, 7, 20, 2, tzinfo=UTC))
    monkeypatch.setattr(SystemClock, "now", lambda self: clock.now())


def test_it_is_tried_made_listed_and_ended(home: Path) -> None:
    dry = called(group, *MAKE, *AS, "--dry-run", home=home)
    assert (dry.out.split("\t")[1:], dry.err) == (f"{LINE}\n".split("\t")[1:], "仅试算，未保存。\n")
    assert called(group, "list", home=home).err == "没有委托。\n"
    assert called(group, *MAKE, *AS, home=home).out == f"{LINE}\n"
    assert called(group, "list", home=home).out == f"{LINE}\n"
    (row,) = called(group, "list", "--json", home=home).json()
    assert (row["principal"], row["delegate"]) == ("leading", "insp-01")
    ended = called(group, "end", "delegation-1", "--reason", "返岗", *AS, home=home)
    assert ended.out == f"{LINE}\t已收回\n"
    assert called(group, "list", home=home).out == ""
    assert called(group, "list", "--all", home=home).out == f"{LINE}\t已收回\n"


def test_what_is_refused(home: Path) -> None:
    assert called(group, *MAKE, "--as", "insp-02", home=home).code == 1
    assert called(group, "end", "delegation-1", "--reason", "x", *AS, home=home).code == 1
    backwards = ("add", "leading", "insp-01", "--from", "2026-08-14", "--to", "2026-08-03", "--reason", "x")
    said = called(group, *backwards, *AS, home=home)
    assert (said.code, said.err.startswith("  - ")) == (1, True)
    assert called(group, "add", "leading", "insp-01", "--from", "soon", *AS, home=home).code == 2
