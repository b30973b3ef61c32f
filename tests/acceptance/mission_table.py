"""The table of the mission and of the faults, as their pages have them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
MISSION = ROOT / "docs/explanation/mission.md"
CHINESE = MISSION.with_name("mission.zh-CN.md")
_ROW = re.compile(r"^\| (\d+) \| (.+?) \| (.+?) \| `ssj ([^`]+)` \| (.+?) \| (.+?) \|$", re.MULTILINE)
_FAULT = re.compile(r"^\| F(\d+) \| .+? \| `([^`]+)` \|$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class MissionRow:
    """One duty: how far it goes, the command that shows it, and what that prints."""

    number: int
    duty: str
    state: str
    command: str
    shows: str
    missing: str


def rows_of(page: Path) -> list[MissionRow]:
    """Return the rows of a page, in order."""
    found = _ROW.findall(page.read_text("utf-8"))
    return [MissionRow(int(number), *rest) for number, *rest in found]


def faults_of(page: Path) -> dict[int, str]:
    """Return fault -> the test that would fail on it."""
    return {int(number): test for number, test in _FAULT.findall(page.read_text("utf-8"))}
