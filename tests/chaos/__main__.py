"""The fault programme: ``python -m tests.chaos --database sqlite --minutes 10 --seed 7``.

Prints every fault with its moment (``--quiet``: none), then one table, and ends with 1 if anything is lost, doubled or
broken. The same seed gives the same faults. Everything a run leaves lies below ``--keep DIR``, else it is removed.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from tests.chaos.older import oldest_beside
from tests.chaos.run import run_plan
from tests.chaos.workload import CLIENTS, Plan


def main() -> int:
    """Run once for each database asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgres", "both"), default="both")
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=None, help="default: another one every time, printed")
    parser.add_argument("--clients", type=int, default=CLIENTS)
    parser.add_argument(
        "--older",
        default=None,
        metavar="REVISION",
        help="one more client on this revision of the repository; auto: the oldest that writes the store as now",
    )
    parser.add_argument("--keep", type=Path, default=None, metavar="DIR")
    parser.add_argument(
        "--json", type=Path, default=None, metavar="FILE", help="add the figures to this file"
    )
    parser.add_argument("--quiet", action="store_true")
    words = parser.parse_args()
    seed = words.seed if words.seed is not None else int(time.time())
    older = oldest_beside() if words.older == "auto" else words.older
    databases = ("sqlite", "postgres") if words.database == "both" else (words.database,)
    clean = True
    for database in databases:
        print(
            f"seed {seed}, {database}, {words.minutes} minutes, older version: {older or 'none'}", flush=True
        )
        with ExitStack() as stack:
            place = words.keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="chaos-")))
            plan = Plan(
                database=database,
                seconds=words.minutes * 60,
                seed=seed,
                place=place.absolute() / database,
                clients=words.clients,
                older=older,
                tell=(lambda line: None) if words.quiet else lambda line: print(line, flush=True),
            )
            report = run_plan(plan)
        print("\n".join(report.lines()), flush=True)
        if words.json:
            with words.json.open("a", encoding="utf-8") as file:
                print(json.dumps(report.as_json(), ensure_ascii=False), file=file)
        clean = clean and report.findings.clean
    return 0 if clean else 1


if __name__ == "__main__":
    sys.exit(main())
