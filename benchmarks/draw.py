"""The draw side by side with a bare HMAC loop and with consistent_sampler: `python benchmarks/draw.py [objects [objects on disk]]`."""

from __future__ import annotations

import hashlib
import hmac
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from engine.draw.allocation import allocate
from engine.draw.commitment import Commitment, DrawRules, make_commitment
from engine.draw.roster import OBJECT_COLUMNS, Count, ObjectRow, PersonRow, render_objects, render_people
from engine.draw.tickets import TicketMachine, extract

STRATA = "ABCD"
SEED = "ssq:2026001:01.05.09.17.22.30+07/batch:BENCH"


def measure(objects: int = 1_000_000, peer_objects: int = 100_000) -> dict[str, Any]:
    """Return seconds, ratios and the peak memory (MiB) of drawing 5 % of `objects` in four strata.

    The limit is a loop that only computes every object's ticket with `hmac.digest`. The peer is slower, so it draws
    `peer_objects` and is compared with our time for as many. Each figure is the best of three, in turns.
    """
    prk = extract(bytes(32), SEED)
    ids = [f"91510100MA6C{number:07d}" for number in range(objects)]
    few = ids[:peer_objects]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    ours = limit = small = peer = float("inf")
    for _ in range(3):
        ours = min(ours, _seconds(lambda: _draw(prk, ids)))
        limit = min(limit, _seconds(lambda: _bare_loop(prk, ids)))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(3):
        small = min(small, _seconds(lambda: _draw(prk, few)))
        peer = min(peer, _seconds(lambda: _consistent_sampler(few)))
    return {
        "objects": objects,
        "draw_seconds": ours,
        "hmac_loop_seconds": limit,
        "draw_over_hmac_loop": ours / limit,
        "peer_objects": peer_objects,
        "peer_seconds": peer,
        "peer_over_draw": peer / small,
        "peak_mib": peak / 1024,
        "peak_mib_before": before / 1024,
    }


def measure_bulk(objects: int = 1_000_000) -> dict[str, Any]:
    """Return seconds per million of drawing 5 % of a roster on disk with DuckDB, and the peak memory (MiB).

    The memory is that of a process of its own, which reads the roster, checks its digest and draws.
    """
    with tempfile.TemporaryDirectory() as folder:
        commitment = _big_roster(Path(folder) / "roster.tsv", objects)
        (Path(folder) / "commitment.json").write_text(commitment.to_json(), encoding="utf-8")
        begun = time.perf_counter()
        run = subprocess.run(
            [sys.executable, "-c", _BULK, folder, SEED], check=True, capture_output=True, text=True
        )
        seconds = time.perf_counter() - begun
    drawn, peak = map(int, run.stdout.split())
    return {
        "bulk_objects": objects,
        "bulk_drawn": drawn,
        "bulk_seconds_per_million": seconds / objects * 1_000_000,
        "bulk_peak_mib": peak / 1024,
    }


_BULK = """
import resource, sys
from pathlib import Path
from engine.draw.backends.duckdb import select_from_file
from engine.draw.commitment import Commitment

folder = Path(sys.argv[1])
commitment = Commitment.from_json((folder / "commitment.json").read_text(encoding="utf-8"))
found = select_from_file(commitment, folder / "roster.tsv", sys.argv[2])
print(sum(len(stratum.drawn) for stratum in found.strata))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def _big_roster(file: Path, objects: int) -> Commitment:
    """Write a roster row by row and return a commitment to it, made without holding it in memory."""
    digest = hashlib.sha256()
    with file.open("wb") as out:
        for begin in range(0, objects, 100_000):
            lines = [
                f"91510100MA6C{number:08d}\t示例企业{number}\t{STRATA[number % 4]}\t2026-01-01\t一片区\ta\t1\t\n"
                for number in range(begin, min(begin + 100_000, objects))
            ]
            header = "\t".join(OBJECT_COLUMNS) + "\n" if begin == 0 else ""
            piece = (header + "".join(lines)).encode()
            digest.update(piece)
            out.write(piece)
    small, _ = make_commitment(
        batch_id="BENCH",
        draw_no=1,
        purpose="bench",
        objects=render_objects([ObjectRow(f"E{n}", "", name) for n, name in enumerate(STRATA)]),
        people=render_people([PersonRow("P1"), PersonRow("P2")]),
        register_counts={},
        rules=DrawRules(ratios=dict.fromkeys(STRATA, "5%"), slots=("", "")),
        entropy_rule="bench",
        entropy_sources=("ssq:2026001",),
    )
    strata = {
        name: Count(len(range(at, objects, 4)), len(range(at, objects, 4))) for at, name in enumerate(STRATA)
    }
    return replace(
        small,
        objects=replace(small.objects, sha256=digest.hexdigest(), rows=objects, eligible=objects),
        strata=strata,
        quotas=allocate(strata, dict.fromkeys(STRATA, "5%")).quotas,
    )


def _draw(prk: bytes, ids: list[str]) -> int:
    strata: dict[str, list[str]] = {name: ids[at::4] for at, name in enumerate(STRATA)}
    counts = {name: Count(len(rows), len(rows)) for name, rows in strata.items()}
    quotas = allocate(counts, dict.fromkeys(STRATA, "5%")).quotas
    machine = TicketMachine(prk)
    return sum(len(machine.lowest(strata[quota.stratum], quota.quota)) for quota in quotas)


def _bare_loop(prk: bytes, ids: list[str]) -> None:
    for object_id in ids:
        hmac.digest(prk, object_id.encode() + b"\1", "sha256")


def _consistent_sampler(ids: list[str]) -> int:
    from consistent_sampler import sampler

    return sum(len(list(sampler(ids[at::4], SEED, take=len(ids) // 80, output="id"))) for at in range(4))


def _seconds(work: Callable[[], Any]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> None:
    """Print the ratios."""
    found = measure(*map(int, sys.argv[1:2]))
    print(f"{found['objects']} objects, 4 strata, 5 %: {found['draw_seconds']:.2f} s")
    print(
        f"over a bare hmac.digest loop ({found['hmac_loop_seconds']:.2f} s): {found['draw_over_hmac_loop']:.2f} times"
    )
    print(
        f"consistent_sampler over ours, {found['peer_objects']} objects: {found['peer_over_draw']:.1f} times"
    )
    if find_spec("duckdb") is not None:
        bulk = measure_bulk(*map(int, sys.argv[2:3]))
        print(
            f"DuckDB, {bulk['bulk_objects']} objects on disk: {bulk['bulk_seconds_per_million']:.2f} s per million, "
            f"{bulk['bulk_peak_mib']:.0f} MiB"
        )
    print(f"peak memory: {found['peak_mib']:.0f} MiB ({found['peak_mib_before']:.0f} before drawing)")


if __name__ == "__main__":
    main()
