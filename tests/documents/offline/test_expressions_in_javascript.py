"""Conditions mean the same in Python and in the offline form: random ones with random answers, and a list of hard ones."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from random_conditions import OFFICE, tried

from engine.documents import offline
from engine.documents.offline.kit import different_days

PROGRAM = Path(offline.__file__).with_name("expressions.js")
NODE = shutil.which("node")

_RUN = """
const E = require(process.argv[1]);
const { all, calendar } = JSON.parse(require("fs").readFileSync(0, "utf8"));
E.useCalendar(calendar);
const same = (a) => a === null || typeof a !== "object" ? a : Array.isArray(a) ? a.map(same)
  : E.isNumber(a) ? (a.f ? {"/": `${a.n}/${a.d}`} : {"#": String(a.n)}) : {"{": [...a].map(([k, v]) => [k, same(v)])};
process.stdout.write(JSON.stringify(all.map(({node, scope}) => {
  try { return same(E.run(node, E.value(scope))); }
  catch (e) { if (e instanceof E.EvaluationError) return "error"; return "crash: " + e.message; }
})));
"""


def in_javascript(cases: list[dict[str, Any]]) -> list[Any]:
    """Return what the program of the offline form says to each."""
    assert NODE is not None
    ran = subprocess.run(
        [NODE, "-e", _RUN, str(PROGRAM)],
        input=json.dumps({"all": cases, "calendar": different_days(OFFICE)}).encode(),
        capture_output=True,
        check=True,
    )
    found: list[Any] = json.loads(ran.stdout)
    return found


@pytest.mark.skipif(NODE is None, reason="no JavaScript outside of a browser here")
def test_both_say_the_same(request: pytest.FixtureRequest) -> None:
    count = 10_000 if request.config.getoption("--soak") else 400
    cases = [one for seed in range(count * 2) if (one := tried(seed)) is not None][:count]
    assert len(cases) == count
    wrong = [
        (one["source"], one["scope"], one["says"], said)
        for one, said in zip(cases, in_javascript(cases), strict=True)
        if one["says"] != said
    ]
    assert wrong == []
    # The answers are of all kinds, not mostly errors.
    says = [one["says"] for one in cases]
    assert min(says.count(True), says.count(False)) > count // 10
    assert says.count("error") < count // 2
