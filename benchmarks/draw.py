"""The draw side by side with a bare HMAC loop and with consistent_sampler: `python benchmarks/draw.py [objects]`."""

from __future__ import annotations

import hmac
import resource
import sys
import time
from collections.abc import Callable
from typing import Any

from engine.draw.allocation import allocate
from engine.draw.roster import Count
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
    print(f"peak memory: {found['peak_mib']:.0f} MiB ({found['peak_mib_before']:.0f} before drawing)")


if __name__ == "__main__":
    main()
