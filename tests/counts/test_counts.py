"""What one step and the shortest commands cost, in counts that are the same on every machine."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from benchmarks.cli import prepare_cases

#: The most there may be, what was counted when the limit was set, and why there is a limit.
LIMITS: Mapping[str, tuple[int, int, str]] = {
    "statements": (
        10,
        10,
        "one looks at everything, one for each table writes, with BEGIN, COMMIT and the row statement (0034); ADR 0064 says what went. On PostgreSQL they are sent as two",
    ),
    "calls": (
        255,
        248,
        "Python calls are most of the processor time of a step; ADR 0034, 0035, 0041 and 0044 say what came, 0062, 0064 and 0085 what went",
    ),
    "log": (
        67_000,
        65_952,
        "every page that is touched is written whole, and again when the log is taken in",
    ),
    "reminder statements": (
        505,
        504,
        "of a hundred reminders of one batch: an entry, a case, a timer and two messages each; histories are looked at together (0064)",
    ),
    "reminder calls": (
        88,
        88,
        "137 before what reminders of one batch share was made once (0064); cases of whole pieces are asked in a text that is made once (0079); 91 before 0085; 87 before a reminder named the case and what to do (0105)",
    ),
    "import calls": (
        1490,
        1468,
        "of ten rows of a CSV file that is read, checked and written: a cell that was read before is not read again (0064); 1,295 before each row was kept packed until it is asked for, for the memory of a large workbook (0106); 1,346 before a day of registration far from ours had to be confirmed and the texts of a line were quoted (0129)",
    ),
    "task list": (
        250,
        245,
        "each module is time before the first line is shown: 437 before the texts of statements were kept and SQLite was asked by its driver (0079); what came before that: 0022 to 0068",
    ),
    "task show": (
        420,
        420,
        "the same: 755 before definitions were kept as they were read, and the shipped years of the calendar (0079); 410 before it showed signatures held against the history and what one did alone (0097, 0099); 412 before kept files were looked at that a signature covers (0108); 413 before a step that rests on a void paper was refused where it is shown, and papers of templates that one published were marked (0132, 0136); 419 before what is asked of a draw was one list for the facts and the check (0155)",
    ),
    "task advance": (
        480,
        475,
        "the same: 814 before (0079)",
    ),
}

SHORT = [("task", "list", "--as", "chief-labour_inspection"), ("task", "show", "batch-1")]
#: Runs a command, then says how many modules there are.
_IMPORTS = """
import sys
from engine.cli.main import main
try:
    main(sys.argv[1:])
except SystemExit as done:
    code = done.code
print(len(sys.modules), file=sys.stderr)
sys.exit(code)
"""


@pytest.fixture(scope="module")
def step() -> dict[str, int]:
    """Return the counts of one step, taken in a process of its own."""
    script = Path(__file__).with_name("measured_step.py")
    # As a module of the main folder: the script's own folder would come first in the path.
    run = f"import runpy; runpy.run_path({str(script)!r}, run_name='__main__')"
    done = subprocess.run([sys.executable, "-c", run], check=True, capture_output=True, text=True)
    found: dict[str, int] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize(
    "what", ["statements", "calls", "log", "reminder statements", "reminder calls", "import calls"]
)
def test_a_step_costs_no_more_than_its_limit(what: str, step: dict[str, int]) -> None:
    most, _, why = LIMITS[what]
    assert step[what] <= most, why


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a deployment with a case."""
    place = tmp_path_factory.mktemp("counts") / "bureau"
    for command in (
        ("init", place, "--sample"),
        ("--home", place, "case", "start", "batch", "--title", "示例期", "--as", "leading"),
    ):
        imported(*map(str, command))
    return place


def imported(*command: str) -> tuple[int, str]:
    """Run a command; returns how many modules it has loaded when it ends, and what it printed."""
    done = subprocess.run(
        [sys.executable, "-c", _IMPORTS, *command],
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    return int(done.stderr.strip().splitlines()[-1]), done.stdout


@pytest.mark.parametrize("words", SHORT)
def test_a_short_command_loads_no_more_than_its_limit(words: tuple[str, ...], home: Path) -> None:
    most, _, why = LIMITS[" ".join(words[:2])]
    # The first run may compile modules, which loads some.
    least, said = min(imported("--home", str(home), *words) for _ in range(2))
    assert "batch-1" in said
    assert least <= most, why


def test_a_step_by_command_loads_no_more_than_its_limit(tmp_path: Path) -> None:
    """The first reads the definition and keeps it; those after it need not, nor the reader, nor SQLAlchemy."""
    home, _, cases = prepare_cases(tmp_path, 3)
    most, _, why = LIMITS["task advance"]
    answers = ("--set", "found=未发现问题", "--set", "count=2", "--as", "insp-1")
    first, *others = (
        imported("--home", str(home), "task", "advance", case, "go", *answers)[0] for case in cases
    )
    assert min(others) <= most < first, why


def test_the_limits_are_near_what_was_counted() -> None:
    for what, (most, counted, why) in LIMITS.items():
        assert counted <= most <= counted * 104 // 100, what
        assert why
