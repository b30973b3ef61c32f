"""All benchmarks, or those named, in one table beside their peers: ``python -m benchmarks [NAME…]``.

A NAME is a benchmark (``advance``) or one line of it (``advance.sqlite``). Every benchmark runs in a process of its
own, one after the other. The figures go to ``benchmarks/results/`` as JSON, each line to ``summary.json`` there.
``--markdown FILE…`` prints the table of the readme from such files (``--markdown-zh`` that in Chinese) and measures nothing.
The exit code is 1 where a target is missed or a benchmark fails, 2 for a name that is none.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.lines import LINES, Line

RESULTS = Path(__file__).parent / "results"
#: A benchmark that takes longer has hung.
MAX_SECONDS = 1800


def figure(found: Any, path: str) -> float:
    """Return the number at a path such as ``advance.ratio``. Raises KeyError where there is none."""
    for name in path.split("."):
        found = found[name]
    return float(found)


def met(ratio: float, target: str | None) -> bool | None:
    """Tell whether a ratio keeps its target; None without one."""
    if target is None:
        return None
    sign, bound = target.split()
    return ratio >= float(bound) if sign == ">=" else ratio <= float(bound)


#: Run in a process of its own: the parts that are asked for, or all, with the settings every command has.
_RUN = """
import gc, json, sys
from importlib import import_module
if __name__ == "__main__":
    gc.set_threshold(50_000, 20, 50)
    module = import_module(f"benchmarks.{sys.argv[1]}")
    parts = getattr(module, "PARTS", None)
    found = module.measure() if parts is None else {
        name: part() for name, part in parts.items() if not sys.argv[2:] or name in sys.argv[2:]
    }
    json.dump(found, sys.stdout)
"""


def run(name: str, parts: Sequence[str]) -> dict[str, Any] | None:
    """Return the figures of some parts of a benchmark, or of all, measured in a fresh process; None if that failed or hung.

    A benchmark that has no parts of its own is measured as a whole.
    """
    try:
        done = subprocess.run(
            [sys.executable, "-c", _RUN, name, *parts],
            check=False,
            stdout=subprocess.PIPE,
            text=True,
            timeout=MAX_SECONDS,
        )
    except subprocess.TimeoutExpired:
        return None
    if done.returncode != 0:
        return None
    # Whatever else a benchmark printed stands before.
    measured: dict[str, Any] = json.loads(done.stdout[done.stdout.index("{") :])
    return measured


def rows(figures: dict[str, dict[str, Any]]) -> Iterator[tuple[Line, float, float, float]]:
    """Yield every line there are figures for: the line, ours, the peer's, the ratio. Not every peer is installed."""
    for line in LINES:
        if line.benchmark in figures:
            found = figures[line.benchmark]
            with suppress(KeyError):
                yield line, figure(found, line.ours), figure(found, line.peer), figure(found, line.ratio)


