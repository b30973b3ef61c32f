"""What `run_cost.py` counts, and what it says of two runs."""

from __future__ import annotations

import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

from tests.run_cost import Cost, environment_of, report, too_much

if not hasattr(os, "fork"):
    pytest.skip("what a run costs is asked of wait4(2)", allow_module_level=True)

ROOT = Path(__file__).resolve().parent.parent
#: Works for two fifths of a second of processor time, in one of three ways.
WORK = """
import os, sys, time
way = sys.argv[1]
if way == "orphan":
    os.fork() and os._exit(3)
elif way == "child":
    child = os.fork()
    if child:
        os.waitpid(child, 0)
        os._exit(3)
while time.process_time() < 0.4:
    pass
os._exit(3)
"""
#: Measured in a process of its own, as everything that ends is waited for.
MEASURE = """
import os, sys
from pathlib import Path
from tests.run_cost import cost_of
cost = cost_of([sys.executable, "-IS", "-c", sys.argv[1], sys.argv[2]], Path.cwd(), os.environ)
print(cost.user + cost.system >= 0.4, cost.whole < 4, cost.code, cost.left)
"""


@pytest.mark.parametrize(
    "way",
    [
        "itself",
        "child",
        pytest.param("orphan", marks=pytest.mark.skipif(sys.platform != "linux", reason="missed")),
    ],
)
def test_all_that_a_command_starts_is_counted(way: str, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    words = [sys.executable, "-c", MEASURE, WORK, way]
    done = subprocess.run(words, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "True", "3", "0"]


def test_each_checkout_runs_its_own_program_and_writes_bytecode() -> None:
    given = {
        "PATH": "/bin",
        "PYTHONPATH": "/else",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTEST_XDIST_WORKER": "gw0",
    }
    assert environment_of(Path("/checkout"), given) == {"PATH": "/bin", "PYTHONPATH": "/checkout"}


def test_what_is_said_of_two_runs() -> None:
    costs = [Cost(8.0, 2.0, 0), Cost(10.0, 2.0, 1, left=2)]
    assert report(["old", "new"], costs).splitlines() == [
        "old\tuser 8.0 s\tsystem 2.0 s\ttogether 10.0 s\texit code 0",
        "new\tuser 10.0 s\tsystem 2.0 s\ttogether 12.0 s\texit code 1\t2 processes still run and are not counted",
        "ratio\t1.20",
    ]


@pytest.mark.parametrize(
    ("costs", "most", "wrong"),
    [
        ([Cost(8.0, 2.0, 0), Cost(10.0, 2.0, 1)], Fraction(6, 5), False),
        ([Cost(8.0, 2.0, 0), Cost(10.0, 2.0, 0)], Fraction(11, 10), True),
        ([Cost(8.0, 2.0, 0), Cost(1.0, 0.0, 2)], Fraction(6, 5), True),
        ([Cost(8.0, 2.0, -9), Cost(1.0, 0.0, 0)], Fraction(6, 5), True),
    ],
)
def test_more_than_allowed_or_cut_short(costs: list[Cost], most: Fraction, wrong: bool) -> None:
    assert too_much(costs, most) is wrong
