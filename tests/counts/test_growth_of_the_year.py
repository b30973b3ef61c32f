"""A year of a large district costs no more for each case than one of a small district.

Counted are calls of Python functions, all of them, from the empty folder to the public site; processor time is in decision 76.
"""

from __future__ import annotations

import cProfile
import pstats
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from engine.demo import set_up
from engine.synthetic.scenario import shipped

#: Enterprises of a district, and of a larger one.
FEW, MANY = 1_203, 5_000
#: Calls for each case may be so many hundredths of those of the small district.
MAX_PERCENT = 120


def calls_for_each_case(objects: int, folder: Path, patched: pytest.MonkeyPatch) -> int:
    """Play a year among so many enterprises; return the calls for each case."""
    scenario = shipped()
    patched.setattr(
        set_up,
        "shipped",
        lambda: replace(scenario, registers={**scenario.registers, "objects": objects}),
    )
    profile = cProfile.Profile(builtins=False)
    found, _ = profile.runcall(set_up.run_demo, folder, None, "demo")
    assert found["open"] == 0
    counted = cast(Any, pstats.Stats(profile)).total_calls
    return int(counted) // int(found["cases"])


@pytest.mark.soak
def test_a_case_of_a_large_district_takes_no_more_calls(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = calls_for_each_case(FEW, tmp_path / "few", monkeypatch)
    many = calls_for_each_case(MANY, tmp_path / "many", monkeypatch)
    print(f"{few} and {many} calls for each case, {100 * many // few} hundredths")
    assert 100 * many <= MAX_PERCENT * few
