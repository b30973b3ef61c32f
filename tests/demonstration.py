"""The demonstration year, played once in a run of the tests; and a short one, of the same processes with few visits."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from engine.synthetic.scenario import Scenario, shipped
from tests.made_once import made_once

#: What is given to ``ssj``.
COMMAND = ["demo", "demo"]
#: Runs it, and notes beside what is printed what its summary holds.
_DEMO = """\
import json, sys
from pathlib import Path
import engine.cli.system.demo as command
from engine.cli.main import main
printed = command._summary
def noted(found, directory):
    Path("found.json").write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")
    return printed(found, directory)
command._summary = noted
main(sys.argv[1:])
"""


def demonstration(factory: pytest.TempPathFactory) -> Path:
    """Return a copy of a folder in which ``ssj demo demo`` was run.

    `demo` is what it made, `printed` what it printed, `found.json` what ``--json`` would have.
    """
    return made_once(factory, "demonstration", _play)


def _play(folder: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SSJ_")}
    with (folder / "printed").open("w", encoding="utf-8") as printed:
        done = subprocess.run(
            [sys.executable, "-c", _DEMO, *COMMAND],
            cwd=folder,
            env={**kept, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONUTF8": "1"},
            stdout=printed,
            stderr=subprocess.STDOUT,
        )
    assert done.returncode == 0, (folder / "printed").read_text("utf-8")


def short_year() -> Scenario:
    """Return the scenario of the demonstration with sixty enterprises, one in two hundred of a class to be drawn."""
    scenario = shipped()
    batches = [
        {**batch, "rules": {**rules, "ratios": [{**row, "ratio": "0.5%"} for row in rules["ratios"]]}}
        if (rules := batch.get("rules"))
        else batch
        for batch in scenario.plan["batches"]
    ]
    return replace(
        scenario,
        plan={**scenario.plan, "batches": batches},
        registers={**scenario.registers, "objects": 60},
    )