def table(figures: dict[str, dict[str, Any]]) -> str:
    """Return the table people read."""
    cells = [["what : peer or limit", "ours", "peer/limit", "ratio", "target", "met"]]
    for line, ours, peer, ratio in rows(figures):
        kept = {True: "yes", False: "NO", None: "-"}[met(ratio, line.target)]
        what = f"{line.benchmark}: {line.what}"
        cells.append([what, _shown(ours), _shown(peer), f"{ratio:,.2f}", line.target or "-", kept])
    widths = [max(_width(row[column]) for row in cells) for column in range(len(cells[0]))]
    return "\n".join(
        "  ".join(
            cell + " " * (width - _width(cell)) if place == 0 else " " * (width - _width(cell)) + cell
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in cells
    )


def markdown(figures: dict[str, dict[str, Any]], measured: dict[str, str], *, chinese: bool) -> str:
    """Return the table of the readme; `measured` says of each benchmark when, and of which commit."""
    head = (
        ("量什么 : 同类或上限", "本产品", "同类或上限", "比", "目标", "量于")
        if chinese
        else ("what : peer or limit", "ours", "peer or limit", "ratio", "target", "measured")
    )
    found = ["| " + " | ".join(head) + " |", "|---|---:|---:|---:|---|---|"]
    for line, ours, peer, ratio in rows(figures):
        kept = {True: "✓", False: "✗", None: ""}[met(ratio, line.target)]
        cells = (
            line.zh if chinese else line.what,
            _shown(ours),
            _shown(peer),
            f"{ratio:,.2f}",
            f"{line.target or ''} {kept}".strip(),
            measured[line.benchmark],
        )
        found.append("| " + " | ".join(cells) + " |")
    return "\n".join(found)


def again(files: Sequence[str], *, chinese: bool) -> str:
    """Return the table of the readme from figures that were written before; a later file comes before an earlier one."""
    figures: dict[str, dict[str, Any]] = {}
    measured: dict[str, str] = {}
    for file in files:
        body = json.loads(Path(file).read_text(encoding="utf-8"))
        figures |= body["figures"]
        measured |= dict.fromkeys(body["figures"], f"{body['at'][:10]} {body.get('commit', '')}".strip())
    return markdown(figures, measured, chinese=chinese)


def commit() -> str:
    """Return the commit that is measured, shortened; with a plus where files differ from it, empty without git."""
    try:
        said = subprocess.run(
            ["git", "describe", "--always", "--dirty=+", "--exclude=*"],
            capture_output=True,
            text=True,
            check=True,
            cwd=Path(__file__).parent,
        )
    except (OSError, subprocess.CalledProcessError):
        return ""
    return said.stdout.strip()


def chosen(asked: Sequence[str]) -> dict[str, list[str]]:
    """Return the benchmarks to run, each with its parts; none means all of them."""
    found: dict[str, list[str]] = {}
    for name in asked:
        benchmark, _, part = name.partition(".")
        found.setdefault(benchmark, [])
        if part:
            found[benchmark].append(part)
    whole = {name for name in asked if "." not in name}
    return {benchmark: [] if benchmark in whole else parts for benchmark, parts in found.items()}


def summary(figures: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Return each line that was measured as plain values."""
    return [
        {
            "line": line.what.partition(" : ")[0],
            "ours": ours,
            "other": peer,
            "name_of_other": line.other,
            "ratio": ratio,
            "goal": line.target,
            "met": met(ratio, line.target),
        }
        for line, ours, peer, ratio in rows(figures)
    ]


def main(asked: Sequence[str]) -> int:
    """Run the benchmarks asked for (all, when none are), print the table, write the figures."""
    if asked and asked[0] in ("--markdown", "--markdown-zh"):
        print(again(asked[1:], chinese=asked[0] == "--markdown-zh"))
        return 0
    known = list(dict.fromkeys(line.benchmark for line in LINES))
    names = list(dict.fromkeys(line.name for line in LINES))
    if wrong := [name for name in asked if name not in known and name not in names]:
        print(f"no such benchmark: {', '.join(wrong)}; there are {', '.join(known + names)}", file=sys.stderr)
        return 2
    figures: dict[str, dict[str, Any]] = {}
    failed = []
    wanted = chosen(asked or known)
    for name, parts in wanted.items():
        print(f"{name} …", file=sys.stderr, flush=True)
        found = run(name, parts)
        if found is None:
            failed.append(name)
        else:
            figures[name] = found
    now = datetime.now(UTC).replace(microsecond=0)
    RESULTS.mkdir(exist_ok=True)
    file = RESULTS / f"{now:%Y%m%dT%H%M%SZ}.json"
    body = {
        "at": now.isoformat(),
        "commit": commit(),
        "python": platform.python_version(),
        "machine": platform.machine(),
        "cores": os.cpu_count(),
        "figures": figures,
    }
    file.write_text(json.dumps(body, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    lines = summary(figures)
    (RESULTS / "summary.json").write_text(
        json.dumps(lines, indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    print(table(figures))
    measured = {line for line, *_ in rows(figures)}
    absent = [
        line.what
        for line in LINES
        if line.benchmark in figures
        and line not in measured
        and (not wanted[line.benchmark] or line.name.partition(".")[2] in wanted[line.benchmark])
    ]
    if absent:
        print(f"not measured, the peer is not installed: {', '.join(absent)}", file=sys.stderr)
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    missed = [line.what for line, _, _, ratio in rows(figures) if met(ratio, line.target) is False]
    return 1 if failed or missed else 0


def _shown(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:,.2f}" if value >= 0.1 else f"{value:.4f}"


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
