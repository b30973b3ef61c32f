"""Short commands cost little more than their libraries, in processor time; `benchmarks/cli.py` holds the promised ratios."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from benchmarks.cli import TARGETS, measure, prepare

#: Bounds that also hold while other tests run: processor time is not free of what shares the caches.
LOOSE = {"version": 2.0, "task_list": 1.8, "task_advance": 4.5}
#: What a list of tasks has no use for.
UNUSED = (
    "transitions",
    "jinja2",
    "alembic",
    "apscheduler",
    "openpyxl",
    "engine.definition",
    "engine.lifecycle.process",
)


def test_a_short_command_takes_little_more_than_its_libraries() -> None:
    measured = measure(rounds=7, processor=True)
    assert LOOSE.keys() == TARGETS.keys()
    for name, most in LOOSE.items():
        assert measured[name]["ratio"] <= most, (name, measured[name])


def test_a_list_of_tasks_imports_nothing_it_has_no_use_for(tmp_path: Path) -> None:
    home = prepare(tmp_path, tasks=3)
    script = (
        "import sys\n"
        "from engine.cli.main import main\n"
        "try:\n"
        f"    main(['--home', {str(home)!r}, 'task', 'list', '--as', 'insp-01'])\n"
        "except SystemExit as done:\n"
        "    assert not done.code\n"
        f"print([name for name in {UNUSED!r} if name in sys.modules], file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, encoding="utf-8", check=True
    )
    assert done.stdout.count("待检查") == 3
    assert done.stderr.strip() == "[]"


def test_the_version_imports_click_and_little_else() -> None:
    script = (
        "import sys\n"
        "from engine.cli.main import main\n"
        "try:\n    main(['--version'])\nexcept SystemExit:\n    pass\n"
        "print([name for name in sys.modules if name.startswith('engine.') and name not in "
        # What is printed goes through the console, whatever its encoding (ADR 0030).
        "('engine.cli', 'engine.cli.main', 'engine.cli.exits', 'engine.cli.i18n', 'engine.language', "
        "'engine.cli.console', 'engine.kernel', 'engine.kernel.plain_text')])\n"
        "print('sqlalchemy' in sys.modules or 'yaml' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[1:] == ["[]", "False"]
