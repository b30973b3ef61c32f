"""Every bound in seconds is known, with its reason: a new one fails here until it has one or has become a count.

What waits for `hung_run.HUNG` is not listed: that bound only ends a run that hangs. Files are known by their names, so
that one which moves keeps its reasons. `docs/explanation/faults.md` tells the same list in words.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.bounds_in_seconds import BOUNDS

ROOT = Path(__file__).parents[1]

#: Functions of modules that read the machine's running time, let it pass, or stop at it.
CLOCKS = {
    "monotonic",
    "monotonic_ns",
    "perf_counter",
    "perf_counter_ns",
    "sleep",
    "settrace",
    "setitimer",
    "alarm",
    # Of anyio and asyncio: what is given up when a time is over.
    "current_time",
    "fail_after",
    "fail_at",
    "move_on_after",
    "move_on_at",
    "timeout_at",
}
MODULES = {"time", "asyncio", "sys", "signal", "anyio"}
#: Arguments that are such a time. (`seconds=` of a timedelta is a value; it bounds nothing by itself.)
TIMES = {"timeout", "timeout_seconds", "pool_timeout", "timeout_graceful_shutdown", "timeout_keep_alive"}
#: Methods that wait, and which of their arguments is the time.
WAITING = {"wait": 0, "join": 0, "communicate": 1, "wait_for": 1, "settimeout": 0, "acquire": 1}


#: Times that are waited for by their names.
NAMED = re.compile(r"_?[A-Z_]*(SECONDS|TIMEOUT|AGAIN|JOIN|WAIT|PATIENCE)[A-Z_]*")


def found(tree: ast.Module) -> Iterator[str]:
    """Yield the kind of every use of the running time."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in CLOCKS:
            if isinstance(node.value, ast.Name) and node.value.id in MODULES:
                yield node.attr
        elif isinstance(node, ast.ImportFrom) and node.module in MODULES:
            yield from (alias.name for alias in node.names if alias.name in CLOCKS)
        elif isinstance(node, ast.keyword) and node.arg in TIMES:
            if not is_hung(node.value):
                yield "timeout"
        elif (
            isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WAITING
        ):
            place = WAITING[node.func.attr]
            given = node.args[place] if len(node.args) > place else None
            if (isinstance(given, ast.Constant) and type(given.value) in (int, float)) or (
                isinstance(given, ast.Name) and NAMED.fullmatch(given.id)
            ):
                yield node.func.attr


def is_hung(node: ast.expr) -> bool:
    """Tell whether a time is the one that ends a hung run."""
    return isinstance(node, ast.Name) and node.id == "HUNG"


@cache
def all_found() -> dict[str, Counter[str]]:
    """Return what there is, by file."""
    counts: dict[str, Counter[str]] = {}
    words = re.compile("|".join(CLOCKS | TIMES | WAITING.keys()))
    for top in ("engine", "tests"):
        for path in sorted((ROOT / top).rglob("*.py")):
            text = path.read_text(encoding="utf-8")
            # What is found is a name that stands in the text; parsing those without one takes most of the time.
            if words.search(text) and (kinds := Counter(found(ast.parse(text)))):
                counts.setdefault(f"{top}: {path.name}", Counter()).update(kinds)
    return counts


def test_every_bound_in_seconds_has_a_reason() -> None:
    new = {
        name: dict(kinds)
        for name, kinds in all_found().items()
        if kinds != Counter(dict(BOUNDS.get(name, ({}, ""))[0]))
    }
    assert not new, "make these counts or ratios, or give their reason in tests/bounds_in_seconds.py"


def test_no_reason_outlives_its_bound() -> None:
    assert set(BOUNDS) <= set(all_found())
    assert [name for name, (_, reason) in BOUNDS.items() if len(reason) < 20] == []


def test_the_search_finds_each_kind() -> None:
    written = (
        "import time\nfrom time import perf_counter\n"
        "time.sleep(1)\nlambda: time.monotonic\nrun(x, timeout=5)\np.wait(3)\nt.join(2.5)\nrun(x, timeout=HUNG)\n"
        "p.wait(HUNG)\n', '.join(words)\np.communicate('', 4)\nanyio.fail_after(1)\nt.join(_JOIN_SECONDS)\n' '.join(WORDS)\nc.wait_for(done, 7)\nsys.settrace(f)\n"
    )
    assert Counter(found(ast.parse(written))) == Counter(
        [
            "perf_counter",
            "sleep",
            "monotonic",
            "timeout",
            "wait",
            "join",
            "join",
            "fail_after",
            "communicate",
            "wait_for",
            "settrace",
        ]
    )
